// SPDX-License-Identifier: MIT
#include "support/tape-script-edit.h"

#include <errno.h>
#include <string.h>

#include "support/resum.h"

#define EDIT_BYTES_MAX 512u

/* Finds the place of section n; for the section after the last that is the end of the tape. 0 or
 * -EINVAL. */
static int section_find(const struct script *s, uint64_t n, size_t *ret)
{
	size_t at = 0;

	for (uint64_t i = 0; i < n; i++) {
		if (s->tape->len - at < TAPE_HEADER_LEN)
			return -EINVAL;
		at += TAPE_HEADER_LEN + le32_get(s->tape->data + at + 24);
		if (at > s->tape->len)
			return -EINVAL;
	}
	*ret = at;
	return 0;
}

static int section_of_word(const struct script *s, size_t *ret)
{
	return section_find(s, script_number(s, 1), ret);
}

/* Replaces `old` bytes at a place of the tape by the hex bytes of a word. */
static int bytes_replace(struct script *s, size_t at, size_t old, const char *hex)
{
	struct buffer tail CLEANUP(buffer_done) = {0};
	uint8_t bytes[EDIT_BYTES_MAX];
	size_t n = strlen(hex) / 2;
	int err;

	if (n > sizeof(bytes) || at > s->tape->len || old > s->tape->len - at)
		return -EINVAL;
	err = script_hex(bytes, (unsigned int)n, hex);
	if (!err)
		err = buffer_append(&tail, s->tape->data + at + old, s->tape->len - at - old);
	s->tape->len = at;
	if (!err)
		err = buffer_append(s->tape, bytes, n);
	return err ? err : buffer_append(s->tape, tail.data, tail.len);
}

int script_corrupt(struct script *s)
{
	size_t at, n = strlen(script_word(s, 3)) / 2;
	int err = section_of_word(s, &at);

	return err ? err : bytes_replace(s, at + script_number(s, 2), n, script_word(s, 3));
}

int script_edit(struct script *s)
{
	size_t at;
	int err = section_of_word(s, &at);

	if (!err)
		err = script_corrupt(s);
	if (!err)
		resum_section(s->tape->data, s->tape->len, at);
	return err;
}

int script_payload(struct script *s)
{
	size_t at, n = strlen(script_word(s, 2)) / 2;
	int err = section_of_word(s, &at);

	if (!err && s->tape->len - at < TAPE_HEADER_LEN)
		err = -EINVAL;
	if (err)
		return err;
	err = bytes_replace(s, at + TAPE_HEADER_LEN, le32_get(s->tape->data + at + 24),
			    script_word(s, 2));
	if (err)
		return err;
	s->tape->data[at + 11] = TAPE_CODEC_NONE;
	le32_put(s->tape->data + at + 24, (uint32_t)n);
	le32_put(s->tape->data + at + 28, (uint32_t)n);
	resum_section(s->tape->data, s->tape->len, at);
	return 0;
}

int script_remove(struct script *s)
{
	size_t at, end;
	int err = section_of_word(s, &at);

	if (!err)
		err = section_find(s, script_number(s, 1) + 1, &end);
	return err ? err : bytes_replace(s, at, end - at, "");
}

int script_insert(struct script *s)
{
	size_t at;
	int err = section_of_word(s, &at);

	return err ? err : bytes_replace(s, at, 0, script_word(s, 2));
}

int script_cut(struct script *s)
{
	size_t at;
	int err = section_of_word(s, &at);

	if (err || script_number(s, 2) > s->tape->len - at)
		return -EINVAL;
	s->tape->len = at + script_number(s, 2);
	return 0;
}

int script_append(struct script *s)
{
	return bytes_replace(s, s->tape->len, 0, script_word(s, 1));
}

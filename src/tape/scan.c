// SPDX-License-Identifier: MIT
/*
 * scan: the source always stands on either a section or damage, so that every byte is counted in
 * one of the two.
 *
 * The lengths in a header with a right sum are believed, but a wrong payload may have lost bytes:
 * the next section is searched from the end of the header on. The same bytes may be summed up more
 * than once so; RESCAN_MAX bounds that, and then the length is believed after all.
 */
#include "tape/scan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tape/section-kind.h"

#define RESCAN_MAX (256ull << 20)
#define AFTER_END  "bytes after the end of the tape"

static void damage_note(struct scan *s, uint64_t at, const char *what)
{
	s->is_dirty = true;
	if (!s->damage.first_what[0]) {
		s->damage.first_at = at;
		snprintf(s->damage.first_what, sizeof(s->damage.first_what), "%.159s", what);
	}
}

int scan_step(struct scan *s, uint64_t n, struct fault *fault)
{
	s->damage.skipped_bytes += n;
	return source_skip(s->source, n, fault);
}

/* Bytes before the next place in data, from `from` on, where a magic may start. */
static size_t magic_distance(const uint8_t *data, size_t len, size_t from)
{
	while (from < len) {
		const uint8_t *hit = memchr(data + from, TAPE_MAGIC[0], len - from);
		size_t left;

		if (!hit)
			return len;
		from = (size_t)(hit - data);
		left = len - from;
		if (!memcmp(hit, TAPE_MAGIC, left < TAPE_MAGIC_LEN ? left : TAPE_MAGIC_LEN))
			return from;
		from++;
	}
	return len;
}

/* Ends reading: the bytes that are left are fewer than a header has. */
static int end_of_tape(struct scan *s, const uint8_t *data, size_t len, struct fault *fault)
{
	bool is_begun = magic_distance(data, len, 0) < len;

	s->is_over = true;
	if (len) {
		damage_note(s, source_at(s->source),
			    is_begun ? "the tape is cut off here" : "no section starts here");
		s->damage.is_cut |= is_begun;
	}
	s->damage.is_cut |= s->is_short;
	s->damage.is_unfinished = !s->meta->has_trailer;
	return scan_step(s, len, fault);
}

/* A chunk that was passed over unread may have lost bytes, which shows only when no section follows
 * it: goes back then, and searches inside of it. */
static int look_back(struct scan *s, struct fault *fault)
{
	const uint8_t *data;
	uint64_t size = TAPE_HEADER_LEN + (uint64_t)s->skipped.stored_len;
	uint64_t end = s->skipped_at + size;
	size_t len;
	int r;

	s->has_skipped = false;
	if (source_seek(s->source, s->skipped_at, NULL) < 0)
		return 0;
	r = source_peek(s->source, (size_t)size, &data, &len, fault);
	if (r < 0)
		return r;
	if (len >= size &&
	    section_sum(data + TAPE_HEADER_LEN, s->skipped.stored_len) == s->skipped.payload_sum)
		return source_seek(s->source, end, fault);
	damage_note(s, s->skipped_at, "CHUNK: its payload has a wrong sum");
	s->damage.bad_sections++;
	meta_forget_chunk(s->meta, &s->skipped);
	s->damage.undescribed_rows = s->meta->n_undescribed;
	return scan_step(s, TAPE_HEADER_LEN, fault);
}

/* The source stands on something that is no section: moves to where the next may start. */
static int resync(struct scan *s, const uint8_t *data, size_t len, const char *why,
		  struct fault *fault)
{
	if (s->has_skipped)
		return look_back(s, fault);
	if (!s->is_dirty)
		damage_note(s, source_at(s->source), why);
	return scan_step(s, magic_distance(data, len, 1), fault);
}

/* Moves to the next whole header: 1; 0 at the end; -errno. */
int scan_find(struct scan *s, struct section_header *ret, struct fault *fault)
{
	for (;;) {
		struct fault why = FAULT_INIT;
		const uint8_t *data;
		size_t len;
		int r;

		if (source_at(s->source) >= s->scan_limit)
			return 0;
		r = source_peek(s->source, TAPE_HEADER_LEN, &data, &len, fault);
		if (r < 0)
			return r;
		if (len < TAPE_HEADER_LEN && len && s->has_skipped) {
			r = look_back(s, fault);
		} else if (len < TAPE_HEADER_LEN) {
			return end_of_tape(s, data, len, fault);
		} else {
			r = section_header_decode(data, ret, &why);
			if (!r) {
				s->has_skipped = false;
				return 1;
			}
			if (r == -ENOTSUP)
				return fault_set(fault, r, "%s: %s", source_name(s->source),
						 why.text);
			r = resync(s, data, len, why.text, fault);
		}
		if (r < 0)
			return r;
	}
}

void scan_whole(struct scan *s, const struct section_header *h)
{
	uint32_t gap = h->sequence - s->next_sequence;

	if (gap && !s->is_dirty) {
		/* A sequence number that goes back counts as one missing section, not as four
		 * billion. */
		s->damage.missing_sections += gap < 1u << 31 ? gap : 1;
		damage_note(s, source_at(s->source), "sections are missing before this one");
	}
	s->next_sequence = h->sequence + 1;
	s->is_dirty = false;
	if (s->is_short)
		s->damage.bad_sections++;
	s->is_short = false;
}

static void scan_bad(struct scan *s, const struct section_header *h, const char *why)
{
	const char *kind = section_kind_name(h->kind);
	char what[160];

	scan_whole(s, h);
	snprintf(what, sizeof(what), "%s: %.120s", kind ? kind : "unknown section", why);
	damage_note(s, source_at(s->source), what);
}

int scan_reject(struct scan *s, const struct section_header *h, const char *why,
		struct fault *fault)
{
	uint64_t whole = TAPE_HEADER_LEN + (uint64_t)h->stored_len;

	scan_bad(s, h, why);
	s->damage.bad_sections++;
	s->rescanned += whole;
	if (s->rescanned > RESCAN_MAX + source_at(s->source))
		return scan_step(s, whole, fault);
	return scan_step(s, TAPE_HEADER_LEN, fault);
}

/* The tape ends before the section does. Whole sections may stand inside of it all the same. */
static void scan_short(struct scan *s, const struct section_header *h)
{
	scan_bad(s, h, "the tape is cut off inside of it");
	s->is_short = true;
}

int scan_load(struct scan *s, const struct section_header *h, const uint8_t **ret,
	      struct fault *fault)
{
	size_t want = TAPE_HEADER_LEN + (size_t)h->stored_len, len;
	const uint8_t *data;
	int r = source_peek(s->source, want, &data, &len, fault);

	if (r < 0)
		return r;
	if (len < want) {
		scan_short(s, h);
		return scan_step(s, TAPE_HEADER_LEN, fault);
	}
	if (section_sum(data + TAPE_HEADER_LEN, h->stored_len) != h->payload_sum)
		return scan_reject(s, h, "its payload has a wrong sum", fault);
	*ret = data + TAPE_HEADER_LEN;
	return 1;
}

int scan_pass(struct scan *s, const struct section_header *h, struct fault *fault)
{
	uint64_t size, at = source_at(s->source), whole = TAPE_HEADER_LEN + (uint64_t)h->stored_len;
	bool has_size = source_size(s->source, &size);
	int r;

	if (has_size && (size < at || size - at < whole)) {
		scan_short(s, h);
		return scan_step(s, TAPE_HEADER_LEN, fault);
	}
	r = source_skip(s->source, whole, fault);
	if (r < 0)
		return r;
	if (source_at(s->source) - at < whole) {
		scan_short(s, h);
		s->damage.skipped_bytes += source_at(s->source) - at;
		return 0;
	}
	scan_whole(s, h);
	s->has_skipped = has_size;
	s->skipped_at = at;
	s->skipped = *h;
	return 1;
}

int scan_after_trailer(struct scan *s, struct fault *fault)
{
	uint64_t size, at = source_at(s->source);
	bool has_size = source_size(s->source, &size);
	const uint8_t *data;
	size_t len = 0;
	int r = 0;

	s->is_over = true;
	if (has_size && size <= at)
		return 0;
	if (has_size) {
		damage_note(s, at, AFTER_END);
		return scan_step(s, size - at, fault);
	}
	do {
		r = source_peek(s->source, 1, &data, &len, fault);
		if (r < 0 || !len)
			return r;
		damage_note(s, source_at(s->source), AFTER_END);
		r = scan_step(s, len, fault);
	} while (!r);
	return r;
}

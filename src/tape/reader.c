// SPDX-License-Identifier: MIT
/*
 * reader: finds whole headers, then whole payloads. What it stands on is always either a section
 * or damage: every byte is accounted for in one of the two.
 *
 * A header with a right sum is believed as far as its own lengths, but a payload with a wrong sum
 * may have lost bytes, so the next section is searched from behind the header. That may sum up
 * the same bytes more than once; RESCAN_MAX bounds it, and then lengths are believed.
 */
#include "tape/reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/chunk.h"
#include "format/records.h"
#include "tape/codec.h"

#define NOT_A_TAPE_AFTER (64ull << 20)
#define RESCAN_MAX	 (256ull << 20)

struct tape_reader {
	struct source *source;
	struct expander *expander;
	struct buffer raw; /* the expanded payload */
	struct tape_meta meta;
	struct tape_damage damage;
	uint64_t consume;	/* bytes of the section that was shown last */
	uint64_t scan_limit;	/* give up searching for a header here */
	uint64_t rescanned;	/* bytes of payloads that were searched */
	uint32_t next_sequence; /* of the section that should come */
	bool is_dirty;		/* damage since the last whole section */
	bool is_short;		/* the last header promised more than there is */
	bool is_over;
	bool has_skipped; /* the section before was a CHUNK that nobody looked into */
	uint64_t skipped_at;
	struct section_header skipped;
};

static void damage_note(struct tape_reader *r, uint64_t at, const char *what)
{
	r->is_dirty = true;
	if (!r->damage.first_what[0]) {
		r->damage.first_at = at;
		snprintf(r->damage.first_what, sizeof(r->damage.first_what), "%.159s", what);
	}
}

static int step(struct tape_reader *r, uint64_t n, struct fault *fault)
{
	r->damage.skipped_bytes += n;
	return source_skip(r->source, n, fault);
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

/* Reading is over. What is left here is less than a header. */
static int end_of_tape(struct tape_reader *r, const uint8_t *data, size_t len, struct fault *fault)
{
	size_t magic = len < TAPE_MAGIC_LEN ? len : TAPE_MAGIC_LEN;
	bool is_begun = len && !memcmp(data, TAPE_MAGIC, magic);

	r->is_over = true;
	if (len) {
		damage_note(r, source_at(r->source),
			    is_begun ? "the tape is cut off here" : "no section starts here");
		r->damage.is_cut |= is_begun;
	}
	r->damage.is_cut |= r->is_short;
	r->damage.is_unfinished = !r->meta.has_trailer;
	return step(r, len, fault);
}

/* Loss of bytes inside a chunk that was passed over unread shows only now, that no section stands
 * behind it. If so, goes back to search it. */
static int look_back(struct tape_reader *r, struct fault *fault)
{
	const uint8_t *data;
	uint64_t size = TAPE_HEADER_LEN + (uint64_t)r->skipped.stored_len;
	uint64_t end = r->skipped_at + size;
	size_t len;
	int err;

	r->has_skipped = false;
	if (source_seek(r->source, r->skipped_at, NULL) < 0)
		return 0;
	err = source_peek(r->source, (size_t)size, &data, &len, fault);
	if (err < 0)
		return err;
	if (len >= size &&
	    section_sum(data + TAPE_HEADER_LEN, r->skipped.stored_len) == r->skipped.payload_sum)
		return source_seek(r->source, end, fault);
	damage_note(r, r->skipped_at, "CHUNK: its payload has a wrong sum");
	r->damage.bad_sections++;
	meta_forget_chunk(&r->meta, &r->skipped);
	return step(r, TAPE_HEADER_LEN, fault);
}

/* Stands on something that is no section: moves to where the next may start. */
static int resync(struct tape_reader *r, const uint8_t *data, size_t len, const char *why,
		  struct fault *fault)
{
	if (r->has_skipped)
		return look_back(r, fault);
	if (!r->is_dirty)
		damage_note(r, source_at(r->source), why);
	return step(r, magic_distance(data, len, 1), fault);
}

/* Moves to the next whole header: 1; 0 at the end; -errno. */
static int find_header(struct tape_reader *r, struct section_header *ret, struct fault *fault)
{
	for (;;) {
		struct fault why = FAULT_INIT;
		const uint8_t *data;
		size_t len;
		int err;

		if (source_at(r->source) >= r->scan_limit)
			return 0;
		err = source_peek(r->source, TAPE_HEADER_LEN, &data, &len, fault);
		if (err < 0)
			return err;
		if (len < TAPE_HEADER_LEN && len && r->has_skipped) {
			err = look_back(r, fault);
		} else if (len < TAPE_HEADER_LEN) {
			return end_of_tape(r, data, len, fault);
		} else {
			err = section_header_decode(data, ret, &why);
			if (!err)
				return 1;
			if (err == -ENOTSUP)
				return fault_set(fault, err, "%s: %s", source_name(r->source),
						 why.text);
			err = resync(r, data, len, why.text, fault);
		}
		if (err < 0)
			return err;
	}
}

static void sequence_check(struct tape_reader *r, const struct section_header *h)
{
	uint32_t gap = h->sequence - r->next_sequence;

	if (gap && !r->is_dirty) {
		/* A sequence that goes back is one thing that is wrong, not four billion. */
		r->damage.missing_sections += gap < 1u << 31 ? gap : 1;
		damage_note(r, source_at(r->source), "sections are missing before this one");
	}
	r->next_sequence = h->sequence + 1;
	r->is_dirty = false;
	if (r->is_short)
		r->damage.bad_sections++;
	r->is_short = false;
}

static void bad_section(struct tape_reader *r, const struct section_header *h, const char *why)
{
	const char *kind = section_kind_name(h->kind);
	char what[160];

	sequence_check(r, h);
	snprintf(what, sizeof(what), "%s: %.120s", kind ? kind : "unknown section", why);
	damage_note(r, source_at(r->source), what);
}

/* Shows header and stored payload: 1; 0 when they are damaged and were stepped over. */
static int load_stored(struct tape_reader *r, const struct section_header *h, const uint8_t **ret,
		       struct fault *fault)
{
	size_t want = TAPE_HEADER_LEN + (size_t)h->stored_len, len;
	const uint8_t *data;
	int err = source_peek(r->source, want, &data, &len, fault);

	if (err < 0)
		return err;
	if (len < want) {
		bad_section(r, h, "the tape is cut off inside of it");
		r->is_short = true;
		return step(r, TAPE_HEADER_LEN, fault);
	}
	if (section_sum(data + TAPE_HEADER_LEN, h->stored_len) != h->payload_sum) {
		bad_section(r, h, "its payload has a wrong sum");
		r->damage.bad_sections++;
		r->rescanned += want;
		if (r->rescanned > RESCAN_MAX + source_at(r->source))
			return step(r, want, fault);
		return step(r, TAPE_HEADER_LEN, fault);
	}
	*ret = data + TAPE_HEADER_LEN;
	return 1;
}

/* 0, -EBADMSG (why says why) or -ENOMEM. */
static int expand(struct tape_reader *r, struct tape_section *s, struct fault *why)
{
	const struct section_header *h = &s->header;
	int err;

	if (h->codec == TAPE_CODEC_NONE) {
		s->payload = s->stored;
		return 0;
	}
	if (!expander_fits(s->stored, h->stored_len, h->raw_len))
		return fault_set(why, -EBADMSG, "not one zstd frame of the length it should have");
	buffer_clear(&r->raw);
	err = buffer_reserve(&r->raw, h->raw_len ? h->raw_len : 1);
	if (err < 0)
		return fault_errno(why, err, "a section of %u bytes", h->raw_len);
	s->payload = r->raw.data;
	return expander_run(r->expander, s->stored, h->stored_len, r->raw.data, h->raw_len, why);
}

static int take_in(struct tape_reader *r, struct tape_section *s, struct fault *why)
{
	struct chunk_layout layout;
	int err = expand(r, s, why);

	if (err < 0)
		return err;
	if (s->header.kind == TAPE_KIND_CHUNK) {
		if (s->header.subject >= TAPE_TRACEPOINTS_MAX)
			return fault_set(why, -EBADMSG, "of tracepoint %u", s->header.subject);
		err = chunk_layout_decode(s->payload, s->header.raw_len, s->header.count, &layout,
					  why);
		if (err < 0)
			return err;
	}
	return meta_section(&r->meta, &s->header, s->payload, s->header.raw_len, why);
}

/* A chunk that is not wanted: 1; 0 when the tape ends before it does. */
static int pass_over(struct tape_reader *r, struct tape_section *s, struct fault *fault)
{
	uint64_t size, whole = TAPE_HEADER_LEN + (uint64_t)s->header.stored_len;
	bool has_size = source_size(r->source, &size);
	int err;

	if (has_size && (size < s->offset || size - s->offset < whole)) {
		bad_section(r, &s->header, "the tape is cut off inside of it");
		r->is_short = true;
		return step(r, TAPE_HEADER_LEN, fault);
	}
	err = source_skip(r->source, whole, fault);
	if (err < 0)
		return err;
	if (source_at(r->source) - s->offset < whole) {
		bad_section(r, &s->header, "the tape is cut off inside of it");
		r->is_short = true;
		r->damage.skipped_bytes += source_at(r->source) - s->offset;
		return 0;
	}
	sequence_check(r, &s->header);
	r->has_skipped = has_size;
	r->skipped_at = s->offset;
	r->skipped = s->header;
	err = meta_section(&r->meta, &s->header, NULL, 0, fault);
	return err < 0 ? err : 1;
}

/* The section the source stands on: 1 shown; 0 it was damaged and is behind us. */
static int take_section(struct tape_reader *r, struct tape_section *s, struct fault *fault)
{
	uint64_t whole = TAPE_HEADER_LEN + (uint64_t)s->header.stored_len;
	struct fault why = FAULT_INIT;
	int err = load_stored(r, &s->header, &s->stored, fault);

	if (err <= 0)
		return err;
	if (!section_kind_name(s->header.kind)) {
		r->damage.unknown_sections++;
	} else {
		err = take_in(r, s, &why);
		if (err == -EBADMSG) {
			bad_section(r, &s->header, why.text);
			r->damage.bad_sections++;
			r->damage.bad_chunks += s->header.kind == TAPE_KIND_CHUNK;
			return step(r, whole, fault);
		}
		if (err < 0)
			return fault_set(fault, err, "%s: %s", source_name(r->source), why.text);
	}
	sequence_check(r, &s->header);
	r->consume = whole;
	return 1;
}

/* Nothing is read behind a trailer: whoever holds the other end of a pipe may keep it open. */
static int behind_trailer(struct tape_reader *r, struct fault *fault)
{
	uint64_t size, at = source_at(r->source);

	r->is_over = true;
	if (!source_size(r->source, &size) || size <= at)
		return 0;
	damage_note(r, at, "bytes behind the end of the tape");
	return step(r, size - at, fault);
}

int tape_reader_next(struct tape_reader *r, tape_wants_fn wants, void *userdata,
		     struct tape_section *ret, struct fault *fault)
{
	int err = source_skip(r->source, r->consume, fault);

	r->consume = 0;
	if (err < 0)
		return err;
	if (!r->is_over && r->meta.has_trailer) {
		err = behind_trailer(r, fault);
		if (err < 0)
			return err;
	}
	while (!r->is_over) {
		struct tape_section s = {0};

		err = find_header(r, &s.header, fault);
		if (err <= 0)
			return err;
		r->has_skipped = false;
		s.offset = source_at(r->source);
		if (s.header.kind == TAPE_KIND_CHUNK && !(wants && wants(userdata, &s.header)))
			err = pass_over(r, &s, fault);
		else
			err = take_section(r, &s, fault);
		if (err > 0)
			*ret = s;
		if (err)
			return err;
	}
	return 0;
}

static int not_a_tape(const struct tape_reader *r, struct fault *fault)
{
	const char *name = source_name(r->source);

	if (!source_at(r->source) && !r->damage.skipped_bytes)
		return fault_set(fault, -ENODATA, "%s is empty", name);
	if (r->is_short || r->damage.is_cut || r->damage.bad_sections)
		return fault_set(fault, -EBADMSG, "%s: a tape, but nothing of it is whole", name);
	return fault_set(fault, -EBADMSG, "%s is not a tape", name);
}

/* Stays on the first whole section, which is shown by the first tape_reader_next. */
static int find_first(struct tape_reader *r, struct fault *fault)
{
	struct section_header h;
	const uint8_t *stored;
	int err;

	r->scan_limit = NOT_A_TAPE_AFTER;
	do {
		err = find_header(r, &h, fault);
		if (!err)
			return not_a_tape(r, fault);
		if (err > 0)
			err = load_stored(r, &h, &stored, fault);
	} while (!err);
	r->scan_limit = UINT64_MAX;
	return err < 0 ? err : 0;
}

int tape_reader_open(struct source *take_source, struct tape_reader **ret, struct fault *fault)
{
	struct tape_reader *r = calloc(1, sizeof(*r));
	int err;

	if (!r)
		return fault_errno(fault, -ENOMEM, "tape reader");
	meta_init(&r->meta);
	r->source = take_source;
	err = expander_new(&r->expander, fault);
	if (!err)
		err = find_first(r, fault);
	if (err < 0) {
		/* The source stays the caller's. */
		r->source = NULL;
		tape_reader_close(r);
		return err;
	}
	*ret = r;
	return 0;
}

struct tape_reader *tape_reader_close(struct tape_reader *r)
{
	if (r) {
		source_close(r->source);
		expander_free(r->expander);
		buffer_done(&r->raw);
		meta_done(&r->meta);
		free(r);
	}
	return NULL;
}

const struct tape_meta *tape_reader_meta(const struct tape_reader *r)
{
	return &r->meta;
}

const struct tape_damage *tape_reader_damage(const struct tape_reader *r)
{
	return &r->damage;
}

uint64_t tape_reader_bytes(const struct tape_reader *r)
{
	return source_at(r->source) + r->consume;
}

bool tape_damage_any(const struct tape_damage *d)
{
	return d->bad_sections || d->skipped_bytes || d->missing_sections || d->is_cut ||
	       d->is_unfinished;
}

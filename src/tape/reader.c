// SPDX-License-Identifier: MIT
/*
 * reader: expands what the scan finds, takes metadata in, and shows sections. A section whose sums
 * are right but whose inside makes no sense is damage like any other.
 */
#include "tape/reader.h"

#include <errno.h>
#include <stdlib.h>

#include "format/chunk.h"
#include "tape/payload.h"
#include "tape/scan.h"
#include "tape/section-kind.h"

#define NOT_A_TAPE_AFTER (64ull << 20)

struct tape_reader {
	struct scan scan;
	struct expander *expander;
	struct buffer raw; /* the expanded payload */
	struct tape_meta meta;
	uint64_t consume;	 /* bytes of the section that was shown last */
	struct tape_index index; /* without entries: not used */
	size_t index_hint;
	bool is_block_wanted;	   /* a CHUNK was shown since the last MARK */
	tape_expanded_fn expanded; /* NULL: nobody */
	void *expanded_userdata;
};

/* 0, -EBADMSG (why says why) or -ENOMEM. */
static int expand(struct tape_reader *r, struct tape_section *s, struct fault *why)
{
	int err = payload_expand(r->expander, &s->header, s->stored, &r->raw, why);

	s->payload = r->raw.data;
	return err;
}

static int expand_chunk(struct tape_reader *r, struct tape_section *s, struct fault *why)
{
	s->payload = r->expanded ? r->expanded(r->expanded_userdata, s) : NULL;
	return s->payload ? 0 : expand(r, s, why);
}

static int take_in(struct tape_reader *r, struct tape_section *s, struct fault *why)
{
	struct chunk_layout layout;
	bool is_chunk = s->header.kind == TAPE_KIND_CHUNK;
	int err = is_chunk ? expand_chunk(r, s, why) : expand(r, s, why);

	if (err < 0)
		return err;
	if (is_chunk) {
		if (s->header.subject >= TAPE_TRACEPOINTS_MAX)
			return fault_set(why, -EBADMSG, "of tracepoint %u", s->header.subject);
		err = chunk_layout_decode(s->payload, s->header.raw_len, s->header.count, &layout,
					  why);
		if (err < 0)
			return err;
	}
	return meta_section(&r->meta, &s->header, s->payload, s->header.raw_len, why);
}

static int pass_over(struct tape_reader *r, const struct tape_section *s, struct fault *fault)
{
	int err = scan_pass(&r->scan, &s->header, fault);

	if (err <= 0)
		return err;
	err = meta_section(&r->meta, &s->header, NULL, 0, fault);
	return err < 0 ? err : 1;
}

/* A CHUNK of an impossible tracepoint is damage, whether its rows are wanted or not. */
static bool may_pass_over(const struct section_header *h)
{
	return h->kind == TAPE_KIND_CHUNK && h->subject < TAPE_TRACEPOINTS_MAX;
}

/* The section the source stands on: 1 shown; 0 it was damaged and is behind us. */
static int take_section(struct tape_reader *r, struct tape_section *s, struct fault *fault)
{
	uint64_t whole = TAPE_HEADER_LEN + (uint64_t)s->header.stored_len;
	struct fault why = FAULT_INIT;
	int err = scan_load(&r->scan, &s->header, &s->stored, fault);

	if (err <= 0)
		return err;
	if (!section_kind_name(s->header.kind)) {
		r->scan.damage.unknown_sections++;
	} else {
		err = take_in(r, s, &why);
		if (err == -EBADMSG) {
			r->scan.damage.bad_chunks += s->header.kind == TAPE_KIND_CHUNK;
			return scan_reject(&r->scan, &s->header, why.text, fault);
		}
		if (err < 0)
			return fault_set(fault, err, "%s: %s", source_name(r->scan.source),
					 why.text);
	}
	scan_whole(&r->scan, &s->header);
	r->consume = whole;
	return 1;
}

static void note_block(struct tape_reader *r, const struct tape_section *s)
{
	if (s->header.kind == TAPE_KIND_MARK)
		r->is_block_wanted = false;
	else if (s->header.kind == TAPE_KIND_CHUNK && s->payload)
		r->is_block_wanted = true;
}

/* Is the section not worth a look? */
static bool is_passed_by(const struct tape_reader *r, const struct section_header *h,
			 tape_wants_fn wants, void *userdata)
{
	if (h->kind == TAPE_KIND_MARK)
		return !r->is_block_wanted;
	return h->kind == TAPE_KIND_CHUNK && !(wants && wants(userdata, h));
}

/* Passes over sections by the index, up to the next one that must be read. */
static int pass_by_index(struct tape_reader *r, tape_wants_fn wants, void *userdata,
			 struct fault *fault)
{
	const struct index_record *e;
	int err = 0;

	while (!err && (e = tape_index_at(&r->index, source_at(r->scan.source), &r->index_hint))) {
		const struct section_header h = {
			.kind = e->kind,
			.sequence = r->scan.next_sequence,
			.subject = e->subject,
			.count = e->count,
			.time_from = e->time_from,
			.time_to = e->time_to,
		};

		if (!is_passed_by(r, &h, wants, userdata))
			return 0;
		if (h.kind == TAPE_KIND_CHUNK)
			err = meta_section(&r->meta, &h, NULL, 0, fault);
		scan_whole(&r->scan, &h);
		if (!err)
			err = source_skip(r->scan.source, tape_index_len(&r->index, e), fault);
	}
	return err;
}

/* Moves on from the section that was shown last. */
static int leave_section(struct tape_reader *r, struct fault *fault)
{
	uint64_t n = r->consume;

	r->consume = 0;
	return source_skip(r->scan.source, n, fault);
}

/* Does a section of this kind describe the recording as a whole? */
static bool is_of_head(uint16_t kind)
{
	switch (kind) {
	case TAPE_KIND_HOST:
	case TAPE_KIND_CLOCK:
	case TAPE_KIND_FORMAT:
	case TAPE_KIND_ABSENT:
	case TAPE_KIND_CGROUPS: return true;
	default: return !section_kind_name(kind);
	}
}

int tape_reader_head(struct tape_reader *r, struct fault *fault)
{
	int err = leave_section(r, fault);

	while (!err && !r->scan.is_over) {
		struct tape_section s = {0};

		err = scan_find(&r->scan, &s.header, fault);
		if (err <= 0 || !is_of_head(s.header.kind))
			return err < 0 ? err : 0;
		err = take_section(r, &s, fault);
		if (err >= 0)
			err = leave_section(r, fault);
	}
	return err;
}

int tape_reader_next(struct tape_reader *r, tape_wants_fn wants, void *userdata,
		     struct tape_section *ret, struct fault *fault)
{
	int err = leave_section(r, fault);

	if (err < 0)
		return err;
	if (!r->scan.is_over && r->meta.has_trailer) {
		err = scan_behind_trailer(&r->scan, fault);
		if (err < 0)
			return err;
	}
	while (!r->scan.is_over) {
		struct tape_section s = {0};

		if (r->index.n) {
			err = pass_by_index(r, wants, userdata, fault);
			if (err < 0)
				return err;
		}
		err = scan_find(&r->scan, &s.header, fault);
		if (err <= 0)
			return err;
		s.offset = source_at(r->scan.source);
		if (may_pass_over(&s.header) && !(wants && wants(userdata, &s.header)))
			err = pass_over(r, &s, fault);
		else
			err = take_section(r, &s, fault);
		if (err > 0) {
			*ret = s;
			note_block(r, &s);
		}
		if (err)
			return err;
	}
	return 0;
}

static int not_a_tape(const struct tape_reader *r, struct fault *fault)
{
	const char *name = source_name(r->scan.source);

	if (!source_at(r->scan.source) && !r->scan.damage.skipped_bytes)
		return fault_set(fault, -ENODATA, "%s is empty", name);
	if (r->scan.is_short || r->scan.damage.is_cut || r->scan.damage.bad_sections)
		return fault_set(fault, -EBADMSG, "%s: a tape, but nothing of it is whole", name);
	return fault_set(fault, -EBADMSG, "%s is not a tape", name);
}

/* Stays on the first whole section, which is shown by the first tape_reader_next. */
static int find_first(struct tape_reader *r, struct fault *fault)
{
	struct section_header h;
	const uint8_t *stored;
	int err;

	r->scan.scan_limit = NOT_A_TAPE_AFTER;
	do {
		err = scan_find(&r->scan, &h, fault);
		if (!err)
			return not_a_tape(r, fault);
		if (err > 0)
			err = scan_load(&r->scan, &h, &stored, fault);
	} while (!err);
	r->scan.scan_limit = UINT64_MAX;
	return err < 0 ? err : 0;
}

int tape_reader_open(struct source *take_source, struct tape_reader **ret, struct fault *fault)
{
	struct tape_reader *r = calloc(1, sizeof(*r));
	int err;

	if (!r)
		return fault_errno(fault, -ENOMEM, "tape reader");
	meta_init(&r->meta);
	r->scan.meta = &r->meta;
	r->scan.source = take_source;
	err = expander_new(&r->expander, fault);
	if (!err)
		err = find_first(r, fault);
	if (err < 0) {
		/* The source stays the caller's. */
		r->scan.source = NULL;
		tape_reader_close(r);
		return err;
	}
	*ret = r;
	return 0;
}

int tape_reader_open_path(const char *path, struct tape_reader **ret, struct fault *fault)
{
	struct source *source CLEANUP(source_close_p) = NULL;
	int r = source_open(path, &source, fault);

	if (!r)
		r = tape_reader_open(source, ret, fault);
	if (!r)
		TAKE(source);
	return r;
}

struct tape_reader *tape_reader_close(struct tape_reader *r)
{
	if (r) {
		source_close(r->scan.source);
		expander_free(r->expander);
		buffer_done(&r->raw);
		tape_index_done(&r->index);
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
	return &r->scan.damage;
}

uint64_t tape_reader_bytes(const struct tape_reader *r)
{
	return source_at(r->scan.source) + r->consume;
}

void tape_reader_ask(struct tape_reader *r, tape_expanded_fn expanded, void *userdata)
{
	r->expanded = expanded;
	r->expanded_userdata = userdata;
}

int tape_reader_use_index(struct tape_reader *r, struct fault *fault)
{
	if (r->index.n)
		return 1;
	/* Its own place in the block is not known. */
	r->is_block_wanted = true;
	return tape_index_load(&r->index, r->scan.source, fault);
}

const struct tape_index *tape_reader_index(const struct tape_reader *r)
{
	return r->index.n ? &r->index : NULL;
}

struct source *tape_reader_source(struct tape_reader *r)
{
	return r->scan.source;
}

bool tape_reader_is_stream(const struct tape_reader *r)
{
	uint64_t size;

	return !source_size(r->scan.source, &size);
}

bool tape_damage_any(const struct tape_damage *d)
{
	return d->bad_sections || d->skipped_bytes || d->missing_sections || d->is_cut ||
	       d->is_unfinished;
}

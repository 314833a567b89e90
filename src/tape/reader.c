// SPDX-License-Identifier: MIT
#include "tape/reader.h"

#include <errno.h>
#include <stdlib.h>

#include "tape/intake.h"
#include "tape/scan.h"
#include "tape/section-kind.h"

#define NOT_A_TAPE_AFTER (64ull << 20)

struct tape_reader {
	struct scan scan;
	struct tape_meta meta;
	struct intake intake;
	uint64_t consume;	 /* bytes of the section that was shown last */
	struct tape_index index; /* without entries: not used */
	size_t index_hint;
	bool is_block_wanted; /* a CHUNK was shown since the last MARK */
};

/* Takes the section that the source stands on: 1; 0 when it was damaged, and was stepped over. */
static int section_take(struct tape_reader *t, struct tape_section *s, struct fault *fault)
{
	int r = intake_take(&t->intake, s, fault);

	if (r > 0)
		t->consume = TAPE_HEADER_LEN + (uint64_t)s->header.stored_len;
	return r;
}

/* A CHUNK of an impossible tracepoint is damage, whether its rows are wanted or not. */
static bool may_pass_over(const struct section_header *h)
{
	return h->kind == TAPE_KIND_CHUNK && h->subject < TAPE_TRACEPOINTS_MAX;
}

static void section_note(struct tape_reader *t, const struct tape_section *s)
{
	if (s->header.kind == TAPE_KIND_MARK)
		t->is_block_wanted = false;
	else if (s->header.kind == TAPE_KIND_CHUNK && s->payload)
		t->is_block_wanted = true;
}

/* Is the section passed over unread? The MARK of a block without a wanted CHUNK is, too. */
static bool section_is_passed_by(const struct tape_reader *t, const struct section_header *h,
				 tape_wants_fn wants, void *userdata)
{
	if (h->kind == TAPE_KIND_MARK)
		return !t->is_block_wanted;
	return h->kind == TAPE_KIND_CHUNK && !(wants && wants(userdata, h));
}

/* Passes over sections by the index, up to the next one that must be read. */
static int sections_pass_by_index(struct tape_reader *t, tape_wants_fn wants, void *userdata,
				  struct fault *fault)
{
	const struct index_record *e;
	int r = 0;

	while (!r && (e = tape_index_at(&t->index, source_at(t->scan.source), &t->index_hint))) {
		const struct section_header h = {
			.kind = e->kind,
			.sequence = t->scan.next_sequence,
			.subject = e->subject,
			.count = e->count,
			.time_from = e->time_from,
			.time_to = e->time_to,
		};

		if (!section_is_passed_by(t, &h, wants, userdata))
			return 0;
		if (h.kind == TAPE_KIND_CHUNK)
			r = intake_note(&t->intake, &h, fault);
		scan_whole(&t->scan, &h);
		if (!r)
			r = source_skip(t->scan.source, tape_index_len(&t->index, e), fault);
	}
	return r;
}

/* Moves on from the section that was shown last. */
static int section_leave(struct tape_reader *t, struct fault *fault)
{
	uint64_t n = t->consume;

	t->consume = 0;
	return source_skip(t->scan.source, n, fault);
}

/* Does a section of this kind describe the recording as a whole? */
static bool kind_is_of_head(uint16_t kind)
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

int tape_reader_head(struct tape_reader *t, struct fault *fault)
{
	int r = section_leave(t, fault);

	while (!r && !t->scan.is_over) {
		struct tape_section s = {0};

		r = scan_find(&t->scan, &s.header, fault);
		if (r <= 0 || !kind_is_of_head(s.header.kind))
			return r < 0 ? r : 0;
		r = section_take(t, &s, fault);
		if (r >= 0)
			r = section_leave(t, fault);
	}
	return r;
}

int tape_reader_next(struct tape_reader *t, tape_wants_fn wants, void *userdata,
		     struct tape_section *ret, struct fault *fault)
{
	int r = section_leave(t, fault);

	if (r < 0)
		return r;
	if (!t->scan.is_over && t->meta.has_trailer) {
		r = scan_after_trailer(&t->scan, fault);
		if (r < 0)
			return r;
	}
	while (!t->scan.is_over) {
		struct tape_section s = {0};

		if (t->index.n) {
			r = sections_pass_by_index(t, wants, userdata, fault);
			if (r < 0)
				return r;
		}
		r = scan_find(&t->scan, &s.header, fault);
		if (r <= 0)
			return r;
		s.offset = source_at(t->scan.source);
		if (may_pass_over(&s.header) && !(wants && wants(userdata, &s.header)))
			r = intake_pass(&t->intake, &s.header, fault);
		else
			r = section_take(t, &s, fault);
		if (r > 0) {
			*ret = s;
			section_note(t, &s);
		}
		if (r)
			return r;
	}
	return 0;
}

static int not_a_tape(const struct tape_reader *t, struct fault *fault)
{
	const char *name = source_name(t->scan.source);

	if (!source_at(t->scan.source) && !t->scan.damage.skipped_bytes)
		return fault_set(fault, -ENODATA, "%s is empty", name);
	if (t->scan.is_short || t->scan.damage.is_cut || t->scan.damage.bad_sections)
		return fault_set(fault, -EBADMSG, "%s: a tape, but nothing of it is whole", name);
	return fault_set(fault, -EBADMSG, "%s is not a tape", name);
}

/* Finds the first whole section, and stays on it: the first tape_reader_next shows it. */
static int section_find_first(struct tape_reader *t, struct fault *fault)
{
	struct section_header h;
	const uint8_t *stored;
	int r;

	t->scan.scan_limit = NOT_A_TAPE_AFTER;
	do {
		r = scan_find(&t->scan, &h, fault);
		if (!r)
			return not_a_tape(t, fault);
		if (r > 0)
			r = scan_load(&t->scan, &h, &stored, fault);
	} while (!r);
	t->scan.scan_limit = UINT64_MAX;
	return r < 0 ? r : 0;
}

int tape_reader_open(struct source *take_source, struct tape_reader **ret, struct fault *fault)
{
	struct tape_reader *t = calloc(1, sizeof(*t));
	int r;

	if (!t)
		return fault_no_memory(fault);
	meta_init(&t->meta);
	t->scan.meta = &t->meta;
	t->scan.source = take_source;
	r = intake_init(&t->intake, &t->scan, &t->meta, fault);
	if (!r)
		r = section_find_first(t, fault);
	if (r < 0) {
		/* The source is still the caller's. */
		t->scan.source = NULL;
		tape_reader_close(t);
		return r;
	}
	*ret = t;
	return 0;
}

/* Takes the source if code, the result of opening it, is 0 and it is a tape. */
static int open_source(int code, struct source *source, struct tape_reader **ret,
		       struct fault *fault)
{
	int r = code ? code : tape_reader_open(source, ret, fault);

	if (r < 0)
		source_close(source);
	return r;
}

int tape_reader_open_path(const char *path, struct tape_reader **ret, struct fault *fault)
{
	struct source *source = NULL;
	int r = source_open(path, &source, fault);

	return open_source(r, source, ret, fault);
}

int tape_reader_open_fd(int fd, const char *name, struct tape_reader **ret, struct fault *fault)
{
	struct source *source = NULL;
	int r = source_open_fd(fd, name, &source, fault);

	return open_source(r, source, ret, fault);
}

struct tape_reader *tape_reader_close(struct tape_reader *t)
{
	if (t) {
		source_close(t->scan.source);
		intake_done(&t->intake);
		tape_index_done(&t->index);
		meta_done(&t->meta);
		free(t);
	}
	return NULL;
}

const struct tape_meta *tape_reader_meta(const struct tape_reader *t)
{
	return &t->meta;
}

const struct tape_damage *tape_reader_damage(const struct tape_reader *t)
{
	return &t->scan.damage;
}

uint64_t tape_reader_bytes(const struct tape_reader *t)
{
	return source_at(t->scan.source) + t->consume;
}

void tape_reader_ask(struct tape_reader *t, tape_expanded_fn expanded, void *userdata)
{
	t->intake.expanded = expanded;
	t->intake.expanded_userdata = userdata;
}

int tape_reader_use_index(struct tape_reader *t, struct fault *fault)
{
	if (t->index.n)
		return 1;
	/* The reader may stand inside of a block of which a CHUNK was shown. */
	t->is_block_wanted = true;
	return tape_index_load(&t->index, t->scan.source, fault);
}

const struct tape_index *tape_reader_index(const struct tape_reader *t)
{
	return t->index.n ? &t->index : NULL;
}

struct source *tape_reader_source(struct tape_reader *t)
{
	return t->scan.source;
}

bool tape_reader_is_stream(const struct tape_reader *t)
{
	uint64_t size;

	return !source_size(t->scan.source, &size);
}

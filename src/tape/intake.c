// SPDX-License-Identifier: MIT
#include "tape/intake.h"

#include <errno.h>

#include "format/chunk.h"
#include "tape/section-kind.h"

int intake_init(struct intake *in, struct scan *scan, struct tape_meta *meta, struct fault *fault)
{
	*in = (struct intake){.scan = scan, .meta = meta};
	return expander_new(&in->expander, fault);
}

void intake_done(struct intake *in)
{
	expander_free(in->expander);
	buffer_done(&in->raw);
}

static int meta_take(struct intake *in, const struct section_header *h, const void *payload,
		     size_t len, struct fault *why)
{
	int r = meta_section(in->meta, h, payload, len, why);

	in->scan->damage.undescribed_rows = in->meta->n_undescribed;
	return r;
}

/* 0, -EBADMSG (why says why) or -ENOMEM. */
static int section_expand(struct intake *in, struct tape_section *s, struct fault *why)
{
	int r = payload_expand(in->expander, &s->header, s->stored, &in->raw, why);

	s->payload = in->raw.data;
	return r;
}

static int chunk_expand(struct intake *in, struct tape_section *s, struct fault *why)
{
	s->payload = in->expanded ? in->expanded(in->expanded_userdata, s) : NULL;
	return s->payload ? 0 : section_expand(in, s, why);
}

static int section_take_in(struct intake *in, struct tape_section *s, struct fault *why)
{
	struct chunk_layout layout;
	bool is_chunk = s->header.kind == TAPE_KIND_CHUNK;
	int r = is_chunk ? chunk_expand(in, s, why) : section_expand(in, s, why);

	if (r < 0)
		return r;
	if (is_chunk) {
		if (s->header.subject >= TAPE_TRACEPOINTS_MAX)
			return fault_set(why, -EBADMSG, "of tracepoint %u", s->header.subject);
		r = chunk_layout_decode(s->payload, s->header.raw_len, s->header.count, &layout,
					why);
		if (r < 0)
			return r;
	}
	return meta_take(in, &s->header, s->payload, s->header.raw_len, why);
}

int intake_pass(struct intake *in, const struct section_header *h, struct fault *fault)
{
	int r = scan_pass(in->scan, h, fault);

	if (r <= 0)
		return r;
	r = intake_note(in, h, fault);
	return r < 0 ? r : 1;
}

int intake_note(struct intake *in, const struct section_header *h, struct fault *fault)
{
	return meta_take(in, h, NULL, 0, fault);
}

int intake_take(struct intake *in, struct tape_section *s, struct fault *fault)
{
	struct fault why = FAULT_INIT;
	int r = scan_load(in->scan, &s->header, &s->stored, fault);

	if (r <= 0)
		return r;
	if (!section_kind_name(s->header.kind)) {
		in->scan->damage.unknown_sections++;
	} else {
		r = section_take_in(in, s, &why);
		if (r == -EBADMSG) {
			in->scan->damage.bad_chunks += s->header.kind == TAPE_KIND_CHUNK;
			return scan_reject(in->scan, &s->header, why.text, fault);
		}
		if (r < 0)
			return fault_set(fault, r, "%s: %s", source_name(in->scan->source),
					 why.text);
	}
	scan_whole(in->scan, &s->header);
	return 1;
}

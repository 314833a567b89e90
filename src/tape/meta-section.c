// SPDX-License-Identifier: MIT
/*
 * meta-section: fills the metadata section by section. All records of a section are checked before
 * the first of them is remembered. META_BYTES_MAX is checked before every record.
 */
#include "tape/meta.h"

#include <errno.h>

#include "tape/meta-array.h"
#include "tape/section-kind.h"

static void chunk_take(struct tape_meta *m, const struct section_header *h)
{
	if (h->subject < m->n_tracepoints && m->tracepoints[h->subject])
		m->tracepoints[h->subject]->rows += h->count;
	else
		m->n_undescribed += h->count;
	if (!m->n_rows || h->time_from < m->first_ns)
		m->first_ns = h->time_from;
	if (!m->n_rows || h->time_to > m->last_ns)
		m->last_ns = h->time_to;
	m->n_rows += h->count;
}

void meta_forget_chunk(struct tape_meta *m, const struct section_header *h)
{
	if (h->subject < m->n_tracepoints && m->tracepoints[h->subject])
		m->tracepoints[h->subject]->rows -= h->count;
	else
		m->n_undescribed -= h->count;
	m->n_rows -= h->count;
}

static int records_take(struct tape_meta *m, const struct section_kind *kind,
			const struct section_header *h, struct cursor c, struct fault *fault)
{
	union tape_record record;
	int r = kind->begin ? kind->begin(m, h, c.left, fault) : 0;

	while (!r && c.left) {
		if (!kind->needs_no_memory && meta_is_full(m))
			return meta_full_fault(h, fault);
		r = kind->decode(&c, &record);
		if (r > 0)
			r = kind->take(m, h, &record, fault);
	}
	return r;
}

int meta_section(struct tape_meta *m, const struct section_header *h, const void *payload,
		 size_t len, struct fault *fault)
{
	const struct section_kind *kind = section_kind_of(h->kind);
	int r;

	if (h->kind == TAPE_KIND_CHUNK) {
		chunk_take(m, h);
		return 0;
	}
	r = section_check(h, payload, len, fault);
	if (r < 0 || !kind || !kind->take)
		return r;
	r = records_take(m, kind, h, cursor_of(payload, len), fault);
	return r == -ENOMEM ? fault_no_memory(fault) : r;
}

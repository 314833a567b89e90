// SPDX-License-Identifier: MIT
#include "base/units.h"
#include "pages/group-words.h"
#include "pages/report-page.h"

/* Limit for the page's own notes, besides those of the tape. */
#define OWN_MAX (GROUP_BY_N + 4)

/* Whose bytes are missing in sums, and whose retransmissions in rates, and why. */
static bool caveat_of_bytes(const struct gathered *in, struct text *t)
{
	const struct counters *s = &in->total;

	if (!s->cleared.conns)
		return false;
	text_str(t, "the kernel cleared its figures of ");
	plural_text(t, s->cleared.conns, "connection");
	text_str(t, " when a process closed with SO_LINGER 0 or disconnected");
	if (s->cleared.sized_retrans)
		text_str(t, ": their retransmissions are estimated by events");
	if (s->unknown.cleared) {
		text_str(t, s->cleared.sized_retrans ? "; " : ": ");
		text_str(t, "no sum of bytes and no rate has ");
		units_count(t, s->unknown.cleared);
		text_str(t, " of them");
	}
	if (counters_retrans_rate(s).is_cleared) {
		text_str(t, ", and as those have ");
		plural_text(t, s->cleared.retrans - s->cleared.sized_retrans, "retransmission");
		text_str(t, " there is no rate of all");
	}
	return true;
}

/* The tape's own note says when and why. */
static bool caveat_of_unasked(const struct gathered *in, struct text *t)
{
	const struct counters *s = &in->total;

	if (!s->unasked_conns)
		return false;
	text_str(t, "the last figures of ");
	plural_text(t, s->unasked_conns, "connection");
	text_str(t, " were not asked for: no rate has them");
	if (s->unknown.unasked) {
		text_str(t, ", and no sum of bytes has ");
		units_count(t, s->unknown.unasked);
		text_str(t, " of them");
	}
	return true;
}

void report_page_caveats(struct report_page *p)
{
	const struct tape_facts *facts = p->findings.facts;
	const struct gathered *in = p->findings.in;
	const char **notes =
		document_builder_alloc(&p->builder, (facts->n_notes + OWN_MAX) * sizeof(*notes));
	struct text t CLEANUP(text_done) = {0};
	size_t n = 0;

	if (!notes)
		return;
	if (in->conn_histories.n_refused) {
		text_str(&t, "there was no room for ");
		units_count(&t, in->conn_histories.n_refused);
		text_str(&t, " more events of single connections: they are in the sums only");
		notes[n++] = document_builder_text(&p->builder, &t);
	}
	if (caveat_of_bytes(in, &t))
		notes[n++] = document_builder_text(&p->builder, &t);
	if (caveat_of_unasked(in, &t))
		notes[n++] = document_builder_text(&p->builder, &t);
	if (p->n_without_strips) {
		text_str(&t, "the congestion windows and round trips of ");
		plural_text(&t, p->n_without_strips, "more connection");
		text_str(&t, " are on the tape and not on this page (tcptape conn shows them)");
		notes[n++] = document_builder_text(&p->builder, &t);
	}
	for (unsigned int d = 0; d < GROUP_BY_N; d++) {
		if (!in->n_ungrouped[d])
			continue;
		text_printf(&t, "there are more %s than the first ", group_words[d].plural);
		units_count(&t, in->groups[d].n);
		text_str(&t, ": the others are in the sums over all only");
		notes[n++] = document_builder_text(&p->builder, &t);
	}
	for (size_t i = 0; i < facts->n_notes; i++)
		notes[n++] = facts->notes[i];
	p->document.notes = notes;
	p->document.n_notes = n;
}

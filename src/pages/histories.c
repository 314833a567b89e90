// SPDX-License-Identifier: MIT
/*
 * histories: the histories of all connections of a report, as large as a page can carry.
 */
#include "pages/history.h"
#include "pages/report-page.h"

/* The most events of one history, and limits for all histories together, so that a page can still
 * be sent by mail. */
#define EVENTS_OF_ONE 256u
#define EVENTS_MAX    20000u
#define STRIPS_MAX    100u /* histories with strips: those of the worst connections */
#define STRIP_POINTS  64u

/* The most events of one history for which all histories together have no more than events_max. */
static size_t events_of_each(const struct worst_conns *conns, size_t events_max)
{
	size_t each = EVENTS_OF_ONE, sum;

	do {
		sum = 0;
		for (size_t i = 0; i < conns->n; i++) {
			const struct conn_history *t = conns->items[i].conn_history;
			size_t n = t ? t->n_events_kept : 0;

			sum += n < each ? n : each;
		}
		if (sum > events_max)
			each -= each / 8;
	} while (sum > events_max && each > 8);
	return each;
}

void report_page_histories(struct report_page *p, struct document_history *ret)
{
	const struct worst_conns *conns = &p->findings.in->worst_conns;
	const struct history_source from = {&p->builder, p->findings.in, p->findings.facts};
	size_t each = events_of_each(conns, EVENTS_MAX), n_strips = 0;

	for (size_t i = 0; i < conns->n; i++) {
		const struct worst_conn *c = &conns->items[i];
		bool has_samples = c->conn_history && c->conn_history->samples.n;

		history_make(&from, c, each, &ret[i]);
		if (!has_samples)
			continue;
		if (n_strips++ < STRIPS_MAX)
			history_add_strips(&from, c, STRIP_POINTS, &ret[i]);
	}
	if (n_strips > STRIPS_MAX)
		p->n_without_strips = n_strips - STRIPS_MAX;
}

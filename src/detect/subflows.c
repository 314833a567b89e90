// SPDX-License-Identifier: MIT
/*
 * subflows: the kernel wanted to add subflows to MPTCP connections, and another host did not answer
 * or refused. No process called connect() for them.
 */
#include <stdlib.h>

#include "base/units.h"
#include "detect/detector.h"

#define FAILED_MIN 1u
#define NAMED_MAX  3u

static void subflows_rule(struct text *t)
{
	text_printf(
		t,
		"%u or more attempts of the kernel to add a subflow to an MPTCP connection, to "
		"one destination, whose SYN was retransmitted without success, or that a RST or "
		"an error ended (RFC 8684, 3.2)",
		FAILED_MIN);
}

static uint64_t failed_of(const struct counters *s)
{
	return s->joins.unanswered + s->joins.rejected;
}

static int by_failed(const void *a, const void *b)
{
	const struct conn_group *x = *(struct conn_group *const *)a;
	const struct conn_group *y = *(struct conn_group *const *)b;
	uint64_t n = failed_of(&x->counters), m = failed_of(&y->counters);

	if (n != m)
		return n < m ? 1 : -1;
	return group_key_compare(&x->key, &y->key);
}

static void subflows_emit(const struct detector *d, struct findings *f, const struct conn_group *g)
{
	const struct join_counts *s = &g->counters.joins;
	struct finding *x = finding_new(f, d, DOCUMENT_NOTICE, failed_of(&g->counters));
	struct text t CLEANUP(text_done) = {0};

	units_count(&t, failed_of(&g->counters));
	text_str(&t, " of ");
	plural_text(&t, s->joined + s->not_joined, "MPTCP subflow");
	text_str(&t, " to ");
	group_key_text(GROUP_BY_DESTINATION, &g->key, gathered_labels(f->in), &t);
	text_str(&t, s->rejected ? " could not be established" : " got no answer");
	finding_title(f, x, &t);
	finding_group(f, x, GROUP_BY_DESTINATION, &g->key);
	finding_some(f, x, "unanswered", "not answered", s->unanswered);
	finding_some(f, x, "rejected", "ended by a RST or an error", s->rejected);
	finding_some(f, x, "joined", "established", s->joined);
	finding_count(f, x, "syn_retrans", "SYNs retransmitted", s->syns);
	finding_span(x, s->first_ns, s->last_ns);
	finding_meaning(x,
			"The kernel opens further subflows of an MPTCP connection by itself, to "
			"every address that the other end has announced. No process called "
			"connect() for these, and their connections go on over the other "
			"subflows; but this way, which was meant for more speed or as a reserve, "
			"is not there.");
	finding_by_events(f, x);
	group_key_options(GROUP_BY_DESTINATION, &g->key, &t);
	finding_command(f, x, "connects", text_cstr(&t));
}

static void detect_subflows(const struct detector *d, struct findings *f)
{
	const struct groups *by = &f->in->groups[GROUP_BY_DESTINATION];
	struct conn_group **groups CLEANUP(free_p) = NULL;

	if (failed_of(&f->in->total) < FAILED_MIN)
		return;
	groups = (struct conn_group **)groups_sorted(by, by_failed);
	f->builder->failed |= !groups;
	for (size_t i = 0; groups && i < by->n && i < NAMED_MAX; i++) {
		if (failed_of(&groups[i]->counters) >= FAILED_MIN)
			subflows_emit(d, f, groups[i]);
	}
}

const struct detector detector_subflows = {
	.id = "subflows",
	.place = PLACE_UNKNOWN,
	.rule = subflows_rule,
	.find = detect_subflows,
};

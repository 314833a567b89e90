// SPDX-License-Identifier: MIT
/*
 * slow-connects: connections to a destination take long to be established, because SYNs or SYN-ACKs
 * are lost, or because the destination is slower than the others.
 */
#include <stdlib.h>

#include "base/units.h"
#include "detect/detector.h"
#include "detect/rule-words.h"

#define SLOW_MIN      3u
#define SHARE_PERCENT 1u
#define SAMPLES_MIN   20u
#define TIMES	      10u
#define SLOW_MS	      200u /* what people begin to notice */
#define SLOW_PERMILLE 950u
#define NAMED_MAX     5u

static void slow_connects_rule(struct text *t)
{
	text_printf(
		t,
		"%u or more connections, %u %% of those to the destination, that needed a second"
		" SYN (the first timeout is 1 s: RFC 6298, 2.1); or %u %% within %u ms or "
		"more and %s longer than to all others, of %u connections each",
		SLOW_MIN, SHARE_PERCENT, SLOW_PERMILLE / 10, SLOW_MS, times_word(TIMES),
		SAMPLES_MIN);
}

static bool has_lost_syns(const struct counters *s)
{
	return s->attempts.slow_by_syn >= SLOW_MIN &&
	       s->attempts.slow_by_syn * 100 >=
		       (uint64_t)s->attempts.results[CONNECT_OK] * SHARE_PERCENT;
}

/* The latency to all other destinations. */
static struct latency latency_of_rest(const struct gathered *in, const struct counters *s)
{
	struct latency rest = *in->total.attempts.latency;

	rest.count -= s->attempts.latency->count;
	for (unsigned int i = 0; i < LATENCY_STEPS; i++)
		rest.steps[i] -= s->attempts.latency->steps[i];
	return rest;
}

static bool is_slower(const struct gathered *in, const struct counters *s)
{
	struct latency rest;
	uint64_t p95;

	if (!s->attempts.latency || s->attempts.latency->count < SAMPLES_MIN)
		return false;
	p95 = latency_permille(s->attempts.latency, SLOW_PERMILLE);
	rest = latency_of_rest(in, s);
	return p95 >= SLOW_MS * NSEC_PER_MSEC && rest.count >= SAMPLES_MIN &&
	       p95 >= TIMES * latency_permille(&rest, SLOW_PERMILLE);
}

static int by_slowness(const void *a, const void *b)
{
	const struct conn_group *x = *(struct conn_group *const *)a;
	const struct conn_group *y = *(struct conn_group *const *)b;

	if (x->counters.attempts.slow_by_syn != y->counters.attempts.slow_by_syn)
		return x->counters.attempts.slow_by_syn < y->counters.attempts.slow_by_syn ? 1 : -1;
	return group_key_compare(&x->key, &y->key);
}

static void add_latencies(struct findings *f, struct finding *x, const struct counters *s)
{
	struct latency rest;

	if (!s->attempts.latency)
		return;
	finding_duration(f, x, "p50_ns", "half within", latency_permille(s->attempts.latency, 500));
	finding_duration(f, x, "p95_ns", "95 % within",
			 latency_permille(s->attempts.latency, SLOW_PERMILLE));
	finding_duration(f, x, "max_ns", "longest", s->attempts.latency->greatest_ns);
	rest = latency_of_rest(f->in, s);
	if (rest.count)
		finding_duration(f, x, "rest_p95_ns", "all else, 95 % within",
				 latency_permille(&rest, SLOW_PERMILLE));
}

static void slow_connects_emit(const struct detector *d, struct findings *f,
			       const struct conn_group *g)
{
	const struct counters *s = &g->counters;
	bool is_loss = has_lost_syns(s);
	struct finding *x = finding_new(f, d, is_loss ? DOCUMENT_WARNING : DOCUMENT_NOTICE,
					is_loss ? s->attempts.slow_by_syn : 1);
	struct text t CLEANUP(text_done) = {0};

	if (is_loss) {
		units_count(&t, s->attempts.slow_by_syn);
		text_str(&t, " of ");
		plural_text(&t, s->attempts.results[CONNECT_OK], "connect");
		text_str(&t, " to ");
		group_key_text(GROUP_BY_DESTINATION, &g->key, &t);
		text_str(&t, " took a second or more: SYNs had to be retransmitted");
	} else {
		text_str(&t, "Connects to ");
		group_key_text(GROUP_BY_DESTINATION, &g->key, &t);
		text_str(&t, " are slow: 95 % within ");
		units_duration(&t, latency_permille(s->attempts.latency, SLOW_PERMILLE));
	}
	finding_title(f, x, &t);
	finding_group(f, x, GROUP_BY_DESTINATION, &g->key);
	finding_count(f, x, "established", "established", s->attempts.results[CONNECT_OK]);
	finding_some(f, x, "slow_by_syn", "after retransmitted SYNs", s->attempts.slow_by_syn);
	finding_some(f, x, "syn_retrans", "SYNs retransmitted", s->attempts.syns);
	add_latencies(f, x, s);
	finding_meaning(x,
			is_loss ? "The first SYN or its answer was lost on the way, or was dropped "
				  "by a full queue at the other end; the next try came after a "
				  "second."
				: "It answers, but much later than everybody else that this host "
				  "connects to: a long way, or a busy host or network.");
	if (is_loss) {
		finding_time_spread(x, s->attempts.slow_times);
		finding_doubt(x, "likely",
			      "as a way that became slower than a second looks the same");
	}
	finding_by_events(f, x);
	group_key_options(GROUP_BY_DESTINATION, &g->key, &t);
	finding_command(f, x, "connects -m 200", text_cstr(&t));
}

static void detect_slow_connects(const struct detector *d, struct findings *f)
{
	const struct groups *by = &f->in->groups[GROUP_BY_DESTINATION];
	struct conn_group **groups CLEANUP(free_p) =
		(struct conn_group **)groups_sorted(by, by_slowness);
	unsigned int n = 0;

	f->builder->failed |= !groups;
	for (size_t i = 0; groups && i < by->n && n < NAMED_MAX; i++) {
		if (has_lost_syns(&groups[i]->counters) || is_slower(f->in, &groups[i]->counters)) {
			slow_connects_emit(d, f, groups[i]);
			n++;
		}
	}
}

const struct detector detector_slow_connects = {
	.id = "slow-connects",
	.rule = slow_connects_rule,
	.find = detect_slow_connects,
};

// SPDX-License-Identifier: MIT
/*
 * connects: attempts of this host to connect are refused, or fail with another error.
 */
#include <stdlib.h>

#include "base/units.h"
#include "detect/detector.h"
#include "detect/rule-words.h"

#define REJECTED_MIN	 3u
#define SHARE_PERCENT	 5u
#define CRITICAL_MIN	 10u
#define CRITICAL_PERCENT 50u
#define NAMED_MAX	 5u

static void connects_rule(struct text *t)
{
	text_printf(t,
		    "%u or more attempts to one destination that were refused, unreachable or "
		    "failed with another error, and %u %% of those made; %s of them and %u: "
		    "critical. (A RST for a SYN: RFC 9293, 3.5.2)",
		    REJECTED_MIN, SHARE_PERCENT, share_word(CRITICAL_PERCENT), CRITICAL_MIN);
}

static bool is_failing(const struct counters *s)
{
	uint64_t n = counters_rejected(s);

	return n >= REJECTED_MIN && n * 100 >= s->attempts.n * SHARE_PERCENT;
}

static int by_rejected(const void *a, const void *b)
{
	const struct conn_group *x = *(struct conn_group *const *)a;
	const struct conn_group *y = *(struct conn_group *const *)b;
	uint64_t n = counters_rejected(&x->counters), m = counters_rejected(&y->counters);

	if (n != m)
		return n < m ? 1 : -1;
	return group_key_compare(&x->key, &y->key);
}

static const char *meaning_of(const struct counters *s)
{
	if (s->attempts.results[CONNECT_REFUSED] >= s->attempts.results[CONNECT_UNREACHABLE] &&
	    s->attempts.results[CONNECT_REFUSED] >= s->attempts.results[CONNECT_ERROR])
		return "The host is there, and refuses: nothing listens on that port, the program "
		       "is down or starting, or a firewall rejects.";
	if (s->attempts.results[CONNECT_UNREACHABLE] >= s->attempts.results[CONNECT_ERROR])
		return "Somebody on the way, or this host itself, says that it cannot be reached: "
		       "routing, a host that is down, or a firewall that rejects with ICMP.";
	return "connect() ended with an error that is neither a refusal nor a route: the command "
	       "shows which.";
}

static void connects_emit(const struct detector *d, struct findings *f, const struct conn_group *g)
{
	const struct counters *s = &g->counters;
	uint64_t n = counters_rejected(s);
	bool is_most = n * 100 >= s->attempts.n * CRITICAL_PERCENT && n >= CRITICAL_MIN;
	struct finding *x = finding_new(f, d, is_most ? DOCUMENT_CRITICAL : DOCUMENT_WARNING, n);
	struct text t CLEANUP(text_done) = {0};

	units_count(&t, n);
	text_str(&t, " of ");
	plural_text(&t, s->attempts.n, "connect");
	text_str(&t, " to ");
	group_key_text(GROUP_BY_DESTINATION, &g->key, &t);
	text_str(&t, n == s->attempts.results[CONNECT_REFUSED] ? " were refused" : " failed");
	finding_title(f, x, &t);
	finding_group(f, x, GROUP_BY_DESTINATION, &g->key);
	finding_count(f, x, "attempts", "attempts", s->attempts.n);
	finding_some(f, x, "established", "established", s->attempts.results[CONNECT_OK]);
	finding_some(f, x, "refused", "refused (RST)",
		     s->attempts.results[CONNECT_REFUSED] - s->attempts.refused_unseen);
	finding_some(f, x, "refused_unseen", "refused, no RST seen (ICMP port unreachable)",
		     s->attempts.refused_unseen);
	finding_some(f, x, "unreachable", "unreachable (ICMP, no route)",
		     s->attempts.results[CONNECT_UNREACHABLE]);
	finding_some(f, x, "errors", "other errors", s->attempts.results[CONNECT_ERROR]);
	x->end = (struct finding_end){
		.side = FINDING_REFUSED,
		.port = g->key.port,
		.n = s->attempts.results[CONNECT_REFUSED],
		.n_twins = s->events.twin_resets[REPORT_RECEIVED][RESET_REFUSED],
	};
	finding_time_spread(x, s->attempts.rejected_times);
	finding_meaning(x, meaning_of(s));
	finding_by_events(f, x);
	group_key_options(GROUP_BY_DESTINATION, &g->key, &t);
	finding_command(f, x, "connects -x", text_cstr(&t));
}

static void detect_connects(const struct detector *d, struct findings *f)
{
	const struct groups *by = &f->in->groups[GROUP_BY_DESTINATION];
	struct conn_group **groups CLEANUP(free_p) =
		(struct conn_group **)groups_sorted(by, by_rejected);
	size_t named = 0, more = 0;

	f->builder->failed |= !groups;
	for (size_t i = 0; groups && i < by->n; i++) {
		if (!is_failing(&groups[i]->counters))
			continue;
		if (named++ < NAMED_MAX)
			connects_emit(d, f, groups[i]);
		else
			more++;
	}
	if (more) {
		struct finding *x = finding_new(f, d, DOCUMENT_WARNING, more);
		struct text t CLEANUP(text_done) = {0};

		text_str(&t, "Connects to ");
		plural_text(&t, more, "other destination");
		text_str(&t, " fail, too");
		finding_title(f, x, &t);
		finding_count(f, x, "destinations", "destinations", more);
		finding_meaning(x, "More destinations refuse this host than fit here.");
		finding_command(f, x, "connects -c", "");
	}
}

const struct detector detector_connects = {
	.id = "connects",
	.rule = connects_rule,
	.find = detect_connects,
};

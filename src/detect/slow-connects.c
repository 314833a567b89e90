// SPDX-License-Identifier: MIT
/*
 * slow-connects: connections to a destination take much longer to be established than the way takes
 * for a round trip: because SYNs or SYN-ACKs are lost, because the first answer belonged to an
 * earlier connection, or because the way or the destination is busy at times. A long way is not
 * slow.
 */
#include <stdlib.h>

#include "base/units.h"
#include "detect/backlog.h"
#include "detect/detector.h"
#include "detect/mirrors.h"
#include "detect/rule-words.h"

#define SLOW_MIN      3u
#define SHARE_PERCENT 1u
#define SAMPLES_MIN   20u
#define TIMES	      10u
#define TRIPS	      2u
#define SLOW_MS	      200u /* what people begin to notice */
#define SLOW_PERMILLE 950u
#define NAMED_MAX     5u
#define ONLY_SYNS_MIN 30u

static void slow_connects_rule(struct text *t)
{
	text_printf(t,
		    "%u or more connections, %u %% of those to the destination, that took a second "
		    "and another SYN (the first timeout is 1 s: RFC 6298, 2.1), and more than %u "
		    "round trips of the way; or whose SYN was answered for another connection; or "
		    "%u %% within %u ms or more and %s longer than the round trip, of %u "
		    "connections. The round trip is the least that the kernel measured or a "
		    "connect took",
		    SLOW_MIN, SHARE_PERCENT, TRIPS, SLOW_PERMILLE / 10, SLOW_MS, times_word(TIMES),
		    SAMPLES_MIN);
}

static bool is_share(const struct counters *s, uint64_t n)
{
	return n >= SLOW_MIN &&
	       n * 100 >= (uint64_t)s->attempts.results[CONNECT_OK] * SHARE_PERCENT;
}

/* Whether connects waited for another SYN. On a way of more than half a second the answer to the
 * first one may have been under way. */
static bool has_lost_syns(const struct counters *s)
{
	return is_share(s, s->attempts.slow) &&
	       counters_round_trip_ns(s) * TRIPS < SLOW_CONNECT_MS * NSEC_PER_MSEC;
}

static bool is_misanswered(const struct counters *s)
{
	return is_share(s, s->attempts.misanswered);
}

static bool is_slower(const struct counters *s)
{
	uint64_t p95;

	if (!s->attempts.latency || s->attempts.latency->count < SAMPLES_MIN)
		return false;
	p95 = latency_permille(s->attempts.latency, SLOW_PERMILLE);
	return p95 >= SLOW_MS * NSEC_PER_MSEC && p95 >= TIMES * counters_round_trip_ns(s);
}

/* Whether so many SYNs were lost, and no data at all, that chance does not explain it: a tenth of
 * ONLY_SYNS_MIN connections or more, each of which has sent data. */
static bool has_lost_only_syns(const struct counters *s)
{
	uint64_t n = s->attempts.results[CONNECT_OK];

	return n >= ONLY_SYNS_MIN && s->attempts.slow * 10 >= n && !counters_data_resent(s) &&
	       !s->events.retrans[TCP_CAUSE_TLP] && s->tcp_info.acked_bytes >= n;
}

static uint64_t weight_of(const struct counters *s)
{
	return has_lost_syns(s)	   ? s->attempts.slow
	       : is_misanswered(s) ? s->attempts.misanswered
				   : 1;
}

static int by_slowness(const void *a, const void *b)
{
	const struct conn_group *x = *(struct conn_group *const *)a;
	const struct conn_group *y = *(struct conn_group *const *)b;
	uint64_t n = weight_of(&x->counters), m = weight_of(&y->counters);

	if (n != m)
		return n < m ? 1 : -1;
	return group_key_compare(&x->key, &y->key);
}

static const char lost_meaning[] =
	"The first SYN or its answer was lost on the way, or was dropped by a full queue or a "
	"firewall at the other end; the next try came after a second.";

static const char only_syns_meaning[] =
	"Only SYNs or their answers were dropped, and no data on the connections that came of "
	"them: less likely a way that loses packets than a full queue at the other end, or a "
	"firewall that limits new connections; the next try came after a second.";

static const char misanswered_meaning[] =
	"The SYN was answered by the acknowledgement of an earlier connection with the same "
	"addresses and ports, which still lives at the other end (mostly in TIME_WAIT) or in a "
	"firewall on the way. This host sent a RST, and then its SYN again. Such ports are used "
	"again too soon: by a program that binds its local port, by a translator, or because few "
	"are free.";

static const char busy_meaning[] =
	"The same way is much faster at other times: packets wait in a queue on the way, or the "
	"hosts are busy.";

static const char *meaning_of(const struct counters *s)
{
	bool is_lost = has_lost_syns(s) && s->attempts.slow_misanswered * 2 < s->attempts.slow;

	if (is_lost)
		return has_lost_only_syns(s) ? only_syns_meaning : lost_meaning;
	return is_misanswered(s) ? misanswered_meaning : busy_meaning;
}

static void title_of(struct text *t, const struct conn_group *g, const struct labels *names)
{
	const struct counters *s = &g->counters;
	bool is_counted = has_lost_syns(s) || is_misanswered(s);

	if (is_counted) {
		units_count(t, weight_of(s));
		text_str(t, " of ");
		plural_text(t, s->attempts.results[CONNECT_OK], "connect");
		text_str(t, " to ");
	} else {
		text_str(t, "Connects to ");
	}
	group_key_text(GROUP_BY_DESTINATION, &g->key, names, t);
	if (has_lost_syns(s)) {
		text_str(t, " took a second or more: SYNs had to be retransmitted");
	} else if (is_misanswered(s)) {
		text_str(t, " met the remains of an earlier connection");
	} else {
		text_str(t, " are slow: 95 % within ");
		units_duration(t, latency_permille(s->attempts.latency, SLOW_PERMILLE));
	}
}

static void slow_connects_add_times(struct findings *f, struct finding *x, const struct counters *s)
{
	const struct latency *l = s->attempts.latency;

	finding_count(f, x, "established", "established", s->attempts.results[CONNECT_OK]);
	finding_some(f, x, "slow_by_syn", "after a second and another SYN", s->attempts.slow);
	finding_some(f, x, "misanswered", "answered for another connection, RST sent",
		     s->attempts.misanswered);
	finding_some(f, x, "syn_retrans", "SYNs retransmitted", s->attempts.syns);
	if (l) {
		finding_duration(f, x, "p50_ns", "half within", latency_permille(l, 500));
		finding_duration(f, x, "p95_ns", "95 % within", latency_permille(l, SLOW_PERMILLE));
		finding_duration(f, x, "max_ns", "longest", l->greatest_ns);
	}
	if (counters_round_trip_ns(s))
		finding_duration(f, x, "round_trip_ns", "round trip", counters_round_trip_ns(s));
}

static void slow_connects_emit(const struct detector *d, struct findings *f,
			       const struct conn_group *g)
{
	const struct counters *s = &g->counters;
	bool is_loss = has_lost_syns(s);
	struct finding *x =
		finding_new(f, d, is_loss ? DOCUMENT_WARNING : DOCUMENT_NOTICE, weight_of(s));
	struct text t CLEANUP(text_done) = {0};

	title_of(&t, g, gathered_labels(f->in));
	finding_title(f, x, &t);
	finding_group(f, x, GROUP_BY_DESTINATION, &g->key);
	slow_connects_add_times(f, x, s);
	finding_meaning(x, meaning_of(s));
	if (is_loss) {
		x->place = has_lost_only_syns(s) ? PLACE_UNKNOWN : PLACE_NETWORK;
		x->end = mirrors_caller(f, &g->key, s->attempts.slow);
		finding_time_spread(x, s->attempts.slow_times);
		finding_doubt(x, "likely",
			      "as a way that became slower than a second looks the same");
	}
	finding_by_events(f, x);
	group_key_options(GROUP_BY_DESTINATION, &g->key, &t);
	finding_command(f, x, is_loss || !is_misanswered(s) ? "connects -m 200" : "connects",
			text_cstr(&t));
}

static void detect_slow_connects(const struct detector *d, struct findings *f)
{
	const struct groups *by = &f->in->groups[GROUP_BY_DESTINATION];
	struct conn_group **groups CLEANUP(free_p) =
		(struct conn_group **)groups_sorted(by, by_slowness);
	unsigned int n = 0;

	f->builder->failed |= !groups;
	for (size_t i = 0; groups && i < by->n && n < NAMED_MAX; i++) {
		const struct counters *s = &groups[i]->counters;
		const struct endpoint at = {groups[i]->key.addr, groups[i]->key.port};

		if ((has_lost_syns(s) || is_misanswered(s) || is_slower(s)) &&
		    !backlog_explains(f, &at)) {
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

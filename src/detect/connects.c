// SPDX-License-Identifier: MIT
/*
 * connects: attempts of this host to connect are refused, fail on this host, or with another error.
 */
#include <stdlib.h>

#include "base/units.h"
#include "detect/counted.h"
#include "detect/detector.h"
#include "detect/rule-words.h"

#define REJECTED_MIN	     3u
#define SHARE_PERCENT	     5u
#define CRITICAL_MIN	     10u
#define CRITICAL_PERCENT     50u
#define ELSEWHERE_PERCENT    95u
#define NAMED_MAX	     5u
#define REFUSED_HERE_PERCENT 90u

static void connects_rule(struct text *t)
{
	text_printf(t,
		    "%u or more attempts to one destination that were refused, unreachable, "
		    "failed on this host or with another error, and %u %% of those made; %s of "
		    "them and %u: critical; a notice if the process connected to another address "
		    "after %u %% of them (RFC 8305). (A RST for a SYN: RFC 9293, 3.5.2)",
		    REJECTED_MIN, SHARE_PERCENT, share_word(CRITICAL_PERCENT), CRITICAL_MIN,
		    ELSEWHERE_PERCENT);
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

/* The results of rejected attempts, in the order in which equal numbers win. */
static const enum connect_result rejections[] = {CONNECT_REFUSED, CONNECT_LOCAL,
						 CONNECT_UNREACHABLE, CONNECT_RESET, CONNECT_ERROR};

/* The most frequent result of the rejected attempts. */
static enum connect_result rejection_of(const struct counters *s)
{
	enum connect_result most = rejections[0];

	for (size_t i = 1; i < ARRAY_SIZE(rejections); i++) {
		if (s->attempts.results[rejections[i]] > s->attempts.results[most])
			most = rejections[i];
	}
	return most;
}

/* Whether the process connected to another address after nearly all of the attempts. */
static bool is_elsewhere(const struct counters *s)
{
	return s->attempts.fell_back * 100 >= s->attempts.failed * ELSEWHERE_PERCENT;
}

/* What happened to n attempts, all of the rejected ones. */
static const char *verb_of(const struct counters *s, uint64_t n)
{
	if (n == s->attempts.results[CONNECT_REFUSED])
		return " were refused";
	if (n == s->attempts.no_port)
		return " found no local port (EADDRNOTAVAIL)";
	if (n == s->attempts.results[CONNECT_LOCAL])
		return " failed on this host";
	return n == s->attempts.results[CONNECT_UNREACHABLE] ? " found it unreachable" : " failed";
}

static const char *meaning_of_local(const struct counters *s)
{
	if (s->attempts.no_port < s->attempts.results[CONNECT_LOCAL])
		return "connect() failed on this host, before any answer: it could not send a SYN. "
		       "A route, a rule for IPsec, or a key for TCP-MD5 or TCP-AO may be missing.";
	return "Every local port that may be used for this destination is taken, or the one that "
	       "the program has bound: by open connections, or by those that this host closed in "
	       "the last minute (TIME_WAIT). Keep connections open and use them again, spread "
	       "them over more addresses, or widen net.ipv4.ip_local_port_range.";
}

static const char *meaning_of(const struct counters *s)
{
	if (is_elsewhere(s))
		return "After each one its process connected to another address at the same port: "
		       "the name has several addresses, such as localhost with ::1 and 127.0.0.1, "
		       "and not all of them answer.";
	switch (rejection_of(s)) {
	case CONNECT_REFUSED:
		return "The host is there, and refuses: nothing listens on that port, the program "
		       "is down or starting, or a firewall rejects.";
	case CONNECT_UNREACHABLE:
		return "Somebody on the way, or this host itself, says that it cannot be reached: "
		       "routing, a host that is down, or a firewall that rejects with ICMP.";
	case CONNECT_LOCAL: return meaning_of_local(s);
	case CONNECT_RESET:
		return "The peer had sent a SYN itself (simultaneous open), and then a RST.";
	default:
		return "connect() ended with an error that is neither a refusal nor a route: the "
		       "command shows which.";
	}
}

static enum document_level level_of(const struct counters *s, uint64_t n)
{
	if (is_elsewhere(s))
		return DOCUMENT_NOTICE;
	return n * 100 >= s->attempts.n * CRITICAL_PERCENT && n >= CRITICAL_MIN ? DOCUMENT_CRITICAL
										: DOCUMENT_WARNING;
}

static void connects_add_results(struct findings *f, struct finding *x, const struct counters *s)
{
	const struct attempt_counts *a = &s->attempts;

	finding_count(f, x, "attempts", "attempts", a->n);
	finding_some(f, x, "established", "established", a->results[CONNECT_OK]);
	finding_some(f, x, "refused", "refused (RST)",
		     a->results[CONNECT_REFUSED] - a->refused_unseen);
	finding_some(f, x, "refused_unseen", "refused, no RST seen (ICMP port unreachable)",
		     a->refused_unseen);
	finding_some(f, x, "reset", "reset", a->results[CONNECT_RESET]);
	finding_some(f, x, "unreachable", "unreachable (ICMP, no route)",
		     a->results[CONNECT_UNREACHABLE]);
	finding_some(f, x, "no_port", "no local port (EADDRNOTAVAIL)", a->no_port);
	finding_some(f, x, "local", "failed on this host", a->results[CONNECT_LOCAL] - a->no_port);
	finding_some(f, x, "errors", "other errors", a->results[CONNECT_ERROR]);
	finding_some(f, x, "elsewhere", "then connected to another address", a->fell_back);
	finding_time_spread(x, a->rejected_times);
}

/* Which ports there are, and how many connections in TIME_WAIT hold one. Both belong to a network
 * namespace: where this host connects from several, it is not known which. */
static void connects_add_ports(struct findings *f, struct finding *x)
{
	const struct netns_set *from = &f->in->called_in;
	const struct counter_book *book = f->in->context->counters;
	const char *range;
	struct counter_change c;

	if (!book || from->n != 1)
		return;
	range = counter_book_setting(book, from->items[0], "net.ipv4.ip_local_port_range");
	if (range)
		finding_words(f, x, "port_range", "net.ipv4.ip_local_port_range", range);
	if (counted_in(f, from, "sockstat.TCP.tw", &c) && c.most >= 0)
		finding_count(f, x, "time_wait", "connections in TIME_WAIT, at most",
			      (uint64_t)c.most);
}

/* By what most of the attempts ended with: a RST of the peer, an ICMP error of the way, or an error
 * of this host. */
static enum trouble_place place_of(const struct attempt_counts *a)
{
	uint64_t refused = a->results[CONNECT_REFUSED], local = a->results[CONNECT_LOCAL],
		 way = a->results[CONNECT_UNREACHABLE];

	if (local >= refused && local >= way && local)
		return PLACE_HOST;
	if (refused >= way && refused)
		return PLACE_PEER;
	return way ? PLACE_NETWORK : PLACE_UNKNOWN;
}

static void connects_emit(const struct detector *d, struct findings *f, const struct conn_group *g)
{
	const struct counters *s = &g->counters;
	uint64_t n = counters_rejected(s);
	struct finding *x = finding_new(f, d, level_of(s, n), n);
	struct text t CLEANUP(text_done) = {0};

	units_count(&t, n);
	text_str(&t, " of ");
	plural_text(&t, s->attempts.n, "connect");
	text_str(&t, " to ");
	group_key_text(GROUP_BY_DESTINATION, &g->key, gathered_labels(f->in), &t);
	text_str(&t, verb_of(s, n));
	finding_title(f, x, &t);
	finding_group(f, x, GROUP_BY_DESTINATION, &g->key);
	connects_add_results(f, x, s);
	if (s->attempts.no_port)
		connects_add_ports(f, x);
	x->end = (struct finding_end){
		.side = FINDING_REFUSED,
		.port = g->key.port,
		.n = s->attempts.results[CONNECT_REFUSED],
		.n_twins = s->events.twin_resets[REPORT_RECEIVED][RESET_REFUSED],
	};
	/* Where this host itself refuses, the peer is this host. */
	x->place = x->end.n && x->end.n_twins * 100 >= x->end.n * REFUSED_HERE_PERCENT
			   ? PLACE_HOST
			   : place_of(&s->attempts);
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
		finding_meaning(x, "Connects to more destinations fail than fit here.");
		finding_command(f, x, "connects -c", "");
	}
}

const struct detector detector_connects = {
	.id = "connects",
	.rule = connects_rule,
	.find = detect_connects,
};

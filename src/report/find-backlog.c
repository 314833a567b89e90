// SPDX-License-Identifier: MIT
/*
 * backlog: peers begin to connect to a port of this host and cannot complete it: the queue of those
 * that wait for accept() is full, or packets of the handshake are lost, or the peers are not who
 * they say.
 */
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "report/detectors.h"

#define SYNACKS_MIN   3u
#define OPEN_PERCENT  1u /* of the connections accepted */
#define SLOW_MIN      5u
#define SLOW_PERCENT  10u
#define FLOOD_PEERS   50u
#define FLOOD_PERCENT 90u

/* sk_acceptq_is_full of include/net/sock.h: more than the limit. */
static bool is_full(const struct report_listener *l)
{
	return l->has_queue && l->limit && l->queue > l->limit;
}

static const struct report_sums *sums_at(const struct incident *in, uint16_t port)
{
	const struct report_subject s = {.local.port = port, .is_served = true};
	const struct report_group *g;
	struct report_key key;

	if (!report_key_of(REPORT_BY_PORT, &s, &key))
		return NULL;
	g = groups_find(&in->groups[REPORT_BY_PORT], &key);
	return g ? &g->sums : NULL;
}

static uint64_t half_open_peers(const struct incident *in)
{
	struct group_walk walk = {0};
	const struct report_group *g;
	uint64_t n = 0;

	while ((g = groups_next(&in->groups[REPORT_BY_PEER], &walk)))
		n += g->sums.half_open > 0;
	return n;
}

/* Handshakes that take long for a few are lost packets. */
static bool matters(const struct incident *in, const struct report_listener *l)
{
	const struct report_sums *s = sums_at(in, l->port);
	uint64_t n = l->by_timer + l->by_repeat, accepted = s ? s->accepted : 0;

	if (is_full(l))
		return l->is_wanted || s;
	if (n < SYNACKS_MIN)
		return false;
	return l->half_open >= SYNACKS_MIN
		       ? l->half_open * 100 >= accepted * OPEN_PERCENT
		       : l->slow >= SLOW_MIN && l->slow * 100 >= accepted * SLOW_PERCENT;
}

static void explain(struct findings *f, struct finding *x, const struct report_listener *l)
{
	uint64_t n = l->by_timer + l->by_repeat, peers = half_open_peers(f->in);

	if (is_full(l)) {
		finding_meaning(x,
				"The program does not take its connections with accept() as fast "
				"as they come; those beyond its backlog are dropped, and their "
				"clients wait. Make it accept faster, or its backlog (and "
				"net.core.somaxconn) longer.");
		return;
	}
	if (peers >= FLOOD_PEERS &&
	    l->half_open * 100 >= (l->half_open + l->slow) * FLOOD_PERCENT) {
		finding_meaning(x,
				"Many addresses begin to connect and never go on: a SYN flood with "
				"false addresses, or a way back that leads nowhere.");
		finding_doubt(x, "likely", "a way back that is broken for many looks the same");
		return;
	}
	if (l->by_repeat * 2 >= n) {
		finding_meaning(
			x, "Clients repeat their SYN, so the answers of this host do not reach "
			   "them: look at the way back to them, firewalls included.");
		finding_doubt(x, "likely", NULL);
		return;
	}
	finding_meaning(x, "This host answered and waits for the client's confirmation, which does "
			   "not come: lost on the way, dropped here because the accept queue was "
			   "full for a moment, or the client is gone.");
	finding_doubt(x, "possible", "which of these it is cannot be told from these events");
}

static void tell(const struct detector *d, struct findings *f, const struct report_listener *l)
{
	uint64_t n = l->by_timer + l->by_repeat;
	struct finding *x = finding_new(f, d, is_full(l) ? DOCUMENT_CRITICAL : DOCUMENT_WARNING,
					n + (is_full(l) ? l->queue : 0));
	struct text t CLEANUP(text_done) = {0};

	if (is_full(l)) {
		text_printf(&t, "The accept queue of port %u is full: ", l->port);
		units_count(&t, l->queue);
		text_str(&t, " wait, the limit is ");
		units_count(&t, l->limit);
	} else {
		text_printf(&t, "Connections to port %u of this host are %s: ", l->port,
			    l->half_open >= SYNACKS_MIN ? "not completed" : "completed late");
		report_plural(&t, n, "SYN-ACK");
		text_str(&t, " sent again");
	}
	finding_title(f, x, &t);
	text_printf(&t, "%u", l->port);
	finding_words(f, x, "lport", "port", text_cstr(&t));
	if (l->has_queue) {
		finding_count(f, x, "queue", "waiting for accept()", l->queue);
		finding_count(f, x, "backlog", "backlog", l->limit);
	}
	finding_some(f, x, "synack_timer", "SYN-ACKs again by timer", l->by_timer);
	finding_some(f, x, "synack_repeat", "by repeated SYN", l->by_repeat);
	finding_some(f, x, "half_open", "never completed", l->half_open);
	finding_some(f, x, "slow", "completed late", l->slow);
	finding_span(x, l->first_ns, l->last_ns);
	explain(f, x, l);
	if (n)
		finding_by_events(f, x);
	text_clear(&t);
	text_printf(&t, "--lport %u", l->port);
	finding_command(f, x, "connects -c", text_cstr(&t));
}

static int by_port(const void *a, const void *b)
{
	const struct report_listener *x = *(struct report_listener *const *)a;
	const struct report_listener *y = *(struct report_listener *const *)b;

	return (int)x->port - (int)y->port;
}

static void find_backlog(const struct detector *d, struct findings *f)
{
	const struct groups *by = &f->in->listeners;
	struct report_listener **l CLEANUP(free_p) =
		(struct report_listener **)groups_sorted(by, by_port);

	f->failed |= !l;
	for (size_t i = 0; l && i < by->n; i++) {
		if (matters(f->in, l[i]))
			tell(d, f, l[i]);
	}
}

const struct detector detector_backlog = {
	.id = "backlog",
	.rule = "3 or more SYN-ACKs sent again where 3 connections, 1 % of those accepted at "
		"the port, were not completed, or 5, 10 %, late; or more connections wait for"
		" accept() than the backlog (critical: the kernel drops what comes then, "
		"sk_acceptq_is_full)",
	.find = find_backlog,
};

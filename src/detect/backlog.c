// SPDX-License-Identifier: MIT
/*
 * backlog: peers begin to connect to a port of this host and cannot complete it: the queue of those
 * that wait for accept() is full, or packets of the handshake are lost, or the peers are not who
 * they say.
 */
#include "base/units.h"
#include "detect/detectors.h"

#define SYNACKS_MIN   3u
#define OPEN_PERCENT  1u /* of the connections accepted */
#define SLOW_MIN      5u
#define SLOW_PERCENT  10u
#define FLOOD_PEERS   50u
#define FLOOD_PERCENT 90u

/* The fullest queue of that port that the filter wants; NULL: none is known. */
static const struct gathered_queue *queue_at(const struct gathered *in, uint16_t port)
{
	const struct gathered_queue *fullest = NULL, *q;
	struct group_walk walk = {0};

	while ((q = groups_next(&in->queues, &walk))) {
		if (q->key.port != port || !q->is_wanted || !q->limit)
			continue;
		if (!fullest || q->waiting * fullest->limit > fullest->waiting * q->limit)
			fullest = q;
	}
	return fullest;
}

/* sk_acceptq_is_full of include/net/sock.h: more than the limit. */
static bool is_full(const struct gathered_queue *q)
{
	return q && q->limit && q->waiting > q->limit;
}

static const struct counters *sums_at(const struct gathered *in, uint16_t port)
{
	const struct conn_subject s = {.local.port = port, .is_served = true};
	const struct conn_group *g;
	struct group_key key;

	if (!group_key_of(GROUP_BY_PORT, &s, &key))
		return NULL;
	g = groups_find(&in->groups[GROUP_BY_PORT], &key);
	return g ? &g->sums : NULL;
}

static uint64_t half_open_peers(const struct gathered *in)
{
	struct group_walk walk = {0};
	const struct conn_group *g;
	uint64_t n = 0;

	while ((g = groups_next(&in->groups[GROUP_BY_PEER], &walk)))
		n += g->sums.half_open > 0;
	return n;
}

/* What is known of a port; either may be NULL. */
struct port {
	uint16_t number;
	const struct gathered_listener *l;
	const struct gathered_queue *q;
};

/* Handshakes that take long for a few are lost packets. */
static bool are_slow(const struct gathered *in, const struct port *p)
{
	const struct counters *s = sums_at(in, p->number);
	uint64_t accepted = s ? s->accepted : 0;

	if (!p->l || p->l->by_timer + p->l->by_repeat < SYNACKS_MIN)
		return false;
	return p->l->half_open >= SYNACKS_MIN
		       ? p->l->half_open * 100 >= accepted * OPEN_PERCENT
		       : p->l->slow >= SLOW_MIN && p->l->slow * 100 >= accepted * SLOW_PERCENT;
}

static void explain(struct findings *f, struct finding *x, const struct port *p)
{
	uint64_t n = p->l ? p->l->by_timer + p->l->by_repeat : 0, peers = half_open_peers(f->in);

	if (is_full(p->q)) {
		finding_meaning(x,
				"The program does not take its connections with accept() as fast "
				"as they come; those beyond its backlog are dropped, and their "
				"clients wait. Make it accept faster, or its backlog (and "
				"net.core.somaxconn) longer.");
		return;
	}
	if (peers >= FLOOD_PEERS &&
	    p->l->half_open * 100 >= (p->l->half_open + p->l->slow) * FLOOD_PERCENT) {
		finding_meaning(x,
				"Many addresses begin to connect and never go on: a SYN flood with "
				"false addresses, or a way back that leads nowhere.");
		finding_doubt(x, "likely", "as a way back that is broken for many looks the same");
		return;
	}
	if (p->l->by_repeat * 2 >= n) {
		finding_meaning(
			x,
			"Clients repeat their SYN, so the answers of this host do not reach "
			"them, or too late: look at the way to and from them, firewalls included.");
		finding_doubt(x, "likely", NULL);
		return;
	}
	finding_meaning(x, "This host answered and waits for the client's confirmation, which does "
			   "not come: lost on the way, dropped here because the accept queue was "
			   "full for a moment, or the client is gone.");
	finding_doubt(x, "possible", "as these events do not tell which of these it is");
}

static void title_of(struct text *t, const struct port *p)
{
	if (is_full(p->q)) {
		text_printf(t, "The accept queue of port %u is full: ", p->number);
		units_count(t, p->q->waiting);
		text_str(t, " wait, the limit is ");
		units_count(t, p->q->limit);
		return;
	}
	text_printf(t, "Connections to port %u of this host are %s: ", p->number,
		    p->l->half_open >= SYNACKS_MIN ? "not completed" : "completed late");
	plural_text(t, p->l->by_timer + p->l->by_repeat, "SYN-ACK");
	text_str(t, " sent again");
}

static void tell(const struct detector *d, struct findings *f, const struct port *p)
{
	uint64_t n = p->l ? p->l->by_timer + p->l->by_repeat : 0;
	struct finding *x = finding_new(f, d, is_full(p->q) ? DOCUMENT_CRITICAL : DOCUMENT_WARNING,
					n + (is_full(p->q) ? p->q->waiting : 0));
	struct text t CLEANUP(text_done) = {0};

	title_of(&t, p);
	finding_title(f, x, &t);
	text_printf(&t, "%u", p->number);
	finding_words(f, x, "lport", "port", text_cstr(&t));
	if (p->q) {
		finding_count(f, x, "queue", "waiting for accept()", p->q->waiting);
		finding_count(f, x, "backlog", "backlog", p->q->limit);
	}
	if (p->l) {
		finding_some(f, x, "synack_timer", "SYN-ACKs again by timer", p->l->by_timer);
		finding_some(f, x, "synack_repeat", "by repeated SYN", p->l->by_repeat);
		finding_some(f, x, "half_open", "never completed", p->l->half_open);
		finding_some(f, x, "slow", "completed late", p->l->slow);
		finding_span(x, p->l->first_ns, p->l->last_ns);
	}
	explain(f, x, p);
	if (n)
		finding_by_events(f, x);
	text_clear(&t);
	text_printf(&t, "--lport %u", p->number);
	finding_command(f, x, "connects -c", text_cstr(&t));
}

/* Every port that there is a listener or a queue of. */
static void detect_backlog(const struct detector *d, struct findings *f)
{
	for (uint32_t number = 1; number < 65536; number++) {
		uint16_t key = (uint16_t)number;
		struct port p = {.number = key, .l = groups_find(&f->in->listeners, &key)};

		if (!p.l && !gathered_is_listening(f->in, key))
			continue;
		p.q = queue_at(f->in, key);
		if (is_full(p.q) || are_slow(f->in, &p))
			tell(d, f, &p);
	}
}

const struct detector detector_backlog = {
	.id = "backlog",
	.rule = "3 or more SYN-ACKs sent again where 3 connections, 1 % of those accepted at "
		"the port, were not completed, or 5, 10 %, late; or more connections wait for"
		" accept() than the backlog (critical: the kernel drops what comes then, "
		"sk_acceptq_is_full)",
	.find = detect_backlog,
};

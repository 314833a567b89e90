// SPDX-License-Identifier: MIT
/*
 * backlog: peers begin to connect to a port of this host and do not complete the handshake: the
 * queue of connections that wait for accept() is full, or packets of the handshake are lost, or the
 * peers' addresses are false.
 */
#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "detect/detector.h"
#include "tcp/names.h"

#define SYNACKS_MIN   3u
#define OPEN_MIN      3u
#define OPEN_PERCENT  1u /* of the connections accepted */
#define SLOW_MIN      5u
#define SLOW_PERCENT  10u
#define FLOOD_PEERS   50u
#define FLOOD_PERCENT 90u

static void backlog_rule(struct text *t)
{
	text_printf(t,
		    "%u or more SYN-ACKs retransmitted where %u connections, %u %% of those "
		    "accepted at "
		    "the port, were not completed, or %u, %u %%, late; or more connections wait for"
		    " accept() than the backlog (critical: the kernel drops what comes then, "
		    "sk_acceptq_is_full)",
		    SYNACKS_MIN, OPEN_MIN, OPEN_PERCENT, SLOW_MIN, SLOW_PERCENT);
}

/* A local port to which peers connect. */
struct listener {
	uint16_t port;		    /* the key */
	uint64_t by_timer;	    /* SYN-ACKs retransmitted because nothing came back */
	uint64_t by_repeat;	    /* SYN-ACKs retransmitted because the peer repeated its SYN */
	uint64_t half_open;	    /* handshakes that were not completed */
	uint64_t slow;		    /* handshakes completed after SYN-ACKs were retransmitted */
	uint64_t first_ns, last_ns; /* times of the first and last retransmitted SYN-ACK */
};

/* The accept queue of a listener that a dump has shown. */
struct accept_queue {
	struct {
		uint32_t netns;
		uint16_t port;
		uint16_t zero;
	} key;
	uint64_t waiting, limit; /* connections, when the queue was fullest */
	/* The filter is about this queue. A listener on any address passes no filter by address,
	 * so its queue is wanted if a connection to it passes. */
	bool is_wanted;
};

struct backlog {
	struct groups listeners, queues;
};

static int backlog_init(void *state)
{
	struct backlog *b = state;

	b->listeners =
		(struct groups){.key_size = sizeof(uint16_t), .item_size = sizeof(struct listener)};
	b->queues = (struct groups){.key_size = sizeof(((struct accept_queue *)0)->key),
				    .item_size = sizeof(struct accept_queue)};
	return 0;
}

static void backlog_done(void *state)
{
	struct backlog *b = state;

	groups_done(&b->listeners);
	groups_done(&b->queues);
}

static int backlog_synack(struct backlog *b, const struct tcp_event *e)
{
	struct listener *l = groups_get(&b->listeners, &e->local.port);

	if (!l)
		return -ENOMEM;
	if (e->trigger == TCP_TRIGGER_DUP_SYN)
		l->by_repeat++;
	else
		l->by_timer++;
	gather_span(&l->first_ns, &l->last_ns, e->ts_ns);
	return 0;
}

static struct accept_queue *queue_of(struct backlog *b, const struct tcp_event *e)
{
	struct accept_queue q;

	memset(&q.key, 0, sizeof(q.key));
	q.key.netns = e->netns;
	q.key.port = e->local.port;
	return groups_get(&b->queues, &q.key);
}

/* In tcp_info of a listener `unacked` is the number of connections that wait for accept(), and
 * `sacked` is how many may wait (tcp_get_info() of net/ipv4/tcp.c). */
static int backlog_listener(struct backlog *b, const struct gathered *in,
			    const struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	uint64_t waiting, limit;
	struct accept_queue *q;

	if (!tcp_info_get(e->tcp_info, TCP_INFO_UNACKED, &waiting) ||
	    !tcp_info_get(e->tcp_info, TCP_INFO_SACKED, &limit))
		return 0;
	q = queue_of(b, e);
	if (!q)
		return -ENOMEM;
	q->is_wanted |= event_filter_is_empty(in->context->filter) || gather_event_is_wanted(g);
	if (q->limit && (double)waiting * (double)q->limit <= (double)q->waiting * (double)limit)
		return 0;
	q->waiting = waiting;
	q->limit = limit;
	return 0;
}

/* Marks the queue of the event's local port as wanted, if the port is listening: the filter wants a
 * connection to it. */
static int backlog_served(struct backlog *b, const struct gathered *in, const struct tcp_event *e)
{
	struct accept_queue *q;

	if (!gathered_is_listening(in, e->local.port))
		return 0;
	q = queue_of(b, e);
	if (!q)
		return -ENOMEM;
	q->is_wanted = true;
	return 0;
}

static int backlog_event(void *state, const struct gathered *in, const struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	bool is_row = e->kind == TCP_KIND_SOCKET_DUMPED &&
		      (e->dump == SOCKET_DUMP_START || e->dump == SOCKET_DUMP_END);

	if (e->kind == TCP_KIND_RETRANSMIT_SYNACK)
		return gather_event_is_wanted(g) ? backlog_synack(state, e) : 0;
	if (is_row && e->state == TCP_STATE_LISTEN)
		return backlog_listener(state, in, g);
	return g->growth ? backlog_served(state, in, e) : 0;
}

static int backlog_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
			const struct conn_history *history)
{
	struct backlog *b = state;
	struct listener *l;

	if (!tcp_conn_cold(c)->n_synacks)
		return 0;
	l = groups_get(&b->listeners, &c->local.port);
	if (!l)
		return -ENOMEM;
	if (c->origin == TCP_ORIGIN_HALF_OPEN)
		l->half_open++;
	else
		l->slow++;
	return 0;
}

/* Finds the fullest queue of the port that the filter wants; NULL: none is known. */
static const struct accept_queue *queue_at(const struct backlog *b, uint16_t port)
{
	const struct accept_queue *fullest = NULL, *q;
	struct group_walk walk = {0};

	while ((q = groups_next(&b->queues, &walk))) {
		if (q->key.port != port || !q->is_wanted || !q->limit)
			continue;
		if (!fullest || q->waiting * fullest->limit > fullest->waiting * q->limit)
			fullest = q;
	}
	return fullest;
}

/* A queue is full when it holds more than its limit: sk_acceptq_is_full() of include/net/sock.h. */
static bool is_full(const struct accept_queue *q)
{
	return q && q->limit && q->waiting > q->limit;
}

static const struct counters *counters_at(const struct gathered *in, uint16_t port)
{
	const struct conn_subject s = {.local.port = port, .is_served = true};
	const struct conn_group *g = gathered_group(in, GROUP_BY_PORT, &s);

	return g ? &g->counters : NULL;
}

static uint64_t half_open_peers(const struct gathered *in)
{
	struct group_walk walk = {0};
	const struct conn_group *g;
	uint64_t n = 0;

	while ((g = groups_next(&in->groups[GROUP_BY_PEER], &walk)))
		n += g->counters.conns.half_open > 0;
	return n;
}

/* A port with its listener and its queue, each of which may be NULL. */
struct port {
	uint16_t number;
	const struct listener *l;
	const struct accept_queue *q;
};

/* True if enough handshakes were late or not completed. A few are, wherever packets are lost. */
static bool are_slow(const struct gathered *in, const struct port *p)
{
	const struct counters *s = counters_at(in, p->number);
	uint64_t accepted = s ? s->conns.accepted : 0;

	if (!p->l || p->l->by_timer + p->l->by_repeat < SYNACKS_MIN)
		return false;
	return p->l->half_open >= OPEN_MIN
		       ? p->l->half_open * 100 >= accepted * OPEN_PERCENT
		       : p->l->slow >= SLOW_MIN && p->l->slow * 100 >= accepted * SLOW_PERCENT;
}

static void backlog_explain(struct findings *f, struct finding *x, const struct port *p)
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

static void backlog_title(struct text *t, const struct port *p)
{
	if (is_full(p->q)) {
		text_printf(t, "The accept queue of port %u is full: ", p->number);
		units_count(t, p->q->waiting);
		text_str(t, " wait, the limit is ");
		units_count(t, p->q->limit);
		return;
	}
	text_printf(t, "Connections to port %u of this host are %s: ", p->number,
		    p->l->half_open >= OPEN_MIN ? "not completed" : "completed late");
	plural_text(t, p->l->by_timer + p->l->by_repeat, "SYN-ACK");
	text_str(t, " retransmitted");
}

static void backlog_emit(const struct detector *d, struct findings *f, const struct port *p)
{
	uint64_t n = p->l ? p->l->by_timer + p->l->by_repeat : 0;
	struct finding *x = finding_new(f, d, is_full(p->q) ? DOCUMENT_CRITICAL : DOCUMENT_WARNING,
					n + (is_full(p->q) ? p->q->waiting : 0));
	struct text t CLEANUP(text_done) = {0};

	backlog_title(&t, p);
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
	if (p->l && !is_full(p->q))
		x->end = (struct finding_end){.side = FINDING_LISTENER,
					      .port = p->number,
					      .is_served = true,
					      .n = (uint64_t)p->l->half_open + p->l->slow};
	backlog_explain(f, x, p);
	if (n)
		finding_by_events(f, x);
	text_clear(&t);
	text_printf(&t, "--lport %u", p->number);
	finding_command(f, x, "connects -c", text_cstr(&t));
}

static void detect_backlog(const struct detector *d, struct findings *f)
{
	const struct backlog *b = detector_state(d, f);

	for (uint32_t number = 1; number < 65536; number++) {
		uint16_t key = (uint16_t)number;
		struct port p = {.number = key};

		if (b->listeners.n)
			p.l = groups_find(&b->listeners, &key);
		if (!p.l && !gathered_is_listening(f->in, key))
			continue;
		p.q = queue_at(b, key);
		if (is_full(p.q) || are_slow(f->in, &p))
			backlog_emit(d, f, &p);
	}
}

const struct detector detector_backlog = {
	.id = "backlog",
	.rule = backlog_rule,
	.find = detect_backlog,
	.gathers = {.state_size = sizeof(struct backlog),
		    .init = backlog_init,
		    .kinds = TCP_KIND_BIT(TCP_KIND_RETRANSMIT_SYNACK) |
			     TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED) |
			     TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL),
		    .event = backlog_event,
		    .conn = backlog_conn,
		    .done = backlog_done},
};

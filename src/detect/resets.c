// SPDX-License-Identifier: MIT
/*
 * resets: connections were cut by a RST. The sender of the RST, and the state of the connection,
 * show why. A RST that refuses a connect belongs to the detector `connects`.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "detect/detector.h"
#include "detect/rule-words.h"

#define CUT_MIN		 3u
#define CUT_PERCENT	 1u /* of the connections at the port */
#define CRITICAL_MIN	 10u
#define CRITICAL_PERCENT 50u
#define KEEPALIVE_MIN	 1u
#define AROUND_MIN	 10u /* around closing, and in handshakes */
#define AROUND_PERCENT	 10u

static void resets_rule(struct text *t)
{
	text_printf(
		t,
		"open connections cut by a RST: %u (given up for keepalive: %u) or more and %u %%"
		" of those at the port (%s of them and %u, by this host: critical; with "
		"SO_LINGER 0 a notice); RSTs around closing and in handshakes: %u or more and"
		" %u %%. ",
		CUT_MIN, KEEPALIVE_MIN, CUT_PERCENT, share_word(CRITICAL_PERCENT), CRITICAL_MIN,
		AROUND_MIN, AROUND_PERCENT);
	text_str(t, "What a RST means is told by the socket's state (RFC 9293, 3.10.7) and"
		    " the kernel's reason");
}

/* When RSTs of one kind are a finding, and what they mean. */
struct reset_rule {
	uint8_t direction, kind;
	enum document_level level;
	uint32_t least, percent; /* thresholds: RSTs, and RSTs in % of the port's connections */
	const char *what;	 /* what is counted: "connection" */
	const char *where;	 /* "at" or "for"; the port follows */
	const char *title;	 /* the rest of the sentence, after the port */
	const char *meaning;
};

static const struct reset_rule rules[] = {
	{REPORT_RECEIVED, RESET_MIDSTREAM, DOCUMENT_WARNING, CUT_MIN, CUT_PERCENT, "connection",
	 "at", "were cut by the peer's RST",
	 "The other side ended open connections at once: its program crashed, or closed with data "
	 "unread or on purpose (SO_LINGER 0); a balancer or firewall on the way dropped them; or "
	 "it "
	 "had forgotten them."},
	{REPORT_SENT, RESET_ABORT, DOCUMENT_WARNING, CUT_MIN, CUT_PERCENT, "connection", "at",
	 "were cut by this host's RST",
	 "A program here closed while data from the peer was still unread, asked for it (SO_LINGER "
	 "0), "
	 "or was killed: what was under way is lost for the peer."},
	{REPORT_SENT, RESET_INVALID, DOCUMENT_WARNING, CUT_MIN, CUT_PERCENT, "connection", "at",
	 "were cut by this host: their segments made no sense",
	 "Segments that fit neither the sequence numbers nor the state: something on the way "
	 "rewrites "
	 "or mixes up connections."},
	{REPORT_SENT, RESET_DESTROYED, DOCUMENT_WARNING, KEEPALIVE_MIN, 0, "connection", "at",
	 "were destroyed by an administrator",
	 "Somebody ended these sockets from outside of their process: ss -K, or another program "
	 "that "
	 "uses SOCK_DESTROY. Their process gets ECONNABORTED."},
	{REPORT_SENT, RESET_UNACCEPTED, DOCUMENT_WARNING, CUT_MIN, CUT_PERCENT, "connection", "at",
	 "were cut: their listener was closed before a process accepted them",
	 "The program ended, or closed its listener, while they waited in its accept queue: what "
	 "the "
	 "peers had sent on them is lost."},
	{REPORT_SENT, RESET_OVERFLOW, DOCUMENT_WARNING, CUT_MIN, CUT_PERCENT, "handshake", "at",
	 "were reset: the accept queue was full",
	 "The program does not take its connections with accept() as fast as they come, and "
	 "net.ipv4.tcp_abort_on_overflow is set: their clients get a RST."},
	{REPORT_SENT, RESET_KEEPALIVE, DOCUMENT_WARNING, KEEPALIVE_MIN, 0, "connection", "at",
	 "were given up: no answer to keepalive probes",
	 "The peer had been gone, or cut off, for as long as the keepalive settings allow."},
	{REPORT_RECEIVED, RESET_AFTER_FIN, DOCUMENT_NOTICE, AROUND_MIN, AROUND_PERCENT,
	 "connection", "at", "got a RST after one side had closed",
	 "The peer did not read what was sent to it, or closed without waiting: mostly how its "
	 "program ends connections, and harmless where all data had arrived. Many at one moment "
	 "are a program that was ended."},
	{REPORT_SENT, RESET_LATE_DATA, DOCUMENT_NOTICE, AROUND_MIN, AROUND_PERCENT, "connection",
	 "at", "got data after this host had closed them",
	 "Peers go on sending when the program here has closed: it ends the exchange earlier than "
	 "they expect."},
	{REPORT_RECEIVED, RESET_HANDSHAKE, DOCUMENT_NOTICE, AROUND_MIN, AROUND_PERCENT, "handshake",
	 "at", "were given up by the peer", "Port scans and some health checks end handshakes so."},
	{REPORT_SENT, RESET_HANDSHAKE, DOCUMENT_NOTICE, AROUND_MIN, AROUND_PERCENT, "handshake",
	 "at", "were rejected by this host",
	 "A segment did not fit the handshake that was under way, or the accept queue was full "
	 "(net.ipv4.tcp_abort_on_overflow)."},
	{REPORT_SENT, RESET_LISTENER, DOCUMENT_NOTICE, AROUND_MIN, AROUND_PERCENT, "segment", "for",
	 "belonged to no connection that this host knows",
	 "It has forgotten them or was restarted, a balancer moved them here, or the accept queue "
	 "was "
	 "full (net.ipv4.tcp_abort_on_overflow)."},
	{REPORT_SENT, RESET_NO_SOCKET, DOCUMENT_NOTICE, AROUND_MIN, AROUND_PERCENT, "segment",
	 "for", "were answered with a RST: nothing is there",
	 "Somebody calls a port that nothing listens on, or goes on with a connection that has "
	 "ended "
	 "here."},
};

/* RSTs of one kind, between this host and one peer, at one port. */
struct reset_key {
	uint8_t direction, kind, is_served;
	uint16_t port;
	struct ip_addr addr;
	char reason[48];
};

struct reset_count {
	struct reset_key key;
	uint64_t n;
	uint64_t first_ns, last_ns;
};

/* Limit for single peers and ports, because a scan may come from everywhere. RSTs of further peers
 * are counted together. */
#define RESET_COUNTS_MAX 8192u

struct resets {
	struct groups counts;
};

static int resets_init(void *state)
{
	struct resets *s = state;

	s->counts = (struct groups){.key_size = sizeof(struct reset_key),
				    .item_size = sizeof(struct reset_count)};
	return 0;
}

static void resets_done(void *state)
{
	struct resets *s = state;

	groups_done(&s->counts);
}

static int resets_event(void *state, const struct gathered *in, const struct gather_event *g)
{
	struct resets *s = state;
	const struct tcp_event *e = g->e;
	const struct conn_subject *subject = &g->subject;
	struct reset_count *count;
	struct reset_key key;

	/* A RST without counters came after both sides had closed (gather_reset()). */
	if (!g->sets.n)
		return 0;
	memset(&key, 0, sizeof(key));
	key.direction = e->kind == TCP_KIND_SEND_RESET ? REPORT_SENT : REPORT_RECEIVED;
	key.kind = (uint8_t)reset_kind_of(e);
	key.is_served = subject->is_served;
	if (e->reason_name)
		strncpy(key.reason, e->reason_name, sizeof(key.reason) - 1);
	if (s->counts.n < RESET_COUNTS_MAX) {
		key.port = subject->is_served ? subject->local.port : subject->remote.port;
		key.addr.family = subject->remote.addr.family;
		memcpy(key.addr.bytes, subject->remote.addr.bytes, sizeof(key.addr.bytes));
	}
	count = groups_get(&s->counts, &key);
	if (!count)
		return -ENOMEM;
	count->n++;
	gather_span(&count->first_ns, &count->last_ns, e->ts_ns);
	return 0;
}

/* The RSTs of one rule at one port. */
struct port_resets {
	struct {
		uint16_t port;
		uint8_t is_served, rule;
	} key;
	uint64_t n, n_peers;
	uint64_t first_ns, last_ns;
	uint64_t most;		       /* RSTs of `worst` */
	const struct reset_key *worst; /* the peer and reason with the most RSTs */
};

static const struct counters *counters_at(const struct gathered *in, const struct port_resets *p)
{
	const struct conn_subject s = {.local.port = p->key.port,
				       .remote.port = p->key.port,
				       .is_served = p->key.is_served};
	const struct conn_group *g = gathered_group(in, GROUP_BY_PORT, &s);

	return g ? &g->counters : NULL;
}

static int reset_rule_of(const struct reset_key *k)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		if (rules[i].direction == k->direction && rules[i].kind == k->kind)
			return (int)i;
	}
	return -1;
}

/* Counts the peer of a RST once, whatever reasons its RSTs had. False: out of memory. */
static bool count_peer(struct groups *peers, struct port_resets *p, const struct reset_key *k)
{
	struct reset_key key;
	size_t n = peers->n;

	memcpy(&key, k, sizeof(key));
	memset(key.reason, 0, sizeof(key.reason));
	if (!key.addr.family)
		return true;
	if (!groups_get(peers, &key))
		return false;
	p->n_peers += peers->n > n;
	return true;
}

static bool sum_by_port(const struct resets *s, struct groups *ports, struct groups *peers)
{
	struct group_walk walk = {0};
	const struct reset_count *r;

	while ((r = groups_next(&s->counts, &walk))) {
		struct port_resets *p, key;
		int rule = reset_rule_of(&r->key);

		if (rule < 0)
			continue;
		memset(&key, 0, sizeof(key));
		key.key.port = r->key.port;
		key.key.is_served = r->key.is_served;
		key.key.rule = (uint8_t)rule;
		p = groups_get(ports, &key.key);
		if (!p)
			return false;
		p->n += r->n;
		if (!count_peer(peers, p, &r->key))
			return false;
		if (!p->first_ns || r->first_ns < p->first_ns)
			p->first_ns = r->first_ns;
		if (r->last_ns > p->last_ns)
			p->last_ns = r->last_ns;
		if (r->n > p->most) {
			p->most = r->n;
			p->worst = &r->key;
		}
	}
	return true;
}

static bool are_resets_material(const struct gathered *in, const struct port_resets *p)
{
	const struct reset_rule *rule = &rules[p->key.rule];
	const struct counters *s = counters_at(in, p);

	return p->n >= rule->least && p->n * 100 >= (s ? s->conns.n : 0) * rule->percent;
}

static void resets_emit(const struct detector *d, struct findings *f, const struct port_resets *p)
{
	const struct reset_rule *rule = &rules[p->key.rule];
	const struct counters *s = counters_at(f->in, p);
	/* With SO_LINGER 0 (reason TCP_STATE, Linux 6.12 and later) a program asks for the RST. */
	bool is_asked = rule->kind == RESET_ABORT && (strstr(p->worst->reason, "LINGER") ||
						      strstr(p->worst->reason, "TCP_STATE"));
	bool is_most = !is_asked && rule->kind == RESET_ABORT && s && p->n >= CRITICAL_MIN &&
		       p->n * 100 >= s->conns.established * CRITICAL_PERCENT;
	struct finding *x = finding_new(f, d,
					is_most	   ? DOCUMENT_CRITICAL
					: is_asked ? DOCUMENT_NOTICE
						   : rule->level,
					p->n);
	struct text t CLEANUP(text_done) = {0};

	plural_text(&t, p->n, rule->what);
	text_printf(&t, " %s port %u%s ", rule->where, p->key.port,
		    p->key.is_served ? " of this host" : "");
	if (p->n_peers == 1 && p->worst->addr.family) {
		text_str(&t, strcmp(rule->where, "at") ? "from "
			     : p->key.is_served	       ? "with "
						       : "of ");
		ip_addr_text(&t, &p->worst->addr);
		text_char(&t, ' ');
	}
	text_str(&t, rule->title);
	finding_title(f, x, &t);
	finding_words(f, x, "direction", "direction",
		      rule->direction == REPORT_SENT ? "sent" : "received");
	finding_words(f, x, "kind", "kind", reset_kind_name(rule->kind));
	finding_count(f, x, "resets", "RSTs", p->n);
	finding_count(f, x, "peers", "peers", p->n_peers);
	text_clear(&t);
	ip_addr_text(&t, &p->worst->addr);
	if (p->worst->addr.family)
		finding_words(f, x, "peer", "most with", text_cstr(&t));
	if (s)
		finding_count(f, x, "connections", "connections at that port", s->conns.n);
	if (p->worst->reason[0])
		finding_words(f, x, "reason", "the kernel's reason", p->worst->reason);
	if (s)
		x->end = (struct finding_end){
			.side = rule->direction == REPORT_SENT ? FINDING_SENT : FINDING_RECEIVED,
			.port = p->key.port,
			.is_served = p->key.is_served,
			.knows_why = rule->kind == RESET_ABORT || rule->kind == RESET_KEEPALIVE,
			.n = p->n,
			.n_twins = s->events.twin_resets[rule->direction][rule->kind],
		};
	finding_span(x, p->first_ns, p->last_ns);
	finding_meaning(x, rule->meaning);
	finding_by_events(f, x);
	text_clear(&t);
	if (p->key.port)
		text_printf(&t, "--port %u", p->key.port);
	finding_command(f, x, "resets -w", text_cstr(&t));
}

static int by_number(const void *a, const void *b)
{
	const struct port_resets *x = *(struct port_resets *const *)a;
	const struct port_resets *y = *(struct port_resets *const *)b;

	if (x->key.rule != y->key.rule)
		return (int)x->key.rule - (int)y->key.rule;
	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return (int)x->key.port - (int)y->key.port;
}

/* Limit for the findings of one kind of RST: the ports with most of them. */
#define PORTS_MAX 3u

static void detect_resets(const struct detector *d, struct findings *f)
{
	struct groups ports CLEANUP(groups_done) = {.key_size =
							    sizeof(((struct port_resets *)0)->key),
						    .item_size = sizeof(struct port_resets)};
	struct port_resets **p CLEANUP(free_p) = NULL;
	struct groups peers CLEANUP(groups_done) = {.key_size = sizeof(struct reset_key),
						    .item_size = sizeof(struct reset_key)};
	unsigned int n = 0;

	if (sum_by_port(detector_state(d, f), &ports, &peers))
		p = (struct port_resets **)groups_sorted(&ports, by_number);
	f->builder->failed |= !p;
	for (size_t i = 0; p && i < ports.n; i++) {
		if (!i || p[i]->key.rule != p[i - 1]->key.rule)
			n = 0;
		if (n < PORTS_MAX && are_resets_material(f->in, p[i])) {
			resets_emit(d, f, p[i]);
			n++;
		}
	}
}

const struct detector detector_resets = {
	.id = "resets",
	.rule = resets_rule,
	.find = detect_resets,
	.gathers = {.state_size = sizeof(struct resets),
		    .init = resets_init,
		    .kinds = TCP_KIND_BIT(TCP_KIND_SEND_RESET) |
			     TCP_KIND_BIT(TCP_KIND_RECEIVE_RESET),
		    .event = resets_event,
		    .done = resets_done},
};

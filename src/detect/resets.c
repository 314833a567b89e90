// SPDX-License-Identifier: MIT
/*
 * resets: connections were cut by a RST, and segments were answered with one. A RST that refuses a
 * connect belongs to the detector `connects`.
 */
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "detect/detector.h"
#include "detect/idle-cut.h"
#include "detect/reset-tally.h"
#include "detect/reset-words.h"
#include "detect/rule-words.h"
#include "detect/translation.h"

#define CRITICAL_MIN	 10u
#define CRITICAL_PERCENT 50u
#define WARNING_PERCENT	 50u /* of a port's connections, left by clients with answers under way */

static void resets_rule(struct text *t)
{
	const struct reset_class_info *cut = &reset_classes[RESET_OF_PEER];
	const struct reset_class_info *share = &reset_classes[RESET_OF_LEFT_BUSY];
	const struct reset_class_info *half = &reset_classes[RESET_OF_LEFT];

	text_printf(
		t,
		"open connections cut by a RST, and requests lost on closed ones: %u or more "
		"and %u %% of those at the port (given up for keepalive, destroyed by an "
		"administrator or dropped for lack of memory: 1; %s of them and %u, by a server "
		"here: critical; where it asked for that, with SO_LINGER 0: a notice). ",
		cut->least, cut->percent, share_word(CRITICAL_PERCENT), CRITICAL_MIN);
	text_printf(t,
		    "Connections left by their clients, RSTs around closing and in handshakes: %u "
		    "or more and %u %% (with nothing under way, or where the client asks for the "
		    "RST: %u %%; %u %% with answers under "
		    "way, not all in one second: a warning). Connections without a byte that a "
		    "client resets within a second are checks. ",
		    share->least, share->percent, half->percent, WARNING_PERCENT);
	text_str(t, "What a RST means is told by the kernel's reason, the socket's state (RFC 9293,"
		    " 3.10.7), and whether a process or a segment caused it");
}

/* Limit for the findings of one class: the ports with most of them. */
#define PORTS_MAX 3u

static const struct counters *counters_at(const struct gathered *in, const struct port_resets *p)
{
	const struct conn_subject s = {.local.port = p->key.port,
				       .remote.port = p->key.port,
				       .is_served = p->key.is_served};
	const struct conn_group *g = gathered_group(in, GROUP_BY_PORT, &s);

	return g ? &g->counters : NULL;
}

/* Counts a peer once for each class and port. False: out of memory. */
static bool count_peer(struct groups *peers, struct port_resets *p, const struct reset_key *k)
{
	size_t n = peers->n;

	if (!k->addr.family)
		return true;
	if (!groups_get(peers, k))
		return false;
	p->n_peers += peers->n > n;
	return true;
}

static bool sum_by_port(const struct findings *f, const struct reset_tally *s, struct groups *ports,
			struct groups *peers)
{
	struct group_walk walk = {0};
	const struct reset_count *r;

	while ((r = groups_next(&s->counts, &walk))) {
		struct port_resets *p, key;

		/* Answers that come from another address belong to the detector `translation`. */
		if (!r->n || (r->key.class == RESET_OF_NO_SOCKET &&
			      translation_explains(f, r->key.port, &r->key.addr)))
			continue;
		memset(&key, 0, sizeof(key));
		key.key.port = r->key.port;
		key.key.is_served = r->key.is_served;
		key.key.class = r->key.class;
		p = groups_get(ports, &key.key);
		if (!p || !count_peer(peers, p, &r->key))
			return false;
		p->n += r->n;
		reset_costs_add(&p->costs, &r->costs);
		if (r->n > p->most) {
			p->most = r->n;
			p->worst = &r->key;
		}
	}
	return true;
}

static bool are_resets_material(const struct gathered *in, const struct port_resets *p)
{
	const struct reset_class_info *info = &reset_classes[p->key.class];
	const struct counters *s = counters_at(in, p);

	return p->n >= info->least && p->n * 100 >= (s ? s->conns.n : 0) * info->percent;
}

static enum document_level level_of(const struct port_resets *p, const struct counters *s)
{
	if (p->key.class == RESET_OF_SERVER && s && p->n >= CRITICAL_MIN &&
	    p->n * 100 >= s->conns.established * CRITICAL_PERCENT)
		return DOCUMENT_CRITICAL;
	if (p->key.class == RESET_OF_LEFT_BUSY && !port_resets_at_once(p) && s &&
	    p->n * 100 >= s->conns.n * WARNING_PERCENT)
		return DOCUMENT_WARNING;
	return reset_classes[p->key.class].level;
}

/* A client that leaves all its connections at once: its program, or a load test, is over. */
static bool hurts_nobody(const struct port_resets *p)
{
	enum reset_class class = p->key.class;

	return (class == RESET_OF_LEFT || class == RESET_OF_LEFT_BUSY ||
		class == RESET_OF_LEFT_HERE) &&
	       port_resets_at_once(p);
}

static void add_evidence(struct findings *f, struct finding *x, const struct port_resets *p,
			 const struct counters *s)
{
	const struct reset_class_info *info = &reset_classes[p->key.class];
	const struct reset_costs *costs = &p->costs;
	struct text t CLEANUP(text_done) = {0};

	finding_words(f, x, "direction", "direction", info->direction);
	finding_words(f, x, "kind", "kind", info->kind);
	finding_count(f, x, "resets", "RSTs", p->n);
	if (port_resets_is_race(p))
		finding_count(f, x, "requests_lost", "requests lost", p->n);
	finding_count(f, x, "peers", "peers", p->n_peers);
	if (p->worst->addr.family)
		finding_addr(f, x, "peer", "most with", &p->worst->addr);
	if (s)
		finding_count(f, x, "connections", "connections at that port", s->conns.n);
	if (costs->reason[0])
		finding_words(f, x, "reason",
			      costs->has_several_reasons ? "one of the kernel's reasons"
							 : "the kernel's reason",
			      costs->reason);
	text_clear(&t);
	if (costs->pid) {
		text_printf(&t, "%s[%d]", costs->comm[0] ? costs->comm : "process", costs->pid);
		finding_words(f, x, "process", "process", text_cstr(&t));
	}
	finding_some(f, x, "unacked", "with data that was not acknowledged", costs->n_unacked);
	if (costs->unacked_bytes)
		finding_size(f, x, "unacked_bytes", "such data", costs->unacked_bytes);
	if (costs->n_aged) {
		finding_duration(f, x, "youngest", "age, from", costs->youngest_ns);
		finding_duration(f, x, "oldest", "to", costs->oldest_ns);
	}
}

/* RSTs of these kinds at the port whose other end is on this tape, too. */
static uint64_t twins_of(const struct reset_class_info *info, const uint32_t *twins)
{
	uint64_t n = 0;

	for (unsigned int k = 0; k < RESET_KINDS; k++)
		n += info->kinds & 1u << k ? twins[k] : 0;
	return n;
}

/* True if what passes the filter of the report passes it at both ends: an address does. */
static bool shows_both_ends(const struct findings *f)
{
	for (size_t i = 0; i < f->facts->n_options; i++) {
		if (strncmp(f->facts->options[i], "--addr", 6) != 0)
			return false;
	}
	return true;
}

/* RSTs that servers of this host sent at a port. Those of a listener do not name their peer. */
static uint64_t sent_by_servers(const struct gathered *in, uint16_t port)
{
	const struct conn_subject s = {.local.port = port, .is_served = true};
	const struct conn_group *g = gathered_group(in, GROUP_BY_PORT, &s);
	uint64_t n = 0;

	for (unsigned int k = 0; g && k < RESET_KINDS; k++)
		n += g->counters.events.resets[REPORT_SENT][k];
	return n;
}

/* True if the server that the RSTs seem to come from is on this tape, too, and has sent none. */
static bool are_of_another(const struct findings *f, const struct port_resets *p,
			   const struct finding_end *end)
{
	const struct endpoint server = {p->worst->addr, p->key.port};

	return end->side == FINDING_RECEIVED && !end->is_served && end->n && !end->n_twins &&
	       p->n_peers == 1 && ends_serves(&f->in->ends, &server) && shows_both_ends(f) &&
	       !sent_by_servers(f->in, p->key.port) &&
	       f->in->context->recorded & TCP_KIND_BIT(TCP_KIND_SEND_RESET) &&
	       !tape_facts_missing(f->facts);
}

/* Says that something on the way sent the RSTs. */
static void resets_of_another(struct findings *f, struct finding *x, const struct port_resets *p)
{
	struct text t CLEANUP(text_done) = {0};

	plural_text(&t, p->n, "connection");
	text_printf(&t, " at port %u of ", p->key.port);
	labels_addr_text(gathered_labels(f->in), &p->worst->addr, &t);
	text_str(&t, " were cut by RSTs that it did not send");
	finding_title(f, x, &t);
	x->place = PLACE_NETWORK;
	finding_meaning(x, "That server is on this tape, too, and has sent no RST: something "
			   "between the two answers in its name, such as a firewall that rejects "
			   "what it is sent, or a balancer that does not know the connections.");
	finding_by_events(f, x);
}

static void resets_emit(const struct detector *d, struct findings *f, const struct port_resets *p)
{
	const struct counters *s = counters_at(f->in, p);
	const struct reset_class_info *info = &reset_classes[p->key.class];
	bool is_sent = !strcmp(info->direction, "sent");
	struct finding *x = finding_new(f, d, level_of(p, s), p->n);
	struct text t CLEANUP(text_done) = {0};

	port_resets_title(p, gathered_labels(f->in), &t);
	finding_title(f, x, &t);
	x->place = reset_class_place(p->key.class);
	x->hurts_nobody = hurts_nobody(p) && x->shown.level == DOCUMENT_NOTICE;
	add_evidence(f, x, p, s);
	if (s)
		x->end = (struct finding_end){
			.side = is_sent ? FINDING_SENT : FINDING_RECEIVED,
			.port = p->key.port,
			.is_served = p->key.is_served,
			.knows_why = info->knows_why,
			.n = p->n,
			.n_twins = twins_of(
				info,
				s->events.twin_resets[is_sent ? REPORT_SENT : REPORT_RECEIVED]),
		};
	finding_span(x, p->costs.first_ns, p->costs.last_ns);
	if (are_of_another(f, p, &x->end)) {
		resets_of_another(f, x, p);
	} else {
		finding_meaning(x, port_resets_meaning(p));
		if (p->key.class == RESET_OF_PEER)
			idle_cut_add(f, x, p->key.port, p->key.is_served, p->n);
		port_resets_doubt(p, x);
		finding_by_events(f, x);
	}
	if (p->key.port)
		text_printf(&t, "--port %u", p->key.port);
	finding_command(f, x, "resets -w", text_cstr(&t));
}

/* True if they came after a time without traffic, and a finding says so. */
static bool is_idle_cut(const struct findings *f, const struct port_resets *p)
{
	return (p->key.class == RESET_OF_PEER || p->key.class == RESET_OF_LEFT_BUSY) &&
	       idle_cut_explains_resets(f, p->key.port, p->key.is_served, p->n);
}

static int by_number(const void *a, const void *b)
{
	const struct port_resets *x = *(struct port_resets *const *)a;
	const struct port_resets *y = *(struct port_resets *const *)b;

	if (x->key.class != y->key.class)
		return (int)x->key.class - (int)y->key.class;
	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	if (x->key.port != y->key.port)
		return (int)x->key.port - (int)y->key.port;
	return (int)x->key.is_served - (int)y->key.is_served;
}

static void detect_resets(const struct detector *d, struct findings *f)
{
	struct groups ports CLEANUP(groups_done) = {.key_size =
							    sizeof(((struct port_resets *)0)->key),
						    .item_size = sizeof(struct port_resets)};
	struct port_resets **p CLEANUP(free_p) = NULL;
	struct groups peers CLEANUP(groups_done) = {.key_size = sizeof(struct reset_key),
						    .item_size = sizeof(struct reset_key)};
	unsigned int n = 0;

	if (sum_by_port(f, detector_state(d, f), &ports, &peers))
		p = (struct port_resets **)groups_sorted(&ports, by_number);
	f->builder->failed |= !p;
	for (size_t i = 0; p && i < ports.n; i++) {
		if (!i || p[i]->key.class != p[i - 1]->key.class)
			n = 0;
		if (n < PORTS_MAX && are_resets_material(f->in, p[i]) && !is_idle_cut(f, p[i])) {
			resets_emit(d, f, p[i]);
			n++;
		}
	}
}

const struct detector detector_resets = {
	.id = "resets",
	.rule = resets_rule,
	.find = detect_resets,
	.gathers = {.state_size = sizeof(struct reset_tally),
		    .init = reset_tally_init,
		    .kinds = TCP_KIND_BIT(TCP_KIND_SEND_RESET) |
			     TCP_KIND_BIT(TCP_KIND_RECEIVE_RESET),
		    .event = reset_tally_event,
		    .conn = reset_tally_conn,
		    .done = reset_tally_done},
};

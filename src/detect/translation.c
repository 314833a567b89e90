// SPDX-License-Identifier: MIT
/*
 * translation: connections of this host hang, and the answers to them come from another address,
 * for which this host has no connection: it answers them with RSTs. A translation of addresses on
 * the way was lost, or works in one direction only.
 */
#include "detect/translation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "detect/detector.h"
#include "detect/detectors.h"
#include "detect/take-up.h"

#define CRITICAL_MIN 3u
#define STRAYS_MAX   8192u
/* A connection that has been given up may get answers for this long. */
#define AFTER_END_NS (60 * NSEC_PER_SEC)

/* The segments for one local endpoint that no socket of this host has, answered with RSTs. */
struct stray {
	struct endpoint local; /* the key */
	struct endpoint peer;  /* the sender; the first one if there are several */
	uint64_t n, first_ns, last_ns;
	bool is_explained; /* a connection with this local endpoint hangs */
	/* What the connection with this local endpoint has retransmitted since the first one. */
	struct take_up since;
};

/* Connections to one place, answered from another. */
struct detour {
	struct {
		struct endpoint remote;
		struct ip_addr peer;
	} key;
	uint16_t peer_port;
	uint64_t n, n_strays, n_attempts;
	uint64_t first_ns, last_ns;
	struct counters sums; /* what their waiting has added to the counters */
};

struct translation {
	struct groups strays;	      /* of struct stray */
	struct groups detours;	      /* of struct detour */
	uint8_t has_stray[65536 / 8]; /* one bit for each local port */
};

static void translation_rule(struct text *t)
{
	text_printf(t,
		    "a connection of this host, or an attempt at one, whose data or SYN was "
		    "retransmitted, while segments for its local port came from another address "
		    "than it "
		    "was opened to, and were answered with RSTs because no socket belongs to them "
		    "(%u or more connections: critical)",
		    CRITICAL_MIN);
}

static int translation_init(void *state)
{
	struct translation *s = state;

	s->strays = (struct groups){.key_size = sizeof(struct endpoint),
				    .item_size = sizeof(struct stray)};
	s->detours = (struct groups){.key_size = sizeof(((struct detour *)0)->key),
				     .item_size = sizeof(struct detour)};
	return 0;
}

static void translation_done(void *state)
{
	struct translation *s = state;

	groups_done(&s->strays);
	groups_done(&s->detours);
}

static struct stray *stray_of(const struct translation *s, const struct endpoint *at)
{
	struct endpoint local = endpoint_key(at);

	return s->has_stray[local.port / 8] >> local.port % 8 & 1 ? groups_find(&s->strays, &local)
								  : NULL;
}

/* Takes an event of a connection whose answers may have gone astray. */
static void translation_follow(struct translation *s, const struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	struct stray *stray = e->conn ? stray_of(s, &e->conn->local) : NULL;

	if (stray && g->growth)
		stray->since.growth = *g->growth;
	if (!stray || e->kind != TCP_KIND_RETRANSMIT || gather_event_has_failed(g) ||
	    !gather_event_is_wanted(g))
		return;
	stray->since.n_probes += e->cause == TCP_CAUSE_TLP;
	stray->since.n_timeouts += e->cause == TCP_CAUSE_RTO;
	stray->since.waited_ns += e->cause == TCP_CAUSE_RTO ? e->rto_us * NSEC_PER_USEC : 0;
	gather_span(&stray->since.first_ns, &stray->since.last_ns, e->ts_ns);
}

static int translation_event(void *state, const struct gathered *in, const struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	struct endpoint local = endpoint_key(&e->local);
	struct translation *s = state;
	struct stray *stray;
	int r;

	if (e->kind != TCP_KIND_SEND_RESET) {
		translation_follow(s, g);
		return 0;
	}
	/* The filter may be for the address that the connection was opened to. */
	if (!g->is_in_window || reset_kind_of(e) != RESET_NO_SOCKET || !e->local.port ||
	    !e->remote.port)
		return 0;
	stray = groups_get_up_to(&s->strays, &local, STRAYS_MAX, &r);
	if (!stray)
		return r;
	if (!stray->n)
		stray->peer = e->remote;
	if (!ip_addr_equal(&stray->peer.addr, &e->remote.addr))
		return 0;
	stray->n++;
	gather_span(&stray->first_ns, &stray->last_ns, e->ts_ns);
	s->has_stray[local.port / 8] |= (uint8_t)(1u << local.port % 8);
	return 0;
}

/* True if the connection waited for an acknowledgement that did not come in time. */
static bool is_hanging(const struct tcp_conn *c)
{
	return c->n_retrans || tcp_conn_cold(c)->n_probes || tcp_conn_cold(c)->n_timeouts;
}

static int translation_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
			    const struct conn_history *history)
{
	struct translation *s = state;
	struct detour key, *detour;
	struct stray *stray = stray_of(s, &c->local);
	struct counters sums;

	if (!stray || !is_hanging(c) || gathered_subject_of_conn(in, c).is_served)
		return 0;
	if (ip_addr_equal(&stray->peer.addr, &c->remote.addr) || stray->last_ns < c->seen_ns ||
	    stray->first_ns > c->end_ns + AFTER_END_NS)
		return 0;
	stray->is_explained = true;
	memset(&key, 0, sizeof(key));
	key.key.remote = endpoint_key(&c->remote);
	key.key.peer.family = stray->peer.addr.family;
	memcpy(key.key.peer.bytes, stray->peer.addr.bytes, sizeof(key.key.peer.bytes));
	detour = groups_get(&s->detours, &key.key);
	if (!detour)
		return -ENOMEM;
	detour->peer_port = stray->peer.port;
	detour->n++;
	detour->n_attempts += !c->was_established;
	detour->n_strays += stray->n;
	sums = take_up_counters(&stray->since, c, history);
	counters_add_explained(&detour->sums, &sums);
	if (!detour->first_ns || stray->first_ns < detour->first_ns)
		detour->first_ns = stray->first_ns;
	if (stray->last_ns > detour->last_ns)
		detour->last_ns = stray->last_ns;
	return 0;
}

/* The waiting is told here, and not as loss, timeouts or stalls. */
static int translation_end(void *state, struct gathered *in)
{
	struct translation *s = state;
	struct group_walk walk = {0};
	const struct detour *x;

	while ((x = groups_next(&s->detours, &walk))) {
		if (gathered_explain_calls(in, &x->key.remote, &x->sums) < 0)
			return -ENOMEM;
	}
	return 0;
}

static void translation_emit(const struct detector *d, struct findings *f, const struct detour *x)
{
	struct finding *finding = finding_new(
		f, d, x->n >= CRITICAL_MIN ? DOCUMENT_CRITICAL : DOCUMENT_WARNING, x->n);
	const struct endpoint peer = {.addr = x->key.peer, .port = x->peer_port};
	const struct labels *names = gathered_labels(f->in);
	struct text t CLEANUP(text_done) = {0};

	plural_text(&t, x->n, "connection");
	text_str(&t, " to ");
	labels_endpoint_text(names, &x->key.remote, &t);
	text_str(&t, x->n == 1 ? " hangs: the answers to it come from "
			       : " hang: the answers to them come from ");
	labels_addr_text(names, &x->key.peer, &t);
	finding_title(f, finding, &t);
	finding_endpoint(f, finding, "opened_to", "opened to", &x->key.remote);
	finding_endpoint(f, finding, "answers_from", "answers from", &peer);
	finding_count(f, finding, "connections", "connections", x->n);
	finding_some(f, finding, "attempts", "of them never established", x->n_attempts);
	finding_count(f, finding, "resets", "RSTs sent for these answers", x->n_strays);
	finding_span(finding, x->first_ns, x->last_ns);
	finding_meaning(finding,
			"Segments for the local ports of these connections come from an address "
			"that this host has no connection with, so it answers them with RSTs, and "
			"the connections wait in vain. What translates one address into the other "
			"(a balancer, a firewall, NAT of a container network) has forgotten them, "
			"or the answers take a way around it.");
	finding_by_events(f, finding);
	text_clear(&t);
	text_str(&t, "--addr ");
	ip_addr_text(&t, &x->key.peer);
	finding_command(f, finding, "resets -w", text_cstr(&t));
}

static int by_conns(const void *a, const void *b)
{
	const struct detour *x = *(struct detour *const *)a, *y = *(struct detour *const *)b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return memcmp(&x->key, &y->key, sizeof(x->key));
}

#define FINDINGS_MAX 5u

static void detect_translation(const struct detector *d, struct findings *f)
{
	const struct translation *s = detector_state(d, f);
	struct detour **items CLEANUP(free_p) =
		(struct detour **)groups_sorted(&s->detours, by_conns);

	f->builder->failed |= !items;
	for (size_t i = 0; items && i < s->detours.n && i < FINDINGS_MAX; i++)
		translation_emit(d, f, items[i]);
}

bool translation_explains(const struct findings *f, uint16_t lport, const struct ip_addr *peer)
{
	const struct detector *d = detector_by_id("translation");
	const struct translation *s = d ? detector_state(d, f) : NULL;
	struct group_walk walk = {0};
	const struct stray *stray;

	if (!s || !(s->has_stray[lport / 8] >> lport % 8 & 1))
		return false;
	while ((stray = groups_next(&s->strays, &walk))) {
		if (stray->is_explained && stray->local.port == lport &&
		    ip_addr_equal(&stray->peer.addr, peer))
			return true;
	}
	return false;
}

const struct detector detector_translation = {
	.id = "translation",
	.place = PLACE_NETWORK,
	.rule = translation_rule,
	.find = detect_translation,
	.gathers = {.state_size = sizeof(struct translation),
		    .init = translation_init,
		    .kinds = TCP_KIND_BIT(TCP_KIND_SEND_RESET) | TCP_KIND_BIT(TCP_KIND_RETRANSMIT) |
			     TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED) |
			     TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL),
		    .event = translation_event,
		    .conn = translation_conn,
		    .end = translation_end,
		    .done = translation_done},
};

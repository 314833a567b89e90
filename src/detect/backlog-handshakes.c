// SPDX-License-Identifier: MIT
/*
 * Handshakes that peers begin and do not complete, or complete late, where no queue is known to be
 * full.
 */
#include "base/units.h"
#include "detect/attribution.h"
#include "detect/backlog-state.h"
#include "detect/backlog.h"
#include "detect/counted.h"
#include "detect/syn-flood.h"

#define SYNACKS_MIN    3u
#define OPEN_MIN       3u
#define OPEN_PERCENT   1u /* of the connections accepted */
#define SLOW_MIN       5u
#define SLOW_PERCENT   10u
#define DUPLICATES_MIN 10u
#define AT_PERCENT     90u /* of what is not completed, at one port */
#define REPEATS_RATIO  10u /* SYN-ACKs by timer for each one by a repeated SYN, at least */

/* The kernel counts each ACK that completes a handshake without data and that it puts off for
 * TCP_DEFER_ACCEPT (tcp_check_req() of net/ipv4/tcp_minisocks.c). */
#define PUT_OFF "TcpExt.TCPDeferAcceptDrop"

void backlog_handshakes_rule(struct text *t)
{
	text_printf(t,
		    "%u or more SYN-ACKs retransmitted where %u connections, %u %% of those "
		    "accepted at the port, were not completed, or %u, %u %%, late for another "
		    "reason than TCP_DEFER_ACCEPT",
		    SYNACKS_MIN, OPEN_MIN, OPEN_PERCENT, SLOW_MIN, SLOW_PERCENT);
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

static uint64_t accepted_at(const struct gathered *in, uint16_t port)
{
	const struct conn_subject s = {.local.port = port, .is_served = true};
	const struct conn_group *g = gathered_group(in, GROUP_BY_PORT, &s);

	return g ? g->counters.conns.accepted : 0;
}

/* Handshakes that were late for another reason than that the listener waited for data. */
static uint64_t slow_of(const struct handshakes *p)
{
	return p->slow > p->deferred ? p->slow - p->deferred : 0;
}

/* True if the network delivers packets twice: far more arrived so (DSACK, RFC 2883) than were sent
 * again. Then the second copy of a SYN asks for a second SYN-ACK, and nothing is late. */
static bool are_duplicated(const struct gathered *in)
{
	const struct counters *s = &in->total;
	uint64_t again = s->tcp_info.retrans_segs + s->events.retrans[TCP_CAUSE_TLP];

	return s->tcp_info.dsacks >= DUPLICATES_MIN && s->tcp_info.dsacks > 2 * again;
}

/* True if the listener waited for the first data of its clients for so short a time that its timers
 * look like those of lost packets: the kernel has put off an ACK for each of these handshakes.
 * Where the way loses packets, clients have to repeat SYNs, too. */
static bool are_put_off(const struct findings *f, const struct backlog *b,
			const struct handshakes *p)
{
	struct counter_change c;

	return counted_of(f, backlog_netns_of(b, &p->at), PUT_OFF, &c) && c.grew >= p->slow &&
	       p->by_repeat * REPEATS_RATIO <= p->by_timer;
}

/* True if the kernel has read the counter, and it has not grown. */
static bool is_none_put_off(const struct findings *f, const struct backlog *b,
			    const struct handshakes *p)
{
	struct counter_change c;

	return counted_of(f, backlog_netns_of(b, &p->at), PUT_OFF, &c) && !c.grew;
}

/* True if enough handshakes were late or not completed. A few are, wherever packets are lost. */
static bool are_slow(const struct findings *f, const struct backlog *b, const struct handshakes *p)
{
	const struct gathered *in = f->in;
	uint64_t accepted = accepted_at(in, p->at.port), slow = slow_of(p);

	if (p->by_timer + p->by_repeat < SYNACKS_MIN)
		return false;
	if (!p->by_timer && !p->half_open && are_duplicated(in))
		return false;
	if (p->half_open >= OPEN_MIN)
		return p->half_open * 100 >= accepted * OPEN_PERCENT;
	return slow >= SLOW_MIN && slow * 100 >= accepted * SLOW_PERCENT && !are_put_off(f, b, p);
}

void backlog_add_synacks(struct findings *f, struct finding *x, const struct handshakes *p)
{
	if (!p)
		return;
	finding_some(f, x, "synack_timer", "SYN-ACKs retransmitted by timer", p->by_timer);
	finding_some(f, x, "synack_repeat", "by repeated SYN", p->by_repeat);
	finding_some(f, x, "half_open", "never completed", p->half_open);
	finding_some(f, x, "slow", "completed late", p->slow);
}

static uint64_t half_open_of(const struct counters *s)
{
	return s->conns.half_open;
}

/* The peer or network that nearly all of the handshakes belong to which are not completed, while
 * others complete theirs; NULL: there is none. */
static const struct conn_group *apart_from_others(const struct gathered *in,
						  const struct handshakes *p, enum group_by *ret_by)
{
	static const enum group_by order[] = {GROUP_BY_PEER, GROUP_BY_PREFIX};
	uint64_t n = in->total.conns.half_open, accepted = in->total.conns.accepted;

	for (size_t i = 0; i < ARRAY_SIZE(order) && p->half_open >= OPEN_MIN; i++) {
		const struct conn_group *g = attribution_main(in, order[i], half_open_of, n);

		*ret_by = order[i];
		if (g && accepted && !g->counters.conns.accepted)
			return g;
	}
	return NULL;
}

static const char never_meaning[] =
	"This host answered and waits for the client's confirmation, which does not come: lost on "
	"the way, dropped here because the accept queue was full for a moment, or the client is "
	"gone.";

static const char late_meaning[] =
	"This host answered and the client's confirmation came late: lost on the way, or dropped "
	"here because the accept queue was full for a moment.";

static const char late_or_patient_meaning[] =
	"This host answered and the client's confirmation came late: lost on the way, or dropped "
	"here because the accept queue was full for a moment; or the program waits for the "
	"client's first data (TCP_DEFER_ACCEPT), which hurts nobody.";

static void handshakes_explain(const struct findings *f, struct finding *x, const struct backlog *b,
			       const struct handshakes *p, const struct conn_group *apart)
{
	if (p->by_repeat * 2 >= p->by_timer + p->by_repeat) {
		finding_meaning(
			x,
			"Clients retransmit their SYN, so the answers of this host do not reach "
			"them, or too late: look at the way to and from them, firewalls included.");
		finding_doubt(x, "likely", NULL);
		return;
	}
	if (apart) {
		finding_meaning(x, "This host answered and waits for the client's confirmation, "
				   "which does not come, while others complete their handshakes: "
				   "look at the way back to these clients (a route, a firewall), "
				   "or they are gone.");
		finding_doubt(x, "likely", NULL);
		return;
	}
	if (p->by_timer && backlog_counted(f, 0) >= p->by_timer) {
		finding_meaning(x, "The kernel dropped the clients' confirmations here: it counted "
				   "accept queues that were full (ListenOverflows) at least as "
				   "often as it repeated a SYN-ACK. The program does not accept as "
				   "fast as its clients come: make it faster, or its backlog and "
				   "net.core.somaxconn larger.");
		finding_doubt(x, "likely", "as the kernel does not count whose queue it was");
		x->place = PLACE_HOST;
		return;
	}
	finding_meaning(x, p->half_open >= OPEN_MIN   ? never_meaning
			   : is_none_put_off(f, b, p) ? late_meaning
						      : late_or_patient_meaning);
	finding_doubt(x, "possible", "as these events do not tell which of these it is");
}

static void handshakes_emit(const struct detector *d, struct findings *f, const struct backlog *b,
			    const struct handshakes *p)
{
	uint64_t n = p->by_timer + p->by_repeat;
	struct finding *x = finding_new(f, d, DOCUMENT_WARNING, n);
	struct text t CLEANUP(text_done) = {0};
	enum group_by by;
	const struct conn_group *apart = apart_from_others(f->in, p, &by);

	x->place = PLACE_UNKNOWN;
	text_printf(&t, "Connections to port %u of this host are %s: ", p->at.port,
		    p->half_open >= OPEN_MIN ? "not completed" : "completed late");
	plural_text(&t, n, "SYN-ACK");
	text_str(&t, " retransmitted");
	finding_title(f, x, &t);
	text_printf(&t, "%u", p->at.port);
	finding_words(f, x, "lport", "port", text_cstr(&t));
	if (apart)
		finding_group(f, x, by, &apart->key);
	backlog_add_listener(f, x, &p->at);
	backlog_add_synacks(f, x, p);
	finding_some(f, x, "deferred", "late as the program waits for data (TCP_DEFER_ACCEPT)",
		     p->deferred);
	backlog_add_counted(f, x, 0);
	finding_span(x, p->first_ns, p->last_ns);
	x->end = (struct finding_end){.side = FINDING_LISTENER,
				      .port = p->at.port,
				      .is_served = true,
				      .n = p->half_open + p->slow};
	handshakes_explain(f, x, b, p, apart);
	finding_by_events(f, x);
	text_clear(&t);
	text_printf(&t, "--lport %u", p->at.port);
	finding_command(f, x, "connects -c", text_cstr(&t));
}

void backlog_emit_handshakes(const struct detector *d, struct findings *f, const struct backlog *b)
{
	struct group_walk walk = {0};
	const struct handshakes *p;

	while ((p = groups_next(&b->handshakes, &walk))) {
		if (are_slow(f, b, p) && !backlog_has_queue(f, b, &p->at) &&
		    !syn_flood_explains(f, &p->at))
			handshakes_emit(d, f, b, p);
	}
}

struct backlog_handshakes backlog_handshakes(const struct findings *f)
{
	const struct backlog *b = detector_state(&detector_backlog, f);
	struct backlog_handshakes s = {.peers = half_open_peers(f->in)};
	struct group_walk walk = {0};
	const struct handshakes *p, *most = NULL;

	while ((p = groups_next(&b->handshakes, &walk))) {
		s.by_timer += p->by_timer;
		s.by_repeat += p->by_repeat;
		s.half_open += p->half_open;
		s.slow += p->slow;
		if (p->first_ns) {
			gather_span(&s.first_ns, &s.last_ns, p->first_ns);
			gather_span(&s.first_ns, &s.last_ns, p->last_ns);
		}
		if (!most || p->half_open > most->half_open)
			most = p;
	}
	if (most && most->half_open && most->half_open * 100 >= s.half_open * AT_PERCENT) {
		s.at = most->at;
		s.netns = backlog_netns_of(b, &s.at);
		s.is_queue_full = backlog_has_queue(f, b, &s.at);
	}
	return s;
}

void backlog_add_listener(struct findings *f, struct finding *x, const struct endpoint *at)
{
	const struct backlog *b = detector_state(&detector_backlog, f);
	uint32_t n_sockets;
	const struct accept_queue *q =
		accept_queues_at(&b->queues, at, backlog_netns_of(b, at), &n_sockets);

	if (q && n_sockets)
		backlog_add_queue(f, x, b, q);
}

// SPDX-License-Identifier: MIT
#include "gather/answers.h"

#include <errno.h>

#include "base/units.h"
#include "tcp/conn.h"
#include "tcp/names.h"

/* Limit for peers. Of those first seen after that nothing is known. */
#define PEERS_MAX 32768u

void answers_init(struct answers *a)
{
	a->by_peer = (struct groups){.key_size = sizeof(struct ip_addr),
				     .item_size = sizeof(struct peer_answers)};
}

void answers_done(struct answers *a)
{
	groups_done(&a->by_peer);
}

/* Finds or makes the peer. *ret is NULL where there is no room, or the address is unknown. */
static int peer_of(struct answers *a, const struct ip_addr *peer, struct peer_answers **ret)
{
	int r;

	*ret = NULL;
	if (!peer->family)
		return 0;
	*ret = groups_get_up_to(&a->by_peer, peer, PEERS_MAX, &r);
	return r;
}

uint64_t answers_heard_ns(const struct tcp_event *e)
{
	uint64_t ms, ns;

	/* Until a connection is established, the kernel's own time stamp is 0 and says nothing. */
	if (!e->conn || (!e->conn->was_established && !e->conn->established_ns) ||
	    !tcp_info_get(e->tcp_info, TCP_INFO_LAST_ACK_RECV_MS, &ms))
		return 0;
	ns = ms * NSEC_PER_MSEC;
	return ns < e->ts_ns ? e->ts_ns - ns : 0;
}

/* These changes of state come with an acknowledgement of the peer. */
static bool is_answered_state(const struct tcp_event *e)
{
	return e->newstate == TCP_STATE_ESTABLISHED || e->newstate == TCP_STATE_FIN_WAIT2 ||
	       e->newstate == TCP_STATE_CLOSE_WAIT;
}

/* These congestion states are entered when an acknowledgement comes; but a socket that is closed at
 * once (tcp_disconnect) becomes Open, too. */
static bool is_answered_congestion(const struct tcp_event *e)
{
	return e->conn && !tcp_conn_is_closed(e->conn) &&
	       (e->cong_state == TCP_CA_STATE_OPEN || e->cong_state == TCP_CA_STATE_DISORDER ||
		e->cong_state == TCP_CA_STATE_RECOVERY);
}

static uint64_t answer_ns(const struct tcp_event *e, bool is_stalled)
{
	switch (e->kind) {
	case TCP_KIND_SET_STATE: return is_answered_state(e) ? e->ts_ns : 0;
	case TCP_KIND_CONG_STATE: return is_answered_congestion(e) ? e->ts_ns : 0;
	case TCP_KIND_RETRANSMIT: return e->trigger == TCP_TRIGGER_ACK ? e->ts_ns : 0;
	case TCP_KIND_SOCKET_DUMPED:
	case TCP_KIND_SOCKET_FINAL: return is_stalled ? 0 : answers_heard_ns(e);
	default: return 0;
	}
}

int answers_event(struct answers *a, const struct tcp_event *e, bool is_stalled)
{
	uint64_t ns = answer_ns(e, is_stalled);
	struct peer_answers *p;

	if (!ns)
		return 0;
	if (peer_of(a, e->conn ? &e->conn->remote.addr : &e->remote.addr, &p) < 0)
		return -ENOMEM;
	if (p && ns > p->last_ns)
		p->last_ns = ns;
	return 0;
}

int answers_segments(struct answers *a, const struct ip_addr *peer, uint32_t bytes)
{
	struct peer_answers *p;

	if (peer_of(a, peer, &p) < 0)
		return -ENOMEM;
	if (p && bytes > p->segment_bytes)
		p->segment_bytes = bytes;
	return 0;
}

const struct peer_answers *answers_of(const struct answers *a, const struct ip_addr *peer)
{
	return peer->family ? groups_find(&a->by_peer, peer) : NULL;
}

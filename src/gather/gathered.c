// SPDX-License-Identifier: MIT
/*
 * The view that gathers: what it wants of a tape, and where each kind of event goes.
 */
#include "gather/gathered.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "gather/parts.h"

/* Of each dimension; what comes later and is new counts in the sum over all only. */
#define GROUPS_MAX 32768u

static tcp_kinds gathered_wants(const void *options)
{
	return TCP_KIND_BIT(TCP_KIND_RETRANSMIT) | TCP_KIND_BIT(TCP_KIND_RETRANSMIT_SYNACK) |
	       TCP_KIND_BIT(TCP_KIND_SEND_RESET) | TCP_KIND_BIT(TCP_KIND_RECEIVE_RESET) |
	       TCP_KIND_BIT(TCP_KIND_SET_STATE) | TCP_KIND_BIT(TCP_KIND_CONG_STATE);
}

static int init_groups(struct gathered *in)
{
	for (unsigned int d = 0; d < GROUP_BY_N; d++)
		in->groups[d] = (struct groups){.key_size = sizeof(struct group_key),
						.item_size = sizeof(struct conn_group)};
	in->listeners = (struct groups){.key_size = sizeof(uint16_t),
					.item_size = sizeof(struct gathered_listener)};
	in->queues = (struct groups){.key_size = sizeof(((struct gathered_queue *)0)->key),
				     .item_size = sizeof(struct gathered_queue)};
	in->failures = (struct groups){.key_size = sizeof(int32_t),
				       .item_size = sizeof(struct gathered_failure)};
	in->resets = (struct groups){.key_size = sizeof(struct gathered_reset_key),
				     .item_size = sizeof(struct gathered_reset)};
	conn_histories_init(&in->conn_histories);
	return worst_conns_init(&in->worst_conns);
}

static int gathered_init(void *state, const void *options, const struct view_context *context,
			 struct table_sink *out, struct fault *fault)
{
	struct gathered *in = state;

	in->context = context;
	return init_groups(in) < 0 ? fault_errno(fault, -ENOMEM, "report") : 0;
}

/* What makes wall time of the tape's clock: known from the first event on. */
static int begin(struct gathered *in, uint64_t ts_ns)
{
	const struct view_context *c = in->context;
	uint64_t start = c->start ? c->start(c->userdata) : ts_ns;
	int64_t real_ns;

	/* A tape may say anything. */
	if (start > ts_ns)
		start = ts_ns;
	if (start < c->since_ns)
		start = c->since_ns;
	in->from_ns = start;
	/* Before 1970 no clock is right. */
	if (timeline_init(&in->timeline,
			  c->wall && c->wall(c->userdata, start, &real_ns) && real_ns >= 0
				  ? (uint64_t)real_ns - start
				  : 0) < 0)
		return -ENOMEM;
	timeline_extend(&in->timeline, start);
	return 0;
}

bool gather_wants(const struct gathered *in, const struct tcp_event *e)
{
	return view_in_window(in->context, e->ts_ns) && event_filter_passes(in->context->filter, e);
}

void gather_note_listening(struct gathered *in, uint16_t port)
{
	in->is_listening[port / 8] |= (uint8_t)(1u << port % 8);
}

bool gathered_is_listening(const struct gathered *in, uint16_t port)
{
	return in->is_listening[port / 8] >> port % 8 & 1;
}

static bool is_served(const struct gathered *in, const struct tcp_conn *c, uint16_t lport,
		      uint16_t rport)
{
	if (c && (c->origin == TCP_ORIGIN_ACCEPT || c->origin == TCP_ORIGIN_HALF_OPEN))
		return true;
	if (c && c->origin == TCP_ORIGIN_CONNECT)
		return false;
	if (gathered_is_listening(in, lport))
		return true;
	/* Servers mostly have the lower port. */
	return lport && rport && lport < rport;
}

struct conn_subject gather_subject_of_conn(const struct gathered *in, const struct tcp_conn *c)
{
	return (struct conn_subject){
		.local = c->local,
		.remote = c->remote,
		.is_served = is_served(in, c, c->local.port, c->remote.port),
		.is_caller = c->origin == TCP_ORIGIN_CONNECT,
		.pid = c->owner.pid,
		.comm = c->owner.comm,
	};
}

struct conn_subject gather_subject(const struct gathered *in, const struct tcp_event *e)
{
	return (struct conn_subject){
		.local = e->local,
		.remote = e->remote,
		.is_served = is_served(in, e->conn, e->local.port, e->remote.port),
		.is_caller = e->conn && e->conn->origin == TCP_ORIGIN_CONNECT,
		.pid = e->pid,
		.comm = e->comm,
	};
}

/* The group of a subject by d; NULL in *ret where it belongs to none, or there are too many. */
static int group_of(struct gathered *in, enum group_by d, const struct conn_subject *s,
		    struct conn_group **ret)
{
	struct groups *groups = &in->groups[d];
	bool has_room = groups->n < GROUPS_MAX;
	struct group_key key;

	*ret = NULL;
	if (!group_key_of(d, s, &key))
		return 0;
	*ret = has_room ? groups_get(groups, &key) : groups_find(groups, &key);
	if (!*ret && has_room)
		return -ENOMEM;
	in->n_ungrouped[d] += !*ret;
	return 0;
}

int gathered_sets_of(struct gathered *in, const struct conn_subject *s, struct counter_sets *ret)
{
	*ret = (struct counter_sets){.items = {&in->total}, .n = 1};
	for (unsigned int d = 0; d < GROUP_BY_N; d++) {
		struct conn_group *g;

		if (group_of(in, d, s, &g) < 0)
			return -ENOMEM;
		if (!g)
			continue;
		ret->items[ret->n++] = &g->sums;
		if (d == GROUP_BY_PEER)
			ret->peer = g;
		else if (d == GROUP_BY_DESTINATION)
			ret->destination = &g->sums;
	}
	return 0;
}

static void press(struct gathered_pressure *p, const struct tcp_event *e)
{
	p->n++;
	gather_span(&p->first_ns, &p->last_ns, e->ts_ns);
}

static int take(struct gathered *in, const struct tcp_event *e)
{
	switch (e->kind) {
	case TCP_KIND_RETRANSMIT: return gather_retransmit(in, e);
	case TCP_KIND_RETRANSMIT_SYNACK: return gather_synack(in, e);
	case TCP_KIND_SEND_RESET:
	case TCP_KIND_RECEIVE_RESET: return gather_reset(in, e);
	case TCP_KIND_CONG_STATE: return gather_congestion(in, e);
	case TCP_KIND_ERROR_REPORT: return gather_error(in, e);
	case TCP_KIND_BAD_CSUM: return gather_bad_csum(in, e);
	case TCP_KIND_EXCEED_BUF: press(&in->exceeded, e); return 0;
	case TCP_KIND_RCVQUEUE_FULL: press(&in->queue_full, e); return 0;
	default: return 0;
	}
}

static int gathered_feed(void *state, const struct tcp_event *e, struct table_sink *out,
			 struct fault *fault)
{
	struct gathered *in = state;
	int r = in->timeline.values ? 0 : begin(in, e->ts_ns);

	if (!r) {
		/* Owners of closed sockets are the connection's, and listeners matter from the
		 * first table on: these look at window and filter themselves. */
		switch (e->kind) {
		case TCP_KIND_SOCKET_DUMPED: r = gather_dumped(in, e); break;
		case TCP_KIND_SOCKET_FINAL: r = gather_final(in, e); break;
		case TCP_KIND_SET_STATE: r = gather_state(in, e); break;
		default: r = gather_wants(in, e) ? take(in, e) : 0; break;
		}
	}
	if (r < 0)
		return fault_errno(fault, r, "report");
	if (view_in_window(in->context, e->ts_ns)) {
		in->to_ns = e->ts_ns;
		in->n_events +=
			e->kind != TCP_KIND_SOCKET_DUMPED && e->kind != TCP_KIND_SOCKET_FINAL;
	}
	return 0;
}

static int gathered_conn(void *state, const struct tcp_conn *c, struct table_sink *out,
			 struct fault *fault)
{
	struct gathered *in = state;

	if (in->context->until_ns > c->seen_ns && !in->timeline.values && begin(in, c->seen_ns) < 0)
		return fault_errno(fault, -ENOMEM, "report");
	return gather_conn(in, c) < 0 ? fault_errno(fault, -ENOMEM, "report") : 0;
}

static int gathered_emit(void *state, struct table_sink *out, struct fault *fault)
{
	struct gathered *in = state;

	if (!in->timeline.values && begin(in, in->context->since_ns) < 0)
		return fault_errno(fault, -ENOMEM, "report");
	if (in->to_ns < in->from_ns)
		in->to_ns = in->from_ns;
	if (in->to_ns)
		timeline_extend(&in->timeline, in->to_ns);
	worst_conns_sort(&in->worst_conns);
	return 0;
}

static void gathered_done(void *state)
{
	struct gathered *in = state;

	for (unsigned int d = 0; d < GROUP_BY_N; d++)
		groups_done(&in->groups[d]);
	groups_done(&in->listeners);
	groups_done(&in->queues);
	groups_done(&in->failures);
	groups_done(&in->resets);
	timeline_done(&in->timeline);
	conn_histories_done(&in->conn_histories);
	worst_conns_done(&in->worst_conns);
	map_done(&in->bases);
	arena_done(&in->arena);
	free(in->seconds);
}

const struct view gather_view = {
	.name = "report",
	.state_size = sizeof(struct gathered),
	.wants = gathered_wants,
	.uses = TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED) | TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL) |
		TCP_KIND_BIT(TCP_KIND_ERROR_REPORT) | TCP_KIND_BIT(TCP_KIND_BAD_CSUM) |
		TCP_KIND_BIT(TCP_KIND_EXCEED_BUF) | TCP_KIND_BIT(TCP_KIND_RCVQUEUE_FULL),
	.init = gathered_init,
	.feeds_all = true,
	.feed = gathered_feed,
	.conn = gathered_conn,
	.emit = gathered_emit,
	.done = gathered_done,
};

// SPDX-License-Identifier: MIT
/*
 * gather-view: names the events that gathering needs, and passes each kind to its handler.
 */
#include "gather/gather-view.h"

#include "gather/handlers.h"

static tcp_kinds gather_wants(const void *options)
{
	return TCP_KIND_BIT(TCP_KIND_RETRANSMIT) | TCP_KIND_BIT(TCP_KIND_RETRANSMIT_SYNACK) |
	       TCP_KIND_BIT(TCP_KIND_SEND_RESET) | TCP_KIND_BIT(TCP_KIND_RECEIVE_RESET) |
	       TCP_KIND_BIT(TCP_KIND_SET_STATE) | TCP_KIND_BIT(TCP_KIND_CONG_STATE);
}

static int gather_init(void *state, const void *options, const struct view_context *context,
		       struct table_sink *out, struct fault *fault)
{
	return gathered_init(state, context, options) < 0 ? fault_no_memory(fault) : 0;
}

/* Handles an event that is in the time window and passes the filter. */
static int gather_wanted(struct gathered *in, struct gather_event *g)
{
	switch (g->e->kind) {
	case TCP_KIND_RETRANSMIT: return gather_retransmit(in, g);
	case TCP_KIND_RETRANSMIT_SYNACK: return gather_synack(in, g);
	case TCP_KIND_SEND_RESET:
	case TCP_KIND_RECEIVE_RESET: return gather_reset(in, g);
	case TCP_KIND_CONG_STATE: return gather_congestion(in, g);
	case TCP_KIND_ERROR_REPORT: return gather_error(in, g);
	case TCP_KIND_BAD_CSUM: return gather_bad_csum(in, g);
	case TCP_KIND_PROBE: return gather_probe(in, g);
	default: return 0;
	}
}

/* Notes what the event says about its peer. A row of a connection that has stalled itself does not
 * say that the peer answers. */
static int gather_answer(struct gathered *in, const struct tcp_event *e)
{
	const struct conn_history *t =
		e->conn && e->tcp_info ? conn_histories_find(&in->conn_histories, e->conn) : NULL;

	return answers_event(&in->answers, e, t && t->run.n);
}

static int gather_event(struct gathered *in, const struct tcp_event *e, bool is_in_window)
{
	struct tcp_info_growth growth;
	struct gather_event g;
	int r = 0;

	/* The subject is not initialised: clearing it for every event would cost more than all
	 * else here. */
	g.e = e;
	g.is_in_window = is_in_window;
	g.passes_filter = event_filter_passes(in->context->filter, e);
	g.sets.n = 0;
	g.sets.peer = NULL;
	g.growth = NULL;
	switch (e->kind) {
	case TCP_KIND_SOCKET_DUMPED: r = gather_dumped(in, &g, &growth); break;
	case TCP_KIND_SOCKET_FINAL: r = gather_final(in, &g, &growth); break;
	case TCP_KIND_SET_STATE: r = gather_state(in, &g); break;
	case TCP_KIND_SAMPLE: r = gather_event_is_wanted(&g) ? gather_sample(in, &g) : 0; break;
	default: r = gather_event_is_wanted(&g) ? gather_wanted(in, &g) : 0; break;
	}
	if (!r)
		r = gather_answer(in, e);
	return r ? r : gather_parts_event(&in->parts, in, &g);
}

static int gather_feed(void *state, const struct tcp_event *e, struct table_sink *out,
		       struct fault *fault)
{
	struct gathered *in = state;
	bool is_in_window = view_in_window(in->context, e->ts_ns);
	int r = gathered_has_begun(in) ? 0 : gathered_begin(in, e->ts_ns);
	bool is_wanted = gathered_wants_event(in, e);

	audit_events_take(&in->audit, e);
	if (!r && is_wanted && is_in_window)
		r = gathered_story_event(in, e);
	if (!r && is_wanted)
		r = gather_event(in, e, is_in_window);
	if (r < 0)
		return fault_no_memory(fault);
	if (is_in_window) {
		in->to_ns = e->ts_ns;
		in->n_events += !(TCP_KIND_BIT(e->kind) & TCP_KINDS_SYNTHETIC);
	}
	return 0;
}

static int gather_conn_feed(void *state, const struct tcp_conn *c, struct table_sink *out,
			    struct fault *fault)
{
	struct gathered *in = state;
	int r = 0;

	if (in->context->until_ns > c->seen_ns && !gathered_has_begun(in))
		r = gathered_begin(in, c->seen_ns);
	if (!r)
		r = gather_conn(in, c);
	return r < 0 ? fault_no_memory(fault) : 0;
}

static int gather_emit(void *state, struct table_sink *out, struct fault *fault)
{
	struct gathered *in = state;

	if (!gathered_has_begun(in) && gathered_begin(in, in->context->since_ns) < 0)
		return fault_no_memory(fault);
	if (in->to_ns < in->context->end_ns)
		in->to_ns = in->context->end_ns;
	if (in->to_ns < in->from_ns)
		in->to_ns = in->from_ns;
	if (in->to_ns)
		timeline_extend(&in->timeline, in->to_ns);
	gathered_join_answered(in);
	worst_conns_sort(&in->worst_conns);
	return gather_parts_end(&in->parts, in) < 0 ? fault_no_memory(fault) : 0;
}

static void gather_done(void *state)
{
	gathered_done(state);
}

#define USES                                                                                       \
	(TCP_KINDS_SYNTHETIC | TCP_KIND_BIT(TCP_KIND_ERROR_REPORT) |                               \
	 TCP_KIND_BIT(TCP_KIND_BAD_CSUM) | TCP_KIND_BIT(TCP_KIND_EXCEED_BUF) |                     \
	 TCP_KIND_BIT(TCP_KIND_RCVQUEUE_FULL) | TCP_KIND_BIT(TCP_KIND_SEND_LENGTH) |               \
	 TCP_KIND_BIT(TCP_KIND_RECV_LENGTH))
#define VIEW(name_, uses_)                                                                         \
	{                                                                                          \
		.name = (name_), .options_size = sizeof(struct gather_options),                    \
		.state_size = sizeof(struct gathered), .wants = gather_wants, .uses = (uses_),     \
		.init = gather_init, .feeds_all = true, .feed = gather_feed,                       \
		.uses_counters = true, .feeds_tcp_info = true, .conn = gather_conn_feed,           \
		.emit = gather_emit, .done = gather_done,                                          \
	}

const struct view gather_view = VIEW("report", USES);
const struct view gather_probes_view = VIEW("conn", USES | TCP_KIND_BIT(TCP_KIND_PROBE));

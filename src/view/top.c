// SPDX-License-Identifier: MIT
/*
 * top: the busiest connections, peers, processes or ports of each interval of the tape. The bytes
 * of an interval come from the send and receive calls alone: tcp_info has the bytes of a
 * connection, but not when they were carried.
 */
#include "view/top.h"

#include <stdlib.h>

#include "base/units.h"

struct top {
	struct top_options options;
	const struct view_context *context;
	struct top_choice choice;
	struct view_table table;
	struct groups items;
	struct top_sums total;
	struct top_interval interval; /* the interval that is being counted */
	uint64_t n_shown, n_silent;
	struct top_uncounted uncounted;
	bool has_begun;
};

static tcp_kinds top_wants(const void *opts)
{
	return TCP_KIND_BIT(TCP_KIND_SET_STATE) | TCP_KIND_BIT(TCP_KIND_RETRANSMIT) |
	       TCP_KIND_BIT(TCP_KIND_RETRANSMIT_SYNACK) | TCP_KIND_BIT(TCP_KIND_SEND_RESET) |
	       TCP_KIND_BIT(TCP_KIND_RECEIVE_RESET);
}

static int top_init(void *state, const void *opts, const struct view_context *context,
		    struct table_sink *out, struct fault *fault)
{
	struct top *v = state;
	int r;

	v->options = *(const struct top_options *)opts;
	v->context = context;
	v->items.key_size = sizeof(struct conn_key);
	v->items.item_size = sizeof(struct top_item);
	r = top_choose(&v->options, context, &v->choice, fault);
	v->interval.length_ns = v->choice.length_ns;
	return r;
}

static void page_put_count(struct text *t, const char *what, uint64_t n)
{
	text_printf(t, "%s%s ", t->len ? "  " : "", what);
	units_count(t, n);
}

static int top_put_page(struct top *v, struct table_sink *out, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};

	if (v->options.no_summary)
		return table_page(out, v->interval.start_ns, "",
				  v->context->is_live && !v->options.no_clear, fault);
	page_put_count(&t, "retransmits", v->total.retrans);
	page_put_count(&t, "resets", v->total.resets);
	page_put_count(&t, "opened", v->total.opened);
	page_put_count(&t, "closed", v->total.closed);
	if (v->total.rx)
		page_put_count(&t, "RX_KB", v->total.rx / 1024);
	if (v->total.tx)
		page_put_count(&t, "TX_KB", v->total.tx / 1024);
	return table_page(out, v->interval.start_ns, text_cstr(&t),
			  v->context->is_live && !v->options.no_clear, fault);
}

static int top_put_items(struct top *v, struct table_sink *out, struct fault *fault)
{
	struct top_item **items CLEANUP(free_p) = top_sorted(&v->items, v->choice.sort);
	int r = 0;

	if (!items)
		return fault_no_memory(fault);
	for (size_t i = 0; !r && i < v->items.n && i < v->choice.rows; i++)
		r = top_put(&v->table, items[i], &v->interval, out, fault);
	return r;
}

/* Emits the page of the interval, which is over. An interval without events has a page on a live
 * stream only. */
static int interval_close(struct top *v, struct table_sink *out, struct fault *fault)
{
	int r;

	if (v->options.intervals && v->n_shown >= v->options.intervals)
		return 0;
	if (!v->items.n && !v->context->is_live) {
		v->n_silent++;
		return 0;
	}
	v->n_shown++;
	r = top_put_page(v, out, fault);
	if (!r)
		r = top_begin(&v->table, v->choice.group, out, fault);
	if (!r)
		r = top_put_items(v, out, fault);
	groups_done(&v->items);
	v->total = (struct top_sums){0};
	return r;
}

static void interval_begin(struct top *v, uint64_t now_ns)
{
	const tcp_kinds io =
		TCP_KIND_BIT(TCP_KIND_SEND_LENGTH) | TCP_KIND_BIT(TCP_KIND_RECV_LENGTH);
	uint64_t start = tape_clock_start(&v->context->clock, now_ns);

	v->has_begun = true;
	v->interval.has_bytes = (v->context->recorded & io) == io;
	if (!v->choice.is_sort_chosen)
		v->choice.sort = v->interval.has_bytes ? TOP_SORT_BYTES : TOP_SORT_RETRANS;
	if (v->context->since_ns > start)
		start = v->context->since_ns;
	v->interval.start_ns = start < now_ns ? start : now_ns;
}

/* Closes the intervals that end before now_ns. */
static int interval_advance(struct top *v, uint64_t now_ns, struct table_sink *out,
			    struct fault *fault)
{
	int r = 0;

	if (!v->has_begun)
		interval_begin(v, now_ns);
	while (!r && now_ns >= v->interval.start_ns + v->interval.length_ns) {
		uint64_t after = now_ns - v->interval.start_ns;

		r = interval_close(v, out, fault);
		/* All intervals without events are skipped in one step, however many they are. */
		if (!v->context->is_live && after / v->interval.length_ns > 1) {
			v->n_silent += after / v->interval.length_ns - 1;
			v->interval.start_ns +=
				(after / v->interval.length_ns - 1) * v->interval.length_ns;
		}
		v->interval.start_ns += v->interval.length_ns;
	}
	return r;
}

/* The row of a connection that has a main socket is that of its first subflow, too. */
static void top_item_note(struct top_item *item, const struct tcp_conn *c)
{
	bool is_main = tcp_conn_is_mptcp_main(c);
	uint32_t token = tcp_conn_attempt(c)->mptcp_token;

	/* The process that sends and receives is that of the main socket. */
	if (is_main ? (c->owner.pid && c->local.port) || !item->subject.local.port
		    : !item->has_main) {
		subject_of_conn(&item->subject, c);
		item->has_main = is_main;
	}
	item->subflow = tcp_subflow_name(is_main ? TCP_SUBFLOW_FIRST : c->subflow);
	if (token)
		item->mptcp_token = token;
}

static int top_feed(void *state, const struct tcp_event *e, struct table_sink *out,
		    struct fault *fault)
{
	const struct tcp_conn *c = e->conn;
	struct top *v = state;
	struct top_item *item;
	struct top_sums sums;
	struct conn_key key;
	int r;

	if (!view_in_window(v->context, e->ts_ns))
		return 0;
	r = interval_advance(v, e->ts_ns, out, fault);
	if (r < 0 || !c || !top_sums_of(e, &sums) || tcp_conn_is_listener(c) ||
	    !event_filter_passes_conn(v->context->filter, c))
		return r;
	key = conn_key_of(v->choice.group, c, v->context);
	item = groups_get(&v->items, &key);
	if (!item)
		return fault_no_memory(fault);
	top_sums_add(&item->sums, &sums);
	top_sums_add(&v->total, &sums);
	top_item_note(item, c);
	return 0;
}

static int top_conn(void *state, const struct tcp_conn *c, struct table_sink *out,
		    struct fault *fault)
{
	struct top *v = state;

	top_uncounted_add(&v->uncounted, v->context, c);
	return 0;
}

static int top_tick(void *state, uint64_t now_ns, struct table_sink *out, struct fault *fault)
{
	return interval_advance(state, now_ns, out, fault);
}

static int top_emit(void *state, struct table_sink *out, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};
	struct top *v = state;
	int r = 0;

	if (v->has_begun && v->items.n)
		r = interval_close(v, out, fault);
	if (!r)
		r = top_uncounted_put(&v->uncounted, v->context, out, fault);
	if (r || !v->n_silent)
		return r;
	units_count(&t, v->n_silent);
	text_printf(&t, " interval%s in which nothing happened not shown",
		    v->n_silent == 1 ? "" : "s");
	return table_note(out, text_cstr(&t), fault);
}

static void top_done(void *state)
{
	struct top *v = state;

	groups_done(&v->items);
}

static const char *const live_events[] = {"sock:sock_send_length", "sock:sock_recv_length", NULL};

const struct view view_top = {
	.name = "top",
	.summary = "busiest connections, peers, processes or ports per interval",
	.detail = "RX_KB and TX_KB come from the send and receive calls (profiles bytes and all):\n"
		  "at least that much was carried, as splice() and some others move data without\n"
		  "such a call. \"-\" where the tape has no such call. RETR are retransmissions\n"
		  "(events; the last line says how many segments, where the kernel counts more),\n"
		  "RST resets sent and received, NEW connections begun, END connections ended.\n"
		  "A connection of MPTCP has the row of its first subflow, with the bytes of all "
		  "calls;\n"
		  "each further subflow has a row without bytes (JSON: mptcp_subflow \"join\").\n"
		  "On a live stream a terminal shows one interval at a time, cut to its size.",
	.options = top_options,
	.n_options = ARRAY_SIZE(top_options),
	.live_events = live_events,
	.options_size = sizeof(struct top_options),
	.state_size = sizeof(struct top),
	.wants = top_wants,
	.uses = TCP_KIND_BIT(TCP_KIND_SEND_LENGTH) | TCP_KIND_BIT(TCP_KIND_RECV_LENGTH),
	.init = top_init,
	.feeds_all = true,
	.feed = top_feed,
	.conn = top_conn,
	.tick = top_tick,
	.emit = top_emit,
	.done = top_done,
};

// SPDX-License-Identifier: MIT
/*
 * top: the busiest connections, peers, processes or ports of each interval of the tape. The bytes
 * of an interval come from the send and receive calls alone: tcp_info has the bytes of a
 * connection, but not when they were carried.
 */
#include "view/top.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "base/units.h"
#include "tcp/names.h"

struct top_options {
	const char *interval;
	uint64_t intervals;
	const char *sort;
	const char *group;
	uint64_t rows;
	bool no_clear;
	bool no_summary;
};

#define AT(member) offsetof(struct top_options, member)

static const struct option_spec options[] = {
	{"interval", 'i', "TIME", "how long each is; 1s", option_str, AT(interval), NULL},
	{"intervals", 'n', "N", "at most so many", option_u64, AT(intervals), NULL},
	{"sort", 's', "BY",
	 "bytes, sent, received, retrans, resets or connects; bytes where the\ntape has them, else "
	 "retrans",
	 option_str, AT(sort), NULL},
	{"group", 'g', "BY", "conn, peer, process or port", option_str, AT(group), NULL},
	{"rows", 'r', "N", "so many of each interval; 20", option_u64, AT(rows), NULL},
	{"noclear", 'C', NULL, "on a terminal, do not clear the screen", option_flag, AT(no_clear),
	 NULL},
	{"nosummary", 'S', NULL, "no line of totals above each interval", option_flag,
	 AT(no_summary), NULL},
};

#define ROWS_DEFAULT 20u

struct top {
	struct top_options options;
	const struct view_context *context;
	enum top_group group;
	enum top_sort sort;
	bool is_sort_chosen;
	struct view_table table;
	struct groups items;
	struct top_sums total;
	struct top_interval interval; /* the interval that is being counted */
	uint64_t n_shown, n_silent;
	uint64_t n_unseen, unseen_bytes; /* connections that calls do not tell all of; its bytes */
	uint64_t n_events, n_segs; /* retransmissions of whole connections: see top_note_segs() */
	bool has_begun;
};

static tcp_kinds top_wants(const void *opts)
{
	return TCP_KIND_BIT(TCP_KIND_SET_STATE) | TCP_KIND_BIT(TCP_KIND_RETRANSMIT) |
	       TCP_KIND_BIT(TCP_KIND_RETRANSMIT_SYNACK) | TCP_KIND_BIT(TCP_KIND_SEND_RESET) |
	       TCP_KIND_BIT(TCP_KIND_RECEIVE_RESET);
}

static int top_choose(const char *what, const char *word, const char *const *words, size_t n,
		      struct fault *fault)
{
	struct suggestion near = suggest_start(word);

	for (size_t i = 0; i < n; i++) {
		if (!strcmp(words[i], word))
			return (int)i;
		suggest_offer(&near, words[i]);
	}
	if (near.best)
		return fault_set(fault, -EINVAL, "--%s %s: did you mean %s?", what, word,
				 near.best);
	return fault_set(fault, -EINVAL, "--%s %s: no such word", what, word);
}

static int top_read_options(struct top *v, struct fault *fault)
{
	const struct top_options *o = &v->options;
	int i;

	v->interval.length_ns = NSEC_PER_SEC;
	if (o->interval && (units_parse_duration(o->interval, &v->interval.length_ns) < 0 ||
			    !v->interval.length_ns))
		return fault_set(fault, -EINVAL, "--interval %s: not a time (try 1s)", o->interval);
	if (o->group) {
		i = top_choose("group", o->group, top_groups, TOP_GROUPS, fault);
		if (i < 0)
			return i;
		v->group = (enum top_group)i;
	}
	if (o->sort) {
		i = top_choose("sort", o->sort, top_sorts, TOP_SORTS, fault);
		if (i < 0)
			return i;
		v->sort = (enum top_sort)i;
		v->is_sort_chosen = true;
	}
	if (!v->options.rows)
		v->options.rows = ROWS_DEFAULT;
	return 0;
}

static int top_init(void *state, const void *opts, const struct view_context *context,
		    struct table_sink *out, struct fault *fault)
{
	struct top *v = state;

	v->options = *(const struct top_options *)opts;
	v->context = context;
	v->items.key_size = sizeof(struct top_key);
	v->items.item_size = sizeof(struct top_item);
	return top_read_options(v, fault);
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
	struct top_item **items CLEANUP(free_p) = top_sorted(&v->items, v->sort);
	int r = 0;

	if (!items)
		return fault_no_memory(fault);
	for (size_t i = 0; !r && i < v->items.n && i < v->options.rows; i++)
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
		r = top_begin(&v->table, v->group, out, fault);
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
	if (!v->is_sort_chosen)
		v->sort = v->interval.has_bytes ? TOP_SORT_BYTES : TOP_SORT_RETRANS;
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

/* Whether the connection began with a SYN of this host: in a simultaneous open, as that of a socket
 * with itself, SYN_RECV comes in between. */
static bool is_of_attempt(const struct tcp_event *e)
{
	return e->oldstate == TCP_STATE_SYN_SENT ||
	       (e->conn && e->conn->origin == TCP_ORIGIN_CONNECT);
}

/* The sums that the event adds to its group. False: the event is not counted. */
static bool top_sums_of(const struct tcp_event *e, struct top_sums *ret)
{
	*ret = (struct top_sums){0};
	switch (e->kind) {
	case TCP_KIND_RETRANSMIT:
		ret->retrans =
			!(tcp_event_has(e, TCP_FIELD_ERR) && e->err) && e->cause != TCP_CAUSE_TLP;
		return ret->retrans;
	case TCP_KIND_RETRANSMIT_SYNACK: ret->retrans = 1; return true;
	case TCP_KIND_SEND_RESET:
	case TCP_KIND_RECEIVE_RESET: ret->resets = 1; return true;
	case TCP_KIND_SEND_LENGTH: ret->tx = tcp_event_call_bytes(e); return ret->tx;
	case TCP_KIND_RECV_LENGTH: ret->rx = tcp_event_call_bytes(e); return ret->rx;
	case TCP_KIND_SET_STATE:
		/* The subflows of an MPTCP connection open and close, beside its main socket. */
		if (tcp_event_has(e, TCP_FIELD_PROTOCOL) && e->protocol == TCP_PROTOCOL_MPTCP)
			return false;
		ret->opened = e->newstate == TCP_STATE_ESTABLISHED ||
			      (e->newstate == TCP_STATE_SYN_SENT && e->oldstate == TCP_STATE_CLOSE);
		if (e->newstate == TCP_STATE_ESTABLISHED && is_of_attempt(e))
			ret->opened = 0; /* the connection was counted at its SYN */
		ret->closed = e->newstate == TCP_STATE_CLOSE;
		return ret->opened || ret->closed || e->newstate == TCP_STATE_ESTABLISHED;
	default: return false;
	}
}

static void top_sums_add(struct top_sums *to, const struct top_sums *s)
{
	to->tx += s->tx;
	to->rx += s->rx;
	to->retrans += s->retrans;
	to->resets += s->resets;
	to->opened += s->opened;
	to->closed += s->closed;
}

static int top_feed(void *state, const struct tcp_event *e, struct table_sink *out,
		    struct fault *fault)
{
	const struct tcp_conn *c = e->conn;
	struct top *v = state;
	struct top_item *item;
	struct top_sums sums;
	struct top_key key;
	int r;

	if (!view_in_window(v->context, e->ts_ns))
		return 0;
	r = interval_advance(v, e->ts_ns, out, fault);
	if (r < 0 || !c || !top_sums_of(e, &sums) || tcp_conn_is_listener(c) ||
	    !event_filter_passes_conn(v->context->filter, c))
		return r;
	key = top_key_of(v->group, c);
	item = groups_get(&v->items, &key);
	if (!item)
		return fault_no_memory(fault);
	top_sums_add(&item->sums, &sums);
	top_sums_add(&v->total, &sums);
	subject_of_conn(&item->subject, c);
	return 0;
}

/* Notes how many segments were retransmitted: the kernel counts them for whole connections, and
 * not when. */
static void top_note_segs(struct top *v, const struct tcp_conn *c)
{
	uint32_t segs;

	if (tcp_conn_is_listener(c) || !view_shows_conn(v->context, c) ||
	    !tcp_conn_retrans_segs(c, &segs))
		return;
	v->n_events += c->n_retrans + tcp_conn_cold(c)->n_probes;
	v->n_segs += segs;
}

/* Notes what the kernel counted and no call on the tape moved. */
static int top_conn(void *state, const struct tcp_conn *c, struct table_sink *out,
		    struct fault *fault)
{
	struct top *v = state;
	uint64_t tx, rx, more = 0;

	top_note_segs(v, c);
	if (!c->has_io || !c->is_born || !view_shows_conn(v->context, c) || c->has_loss ||
	    tcp_conn_bytes(c, &tx, &rx) != TCP_BYTES_TCP_INFO)
		return 0;
	more += tx > c->io_tx ? tx - c->io_tx : 0;
	more += rx > c->io_rx ? rx - c->io_rx : 0;
	v->unseen_bytes += more;
	v->n_unseen += more > 0;
	return 0;
}

/* With segmentation offload one event may be of many segments. */
static int top_put_segs(const struct top *v, struct table_sink *out, struct fault *fault)
{
	bool is_whole = !v->context->since_ns && v->context->until_ns == UINT64_MAX;
	struct text t CLEANUP(text_done) = {0};

	if (!is_whole || v->n_segs <= v->n_events ||
	    !(v->context->recorded & TCP_KIND_BIT(TCP_KIND_RETRANSMIT)))
		return 0;
	text_str(&t, "RETR counts events; by the kernel's figures ");
	units_count(&t, v->n_segs);
	text_str(&t, " segments were sent again in all (");
	units_count(&t, v->n_events);
	text_str(&t, " events, tail loss probes too)");
	return table_note(out, text_cstr(&t), fault);
}

static int top_tick(void *state, uint64_t now_ns, struct table_sink *out, struct fault *fault)
{
	return interval_advance(state, now_ns, out, fault);
}

static int top_put_unseen(const struct top *v, struct table_sink *out, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "RX_KB and TX_KB are what calls on the tape moved, and more was moved: ");
	units_size(&t, v->unseen_bytes);
	text_str(&t, " of ");
	units_count(&t, v->n_unseen);
	text_printf(&t,
		    " connection%s (by splice() or another way than send and receive calls, "
		    "or never read)",
		    v->n_unseen == 1 ? "" : "s");
	return table_note(out, text_cstr(&t), fault);
}

static int top_emit(void *state, struct table_sink *out, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};
	struct top *v = state;
	int r = 0;

	if (v->has_begun && v->items.n)
		r = interval_close(v, out, fault);
	if (!r && v->n_unseen)
		r = top_put_unseen(v, out, fault);
	if (!r)
		r = top_put_segs(v, out, fault);
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
	.detail =
		"RX_KB and TX_KB come from the send and receive calls (profiles bytes and all): "
		"at\n"
		"least so much was carried, as splice() and some others move data without such a\n"
		"call. \"-\" where the tape has no call. RETR retransmits (events; the last line "
		"says\n"
		"how many segments, where the kernel counts more), RST resets sent and received,\n"
		"NEW connections begun, END connections ended.\n"
		"On a live stream a terminal shows one interval at a time, cut to its size.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
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

// SPDX-License-Identifier: MIT
/*
 * retrans: one line for each retransmission, in the columns that users of tcpretrans know, or
 * counts per flow, peer, process and so on. The kernel's tracepoint also fires for tail loss probes
 * and for attempts that failed, which do not retransmit lost data: they are shown only on demand,
 * and the last lines say how many were left out.
 */
#include <stddef.h>

#include "base/suggest.h"
#include "base/units.h"
#include "view/conn-key.h"
#include "view/retrans-segs.h"
#include "view/retrans.h"

struct retrans_options {
	struct retrans_shows shows;
	bool rto_changes;
	bool counts;
	const char *group;
};

static const struct option_spec options[] = {
	{"lossprobe", 'l', NULL, "tail loss probes too", option_flag,
	 offsetof(struct retrans_options, shows.probes), NULL},
	{"all-attempts", 'a', NULL, "attempts that failed too, with their error", option_flag,
	 offsetof(struct retrans_options, shows.failed), NULL},
	{"stacks", 's', NULL, "the kernel's call chain of each", option_flag,
	 offsetof(struct retrans_options, shows.stacks), NULL},
	{"rto", 'r', NULL, "the timeouts that expired, in milliseconds", option_flag,
	 offsetof(struct retrans_options, shows.rto), NULL},
	{"rto-changes", 'R', NULL, "only those that had another one than before", option_flag,
	 offsetof(struct retrans_options, rto_changes), NULL},
	{"count", 'c', NULL, "count per flow instead of one line each", option_flag,
	 offsetof(struct retrans_options, counts), NULL},
	{"group", 'g', "BY",
	 "count per flow, peer, prefix (/24, /64), port (the\n"
	 "lower one), lport, rport, process, container, label (of\n"
	 "the peer) or cause",
	 option_str, offsetof(struct retrans_options, group), NULL},
};

struct retrans {
	struct retrans_options options;
	struct retrans_rows rows;
	struct retrans_counts counts;
	const struct view_context *context;
	struct retrans_segs segs;
	uint64_t n_events; /* retransmissions and tail loss probes */
	uint64_t n_probes; /* tail loss probes that were left out */
	uint64_t n_failed; /* failed attempts that were left out */
};

static tcp_kinds retrans_wants(const void *opts)
{
	return TCP_KIND_BIT(TCP_KIND_RETRANSMIT) | TCP_KIND_BIT(TCP_KIND_RETRANSMIT_SYNACK);
}

static int retrans_init(void *state, const void *opts, const struct view_context *context,
			struct table_sink *out, struct fault *fault)
{
	struct retrans *v = state;
	int group = RETRANS_BY_FLOW, r = 0;

	v->options = *(const struct retrans_options *)opts;
	v->options.shows.rto |= v->options.rto_changes;
	if (v->options.group) {
		group = suggest_choose("group", v->options.group, retrans_groups, RETRANS_GROUPS,
				       fault);
		if (group == RETRANS_BY_LABEL)
			r = view_needs_labels(context, fault);
		if (group < 0 || r < 0)
			return group < 0 ? group : r;
		v->options.counts = true;
	}
	v->context = context;
	retrans_counts_init(&v->counts, (enum retrans_group)group, context->labels);
	return v->options.counts ? 0 : retrans_rows_begin(&v->rows, &v->options.shows, out, fault);
}

/* The kernel's figures are of whole connections, and thus of no part of a tape. */
static int retrans_feed_row(struct retrans *v, const struct tcp_event *e, struct fault *fault)
{
	bool is_whole = !v->context->since_ns && v->context->until_ns == UINT64_MAX;
	/* The last row of the table at the start passes no filter. */
	bool is_last = e->kind == TCP_KIND_SOCKET_DUMPED && e->dump == SOCKET_DUMP_START_DONE;
	uint64_t n;

	if (!is_last && !event_filter_passes(v->context->filter, e))
		return 0;
	if (!is_whole || !(v->context->recorded & TCP_KIND_BIT(TCP_KIND_RETRANSMIT)))
		return 0;
	if (retrans_segs_row(&v->segs, e, &n) < 0)
		return fault_no_memory(fault);
	if (n && v->options.counts && retrans_counts_add_segs(&v->counts, e, n) < 0)
		return fault_no_memory(fault);
	return 0;
}

static int retrans_feed(void *state, const struct tcp_event *e, struct table_sink *out,
			struct fault *fault)
{
	struct retrans *v = state;

	if (e->kind == TCP_KIND_SOCKET_DUMPED || e->kind == TCP_KIND_SOCKET_FINAL)
		return retrans_feed_row(v, e, fault);
	if (!view_in_window(v->context, e->ts_ns) || !event_filter_passes(v->context->filter, e))
		return 0;
	v->n_events += !retrans_is_failed(e);
	if (!v->options.shows.failed && retrans_is_failed(e)) {
		v->n_failed++;
		return 0;
	}
	if (!v->options.shows.probes && e->cause == TCP_CAUSE_TLP) {
		v->n_probes++;
		return 0;
	}
	if (v->options.rto_changes && !retrans_has_new_rto(e))
		return 0;
	if (!v->options.counts)
		return retrans_rows_put(&v->rows, e, out, fault);
	if (retrans_counts_add(&v->counts, e) < 0)
		return fault_no_memory(fault);
	return 0;
}

static int left_out_note(struct table_sink *out, uint64_t n, const char *what, const char *option,
			 struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};

	if (!n)
		return 0;
	units_count(&t, n);
	text_printf(&t, " %s%s not shown (%s shows them)", what, n == 1 ? "" : "s", option);
	return table_note(out, text_cstr(&t), fault);
}

/* With segmentation offload one event may be of many segments. */
static int segs_note(const struct retrans *v, struct table_sink *out, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};

	if (v->segs.total <= v->n_events)
		return 0;
	text_str(&t, "by the kernel's figures ");
	units_count(&t, v->segs.total);
	text_str(&t, " segments were retransmitted, in ");
	units_count(&t, v->n_events);
	text_printf(&t, " event%s, tail loss probes too", v->n_events == 1 ? "" : "s");
	return table_note(out, text_cstr(&t), fault);
}

static int retrans_emit(void *state, struct table_sink *out, struct fault *fault)
{
	struct retrans *v = state;
	int r = v->options.counts ? retrans_counts_emit(&v->counts, &v->options.shows, out, fault)
				  : 0;

	if (!r)
		r = left_out_note(out, v->n_probes, "tail loss probe", "-l", fault);
	if (!r)
		r = left_out_note(out, v->n_failed, "failed attempt", "-a", fault);
	if (!r)
		r = segs_note(v, out, fault);
	return r;
}

static void retrans_done(void *state)
{
	struct retrans *v = state;

	retrans_rows_done(&v->rows);
	retrans_counts_done(&v->counts);
	retrans_segs_done(&v->segs);
}

const struct view view_retrans = {
	.name = "retrans",
	.summary = "retransmissions, of SYN-ACKs too: one line each, -c per flow",
	.detail =
		"Column T>: R> a retransmission, L> a tail loss probe, S> a retransmitted SYN-\n"
		"ACK. PID is the owner of the socket, \"-\" where it is not known; never the task\n"
		"that happened to be on the CPU.\n"
		"CAUSE: rto, tlp, fast, loss (retransmitted after a timeout), recovery (fast or\n"
		"loss, which cannot be told apart), syn, synack, pmtu, tfo, deferred, unknown.\n"
		"Tail loss probes and attempts that failed are no retransmissions of lost data;\n"
		"the last lines say how many were left out; -c and -g count them apart.\n"
		"With segmentation offload one event may be of many segments: SEGS, and the last\n"
		"line, are the kernel's own count of segments, tail loss probes too.\n"
		"RTO: the time since the transmission that the timeout was for, where that is\n"
		"known: for SYNs always, for data from the second timeout of a series on. The\n"
		"kernel's timers expire up to an eighth late, so -R takes no smaller difference\n"
		"for a change.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.options_size = sizeof(struct retrans_options),
	.state_size = sizeof(struct retrans),
	.wants = retrans_wants,
	.uses = TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED) | TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL),
	.init = retrans_init,
	.feeds_all = true,
	.feed = retrans_feed,
	.feeds_tcp_info = true,
	.emit = retrans_emit,
	.done = retrans_done,
};

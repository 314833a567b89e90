// SPDX-License-Identifier: MIT
/*
 * states: one line for each change of TCP state, with the time spent in the old state. If that time
 * is not known, because the state began before the recording, it is absent and not 0.
 */
#include <stddef.h>

#include "base/options.h"
#include "cells/conn-cells.h"
#include "tcp/names.h"
#include "view/states.h"
#include "view/view.h"

struct states_options {
	bool with_time;
	bool with_relative;
	bool is_wide;
	bool with_open;
	bool counts;
};

#define AT(member) offsetof(struct states_options, member)

static const struct option_spec options[] = {
	{"clock", 'T', NULL, "a column with the time", option_flag, AT(with_time), NULL},
	{"timestamp", 't', NULL, "a column with seconds since the tape's start", option_flag,
	 AT(with_relative), NULL},
	{"wide", 'w', NULL, "more columns: family, the owner's name", option_flag, AT(is_wide),
	 NULL},
	{"open", 'o', NULL,
	 "at the end a line for each socket that is still open, with the\ntime in its state so far",
	 option_flag, AT(with_open), NULL},
	{"count", 'c', NULL, "a line for each state instead", option_flag, AT(counts), NULL},
};

struct states {
	struct states_options options;
	const struct view_context *context;
	struct view_table table;
	struct state_counts counts;
	struct state_orphans orphans;
	struct fifo queue; /* queue of struct state_row */
};

static struct cell states_arrow(const void *at)
{
	return cell_word("->");
}

static struct cell states_ms(const void *at)
{
	const struct state_row *row = at;

	return row->has_spent ? cell_fixed((row->spent_ns + 500) / 1000) : cell_absent();
}

static struct cell states_duration(const void *at)
{
	const struct state_row *row = at;

	return cell_if(row->has_spent, row->spent_ns);
}

enum { CLOCK = 1, SECONDS = 2, WIDE = 4 };

#define ROW(member) .at = offsetof(struct state_row, member)

static const struct view_column columns[] = {
	{"time", NULL, COLUMN_DATA, 0, column_time, SUBJECT(ts_ns)},
	{"clock", "TIME", COLUMN_TEXT, 8, column_time, SUBJECT(ts_ns), .only = CLOCK},
	{"seconds", "TIME(s)", COLUMN_TEXT, 9, column_fixed, ROW(seconds_us), .decimals = 6,
	 .only = SECONDS},
	{"ts_ns", NULL, COLUMN_DATA, 0, column_u64, SUBJECT(ts_ns)},
	{"sk", "SK", COLUMN_ALL, 4, column_some_hex, SUBJECT(sk)},
	{"pid", "PID", COLUMN_ALL, 5, column_pid, SUBJECT(pid)},
	{"comm", "COMM", COLUMN_DATA, 15, column_chars, SUBJECT(comm), .also = WIDE},
	{"family", "IP", COLUMN_DATA, 0, column_subject_family, .also = WIDE},
	{"laddr", "LADDR", COLUMN_ALL, 9, column_addr, SUBJECT(local.addr)},
	{"lport", "LPORT", COLUMN_ALL, 5, column_port, SUBJECT(local.port)},
	{"raddr", "RADDR", COLUMN_ALL, 9, column_addr, SUBJECT(remote.addr)},
	{"rport", "RPORT", COLUMN_ALL, 5, column_port, SUBJECT(remote.port)},
	{"oldstate", "OLDSTATE", COLUMN_ALL, 11, column_state, ROW(oldstate)},
	{"arrow", "->", COLUMN_TEXT, 2, states_arrow, .at = 0},
	{"newstate", "NEWSTATE", COLUMN_ALL, 11, column_state, ROW(newstate)},
	{"ms", "MS", COLUMN_TEXT, 7, states_ms, .is_right = true, .decimals = 3},
	{"duration_ns", NULL, COLUMN_DATA, 0, states_duration, .at = 0},
	{"owner", NULL, COLUMN_DATA, 0, column_word, SUBJECT(owner)},
	{"cookie", NULL, COLUMN_DATA, 0, column_some_u64, SUBJECT(cookie)},
	{"netns", NULL, COLUMN_DATA, 0, column_some_u32, SUBJECT(netns)},
};

static tcp_kinds states_wants(const void *opts)
{
	const struct states_options *o = opts;

	return TCP_KIND_BIT(TCP_KIND_SET_STATE) |
	       (o->with_open || o->counts ? TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED) : 0);
}

static int states_init(void *state, const void *opts, const struct view_context *context,
		       struct table_sink *out, struct fault *fault)
{
	struct states *v = state;
	unsigned int modes;

	v->options = *(const struct states_options *)opts;
	v->context = context;
	v->queue.size = sizeof(struct state_row);
	state_orphans_init(&v->orphans);
	modes = (v->options.with_time ? CLOCK : 0) | (v->options.with_relative ? SECONDS : 0) |
		(v->options.is_wide ? WIDE : 0);
	if (v->options.counts)
		return 0;
	return view_table_begin(&v->table, columns, ARRAY_SIZE(columns), modes, out, fault);
}

static void states_count(struct states *v, const struct state_row *row)
{
	struct state_count *by = v->counts.by_state;

	if (row->newstate > 0 && row->newstate < STATES)
		by[row->newstate].entered++;
	if (row->oldstate <= 0 || row->oldstate >= STATES)
		return;
	if (row->has_spent)
		histogram_add(&by[row->oldstate].spent_ns, row->spent_ns);
	by[row->oldstate].open += !row->newstate;
}

/* Emits the rows from the front of the queue up to the first one that waits. */
static int states_put_ready(struct states *v, uint64_t now_ns, struct table_sink *out,
			    struct fault *fault)
{
	struct state_row *row;
	int r = 0;

	while (!r && (row = state_queue_ready(&v->queue, now_ns, v->context->is_live))) {
		row->seconds_us = view_seconds_us(v->context, row->subject.ts_ns);
		r = view_table_row(&v->table, (const void *[]){row}, out, fault);
		fifo_pop(&v->queue);
	}
	return r;
}

static int states_take(struct states *v, const struct state_row *row, struct table_sink *out,
		       struct fault *fault)
{
	if (v->options.counts) {
		states_count(v, row);
		return 0;
	}
	if (fifo_push(&v->queue, row) < 0)
		return fault_no_memory(fault);
	return states_put_ready(v, row->subject.ts_ns, out, fault);
}

/* Takes a row of a table: of sockets without a process nothing else tells at the end. */
static int states_feed_row(struct states *v, const struct tcp_event *e, struct table_sink *out,
			   struct fault *fault)
{
	struct state_row row;

	if (e->dump == SOCKET_DUMP_END_DONE)
		v->counts.has_end_table = !e->holders;
	if (!event_filter_passes(v->context->filter, e) || !state_orphans_row(&v->orphans, e, &row))
		return 0;
	return states_take(v, &row, out, fault);
}

static int states_feed(void *state, const struct tcp_event *e, struct table_sink *out,
		       struct fault *fault)
{
	struct states *v = state;
	struct state_row row = {
		.oldstate = e->oldstate,
		.newstate = e->newstate,
		.has_spent = e->has_spent,
		.spent_ns = e->spent_ns,
	};

	if (e->kind == TCP_KIND_SOCKET_DUMPED)
		return states_feed_row(v, e, out, fault);
	if (e->ts_ns < v->context->since_ns || !event_filter_passes(v->context->filter, e))
		return 0;
	/* SCTP and DCCP use the same tracepoint, but their states have other meanings. The main
	 * socket of an MPTCP connection goes through its states beside those of its subflows,
	 * which are connections. */
	if (tcp_event_has(e, TCP_FIELD_PROTOCOL) && e->protocol != TCP_PROTOCOL_TCP)
		return 0;
	if (state_orphans_note(&v->orphans, e) < 0)
		return fault_no_memory(fault);
	if (!v->options.counts)
		subject_of_event(&row.subject, e);
	/* The kernel chooses the local port after the change to SYN_SENT; the next event has it. */
	if (e->newstate == TCP_STATE_SYN_SENT && !e->local.port)
		row.waits_for = e->conn;
	return states_take(v, &row, out, fault);
}

static int states_conn(void *state, const struct tcp_conn *c, struct table_sink *out,
		       struct fault *fault)
{
	struct states *v = state;
	struct state_row row = {
		.oldstate = c->state,
		.has_spent = c->state_ns && c->end_ns >= c->state_ns,
	};

	state_queue_decide(&v->queue, c);
	if (c->ending != TCP_ENDING_OPEN || (!v->options.with_open && !v->options.counts) ||
	    !view_shows_conn(v->context, c))
		return 0;
	subject_of_conn(&row.subject, c);
	row.spent_ns = row.has_spent ? c->end_ns - c->state_ns : 0;
	return states_take(v, &row, out, fault);
}

static int states_tick(void *state, uint64_t now_ns, struct table_sink *out, struct fault *fault)
{
	return states_put_ready(state, now_ns, out, fault);
}

static int states_emit(void *state, struct table_sink *out, struct fault *fault)
{
	struct states *v = state;

	if (v->options.counts)
		return state_counts_emit(&v->counts, &v->table, out, fault);
	return states_put_ready(v, UINT64_MAX, out, fault);
}

static void states_done(void *state)
{
	struct states *v = state;

	groups_done(&v->orphans.left);
	fifo_done(&v->queue);
}

const struct view view_states = {
	.name = "states",
	.summary = "state changes, with the time spent in each state",
	.detail =
		"MS is the time spent in OLDSTATE, \"-\" where its beginning is not on the tape.\n"
		"PID is the owner of the socket, not who happened to be on the CPU. SK is this\n"
		"tape's number for the kernel's socket. TIME_WAIT is never seen: the kernel\n"
		"reports CLOSE when a connection enters it. It reports CLOSE, too, when the FIN\n"
		"of a connection is acknowledged that its process has closed: such a connection\n"
		"is in FIN_WAIT2 for longer, and MS is \"-\". No process has such a socket; -o "
		"and\n"
		"-c take those that are left from the table at the end, and PID is who had it.\n"
		"Where the tape has no such table, OPEN of FIN_WAIT2 is \"-\".",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.options_size = sizeof(struct states_options),
	.state_size = sizeof(struct states),
	.wants = states_wants,
	.init = states_init,
	.feeds_all = true,
	.feed = states_feed,
	.conn = states_conn,
	.tick = states_tick,
	.emit = states_emit,
	.done = states_done,
};

// SPDX-License-Identifier: MIT
/*
 * states: one line for each change of state, with the time spent in the state before. What is not
 * known (the state began before the recording) is no zero.
 */
#include <errno.h>
#include <stddef.h>

#include "tcp/names.h"
#include "cells/conn-cells.h"
#include "view/list.h"
#include "view/states.h"

struct states_options {
	bool with_time;
	bool with_relative;
	bool is_wide;
	bool with_open;
	bool counts;
};

#define AT(member) offsetof(struct states_options, member)

static const struct view_option options[] = {
	{"clock", 'T', VIEW_OPTION_FLAG, NULL, "a column with the time", AT(with_time)},
	{"timestamp", 't', VIEW_OPTION_FLAG, NULL, "a column with seconds since the tape's start",
	 AT(with_relative)},
	{"wide", 'w', VIEW_OPTION_FLAG, NULL, "more columns: family, the owner's name",
	 AT(is_wide)},
	{"open", 'o', VIEW_OPTION_FLAG, NULL,
	 "at the end a line for each socket that is still open, with the\ntime in its state so far",
	 AT(with_open)},
	{"count", 'c', VIEW_OPTION_FLAG, NULL, "a line for each state instead", AT(counts)},
};

enum {
	COL_TIME,
	COL_CLOCK,
	COL_RELATIVE,
	COL_TS,
	COL_SK,
	COL_PID,
	COL_COMM,
	COL_FAMILY,
	COL_LADDR,
	COL_LPORT,
	COL_RADDR,
	COL_RPORT,
	COL_OLDSTATE,
	COL_ARROW,
	COL_NEWSTATE,
	COL_MS,
	COL_DURATION,
	COL_OWNER,
	COL_COOKIE,
	COL_NETNS,
	COL_N,
};

static const struct column columns[COL_N] = {
	[COL_TIME] = {.key = "time", .where = COLUMN_DATA},
	[COL_CLOCK] = {.key = "clock", .head = "TIME", .width = 8},
	[COL_RELATIVE] = {.key = "seconds", .head = "TIME(s)", .width = 9, .decimals = 6},
	[COL_TS] = {.key = "ts_ns", .where = COLUMN_DATA},
	[COL_SK] = {.key = "sk", .head = "SK", .where = COLUMN_ALL, .width = 4},
	[COL_PID] = {.key = "pid", .head = "PID", .where = COLUMN_ALL, .width = 5},
	[COL_COMM] = {.key = "comm", .head = "COMM", .where = COLUMN_DATA, .width = 15},
	[COL_FAMILY] = {.key = "family", .head = "IP", .where = COLUMN_DATA},
	[COL_LADDR] = {.key = "laddr", .head = "LADDR", .where = COLUMN_ALL, .width = 9},
	[COL_LPORT] = {.key = "lport", .head = "LPORT", .where = COLUMN_ALL, .width = 5},
	[COL_RADDR] = {.key = "raddr", .head = "RADDR", .where = COLUMN_ALL, .width = 9},
	[COL_RPORT] = {.key = "rport", .head = "RPORT", .where = COLUMN_ALL, .width = 5},
	[COL_OLDSTATE] = {.key = "oldstate", .head = "OLDSTATE", .where = COLUMN_ALL, .width = 11},
	[COL_ARROW] = {.key = "arrow", .head = "->", .where = COLUMN_TEXT, .width = 2},
	[COL_NEWSTATE] = {.key = "newstate", .head = "NEWSTATE", .where = COLUMN_ALL, .width = 11},
	[COL_MS] = {.key = "ms",
		    .head = "MS",
		    .where = COLUMN_TEXT,
		    .width = 7,
		    .is_right = true,
		    .decimals = 3},
	[COL_DURATION] = {.key = "duration_ns", .where = COLUMN_DATA},
	[COL_OWNER] = {.key = "owner", .where = COLUMN_DATA},
	[COL_COOKIE] = {.key = "cookie", .where = COLUMN_DATA},
	[COL_NETNS] = {.key = "netns", .where = COLUMN_DATA},
};

struct states {
	struct states_options options;
	const struct view_context *context;
	struct column columns[COL_N];
	struct state_counts counts;
	struct fifo queue; /* of struct state_row */
};

static tcp_kinds states_wants(const void *opts)
{
	return TCP_KIND_BIT(TCP_KIND_SET_STATE);
}

static int states_init(void *state, const void *opts, const struct view_context *context,
		       struct table_sink *out, struct fault *fault)
{
	struct states *v = state;

	v->options = *(const struct states_options *)opts;
	v->context = context;
	v->queue.size = sizeof(struct state_row);
	memcpy(v->columns, columns, sizeof(columns));
	if (v->options.with_time)
		v->columns[COL_CLOCK].where = COLUMN_TEXT;
	if (v->options.with_relative)
		v->columns[COL_RELATIVE].where = COLUMN_TEXT;
	if (v->options.is_wide) {
		v->columns[COL_COMM].where = COLUMN_ALL;
		v->columns[COL_FAMILY].where = COLUMN_ALL;
	}
	return v->options.counts ? 0 : table_begin(out, v->columns, COL_N, fault);
}

static int put_row(struct states *v, const struct state_row *h, struct table_sink *out,
		   struct fault *fault)
{
	uint64_t start = v->context->start ? v->context->start(v->context->userdata) : 0;
	uint8_t family = h->local.addr.family ? h->local.addr.family : h->remote.addr.family;
	struct cell cells[COL_N] = {
		[COL_TIME] = cell_time(h->ts_ns),
		[COL_CLOCK] = cell_time(h->ts_ns),
		[COL_RELATIVE] = cell_fixed(h->ts_ns > start ? (h->ts_ns - start) / 1000 : 0),
		[COL_TS] = cell_u64(h->ts_ns),
		[COL_SK] = h->sk ? cell_hex(h->sk) : cell_absent(),
		[COL_PID] = cell_pid(h->pid),
		[COL_COMM] = h->comm[0] ? cell_str(h->comm) : cell_absent(),
		[COL_FAMILY] = cell_some(family ? family : h->family),
		[COL_LADDR] = cell_addr(&h->local.addr),
		[COL_LPORT] = cell_port(h->local.port),
		[COL_RADDR] = cell_addr(&h->remote.addr),
		[COL_RPORT] = cell_port(h->remote.port),
		[COL_OLDSTATE] = h->oldstate ? cell_state(h->oldstate) : cell_absent(),
		[COL_ARROW] = cell_str("->"),
		[COL_NEWSTATE] = h->newstate ? cell_state(h->newstate) : cell_absent(),
		[COL_MS] = h->has_spent ? cell_fixed((h->spent_ns + 500) / 1000) : cell_absent(),
		[COL_DURATION] = cell_if(h->has_spent, h->spent_ns),
		[COL_OWNER] = cell_str(h->owner),
		[COL_COOKIE] = cell_some(h->cookie),
		[COL_NETNS] = cell_some(h->netns),
	};

	return table_row(out, cells, fault);
}

static void count(struct states *v, const struct state_row *h)
{
	struct state_count *by = v->counts.by_state;

	if (h->newstate > 0 && h->newstate < STATES)
		by[h->newstate].entered++;
	if (h->oldstate <= 0 || h->oldstate >= STATES)
		return;
	if (h->has_spent)
		histogram_add(&by[h->oldstate].spent_ns, h->spent_ns);
	by[h->oldstate].open += !h->newstate;
}

/* Rows in order, as far as they wait for nothing. */
static int put_ready(struct states *v, uint64_t now_ns, struct table_sink *out, struct fault *fault)
{
	const struct state_row *row;
	int r = 0;

	while (!r && (row = state_queue_ready(&v->queue, now_ns, v->context->is_live))) {
		r = put_row(v, row, out, fault);
		fifo_pop(&v->queue);
	}
	return r;
}

static int take(struct states *v, const struct state_row *row, struct table_sink *out,
		struct fault *fault)
{
	if (v->options.counts) {
		count(v, row);
		return 0;
	}
	if (fifo_push(&v->queue, row) < 0)
		return fault_errno(fault, -ENOMEM, "rows");
	return put_ready(v, row->ts_ns, out, fault);
}

static void set_comm(struct state_row *row, const char *comm)
{
	size_t len = comm ? strnlen(comm, sizeof(row->comm) - 1) : 0;

	if (len)
		memcpy(row->comm, comm, len);
}

static int states_feed(void *state, const struct tcp_event *e, struct table_sink *out,
		       struct fault *fault)
{
	const struct tcp_conn *c = e->conn;
	struct state_row row = {
		.ts_ns = e->ts_ns,
		.oldstate = e->oldstate,
		.newstate = e->newstate,
		.has_spent = e->has_spent,
		.spent_ns = e->spent_ns,
		.sk = tcp_event_has(e, TCP_FIELD_SK) ? e->sk : 0,
		.pid = e->pid,
		.owner = e->owner,
		.family = e->family,
		.local = e->local,
		.remote = e->remote,
		.cookie = c ? c->cookie : 0,
		.netns = c ? c->netns : 0,
	};

	/* SCTP and DCCP use the same event, with meanings of their own. */
	if (tcp_event_has(e, TCP_FIELD_PROTOCOL) && e->protocol != TCP_PROTOCOL_TCP &&
	    e->protocol != TCP_PROTOCOL_MPTCP)
		return 0;
	set_comm(&row, e->comm);
	/* The port is chosen behind the change to SYN_SENT; the next event has it. */
	if (e->newstate == TCP_STATE_SYN_SENT && !e->local.port)
		row.waits_for = c;
	return take(state, &row, out, fault);
}

static int states_conn(void *state, const struct tcp_conn *c, struct table_sink *out,
		       struct fault *fault)
{
	struct states *v = state;
	struct state_row row = {
		.ts_ns = c->end_ns,
		.oldstate = c->state,
		.has_spent = c->state_ns && c->end_ns >= c->state_ns,
		.sk = c->sk,
		.pid = c->owner.pid,
		.owner = owner_basis_name(c->owner.basis),
		.family = c->family,
		.local = c->local,
		.remote = c->remote,
		.cookie = c->cookie,
		.netns = c->netns,
	};

	state_queue_decide(&v->queue, c);
	if (c->ending != TCP_ENDING_OPEN || (!v->options.with_open && !v->options.counts) ||
	    !view_shows_conn(v->context, c))
		return 0;
	row.spent_ns = row.has_spent ? c->end_ns - c->state_ns : 0;
	set_comm(&row, c->owner.comm);
	return take(v, &row, out, fault);
}

static int states_tick(void *state, uint64_t now_ns, struct table_sink *out, struct fault *fault)
{
	return put_ready(state, now_ns, out, fault);
}

static int states_emit(void *state, struct table_sink *out, struct fault *fault)
{
	struct states *v = state;

	if (v->options.counts)
		return state_counts_emit(&v->counts, out, fault);
	return put_ready(v, UINT64_MAX, out, fault);
}

static void states_done(void *state)
{
	struct states *v = state;

	fifo_done(&v->queue);
}

const struct view view_states = {
	.name = "states",
	.summary = "state changes, with the time spent in each state",
	.detail =
		"MS is the time spent in OLDSTATE, \"-\" where its beginning is not on the tape.\n"
		"PID is the owner of the socket, not who happened to be on the CPU. SK is this\n"
		"tape's number for the kernel's socket. TIME_WAIT is never seen: a connection\n"
		"that goes there goes to CLOSE.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.options_size = sizeof(struct states_options),
	.state_size = sizeof(struct states),
	.wants = states_wants,
	.init = states_init,
	.feed = states_feed,
	.conn = states_conn,
	.tick = states_tick,
	.emit = states_emit,
	.done = states_done,
};

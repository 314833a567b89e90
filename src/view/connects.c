// SPDX-License-Identifier: MIT
/*
 * connects: one line for each attempt to connect from this host: how long it took, how many SYNs
 * it needed, what came of it. The line of a success is out when it is established, that of a
 * failure when the socket is closed.
 */
#include "view/connects.h"

#include <errno.h>
#include <stddef.h>

#include "base/units.h"
#include "tcp/names.h"
#include "cells/conn-cells.h"
#include "view/list.h"

struct connects_options {
	uint64_t min_ms;
	bool failed_only;
	bool is_wide;
	bool counts;
};

#define AT(member) offsetof(struct connects_options, member)

static const struct view_option options[] = {
	{"min", 'm', VIEW_OPTION_COUNT, "MS", "only those that took at least so many milliseconds",
	 AT(min_ms)},
	{"failed", 'x', VIEW_OPTION_FLAG, NULL, "only those that failed", AT(failed_only)},
	{"wide", 'w', VIEW_OPTION_FLAG, NULL, "more columns: the local port, the error",
	 AT(is_wide)},
	{"count", 'c', VIEW_OPTION_FLAG, NULL,
	 "summed up instead: per destination, a histogram of latencies, how\nmany SYNs it took, "
	 "and "
	 "SYN-ACKs sent again per listener",
	 AT(counts)},
};

enum {
	COL_TIME,
	COL_TS,
	COL_PID,
	COL_COMM,
	COL_FAMILY,
	COL_LADDR,
	COL_LPORT,
	COL_RADDR,
	COL_RPORT,
	COL_MS,
	COL_SYNS,
	COL_RESULT,
	COL_ERR_NAME,
	COL_ERR,
	COL_DURATION,
	COL_OWNER,
	COL_SK,
	COL_COOKIE,
	COL_NETNS,
	COL_INCOMPLETE,
	COL_N,
};

static const struct column columns[COL_N] = {
	[COL_TIME] = {.key = "time", .head = "TIME", .where = COLUMN_ALL, .width = 8},
	[COL_TS] = {.key = "ts_ns", .where = COLUMN_DATA},
	[COL_PID] = {.key = "pid", .head = "PID", .where = COLUMN_ALL, .width = 5},
	[COL_COMM] = {.key = "comm", .head = "COMM", .where = COLUMN_ALL, .width = 9},
	[COL_FAMILY] = {.key = "family", .head = "IP", .where = COLUMN_ALL, .width = 2},
	[COL_LADDR] = {.key = "laddr", .head = "LADDR", .where = COLUMN_ALL, .width = 9},
	[COL_LPORT] = {.key = "lport", .head = "LPORT", .where = COLUMN_DATA, .width = 5},
	[COL_RADDR] = {.key = "raddr", .head = "RADDR", .where = COLUMN_ALL, .width = 9},
	[COL_RPORT] = {.key = "rport", .head = "RPORT", .where = COLUMN_ALL, .width = 5},
	[COL_MS] = {.key = "ms",
		    .head = "LAT_MS",
		    .where = COLUMN_TEXT,
		    .width = 8,
		    .is_right = true,
		    .decimals = 2},
	[COL_SYNS] = {.key = "syn_retrans", .head = "RETR", .where = COLUMN_ALL, .is_right = true},
	[COL_RESULT] = {.key = "result", .head = "RESULT", .where = COLUMN_ALL, .width = 8},
	[COL_ERR_NAME] = {.key = "err_name", .head = "ERR"},
	[COL_ERR] = {.key = "err", .where = COLUMN_DATA},
	[COL_DURATION] = {.key = "duration_ns", .where = COLUMN_DATA},
	[COL_OWNER] = {.key = "owner", .where = COLUMN_DATA},
	[COL_SK] = {.key = "sk", .where = COLUMN_DATA},
	[COL_COOKIE] = {.key = "cookie", .where = COLUMN_DATA},
	[COL_NETNS] = {.key = "netns", .where = COLUMN_DATA},
	[COL_INCOMPLETE] = {.key = "incomplete", .where = COLUMN_DATA},
};

struct connects {
	struct connects_options options;
	const struct view_context *context;
	struct column columns[COL_N];
	struct connect_counts counts;
};

static tcp_kinds connects_wants(const void *opts)
{
	return TCP_KIND_BIT(TCP_KIND_SET_STATE);
}

static int connects_init(void *state, const void *opts, const struct view_context *context,
			 struct table_sink *out, struct fault *fault)
{
	struct connects *v = state;

	v->options = *(const struct connects_options *)opts;
	v->context = context;
	connect_counts_init(&v->counts);
	memcpy(v->columns, columns, sizeof(columns));
	if (v->options.is_wide)
		v->columns[COL_LPORT].where = v->columns[COL_ERR_NAME].where = COLUMN_ALL;
	return v->options.counts ? 0 : table_begin(out, v->columns, COL_N, fault);
}

static struct cell err_cell(const struct tcp_conn *c)
{
	int32_t err = tcp_conn_cold(c)->err;
	const char *name = err ? tcp_errno_name(err) : NULL;

	return name ? cell_str(name) : cell_absent();
}

static bool is_wanted(const struct connects *v, const struct tcp_conn *c, uint64_t ts_ns,
		      enum connect_result result)
{
	uint64_t ns;

	if (!view_in_window(v->context, ts_ns) || !event_filter_passes_conn(v->context->filter, c))
		return false;
	if (v->options.failed_only && (result == CONNECT_OK || result == CONNECT_PENDING))
		return false;
	return !v->options.min_ms ||
	       (connect_latency(c, &ns) && ns >= v->options.min_ms * NSEC_PER_MSEC);
}

static int show(struct connects *v, const struct tcp_conn *c, uint64_t ts_ns,
		enum connect_result result, struct table_sink *out, struct fault *fault)
{
	/* Who connected, even where another process has the socket by now. */
	const struct owner opener = tcp_conn_opener(c), *who = opener.basis ? &opener : &c->owner;
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);
	uint64_t ns = 0;
	bool has_ns = connect_latency(c, &ns);
	const struct cell cells[COL_N] = {
		[COL_TIME] = cell_time(ts_ns),
		[COL_TS] = cell_u64(ts_ns),
		[COL_PID] = cell_pid(who->pid),
		[COL_COMM] = cell_str(who->comm),
		[COL_FAMILY] = cell_conn_family(c),
		[COL_LADDR] = cell_addr(&c->local.addr),
		[COL_LPORT] = cell_port(c->local.port),
		[COL_RADDR] = cell_addr(&c->remote.addr),
		[COL_RPORT] = cell_port(c->remote.port),
		[COL_MS] = has_ns ? cell_fixed((ns + 5000) / 10000) : cell_absent(),
		[COL_SYNS] = cell_if(c->knows_retrans || cold->n_syns, cold->n_syns),
		[COL_RESULT] = cell_str(connect_result_name(result)),
		[COL_ERR_NAME] = err_cell(c),
		[COL_ERR] = cold->err && result != CONNECT_OK ? cell_i64(cold->err) : cell_absent(),
		[COL_DURATION] = cell_if(has_ns, ns),
		[COL_OWNER] = cell_owner(who),
		[COL_SK] = c->sk ? cell_hex(c->sk) : cell_absent(),
		[COL_COOKIE] = cell_some(c->cookie),
		[COL_NETNS] = cell_some(c->netns),
		[COL_INCOMPLETE] = c->has_loss ? cell_str("loss") : cell_absent(),
	};

	return table_row(out, cells, fault);
}

static int take(struct connects *v, const struct tcp_conn *c, uint64_t ts_ns,
		enum connect_result result, struct table_sink *out, struct fault *fault)
{
	if (!is_wanted(v, c, ts_ns, result))
		return 0;
	if (!v->options.counts)
		return show(v, c, ts_ns, result, out, fault);
	return connect_counts_add(&v->counts, c) < 0 ? fault_errno(fault, -ENOMEM, "counts") : 0;
}

static int connects_feed(void *state, const struct tcp_event *e, struct table_sink *out,
			 struct fault *fault)
{
	const struct tcp_conn *c = e->conn;

	if (e->newstate != TCP_STATE_ESTABLISHED || !c || c->origin != TCP_ORIGIN_CONNECT ||
	    c->established_ns != e->ts_ns || tcp_conn_is_emitted(c))
		return 0;
	return take(state, c, e->ts_ns, CONNECT_OK, out, fault);
}

static int connects_conn(void *state, const struct tcp_conn *c, struct table_sink *out,
			 struct fault *fault)
{
	struct connects *v = state;

	if (tcp_conn_cold(c)->n_synacks && v->options.counts &&
	    view_in_window(v->context, c->seen_ns) &&
	    event_filter_passes_conn(v->context->filter, c) &&
	    connect_counts_add_synacks(&v->counts, c) < 0)
		return fault_errno(fault, -ENOMEM, "counts");
	/* Its line was out when it was established. */
	if (c->origin != TCP_ORIGIN_CONNECT || c->established_ns)
		return 0;
	return take(v, c, c->end_ns, connect_result_of(c), out, fault);
}

static int connects_emit(void *state, struct table_sink *out, struct fault *fault)
{
	struct connects *v = state;

	return v->options.counts ? connect_counts_emit(&v->counts, out, fault) : 0;
}

static void connects_done(void *state)
{
	struct connects *v = state;

	connect_counts_done(&v->counts);
}

const struct view view_connects = {
	.name = "connects",
	.summary = "attempts to connect: latency, SYNs sent again, failures",
	.detail = "TIME is when it was established, or had failed. LAT_MS is the time since the "
		  "first\n"
		  "SYN; RETR how many SYNs were sent again. PID is who called connect().\n"
		  "RESULT: ok, refused, timeout, unreachable, error, aborted (its process left),\n"
		  "pending (not over where the tape ends).\n"
		  "With -c also how many SYN-ACKs each listener of this host had to send again:\n"
		  "either a full backlog drops the last packet of the handshake here, or the path\n"
		  "loses packets.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.options_size = sizeof(struct connects_options),
	.state_size = sizeof(struct connects),
	.wants = connects_wants,
	.init = connects_init,
	.feeds_all = true,
	.feed = connects_feed,
	.conn = connects_conn,
	.emit = connects_emit,
	.done = connects_done,
};

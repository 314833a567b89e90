// SPDX-License-Identifier: MIT
/*
 * connects: one line for each attempt to connect from this host: how long it took, how many SYNs it
 * needed, and its result. The line of a success is emitted when the connection is established, that
 * of a failure when its socket is closed.
 */
#include "view/connects.h"

#include <stddef.h>

#include "base/units.h"
#include "cells/conn-cells.h"
#include "tcp/names.h"

struct connects_options {
	uint64_t min_ms;
	bool failed_only;
	bool is_wide;
	bool counts;
};

#define AT(member) offsetof(struct connects_options, member)

static const struct option_spec options[] = {
	{"min", 'm', "MS", "only those that took at least so many milliseconds", option_u64,
	 AT(min_ms), NULL},
	{"failed", 'x', NULL, "only those that failed, or whose answer is overdue", option_flag,
	 AT(failed_only), NULL},
	{"wide", 'w', NULL, "more columns: the local port, the error, why", option_flag,
	 AT(is_wide), NULL},
	{"count", 'c', NULL,
	 "summed up instead: per destination, why attempts failed, a histogram\nof latencies, how "
	 "many SYNs it took, and SYN-ACKs retransmitted per listener",
	 option_flag, AT(counts), NULL},
};

struct connects {
	struct connects_options options;
	const struct view_context *context;
	struct view_table table;
	struct connect_counts counts;
};

struct connects_row {
	struct subject subject;
	const char *result, *err_name, *why, *incomplete;
	int32_t err;
	const char *began;
	struct ip_addr instead;
	struct cell ms, duration, syns;
	const char *subflow;
	struct cell mptcp_token;
};

enum { WIDE = 1 };

#define ROW(member) .at = offsetof(struct connects_row, member)

static const struct view_column columns[] = {
	{"time", "TIME", COLUMN_ALL, 8, column_time, SUBJECT(ts_ns)},
	{"ts_ns", NULL, COLUMN_DATA, 0, column_u64, SUBJECT(ts_ns)},
	{"pid", "PID", COLUMN_ALL, 5, column_pid, SUBJECT(pid)},
	{"comm", "COMM", COLUMN_ALL, 9, column_chars, SUBJECT(comm)},
	{"family", "IP", COLUMN_ALL, 2, column_subject_family, .at = 0},
	{"laddr", "LADDR", COLUMN_ALL, 9, column_addr, SUBJECT(local.addr)},
	{"lport", "LPORT", COLUMN_DATA, 5, column_port, SUBJECT(local.port), .also = WIDE},
	{"raddr", "RADDR", COLUMN_ALL, 9, column_addr, SUBJECT(remote.addr)},
	{"rport", "RPORT", COLUMN_ALL, 5, column_port, SUBJECT(remote.port)},
	{"ms", "LAT_MS", COLUMN_TEXT, 8, column_cell, ROW(ms), .is_right = true, .decimals = 2},
	{"syn_retrans", "RETR", COLUMN_ALL, 0, column_cell, ROW(syns), .is_right = true},
	{"result", "RESULT", COLUMN_ALL, 8, column_word, ROW(result)},
	{"err_name", "ERR", COLUMN_TEXT, 0, column_word, ROW(err_name), .only = WIDE},
	{"why", "WHY", COLUMN_TEXT, 0, column_word, ROW(why), .only = WIDE},
	{"err", NULL, COLUMN_DATA, 0, column_some_i32, ROW(err)},
	{"duration_ns", NULL, COLUMN_DATA, 0, column_cell, ROW(duration)},
	{"owner", NULL, COLUMN_DATA, 0, column_word, SUBJECT(owner)},
	{"sk", NULL, COLUMN_DATA, 0, column_some_hex, SUBJECT(sk)},
	{"cookie", NULL, COLUMN_DATA, 0, column_some_u64, SUBJECT(cookie)},
	{"netns", NULL, COLUMN_DATA, 0, column_some_u32, SUBJECT(netns)},
	{"incomplete", NULL, COLUMN_DATA, 0, column_word, ROW(incomplete)},
	{"err_name", NULL, COLUMN_DATA, 0, column_word, ROW(err_name)},
	{"why", NULL, COLUMN_DATA, 0, column_word, ROW(why)},
	{"instead", NULL, COLUMN_DATA, 0, column_addr, ROW(instead)},
	{"began", NULL, COLUMN_DATA, 0, column_word, ROW(began)},
	{"mptcp_subflow", NULL, COLUMN_DATA, 0, column_word, ROW(subflow)},
	{"mptcp_token", NULL, COLUMN_DATA, 0, column_cell, ROW(mptcp_token)},
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
	if (v->options.counts)
		return 0;
	return view_table_begin(&v->table, columns, ARRAY_SIZE(columns),
				v->options.is_wide ? WIDE : 0, out, fault);
}

static bool attempt_is_wanted(const struct connects *v, const struct tcp_conn *c, uint64_t ts_ns,
			      enum connect_result result)
{
	uint64_t ns;

	if (!view_in_window(v->context, ts_ns) || !event_filter_passes_conn(v->context->filter, c))
		return false;
	if (v->options.failed_only && !connect_has_failed(c, result))
		return false;
	return !v->options.min_ms ||
	       (connect_latency(c, &ns) && ns >= v->options.min_ms * NSEC_PER_MSEC);
}

static int connects_put(struct connects *v, const struct tcp_conn *c, uint64_t ts_ns,
			enum connect_result result, struct table_sink *out, struct fault *fault)
{
	/* The row shows the process that connected, even if another one owns the socket now. */
	const struct owner opener = tcp_conn_opener(c);
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);
	uint64_t ns = 0;
	bool has_ns = connect_latency(c, &ns);
	struct connects_row row = {
		.result = connect_result_name(result),
		.err_name = cold->err ? tcp_errno_name(cold->err) : NULL,
		.err = result == CONNECT_OK ? 0 : cold->err,
		.ms = has_ns ? cell_fixed((ns + 5000) / 10000) : cell_absent(),
		.duration = cell_if(has_ns, ns),
		.syns = cell_if(c->knows_retrans || connect_syns(c), connect_syns(c)),
		.why = connect_why(c, result),
		.began = c->is_born ? NULL : tcp_origin_name(TCP_ORIGIN_TABLE),
		.instead = tcp_conn_attempt(c)->rival,
		.incomplete = c->has_loss ? "loss" : NULL,
		.subflow = tcp_subflow_name(c->subflow),
		.mptcp_token = cell_mptcp_token(c),
	};

	subject_of_conn(&row.subject, c);
	row.subject.ts_ns = ts_ns;
	if (opener.basis) {
		row.subject.pid = opener.pid;
		row.subject.owner = owner_basis_name(opener.basis);
		subject_set_comm(&row.subject, opener.comm);
	}
	return view_table_row(&v->table, (const void *[]){&row}, out, fault);
}

static int connects_take(struct connects *v, const struct tcp_conn *c, uint64_t ts_ns,
			 enum connect_result result, struct table_sink *out, struct fault *fault)
{
	if (!attempt_is_wanted(v, c, ts_ns, result))
		return 0;
	if (!v->options.counts)
		return connects_put(v, c, ts_ns, result, out, fault);
	/* No process asked for a further subflow. */
	return !tcp_conn_is_join(c) && connect_counts_add(&v->counts, c) < 0
		       ? fault_no_memory(fault)
		       : 0;
}

static int connects_feed(void *state, const struct tcp_event *e, struct table_sink *out,
			 struct fault *fault)
{
	const struct tcp_conn *c = e->conn;

	if (e->newstate != TCP_STATE_ESTABLISHED || !c || !tcp_conn_is_attempt(c) ||
	    c->established_ns != e->ts_ns || tcp_conn_is_emitted(c))
		return 0;
	return connects_take(state, c, e->ts_ns, tcp_conn_is_join(c) ? CONNECT_JOINED : CONNECT_OK,
			     out, fault);
}

static int connects_conn(void *state, const struct tcp_conn *c, struct table_sink *out,
			 struct fault *fault)
{
	struct connects *v = state;

	if (tcp_conn_cold(c)->n_synacks && v->options.counts &&
	    view_in_window(v->context, c->seen_ns) &&
	    event_filter_passes_conn(v->context->filter, c) &&
	    connect_counts_add_synacks(&v->counts, c) < 0)
		return fault_no_memory(fault);
	/* The line of a success was emitted when the connection was established. */
	if (!tcp_conn_is_attempt(c) || c->established_ns)
		return 0;
	return connects_take(v, c, c->end_ns, connect_result_of(c), out, fault);
}

static int connects_emit(void *state, struct table_sink *out, struct fault *fault)
{
	struct connects *v = state;

	return v->options.counts ? connect_counts_emit(&v->counts, &v->table, out, fault) : 0;
}

static void connects_done(void *state)
{
	struct connects *v = state;

	connect_counts_done(&v->counts);
}

const struct view view_connects = {
	.name = "connects",
	.summary = "attempts to connect: latency, retransmitted SYNs, failures",
	.detail =
		"TIME is when the attempt had succeeded or failed. LAT_MS is the time since its\n"
		"first SYN, \"-\" if that was sent before the recording began; RETR is how many\n"
		"SYNs were retransmitted. PID is the process that called connect().\n"
		"RESULT is one of: ok; refused (a RST, or ICMP: port closed); reset (a RST after\n"
		"the SYN was answered); timeout (the kernel gave up); unreachable (an ICMP\n"
		"error); local (connect() failed on this host: no local port is free, or it could\n"
		"not send); error (another error); aborted (its process closed it, or ended);\n"
		"superseded (the same, as the process had connected to another address: RFC 8305;\n"
		"no failure); pending (not over where the tape ends); unseen (over, but its end\n"
		"is not on the tape). A pending attempt counts as failed from its second SYN on,\n"
		"or after a second.\n"
		"joined and not-joined (failed, or no answer yet) are no connects of a process, "
		"and\n"
		"no failures: the kernel wanted to add a subflow to an MPTCP connection, which\n"
		"lives on without it. -c leaves them out.\n"
		"Some failures leave no event, because connect() returns before the socket leaves\n"
		"CLOSE: no route to the host (ENETUNREACH), a route of type unreachable, prohibit\n"
		"or blackhole (EHOSTUNREACH, EACCES, EINVAL), a refusal by a security module or a\n"
		"BPF program (EPERM, EACCES), an address of another family (EAFNOSUPPORT).\n"
		"With -c also how many SYN-ACKs each listener of this host had to retransmit:\n"
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

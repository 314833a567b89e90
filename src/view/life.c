// SPDX-License-Identifier: MIT
/*
 * life: one line for each connection, with its duration, bytes and ending. It is emitted when the
 * connection has ended, or at the end of the tape if it is open. The time of a row is that of the
 * end.
 */
#include <stddef.h>

#include "base/options.h"
#include "base/suggest.h"
#include "cells/conn-cells.h"
#include "view/life.h"
#include "view/mptcp-sums.h"
#include "view/subject.h"
#include "view/view.h"

struct life_options {
	bool with_time;
	bool with_relative;
	bool is_wide;
	bool counts;
	const char *group;
};

#define AT(member) offsetof(struct life_options, member)

static const struct option_spec options[] = {
	{"clock", 'T', NULL, "a column with the time of the end", option_flag, AT(with_time), NULL},
	{"timestamp", 't', NULL, "a column with seconds since the tape's start", option_flag,
	 AT(with_relative), NULL},
	{"wide", 'w', NULL,
	 "more columns: family, retransmits, round-trip times, how it\nbegan and ended, how the "
	 "owner is known",
	 option_flag, AT(is_wide), NULL},
	{"count", 'c', NULL, "how many ended how, instead of a line each", option_flag, AT(counts),
	 NULL},
	{"group", 'g', "BY",
	 "count per ending, peer, port (the lower one), process,\ncontainer or label (of the peer)",
	 option_str, AT(group), NULL},
};

struct life {
	struct life_options options;
	const struct view_context *context;
	struct view_table table;
	struct text ms, end;
	struct life_counts counts;
	struct mptcp_sums mptcp; /* of subflows, which the last lines show */
	bool has_bounds;	 /* a line has ">", which the last lines explain */
	bool has_losses;	 /* a line has "*", which the last lines explain */
	bool has_offload; /* a line has more segments than events, which the last lines explain */
};

struct life_row {
	struct subject subject;
	struct life *life;
	const struct tcp_conn *conn;
	uint64_t ns; /* from birth, or else from tcp_conn.seen_ns, to the end */
	bool is_exact;
	int32_t state;
	const char *sign, *began, *ended, *incomplete, *subflow;
	struct cell mptcp_token;
	struct byte_cells bytes;
	struct cell retrans, rtt_ms, duration, observed, connect;
	struct cell total_retrans, retrans_segs, rtt_us, min_rtt_us, rto_us;
};

static struct cell life_ms(const void *at)
{
	const struct life_row *row = at;

	return conn_ms_cell(&row->life->ms, row->ns, row->is_exact, row->conn->has_loss);
}

static struct cell life_seconds(const void *at)
{
	const struct life_row *row = at;

	return cell_fixed(view_seconds_us(row->life->context, row->conn->end_ns));
}

/* How it ended; and that it is a subflow, whose bytes are a part of its connection's. */
static struct cell life_end(const void *at)
{
	const struct life_row *row = at;
	const struct tcp_conn *c = row->conn;
	struct text *t = &row->life->end;

	if (!c->subflow)
		return cell_word(row->sign);
	text_clear(t);
	text_str(t, row->sign);
	text_char(t, ' ');
	mptcp_name_text(c, t);
	return cell_str(text_cstr(t));
}

static struct cell life_container_by(const void *at)
{
	const struct owner_cgroup *g = at;

	return g->container || g->unit ? cell_word(cgroup_basis_name(g->by)) : cell_absent();
}

enum { CLOCK = 1, SECONDS = 2, WIDE = 4 };

#define COLD(member)   .part = 1, .at = offsetof(struct tcp_conn_cold, member)
#define CGROUP(member) .part = 2, .at = offsetof(struct owner_cgroup, member)
#define ROW(member)    .at = offsetof(struct life_row, member)

static const struct view_column columns[] = {
	{"time", NULL, COLUMN_DATA, 0, column_time, SUBJECT(ts_ns)},
	{"clock", "TIME", COLUMN_TEXT, 8, column_time, SUBJECT(ts_ns), .only = CLOCK},
	{"seconds", "TIME(s)", COLUMN_TEXT, 9, life_seconds, .at = 0, .decimals = 6,
	 .only = SECONDS},
	{"ts_ns", NULL, COLUMN_DATA, 0, column_u64, SUBJECT(ts_ns)},
	{"pid", "PID", COLUMN_ALL, 5, column_pid, SUBJECT(pid)},
	{"comm", "COMM", COLUMN_ALL, 7, column_chars, SUBJECT(comm), .unless = WIDE},
	{"comm", "COMM", COLUMN_TEXT, 15, column_chars, SUBJECT(comm), .only = WIDE},
	{"family", "IP", COLUMN_DATA, 2, column_subject_family, .also = WIDE},
	{"laddr", "LADDR", COLUMN_ALL, 9, column_addr, SUBJECT(local.addr)},
	{"lport", "LPORT", COLUMN_ALL, 5, column_port, SUBJECT(local.port)},
	{"raddr", "RADDR", COLUMN_ALL, 9, column_addr, SUBJECT(remote.addr)},
	{"rport", "RPORT", COLUMN_ALL, 5, column_port, SUBJECT(remote.port)},
	{"tx_kb", "TX_KB", COLUMN_TEXT, 5, column_cell, ROW(bytes.tx_kb), .is_right = true},
	{"rx_kb", "RX_KB", COLUMN_TEXT, 5, column_cell, ROW(bytes.rx_kb), .is_right = true},
	{"ms", "MS", COLUMN_TEXT, 7, life_ms, .is_right = true, .decimals = 2},
	{"end", "END", COLUMN_TEXT, 0, life_end, .at = 0, .unless = WIDE},
	{"retrans", "RETR", COLUMN_DATA, 0, column_cell, ROW(retrans), .is_right = true,
	 .also = WIDE},
	{"retrans_segs", "SEGS", COLUMN_TEXT, 0, column_cell, ROW(retrans_segs), .is_right = true,
	 .only = WIDE},
	{"rtt_ms", "RTT_MS", COLUMN_TEXT, 0, column_cell, ROW(rtt_ms), .is_right = true,
	 .decimals = 3, .only = WIDE},
	{"began", "BEGAN", COLUMN_DATA, 7, column_word, ROW(began), .also = WIDE},
	{"ended", "ENDED", COLUMN_DATA, 10, column_word, ROW(ended), .also = WIDE},
	{"owner", "OWNER", COLUMN_DATA, 0, column_word, SUBJECT(owner), .also = WIDE},
	{"cgroup", NULL, COLUMN_DATA, 0, column_str, CGROUP(path)},
	{"container", NULL, COLUMN_DATA, 0, column_str, CGROUP(container)},
	{"netns", NULL, COLUMN_DATA, 0, column_some_u32, SUBJECT(netns)},
	{"sk", NULL, COLUMN_DATA, 0, column_some_hex, SUBJECT(sk)},
	{"cookie", NULL, COLUMN_DATA, 0, column_some_u64, SUBJECT(cookie)},
	{"state", NULL, COLUMN_DATA, 0, column_state, ROW(state)},
	{"err", NULL, COLUMN_DATA, 0, column_some_i32, COLD(err)},
	{"duration_ns", NULL, COLUMN_DATA, 0, column_cell, ROW(duration)},
	{"observed_ns", NULL, COLUMN_DATA, 0, column_cell, ROW(observed)},
	{"connect_ns", NULL, COLUMN_DATA, 0, column_cell, ROW(connect)},
	{"tx_bytes", NULL, COLUMN_DATA, 0, column_cell, ROW(bytes.tx)},
	{"rx_bytes", NULL, COLUMN_DATA, 0, column_cell, ROW(bytes.rx)},
	{"bytes_by", NULL, COLUMN_DATA, 0, column_cell, ROW(bytes.by)},
	{"timeouts", NULL, COLUMN_DATA, 0, column_some_u32, COLD(n_timeouts)},
	{"loss_probes", NULL, COLUMN_DATA, 0, column_some_u32, COLD(n_probes)},
	{"failed_attempts", NULL, COLUMN_DATA, 0, column_some_u32, COLD(n_failed)},
	{"synack_retrans", NULL, COLUMN_DATA, 0, column_some_u32, COLD(n_synacks)},
	{"total_retrans", NULL, COLUMN_DATA, 0, column_cell, ROW(total_retrans)},
	{"rtt_us", NULL, COLUMN_DATA, 0, column_cell, ROW(rtt_us)},
	{"min_rtt_us", NULL, COLUMN_DATA, 0, column_cell, ROW(min_rtt_us)},
	{"rto_us", NULL, COLUMN_DATA, 0, column_cell, ROW(rto_us)},
	{"resets_sent", NULL, COLUMN_DATA, 0, column_some_u16, COLD(n_resets_sent)},
	{"resets_received", NULL, COLUMN_DATA, 0, column_some_u16, COLD(n_resets_received)},
	{"incomplete", NULL, COLUMN_DATA, 0, column_word, ROW(incomplete)},
	{"retrans_segs", NULL, COLUMN_DATA, 0, column_cell, ROW(retrans_segs)},
	{"container_by", NULL, COLUMN_DATA, 0, life_container_by, .part = 2, .at = 0},
	{"pod", NULL, COLUMN_DATA, 0, column_str, CGROUP(pod)},
	{"unit", NULL, COLUMN_DATA, 0, column_str, CGROUP(unit)},
	{"mptcp_subflow", NULL, COLUMN_DATA, 0, column_word, ROW(subflow)},
	{"mptcp_token", NULL, COLUMN_DATA, 0, column_cell, ROW(mptcp_token)},
};

static tcp_kinds life_wants(const void *opts)
{
	return TCP_KIND_BIT(TCP_KIND_SET_STATE);
}

static int life_init(void *state, const void *opts, const struct view_context *context,
		     struct table_sink *out, struct fault *fault)
{
	struct life *v = state;
	int by = LIFE_BY_ENDING, r = 0;
	unsigned int modes;

	v->options = *(const struct life_options *)opts;
	v->context = context;
	if (v->options.group) {
		by = suggest_choose("group", v->options.group, life_groups, CONN_BY_N, fault);
		if (by == CONN_BY_LABEL)
			r = view_needs_labels(context, fault);
		if (by < 0 || r < 0)
			return by < 0 ? by : r;
		v->options.counts = true;
	}
	life_counts_init(&v->counts, (enum conn_key_by)by, context);
	mptcp_sums_init(&v->mptcp);
	modes = (v->options.with_time ? CLOCK : 0) | (v->options.with_relative ? SECONDS : 0) |
		(v->options.is_wide ? WIDE : 0);
	if (v->options.counts)
		return 0;
	return view_table_begin(&v->table, columns, ARRAY_SIZE(columns), modes, out, fault);
}

/* Whether the kernel counts more retransmitted segments than there are events. */
static bool has_more_segs(const struct tcp_conn *c)
{
	uint32_t segs;

	return c->knows_retrans && tcp_conn_retrans_segs(c, &segs) &&
	       segs > c->n_retrans + tcp_conn_cold(c)->n_probes;
}

static void life_row_of(struct life_row *row, struct life *v, const struct tcp_conn *c)
{
	const struct tcp_conn_info *info = tcp_conn_info(c);
	uint32_t segs;
	bool has_segs = tcp_conn_retrans_segs(c, &segs);
	uint64_t ns, tx, rx;
	bool is_exact = tcp_conn_duration(c, &ns);
	enum tcp_bytes_by by = tcp_conn_bytes(c, &tx, &rx);

	*row = (struct life_row){
		.life = v,
		.conn = c,
		.ns = ns,
		.is_exact = is_exact,
		.state = c->state,
		.sign = conn_ending_sign(c),
		.began = tcp_origin_name(c->origin),
		.ended = tcp_ending_name(c->ending),
		.incomplete = c->has_loss ? "loss" : NULL,
		.subflow = tcp_subflow_name(c->subflow),
		.mptcp_token = cell_mptcp_token(c),
		.bytes = byte_cells_of(by, tx, rx),
		/* If retransmissions are not recorded, their number is unknown and not 0. */
		.retrans = cell_if(c->n_retrans || c->knows_retrans, c->n_retrans),
		.rtt_ms = info->has_rtt ? cell_fixed(info->rtt_us) : cell_absent(),
		.duration = cell_if(is_exact, ns),
		.observed = cell_if(!is_exact, ns),
		.connect = cell_if(is_exact && c->established_ns, c->established_ns - c->seen_ns),
		.retrans_segs = cell_if(has_segs, segs),
		.total_retrans = cell_if(info->has_total_retrans, info->total_retrans),
		.rtt_us = cell_if(info->has_rtt, info->rtt_us),
		.min_rtt_us = cell_if(info->has_min_rtt, info->min_rtt_us),
		.rto_us = cell_if(info->has_rto, info->rto_us),
	};
	subject_of_conn(&row->subject, c);
}

static int life_conn(void *state, const struct tcp_conn *c, struct table_sink *out,
		     struct fault *fault)
{
	static const struct owner_cgroup unknown;
	const struct owner_cgroup *cgroup;
	struct life *v = state;
	struct life_row row;

	if (tcp_conn_is_listener(c) || !view_shows_conn(v->context, c))
		return 0;
	if (v->options.counts)
		return life_counts_add(&v->counts, c) < 0 ? fault_no_memory(fault) : 0;
	life_row_of(&row, v, c);
	if (out->shows & COLUMN_TEXT) {
		v->has_bounds |= !row.is_exact;
		v->has_losses |= c->has_loss;
		v->has_offload |= v->options.is_wide && has_more_segs(c);
		if (mptcp_sums_add(&v->mptcp, c) < 0)
			return fault_no_memory(fault);
	}
	cgroup = view_cgroup_of(v->context, &c->owner);
	return view_table_row(&v->table,
			      (const void *[]){&row, tcp_conn_cold(c), cgroup ? cgroup : &unknown},
			      out, fault);
}

static int life_emit(void *state, struct table_sink *out, struct fault *fault)
{
	struct life *v = state;
	int r = 0;

	if (v->options.counts)
		return life_counts_emit(&v->counts, &v->table, out, fault);
	if (v->has_bounds)
		r = table_note(out,
			       ">MS: open before the recording; bytes are of the whole life, RETR "
			       "of the tape",
			       fault);
	if (!r && v->has_losses)
		r = table_note(out,
			       "MS*: events were lost while it lived; its counts are lower bounds",
			       fault);
	if (!r && v->has_offload)
		r = table_note(
			out,
			"SEGS: segments retransmitted, by the kernel; RETR counts events, and "
			"one may be of many segments",
			fault);
	return r ? r : mptcp_sums_emit(&v->mptcp, out, fault);
}

static void life_done(void *state)
{
	struct life *v = state;

	text_done(&v->ms);
	life_counts_done(&v->counts);
	text_done(&v->end);
	mptcp_sums_done(&v->mptcp);
}

const struct view view_life = {
	.name = "life",
	.summary = "connections: duration, bytes, how they ended",
	.detail =
		"A line when a connection has ended; those still open come last.\n"
		"END: F> this host closed first, F< the peer did, F= both at once, R> a RST was\n"
		"sent, R< received, T the kernel gave up, K somebody destroyed it (ss -K), E "
		"another\n"
		"error, A left by its process without FIN or RST, O open, ? its end was not seen.\n"
		"TX_KB and RX_KB are the kernel's own figures of the whole life where the tape "
		"has\n"
		"them, or sums of the calls (profile bytes); \"-\" where neither is known, as of "
		"a\n"
		"socket that was closed with SO_LINGER 0. RETR counts what is on the tape.\n"
		"SEGS (JSON: retrans_segs) are the segments that the kernel says it retransmitted, "
		"tail\n"
		"loss probes too: with segmentation offload one event may be of many segments.\n"
		"PID is the owner of the socket by the latest evidence.\n"
		"\"mptcp TOKEN first\" or \"join\" after END: a subflow of that MPTCP connection\n"
		"(ss -M shows its token); the bytes are a part of those of the connection. The\n"
		"last lines have the sums over its subflows; a byte may have gone over several.\n"
		"JSON has mptcp_subflow and mptcp_token.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.live_profile = "life",
	.options_size = sizeof(struct life_options),
	.state_size = sizeof(struct life),
	.wants = life_wants,
	.init = life_init,
	.conn = life_conn,
	.emit = life_emit,
	.done = life_done,
};

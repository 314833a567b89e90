// SPDX-License-Identifier: MIT
/*
 * life: one line for each connection, when it has ended, or at the end of the tape for those that
 * are open: how long it lived, what it carried, how it ended. Row time is the end.
 */
#include <errno.h>
#include <stddef.h>

#include "cells/conn-cells.h"
#include "view/life.h"
#include "view/list.h"

struct life_options {
	bool with_time;
	bool with_relative;
	bool is_wide;
	bool counts;
};

#define AT(member) offsetof(struct life_options, member)

static const struct view_option options[] = {
	{"clock", 'T', VIEW_OPTION_FLAG, NULL, "a column with the time of the end", AT(with_time)},
	{"timestamp", 't', VIEW_OPTION_FLAG, NULL, "a column with seconds since the tape's start",
	 AT(with_relative)},
	{"wide", 'w', VIEW_OPTION_FLAG, NULL,
	 "more columns: family, retransmits, round-trip times, how it\nbegan and ended, how the "
	 "owner is known",
	 AT(is_wide)},
	{"count", 'c', VIEW_OPTION_FLAG, NULL, "how many ended how, instead of a line each",
	 AT(counts)},
};

enum {
	COL_TIME,
	COL_CLOCK,
	COL_RELATIVE,
	COL_TS,
	COL_PID,
	COL_COMM,
	COL_FAMILY,
	COL_LADDR,
	COL_LPORT,
	COL_RADDR,
	COL_RPORT,
	COL_TX_KB,
	COL_RX_KB,
	COL_MS,
	COL_SIGN,
	COL_RETRANS,
	COL_RTT,
	COL_BEGAN,
	COL_ENDED,
	COL_OWNER,
	COL_CGROUP,
	COL_CONTAINER,
	COL_NETNS,
	COL_SK,
	COL_COOKIE,
	COL_STATE,
	COL_ERR,
	COL_DURATION,
	COL_OBSERVED,
	COL_ESTABLISHED,
	COL_TX,
	COL_RX,
	COL_BYTES_BY,
	COL_TIMEOUTS,
	COL_PROBES,
	COL_FAILED,
	COL_SYNACKS,
	COL_TOTAL_RETRANS,
	COL_RTT_US,
	COL_MIN_RTT_US,
	COL_RTO_US,
	COL_RST_SENT,
	COL_RST_RECEIVED,
	COL_INCOMPLETE,
	COL_N,
};

static const struct column columns[COL_N] = {
	[COL_TIME] = {.key = "time", .where = COLUMN_DATA},
	[COL_CLOCK] = {.key = "clock", .head = "TIME", .width = 8},
	[COL_RELATIVE] = {.key = "seconds", .head = "TIME(s)", .width = 9, .decimals = 6},
	[COL_TS] = {.key = "ts_ns", .where = COLUMN_DATA},
	[COL_PID] = {.key = "pid", .head = "PID", .where = COLUMN_ALL, .width = 5},
	[COL_COMM] = {.key = "comm", .head = "COMM", .where = COLUMN_ALL, .width = 7},
	[COL_FAMILY] = {.key = "family", .head = "IP", .where = COLUMN_DATA, .width = 2},
	[COL_LADDR] = {.key = "laddr", .head = "LADDR", .where = COLUMN_ALL, .width = 9},
	[COL_LPORT] = {.key = "lport", .head = "LPORT", .where = COLUMN_ALL, .width = 5},
	[COL_RADDR] = {.key = "raddr", .head = "RADDR", .where = COLUMN_ALL, .width = 9},
	[COL_RPORT] = {.key = "rport", .head = "RPORT", .where = COLUMN_ALL, .width = 5},
	[COL_TX_KB] = {.key = "tx_kb",
		       .head = "TX_KB",
		       .where = COLUMN_TEXT,
		       .width = 5,
		       .is_right = true},
	[COL_RX_KB] = {.key = "rx_kb",
		       .head = "RX_KB",
		       .where = COLUMN_TEXT,
		       .width = 5,
		       .is_right = true},
	[COL_MS] = {.key = "ms",
		    .head = "MS",
		    .where = COLUMN_TEXT,
		    .width = 7,
		    .is_right = true,
		    .decimals = 2},
	[COL_SIGN] = {.key = "end", .head = "END", .where = COLUMN_TEXT},
	[COL_RETRANS] = {.key = "retrans", .head = "RETR", .where = COLUMN_DATA, .is_right = true},
	[COL_RTT] = {.key = "rtt_ms", .head = "RTT_MS", .is_right = true, .decimals = 3},
	[COL_BEGAN] = {.key = "began", .head = "BEGAN", .where = COLUMN_DATA, .width = 7},
	[COL_ENDED] = {.key = "ended", .head = "ENDED", .where = COLUMN_DATA, .width = 10},
	[COL_OWNER] = {.key = "owner", .head = "OWNER", .where = COLUMN_DATA},
	[COL_CGROUP] = {.key = "cgroup", .where = COLUMN_DATA},
	[COL_CONTAINER] = {.key = "container", .where = COLUMN_DATA},
	[COL_NETNS] = {.key = "netns", .where = COLUMN_DATA},
	[COL_SK] = {.key = "sk", .where = COLUMN_DATA},
	[COL_COOKIE] = {.key = "cookie", .where = COLUMN_DATA},
	[COL_STATE] = {.key = "state", .where = COLUMN_DATA},
	[COL_ERR] = {.key = "err", .where = COLUMN_DATA},
	[COL_DURATION] = {.key = "duration_ns", .where = COLUMN_DATA},
	[COL_OBSERVED] = {.key = "observed_ns", .where = COLUMN_DATA},
	[COL_ESTABLISHED] = {.key = "connect_ns", .where = COLUMN_DATA},
	[COL_TX] = {.key = "tx_bytes", .where = COLUMN_DATA},
	[COL_RX] = {.key = "rx_bytes", .where = COLUMN_DATA},
	[COL_BYTES_BY] = {.key = "bytes_by", .where = COLUMN_DATA},
	[COL_TIMEOUTS] = {.key = "timeouts", .where = COLUMN_DATA},
	[COL_PROBES] = {.key = "loss_probes", .where = COLUMN_DATA},
	[COL_FAILED] = {.key = "failed_attempts", .where = COLUMN_DATA},
	[COL_SYNACKS] = {.key = "synack_retrans", .where = COLUMN_DATA},
	[COL_TOTAL_RETRANS] = {.key = "total_retrans", .where = COLUMN_DATA},
	[COL_RTT_US] = {.key = "rtt_us", .where = COLUMN_DATA},
	[COL_MIN_RTT_US] = {.key = "min_rtt_us", .where = COLUMN_DATA},
	[COL_RTO_US] = {.key = "rto_us", .where = COLUMN_DATA},
	[COL_RST_SENT] = {.key = "resets_sent", .where = COLUMN_DATA},
	[COL_RST_RECEIVED] = {.key = "resets_received", .where = COLUMN_DATA},
	[COL_INCOMPLETE] = {.key = "incomplete", .where = COLUMN_DATA},
};

struct life {
	struct life_options options;
	const struct view_context *context;
	struct column columns[COL_N];
	struct text ms;
	struct life_counts counts;
	bool has_bounds; /* a line has ">" */
	bool has_losses; /* or "*" */
};

static tcp_kinds life_wants(const void *opts)
{
	return TCP_KIND_BIT(TCP_KIND_SET_STATE);
}

static int life_init(void *state, const void *opts, const struct view_context *context,
		     struct table_sink *out, struct fault *fault)
{
	static const uint8_t wide[] = {COL_FAMILY, COL_RETRANS, COL_RTT,
				       COL_BEGAN,  COL_ENDED,	COL_OWNER};
	struct life *v = state;

	v->options = *(const struct life_options *)opts;
	v->context = context;
	memcpy(v->columns, columns, sizeof(columns));
	if (v->options.with_time)
		v->columns[COL_CLOCK].where = COLUMN_TEXT;
	if (v->options.with_relative)
		v->columns[COL_RELATIVE].where = COLUMN_TEXT;
	for (size_t i = 0; v->options.is_wide && i < sizeof(wide); i++)
		v->columns[wide[i]].where |= COLUMN_TEXT;
	if (v->options.is_wide) {
		v->columns[COL_COMM].width = 15;
		v->columns[COL_SIGN].where = 0;
	}
	return v->options.counts ? 0 : table_begin(out, v->columns, COL_N, fault);
}

static void put_text(struct life *v, const struct tcp_conn *c, struct cell *cells)
{
	uint64_t ns, start = 0, tx, rx;
	bool is_exact = tcp_conn_duration(c, &ns);
	enum tcp_bytes_by by = tcp_conn_bytes(c, &tx, &rx);
	const struct tcp_conn_info *f = tcp_conn_info(c);

	if (v->context->start)
		start = v->context->start(v->context->userdata);
	v->has_bounds |= !is_exact;
	v->has_losses |= c->has_loss;
	cells[COL_CLOCK] = cell_time(c->end_ns);
	cells[COL_RELATIVE] = cell_fixed(c->end_ns > start ? (c->end_ns - start) / 1000 : 0);
	cells[COL_TX_KB] = cell_if(by, tx / 1024);
	cells[COL_RX_KB] = cell_if(by, rx / 1024);
	cells[COL_MS] = conn_ms_cell(&v->ms, ns, is_exact, c->has_loss);
	cells[COL_SIGN] = cell_word(conn_ending_sign(c));
	cells[COL_RTT] = f->has_rtt ? cell_fixed(f->rtt_us) : cell_absent();
}

static void put_rare(const struct tcp_conn_cold *r, struct cell *cells)
{
	cells[COL_ERR] = r->err ? cell_i64(r->err) : cell_absent();
	cells[COL_TIMEOUTS] = cell_some(r->n_timeouts);
	cells[COL_PROBES] = cell_some(r->n_probes);
	cells[COL_FAILED] = cell_some(r->n_failed);
	cells[COL_SYNACKS] = cell_some(r->n_synacks);
	cells[COL_RST_SENT] = cell_some(r->n_resets_sent);
	cells[COL_RST_RECEIVED] = cell_some(r->n_resets_received);
}

static void put_figures(const struct tcp_conn_info *f, struct cell *cells)
{
	cells[COL_TOTAL_RETRANS] = cell_if(f->has_total_retrans, f->total_retrans);
	cells[COL_RTT_US] = cell_if(f->has_rtt, f->rtt_us);
	cells[COL_MIN_RTT_US] = cell_if(f->has_min_rtt, f->min_rtt_us);
	cells[COL_RTO_US] = cell_if(f->has_rto, f->rto_us);
}

static void put_data(struct life *v, const struct tcp_conn *c, struct cell *cells)
{
	uint64_t ns, tx, rx;
	bool is_exact = tcp_conn_duration(c, &ns);
	enum tcp_bytes_by by = tcp_conn_bytes(c, &tx, &rx);
	bool has_latency = is_exact && c->established_ns;
	const char *cgroup = view_cgroup_of(v->context, c->owner.pid);

	cells[COL_TIME] = cell_time(c->end_ns);
	cells[COL_TS] = cell_u64(c->end_ns);
	cells[COL_CGROUP] = cell_str(cgroup);
	cells[COL_CONTAINER] = cell_container(cgroup);
	cells[COL_NETNS] = cell_some(c->netns);
	cells[COL_SK] = c->sk ? cell_hex(c->sk) : cell_absent();
	cells[COL_COOKIE] = cell_some(c->cookie);
	cells[COL_STATE] = c->state ? cell_state(c->state) : cell_absent();
	cells[is_exact ? COL_DURATION : COL_OBSERVED] = cell_u64(ns);
	cells[COL_ESTABLISHED] = cell_if(has_latency, c->established_ns - c->seen_ns);
	cells[COL_TX] = cell_if(by, tx);
	cells[COL_RX] = cell_if(by, rx);
	cells[COL_BYTES_BY] = cell_word(tcp_bytes_by_name(by));
	put_rare(tcp_conn_cold(c), cells);
	put_figures(tcp_conn_info(c), cells);
	cells[COL_INCOMPLETE] = c->has_loss ? cell_word("loss") : cell_absent();
}

/* Without the event a count of none is not known to be none. */
static struct cell retrans_cell(const struct tcp_conn *c)
{
	return cell_if(c->n_retrans || c->knows_retrans, c->n_retrans);
}

static int life_conn(void *state, const struct tcp_conn *c, struct table_sink *out,
		     struct fault *fault)
{
	struct cell cells[COL_N] = {0};
	struct life *v = state;

	if (tcp_conn_is_listener(c) || !view_shows_conn(v->context, c))
		return 0;
	if (v->options.counts) {
		life_counts_add(&v->counts, c);
		return 0;
	}
	cells[COL_PID] = cell_pid(c->owner.pid);
	cells[COL_COMM] = cell_str(c->owner.comm);
	cells[COL_FAMILY] = cell_conn_family(c);
	cells[COL_LADDR] = cell_addr(&c->local.addr);
	cells[COL_LPORT] = cell_port(c->local.port);
	cells[COL_RADDR] = cell_addr(&c->remote.addr);
	cells[COL_RPORT] = cell_port(c->remote.port);
	cells[COL_RETRANS] = retrans_cell(c);
	cells[COL_BEGAN] = cell_word(tcp_origin_name(c->origin));
	cells[COL_ENDED] = cell_word(tcp_ending_name(c->ending));
	cells[COL_OWNER] = cell_owner(&c->owner);
	if (out->shows & COLUMN_TEXT)
		put_text(v, c, cells);
	else
		put_data(v, c, cells);
	return table_row(out, cells, fault);
}

static int life_emit(void *state, struct table_sink *out, struct fault *fault)
{
	struct life *v = state;
	int r = 0;

	if (v->options.counts)
		return life_counts_emit(&v->counts, out, fault);
	if (v->has_bounds)
		r = table_note(out, ">MS: open before the recording, so it lived longer", fault);
	if (!r && v->has_losses)
		r = table_note(out,
			       "MS*: events were lost while it lived; its counts are lower bounds",
			       fault);
	return r;
}

static void life_done(void *state)
{
	struct life *v = state;

	text_done(&v->ms);
}

const struct view view_life = {
	.name = "life",
	.summary = "connections: duration, bytes, how they ended",
	.detail =
		"A line when a connection has ended; those still open come last.\n"
		"END: F> this host closed first, F< the peer did, F= both at once, R> a RST was\n"
		"sent, R< received, T the kernel gave up, E another error, A left by its process\n"
		"without FIN or RST, O open, ? its end was not seen.\n"
		"TX_KB and RX_KB are the kernel's own figures where the tape has them, or sums of\n"
		"the calls (profile bytes); \"-\" where neither is known.\n"
		"PID is the owner of the socket by the latest evidence.",
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

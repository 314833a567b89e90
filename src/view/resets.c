// SPDX-License-Identifier: MIT
/*
 * resets: one line for each RST sent or received: what it means, whose connection it was, how old
 * and what it had carried. The last is known when the connection has ended, shortly after: lines
 * wait for that, in their order.
 */
#include "view/resets.h"

#include <errno.h>
#include <stddef.h>

#include "base/fifo.h"
#include "base/units.h"
#include "cells/conn-cells.h"
#include "view/list.h"

/* On a stream a line does not wait longer, and is shown without what came later. */
#define WAIT_LIVE_NS (200 * NSEC_PER_MSEC)
#define WAITING_MAX  65536u

struct resets_options {
	bool with_benign;
	bool is_wide;
	bool counts;
};

#define AT(member) offsetof(struct resets_options, member)

static const struct view_option options[] = {
	{"all-kinds", 'a', VIEW_OPTION_FLAG, NULL,
	 "also those after both sides had closed (late), which lose nothing", AT(with_benign)},
	{"wide", 'w', VIEW_OPTION_FLAG, NULL,
	 "more columns: the owner's name, bytes, retransmits, the kernel's\nreason", AT(is_wide)},
	{"count", 'c', VIEW_OPTION_FLAG, NULL,
	 "count per direction, kind, reason, service port and peer instead", AT(counts)},
};

enum {
	COL_TIME,
	COL_TS,
	COL_EVENT,
	COL_PID,
	COL_COMM,
	COL_FAMILY,
	COL_LOCAL,
	COL_SIGN,
	COL_REMOTE,
	COL_LADDR,
	COL_LPORT,
	COL_RADDR,
	COL_RPORT,
	COL_DIRECTION,
	COL_AGE,
	COL_STATE,
	COL_TX_KB,
	COL_RX_KB,
	COL_RETRANS,
	COL_KIND,
	COL_REASON,
	COL_OWNER,
	COL_SK,
	COL_COOKIE,
	COL_NETNS,
	COL_DURATION,
	COL_OBSERVED,
	COL_TX,
	COL_RX,
	COL_BYTES_BY,
	COL_INCOMPLETE,
	COL_N,
};

static const struct column columns[COL_N] = {
	[COL_TIME] = {.key = "time", .head = "TIME", .where = COLUMN_ALL, .width = 8},
	[COL_TS] = {.key = "ts_ns", .where = COLUMN_DATA},
	[COL_EVENT] = {.key = "event", .where = COLUMN_DATA},
	[COL_PID] = {.key = "pid", .head = "PID", .where = COLUMN_ALL, .width = 5},
	[COL_COMM] = {.key = "comm", .head = "COMM", .where = COLUMN_DATA, .width = 10},
	[COL_FAMILY] = {.key = "family", .where = COLUMN_DATA},
	[COL_LOCAL] = {.key = "local", .head = "LADDR:LPORT", .where = COLUMN_TEXT, .width = 15},
	[COL_SIGN] = {.key = "sign", .head = "R", .where = COLUMN_TEXT, .width = 2},
	[COL_REMOTE] = {.key = "remote", .head = "RADDR:RPORT", .where = COLUMN_TEXT, .width = 15},
	[COL_LADDR] = {.key = "laddr", .where = COLUMN_DATA},
	[COL_LPORT] = {.key = "lport", .where = COLUMN_DATA},
	[COL_RADDR] = {.key = "raddr", .where = COLUMN_DATA},
	[COL_RPORT] = {.key = "rport", .where = COLUMN_DATA},
	[COL_DIRECTION] = {.key = "direction", .where = COLUMN_DATA},
	[COL_AGE] = {.key = "age",
		     .head = "AGE_MS",
		     .where = COLUMN_TEXT,
		     .width = 8,
		     .is_right = true,
		     .decimals = 2},
	[COL_STATE] = {.key = "state", .head = "STATE", .where = COLUMN_ALL, .width = 11},
	[COL_TX_KB] = {.key = "tx_kb", .head = "TX_KB", .is_right = true},
	[COL_RX_KB] = {.key = "rx_kb", .head = "RX_KB", .is_right = true},
	[COL_RETRANS] = {.key = "retrans", .head = "RETR", .where = COLUMN_DATA, .is_right = true},
	[COL_KIND] = {.key = "kind", .head = "KIND", .where = COLUMN_ALL, .width = 9},
	[COL_REASON] = {.key = "reason", .head = "REASON", .where = COLUMN_DATA},
	[COL_OWNER] = {.key = "owner", .where = COLUMN_DATA},
	[COL_SK] = {.key = "sk", .where = COLUMN_DATA},
	[COL_COOKIE] = {.key = "cookie", .where = COLUMN_DATA},
	[COL_NETNS] = {.key = "netns", .where = COLUMN_DATA},
	[COL_DURATION] = {.key = "duration_ns", .where = COLUMN_DATA},
	[COL_OBSERVED] = {.key = "observed_ns", .where = COLUMN_DATA},
	[COL_TX] = {.key = "tx_bytes", .where = COLUMN_DATA},
	[COL_RX] = {.key = "rx_bytes", .where = COLUMN_DATA},
	[COL_BYTES_BY] = {.key = "bytes_by", .where = COLUMN_DATA},
	[COL_INCOMPLETE] = {.key = "incomplete", .where = COLUMN_DATA},
};

struct resets {
	struct resets_options options;
	const struct view_context *context;
	struct column columns[COL_N];
	struct fifo waiting; /* of struct reset */
	struct groups counts;
	struct text age;
	uint64_t n_benign; /* left out */
};

static tcp_kinds resets_wants(const void *opts)
{
	return TCP_KIND_BIT(TCP_KIND_SEND_RESET) | TCP_KIND_BIT(TCP_KIND_RECEIVE_RESET);
}

static int resets_init(void *state, const void *opts, const struct view_context *context,
		       struct table_sink *out, struct fault *fault)
{
	static const uint8_t wide[] = {COL_COMM, COL_TX_KB, COL_RX_KB, COL_RETRANS, COL_REASON};
	struct resets *v = state;

	v->options = *(const struct resets_options *)opts;
	v->context = context;
	v->waiting.size = sizeof(struct reset);
	reset_counts_init(&v->counts);
	memcpy(v->columns, columns, sizeof(columns));
	for (size_t i = 0; v->options.is_wide && i < sizeof(wide); i++)
		v->columns[wide[i]].where |= COLUMN_TEXT;
	return v->options.counts ? 0 : table_begin(out, v->columns, COL_N, fault);
}

static int put_row(struct resets *v, const struct reset *r, struct table_sink *out,
		   struct fault *fault)
{
	enum tcp_bytes_by by = r->bytes_by;
	uint8_t family = r->local.addr.family ? r->local.addr.family : r->remote.addr.family;
	struct cell cells[COL_N] = {
		[COL_TIME] = cell_time(r->ts_ns),
		[COL_TS] = cell_u64(r->ts_ns),
		[COL_EVENT] = cell_str(r->is_sent ? "tcp:tcp_send_reset" : "tcp:tcp_receive_reset"),
		[COL_PID] = cell_pid(r->pid),
		[COL_COMM] = r->comm[0] ? cell_str(r->comm) : cell_absent(),
		[COL_FAMILY] = cell_some(family ? family : r->family),
		[COL_LOCAL] = cell_endpoint(&r->local),
		[COL_SIGN] = cell_str(r->is_sent ? "R>" : "R<"),
		[COL_REMOTE] = cell_endpoint(&r->remote),
		[COL_LADDR] = cell_addr(&r->local.addr),
		[COL_LPORT] = cell_port(r->local.port),
		[COL_RADDR] = cell_addr(&r->remote.addr),
		[COL_RPORT] = cell_port(r->remote.port),
		[COL_DIRECTION] = cell_str(r->is_sent ? "sent" : "received"),
		[COL_STATE] = r->state ? cell_state(r->state) : cell_absent(),
		[COL_TX_KB] = cell_if(by, r->tx_bytes / 1024),
		[COL_RX_KB] = cell_if(by, r->rx_bytes / 1024),
		[COL_RETRANS] =
			cell_if(r->has_conn && (r->knows_retrans || r->retrans), r->retrans),
		[COL_KIND] = cell_str(reset_kind_name(r->kind)),
		[COL_REASON] = cell_str(r->reason),
		[COL_OWNER] = cell_str(r->owner),
		[COL_SK] = r->sk ? cell_hex(r->sk) : cell_absent(),
		[COL_COOKIE] = cell_some(r->cookie),
		[COL_NETNS] = cell_some(r->netns),
		[COL_TX] = cell_if(by, r->tx_bytes),
		[COL_RX] = cell_if(by, r->rx_bytes),
		[COL_BYTES_BY] = cell_str(tcp_bytes_by_name(by)),
		[COL_INCOMPLETE] = r->has_loss ? cell_str("loss") : cell_absent(),
	};

	if (r->has_age) {
		cells[COL_AGE] = conn_ms_cell(&v->age, r->age_ns, r->is_age_exact, r->has_loss);
		cells[r->is_age_exact ? COL_DURATION : COL_OBSERVED] = cell_u64(r->age_ns);
	}
	return table_row(out, cells, fault);
}

/* Judged only now that it is complete: the owner may have become known in the end. */
static int show(struct resets *v, const struct reset *r, struct table_sink *out,
		struct fault *fault)
{
	const struct tcp_event subject = {
		.local = r->local,
		.remote = r->remote,
		.family = r->family,
		.pid = r->pid,
		.comm = r->comm[0] ? r->comm : NULL,
	};

	if (!view_in_window(v->context, r->ts_ns) ||
	    !event_filter_passes(v->context->filter, &subject))
		return 0;
	if (r->kind == RESET_LATE && !v->options.with_benign) {
		v->n_benign++;
		return 0;
	}
	if (!v->options.counts)
		return put_row(v, r, out, fault);
	return reset_counts_add(&v->counts, r) < 0 ? fault_errno(fault, -ENOMEM, "counts") : 0;
}

static bool is_ready(const struct resets *v, const struct reset *r, uint64_t now_ns)
{
	if (!r->waits_for || v->waiting.n > WAITING_MAX)
		return true;
	return v->context->is_live && now_ns > r->ts_ns && now_ns - r->ts_ns > WAIT_LIVE_NS;
}

static int show_ready(struct resets *v, uint64_t now_ns, struct table_sink *out,
		      struct fault *fault)
{
	int r = 0;

	while (!r && v->waiting.n && is_ready(v, fifo_at(&v->waiting, 0), now_ns)) {
		r = show(v, fifo_at(&v->waiting, 0), out, fault);
		fifo_pop(&v->waiting);
	}
	return r;
}

static int resets_feed(void *state, const struct tcp_event *e, struct table_sink *out,
		       struct fault *fault)
{
	struct resets *v = state;
	struct reset reset;

	reset_of_event(&reset, e);
	if (fifo_push(&v->waiting, &reset) < 0)
		return fault_errno(fault, -ENOMEM, "resets");
	return show_ready(v, e->ts_ns, out, fault);
}

static int resets_conn(void *state, const struct tcp_conn *c, struct table_sink *out,
		       struct fault *fault)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);
	struct resets *v = state;

	if (!cold->n_resets_sent && !cold->n_resets_received)
		return 0;
	for (size_t i = 0; i < v->waiting.n; i++) {
		struct reset *r = fifo_at(&v->waiting, i);

		if (r->waits_for == c)
			reset_complete(r, c);
	}
	return show_ready(v, 0, out, fault);
}

static int resets_tick(void *state, uint64_t now_ns, struct table_sink *out, struct fault *fault)
{
	return show_ready(state, now_ns, out, fault);
}

static int resets_emit(void *state, struct table_sink *out, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};
	struct resets *v = state;
	int r = 0;

	while (!r && v->waiting.n) {
		r = show(v, fifo_at(&v->waiting, 0), out, fault);
		fifo_pop(&v->waiting);
	}
	if (!r && v->options.counts)
		r = reset_counts_emit(&v->counts, out, fault);
	if (r || !v->n_benign)
		return r;
	units_count(&t, v->n_benign);
	text_printf(&t, " reset%s after both sides had closed not shown (-a shows them)",
		    v->n_benign == 1 ? "" : "s");
	return table_note(out, text_cstr(&t), fault);
}

static void resets_done(void *state)
{
	struct resets *v = state;

	fifo_done(&v->waiting);
	groups_done(&v->counts);
	text_done(&v->age);
}

const struct view view_resets = {
	.name = "resets",
	.summary = "RST sent and received: who, why, how old the connection was",
	.detail =
		"R: R> sent, R< received. STATE is that of the socket before. AGE_MS with \">\" is "
		"a\n"
		"lower bound, with \"*\" events were lost while the connection lived.\n"
		"KIND, of RSTs sent: no-socket (a segment for a closed port, or for a connection\n"
		"that is gone), listener, handshake, abort (closed with data unread, or with\n"
		"SO_LINGER 0), keepalive, late-data (data came after this host had closed),\n"
		"invalid (a segment that made no sense), late (both sides had closed). Received:\n"
		"refused, handshake, midstream, after-fin (one side had closed), late.\n"
		"Kernels from 6.10 on also give a reason for those sent (-w, JSON); before, RSTs\n"
		"of no socket are not traced.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.options_size = sizeof(struct resets_options),
	.state_size = sizeof(struct resets),
	.wants = resets_wants,
	.init = resets_init,
	.feeds_all = true,
	.feed = resets_feed,
	.conn = resets_conn,
	.tick = resets_tick,
	.emit = resets_emit,
	.done = resets_done,
};

// SPDX-License-Identifier: MIT
/*
 * connections: the table of single connections, the worst first, with the history of each.
 */
#include "pages/labelled.h"
#include "pages/report-page.h"
#include "tcp/names.h"
#include "cells/conn-cells.h"

#define ROWS_BRIEF 8u

enum {
	COL_LOCAL,
	COL_REMOTE,
	COL_LADDR,
	COL_LPORT,
	COL_RADDR,
	COL_RPORT,
	COL_PID,
	COL_COMM,
	COL_OWNER,
	COL_SEEN,
	COL_MS,
	COL_TX,
	COL_RX,
	COL_RETRANS,
	COL_SEGS,
	COL_RTO,
	COL_SYN,
	COL_PROBES,
	COL_RESETS,
	COL_RTT,
	COL_BEGAN,
	COL_ENDED,
	COL_STATE,
	COL_ERR,
	COL_NETNS,
	COL_INCOMPLETE,
	COL_LLABEL,
	COL_RLABEL,
	COL_N,
};

#define TEXT_JSON (COLUMN_TEXT | COLUMN_JSON)
#define NUMBER(k, h, w, place)                                                                     \
	{                                                                                          \
		.key = (k), .head = (h), .where = (place), .width = (w), .is_right = true          \
	}

static const struct column columns[COL_N] = {
	[COL_LOCAL] = {.key = "local", .head = "LADDR:LPORT", .where = COLUMN_TEXT, .width = 18},
	[COL_REMOTE] = {.key = "remote", .head = "RADDR:RPORT", .where = COLUMN_TEXT, .width = 18},
	[COL_LADDR] = {.key = "laddr", .where = COLUMN_JSON},
	[COL_LPORT] = {.key = "lport", .where = COLUMN_JSON},
	[COL_RADDR] = {.key = "raddr", .where = COLUMN_JSON},
	[COL_RPORT] = {.key = "rport", .where = COLUMN_JSON},
	[COL_PID] = {.key = "pid", .head = "PID", .where = COLUMN_JSON, .is_right = true},
	[COL_COMM] = {.key = "comm", .head = "COMM", .where = COLUMN_JSON},
	[COL_OWNER] = {.key = "owner", .where = COLUMN_JSON},
	[COL_SEEN] = {.key = "seen", .head = "SEEN", .where = COLUMN_JSON, .decimals = 3},
	[COL_MS] = {.key = "ms",
		    .head = "MS",
		    .where = TEXT_JSON,
		    .width = 8,
		    .is_right = true,
		    .decimals = 1},
	[COL_TX] = NUMBER("tx_kb", "TX_KB", 6, COLUMN_JSON),
	[COL_RX] = NUMBER("rx_kb", "RX_KB", 6, COLUMN_JSON),
	[COL_RETRANS] = NUMBER("retrans", "RETR", 5, TEXT_JSON),
	[COL_SEGS] = NUMBER("retrans_segs", "SEGS", 5, COLUMN_JSON),
	[COL_RTO] = NUMBER("timeouts", "RTO", 4, TEXT_JSON),
	[COL_SYN] = NUMBER("syn_retrans", "SYN", 3, TEXT_JSON),
	[COL_PROBES] = NUMBER("loss_probes", "TLP", 0, COLUMN_JSON),
	[COL_RESETS] = NUMBER("resets", "RST", 3, TEXT_JSON),
	[COL_RTT] = {.key = "rtt_ms",
		     .head = "RTT_MS",
		     .where = COLUMN_JSON,
		     .is_right = true,
		     .decimals = 3},
	[COL_BEGAN] = {.key = "began", .head = "BEGAN", .where = COLUMN_JSON},
	[COL_ENDED] = {.key = "ended", .head = "ENDED", .where = TEXT_JSON},
	[COL_STATE] = {.key = "state", .head = "STATE", .where = COLUMN_JSON},
	[COL_ERR] = {.key = "err", .head = "ERR", .where = COLUMN_JSON},
	[COL_NETNS] = {.key = "netns", .where = COLUMN_JSON},
	[COL_INCOMPLETE] = {.key = "incomplete", .where = COLUMN_JSON},
	[COL_LLABEL] = {.key = "llabel", .where = COLUMN_JSON},
	[COL_RLABEL] = {.key = "rlabel", .where = COLUMN_JSON},
};

static void conn_put_row(struct report_page *p, const struct worst_conn *c, struct cell *cells)
{
	const struct labels *names = gathered_labels(p->findings.in);
	const struct owner owner = {.pid = c->pid, .basis = c->basis};
	const char *err = c->life.err ? tcp_errno_name(c->life.err) : NULL;

	cells[COL_LOCAL] = page_endpoint(&p->builder, names, &c->local);
	cells[COL_REMOTE] = page_endpoint(&p->builder, names, &c->remote);
	cells[COL_LADDR] = cell_addr(&c->local.addr);
	cells[COL_LPORT] = cell_port(c->local.port);
	cells[COL_RADDR] = cell_addr(&c->remote.addr);
	cells[COL_RPORT] = cell_port(c->remote.port);
	cells[COL_PID] = cell_pid(c->pid);
	cells[COL_COMM] = c->comm[0] ? cell_str(c->comm) : cell_absent();
	cells[COL_OWNER] = cell_owner(&owner);
	cells[COL_SEEN] = cell_time(c->life.seen_ns);
	cells[COL_MS] = cell_fixed(
		c->life.end_ns > c->life.seen_ns ? (c->life.end_ns - c->life.seen_ns) / 100000 : 0);
	cells[COL_TX] = cell_if(c->traffic.has_bytes, c->traffic.tx_bytes / 1024);
	cells[COL_RX] = cell_if(c->traffic.has_bytes, c->traffic.rx_bytes / 1024);
	cells[COL_RETRANS] = cell_u64(c->traffic.retrans);
	cells[COL_SEGS] = cell_some(c->traffic.retrans_segs);
	cells[COL_RTO] = cell_u64(c->traffic.timeouts);
	cells[COL_SYN] = cell_some(c->traffic.handshake_retrans);
	cells[COL_PROBES] = cell_some(c->traffic.probes);
	cells[COL_RESETS] = cell_some(c->traffic.resets);
	cells[COL_RTT] = c->traffic.rtt_us ? cell_fixed(c->traffic.rtt_us) : cell_absent();
	cells[COL_BEGAN] = cell_word(tcp_origin_name(c->life.origin));
	cells[COL_ENDED] = cell_word(tcp_ending_name(c->life.ending));
	cells[COL_STATE] = cell_state(c->life.state);
	cells[COL_ERR] = err ? cell_str(err) : cell_absent();
	cells[COL_NETNS] = cell_some(c->netns);
	cells[COL_LLABEL] = cell_str(labels_name(names, &c->local));
	cells[COL_RLABEL] = cell_str(labels_name(names, &c->remote));
	cells[COL_INCOMPLETE] = c->life.has_loss ? cell_word("loss") : cell_absent();
}

void report_page_connections(struct report_page *p, struct document_table *ret)
{
	const struct worst_conns *worst_conns = &p->findings.in->worst_conns;
	struct cell *cells =
		document_builder_alloc(&p->builder, (worst_conns->n * COL_N + 1) * sizeof(*cells));
	struct document_history *histories =
		document_builder_alloc(&p->builder, (worst_conns->n + 1) * sizeof(*histories));
	size_t n_bad = 0;

	if (!cells || !histories)
		return;
	for (size_t i = 0; i < worst_conns->n; i++) {
		conn_put_row(p, &worst_conns->items[i], &cells[i * COL_N]);
		n_bad += worst_conns->items[i].badness > 1;
	}
	report_page_histories(p, histories);
	*ret = (struct document_table){
		.id = "connections",
		.title = "Connections",
		.is_ranked = true,
		.columns = columns,
		.n_columns = COL_N,
		.cells = cells,
		.n_rows = worst_conns->n,
		.n_brief = n_bad < ROWS_BRIEF ? n_bad : ROWS_BRIEF,
		.n_left_out = worst_conns->n_offered - worst_conns->n,
		.histories = histories,
	};
}

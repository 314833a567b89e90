// SPDX-License-Identifier: MIT
/*
 * groups: the tables of peers, networks, ports, destinations, processes, containers and labels.
 * Groups with the most retransmissions, resets and failed connects come first, then the busiest.
 */
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "pages/group-words.h"
#include "pages/report-page.h"
#include "detect/verdict.h"
#include "cells/conn-cells.h"

#define ROWS_MAX   200u
#define ROWS_BRIEF 5u

enum {
	COL_NAMED, /* the name for people, with the user's name for an address */
	COL_NAME,
	COL_LABEL,
	COL_ADDR,
	COL_PORT,
	COL_SERVED,
	COL_PID,
	COL_COMM,
	COL_CONTAINER,
	COL_UNIT,
	COL_CONNS,
	COL_TX,
	COL_RX,
	COL_RETRANS,
	COL_RATE,
	COL_RTO,
	COL_PROBES,
	COL_RESETS,
	COL_FAILED,
	COL_SYNACKS,
	COL_BUSY,
	COL_REPAIRING,
	COL_WINDOW,
	COL_BUFFER,
	COL_N,
};

#define NUMBER(k, h, w)                                                                            \
	{                                                                                          \
		.key = (k), .head = (h), .where = COLUMN_TEXT | COLUMN_JSON, .width = (w),         \
		.is_right = true                                                                   \
	}

/* A share of the time in which connections had data under way. */
#define SHARE(k, h)                                                                                \
	{                                                                                          \
		.key = (k), .head = (h), .where = COLUMN_JSON, .is_right = true, .decimals = 2     \
	}

static const struct column columns[COL_N] = {
	[COL_NAMED] = {.key = "named", .head = "NAME", .where = COLUMN_TEXT, .width = 20},
	[COL_NAME] = {.key = "name", .where = COLUMN_JSON},
	[COL_LABEL] = {.key = "label", .where = COLUMN_JSON},
	[COL_ADDR] = {.key = "addr", .where = COLUMN_JSON},
	[COL_PORT] = {.key = "port", .where = COLUMN_JSON},
	[COL_SERVED] = {.key = "side", .where = COLUMN_JSON},
	[COL_PID] = {.key = "pid", .where = COLUMN_JSON},
	[COL_COMM] = {.key = "comm", .where = COLUMN_JSON},
	[COL_CONTAINER] = {.key = "container", .where = COLUMN_JSON},
	[COL_UNIT] = {.key = "unit", .where = COLUMN_JSON},
	[COL_CONNS] = NUMBER("connections", "CONNS", 6),
	[COL_TX] = NUMBER("tx_kb", "TX_KB", 7),
	[COL_RX] = NUMBER("rx_kb", "RX_KB", 7),
	[COL_RETRANS] = NUMBER("retransmissions", "RETR", 6),
	[COL_RATE] = {.key = "rate_percent",
		      .head = "RETR%",
		      .where = COLUMN_TEXT | COLUMN_JSON,
		      .width = 6,
		      .is_right = true,
		      .decimals = 2},
	[COL_RTO] = NUMBER("timeouts", "RTO", 5),
	[COL_PROBES] = {.key = "loss_probes",
			.head = "TLP",
			.where = COLUMN_JSON,
			.is_right = true},
	[COL_RESETS] = NUMBER("resets", "RST", 5),
	[COL_FAILED] = NUMBER("connect_failures", "FAIL", 5),
	[COL_SYNACKS] = {.key = "synack_retrans",
			 .head = "SYNACK",
			 .where = COLUMN_JSON,
			 .is_right = true},
	[COL_BUSY] = {.key = "busy_ms", .head = "BUSY_MS", .where = COLUMN_JSON, .is_right = true},
	[COL_REPAIRING] = SHARE("repairing_percent", "LOSS%"),
	[COL_WINDOW] = SHARE("peer_window_percent", "WINDOW%"),
	[COL_BUFFER] = SHARE("send_buffer_percent", "SNDBUF%"),
};

static uint64_t trouble_of(const struct counters *s)
{
	return counters_data_resent(s) + s->events.retrans[TCP_CAUSE_SYN] +
	       s->events.retrans[TCP_CAUSE_SYNACK] + counters_resets(s, REPORT_SENT) +
	       counters_resets(s, REPORT_RECEIVED) + s->attempts.failed;
}

static int by_trouble(const void *a, const void *b)
{
	const struct conn_group *x = *(struct conn_group *const *)a;
	const struct conn_group *y = *(struct conn_group *const *)b;
	uint64_t n = trouble_of(&x->counters), m = trouble_of(&y->counters);

	if (n == m) {
		n = counters_bytes(&x->counters);
		m = counters_bytes(&y->counters);
	}
	if (n == m) {
		n = x->counters.conns.n;
		m = y->counters.conns.n;
	}
	if (n != m)
		return n < m ? 1 : -1;
	return group_key_compare(&x->key, &y->key);
}

static void group_put_key(struct report_page *p, enum group_by d, const struct conn_group *g,
			  struct cell *cells)
{
	const struct labels *names = gathered_labels(p->findings.in);
	const struct endpoint at = {g->key.addr, g->key.port};
	struct text t CLEANUP(text_done) = {0};

	group_key_text(d, &g->key, names, &t);
	cells[COL_NAMED] = cell_str(document_builder_text(&p->builder, &t));
	group_key_text(d, &g->key, NULL, &t);
	cells[COL_NAME] = cell_str(document_builder_text(&p->builder, &t));
	if (d == GROUP_BY_PEER || d == GROUP_BY_DESTINATION)
		cells[COL_LABEL] = cell_str(labels_name(names, &at));
	else
		cells[COL_LABEL] = cell_str(g->key.label);
	cells[COL_ADDR] = cell_addr(&g->key.addr);
	cells[COL_PORT] = cell_port(g->key.port);
	if (d == GROUP_BY_PORT)
		cells[COL_SERVED] = cell_str(g->key.is_served ? "here" : "peer");
	cells[COL_PID] = cell_pid(g->key.pid);
	cells[COL_CONTAINER] = cell_str(g->key.container);
	cells[COL_UNIT] = cell_str(g->key.unit);
	cells[COL_COMM] = g->key.comm[0] ? cell_str(g->key.comm) : cell_absent();
}

static struct cell share_cell(const struct busy_time *b, uint64_t part)
{
	return b->conns ? cell_fixed(ppm_of(part, b->busy_ns) / 100) : cell_absent();
}

/* What held the senders of the group back. */
static void group_put_times(const struct gathered *in, const struct counters *s, struct cell *cells)
{
	const struct busy_time b = busy_time_of(in, s);

	cells[COL_BUSY] = cell_if(b.conns, b.busy_ns / NSEC_PER_MSEC);
	cells[COL_REPAIRING] = b.knows_repairing ? share_cell(&b, b.repairing_ns) : cell_absent();
	cells[COL_WINDOW] = share_cell(&b, b.window_ns);
	cells[COL_BUFFER] = share_cell(&b, b.buffer_ns);
}

static void group_put_counters(const struct gathered *in, const struct counters *s,
			       struct cell *cells)
{
	struct rate rate = counters_retrans_rate(s);
	bool has_bytes = s->tcp_info.conns || counters_bytes(s);

	cells[COL_CONNS] = cell_u64(s->conns.n);
	cells[COL_TX] = cell_if(has_bytes, counters_sent_bytes(s) / 1024);
	cells[COL_RX] = cell_if(has_bytes, counters_received_bytes(s) / 1024);
	cells[COL_RETRANS] = cell_u64(counters_data_resent(s));
	cells[COL_RATE] = rate_is_telling(&rate) ? cell_fixed(rate.ppm / 100) : cell_absent();
	cells[COL_RTO] = cell_u64(counters_timeouts(s));
	cells[COL_PROBES] = cell_u64(s->events.retrans[TCP_CAUSE_TLP]);
	cells[COL_RESETS] =
		cell_u64(counters_resets(s, REPORT_SENT) + counters_resets(s, REPORT_RECEIVED));
	cells[COL_FAILED] = cell_u64(s->attempts.failed);
	cells[COL_SYNACKS] = cell_u64(s->events.retrans[TCP_CAUSE_SYNACK]);
	group_put_times(in, s, cells);
}

void report_page_groups(struct report_page *p, enum group_by d, struct document_table *ret)
{
	const struct groups *by = &p->findings.in->groups[d];
	struct conn_group **sorted CLEANUP(free_p) =
		(struct conn_group **)groups_sorted(by, by_trouble);
	size_t n = by->n < ROWS_MAX ? by->n : ROWS_MAX;
	struct column *own = document_builder_alloc(&p->builder, sizeof(columns));
	struct cell *cells = document_builder_alloc(&p->builder, (n * COL_N + 1) * sizeof(*cells));

	p->builder.failed |= !sorted;
	if (!sorted || !own || !cells)
		return;
	memcpy(own, columns, sizeof(columns));
	own[COL_NAMED].head = group_words[d].head;
	for (size_t i = 0; i < n; i++) {
		group_put_key(p, d, sorted[i], &cells[i * COL_N]);
		group_put_counters(p->findings.in, &sorted[i]->counters, &cells[i * COL_N]);
	}
	*ret = (struct document_table){
		.id = group_words[d].id,
		.title = group_words[d].title,
		.is_ranked = true,
		.columns = own,
		.n_columns = COL_N,
		.cells = cells,
		.n_rows = n,
		/* A brief page leaves out networks and destinations: peers and ports show most of
		 * what they would show. */
		.n_brief = d == GROUP_BY_PREFIX || d == GROUP_BY_DESTINATION ? 0 : ROWS_BRIEF,
		.n_left_out = by->n - n,
	};
}

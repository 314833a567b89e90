// SPDX-License-Identifier: MIT
/*
 * life --count: a line for each way in which connections ended.
 */
#include "cells/conn-cells.h"
#include "view/durations.h"
#include "view/life.h"

static struct cell count_retrans(const void *at)
{
	const struct life_count *n = at;

	return cell_if(n->n_retrans, n->retrans);
}

static struct byte_cells count_bytes(const struct life_count *n)
{
	return byte_cells_of(n->n_bytes ? TCP_BYTES_IO : TCP_BYTES_UNKNOWN, n->tx_bytes,
			     n->rx_bytes);
}

#define COUNT(member) .at = offsetof(struct life_count, member), .is_right = true
#define BYTES(member) .part = 1, .at = offsetof(struct byte_cells, member), .is_right = true
#define MS(getter)    (getter), COUNT(duration_ns), .decimals = 2

static const struct view_column columns[] = {
	{"ended", "ENDED", COLUMN_ALL, 12, column_word, .at = offsetof(struct life_count, ended)},
	{"connections", "CONNS", COLUMN_ALL, 8, column_u64, COUNT(n)},
	{"retrans", "RETR", COLUMN_ALL, 8, count_retrans, .is_right = true},
	{"tx_bytes", NULL, COLUMN_DATA, 0, column_cell, BYTES(tx)},
	{"rx_bytes", NULL, COLUMN_DATA, 0, column_cell, BYTES(rx)},
	{"tx_kb", "TX_KB", COLUMN_TEXT, 8, column_cell, BYTES(tx_kb)},
	{"rx_kb", "RX_KB", COLUMN_TEXT, 8, column_cell, BYTES(rx_kb)},
	{"mean_ns", NULL, COLUMN_DATA, 0, durations_mean_ns, COUNT(duration_ns)},
	{"p50_ns", NULL, COLUMN_DATA, 0, durations_p50_ns, COUNT(duration_ns)},
	{"p99_ns", NULL, COLUMN_DATA, 0, durations_p99_ns, COUNT(duration_ns)},
	{"max_ns", NULL, COLUMN_DATA, 0, durations_max_ns, COUNT(duration_ns)},
	{"mean_ms", "MEAN_MS", COLUMN_TEXT, 8, MS(durations_mean_ms)},
	{"p50_ms", "P50_MS", COLUMN_TEXT, 8, MS(durations_p50_ms)},
	{"p99_ms", "P99_MS", COLUMN_TEXT, 8, MS(durations_p99_ms)},
	{"max_ms", "MAX_MS", COLUMN_TEXT, 8, MS(durations_max_ms)},
};

void life_counts_add(struct life_counts *l, const struct tcp_conn *c)
{
	struct life_count *n = &l->by_ending[c->ending < LIFE_ENDINGS ? c->ending : 0];
	uint64_t ns, tx, rx;

	n->n++;
	n->retrans += c->n_retrans;
	n->n_retrans += c->knows_retrans;
	if (tcp_conn_bytes(c, &tx, &rx)) {
		n->tx_bytes += tx;
		n->rx_bytes += rx;
		n->n_bytes++;
	}
	if (tcp_conn_duration(c, &ns))
		histogram_add(&n->duration_ns, ns);
}

int life_counts_emit(struct life_counts *l, struct view_table *t, struct table_sink *out,
		     struct fault *fault)
{
	int r = view_table_begin(t, columns, ARRAY_SIZE(columns), 0, out, fault);

	for (unsigned int i = 0; !r && i < LIFE_ENDINGS; i++) {
		struct life_count *n = &l->by_ending[i];
		struct byte_cells bytes = count_bytes(n);

		n->ended = tcp_ending_name(i);
		if (n->n)
			r = view_table_row(t, (const void *[]){n, &bytes}, out, fault);
	}
	return r;
}

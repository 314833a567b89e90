// SPDX-License-Identifier: MIT
/*
 * life --count: a line for each way in which connections ended.
 */
#include "view/life.h"

enum {
	COL_ENDED,
	COL_CONNS,
	COL_RETRANS,
	COL_TX,
	COL_RX,
	COL_TX_KB,
	COL_RX_KB,
	COL_MEAN,
	COL_P50,
	COL_P99,
	COL_MAX,
	COL_MEAN_MS,
	COL_P50_MS,
	COL_P99_MS,
	COL_MAX_MS,
	COL_N,
};

#define RIGHT(k, h, w)                                                                             \
	{                                                                                          \
		.key = (k), .head = (h), .where = (w), .width = 8, .is_right = true                \
	}
#define MS(k, h)                                                                                   \
	{                                                                                          \
		.key = (k), .head = (h), .where = COLUMN_TEXT, .width = 8, .is_right = true,       \
		.decimals = 2                                                                      \
	}

static const struct column columns[COL_N] = {
	[COL_ENDED] = {.key = "ended", .head = "ENDED", .where = COLUMN_ALL, .width = 12},
	[COL_CONNS] = RIGHT("connections", "CONNS", COLUMN_ALL),
	[COL_RETRANS] = RIGHT("retrans", "RETR", COLUMN_ALL),
	[COL_TX] = {.key = "tx_bytes", .where = COLUMN_DATA},
	[COL_RX] = {.key = "rx_bytes", .where = COLUMN_DATA},
	[COL_TX_KB] = RIGHT("tx_kb", "TX_KB", COLUMN_TEXT),
	[COL_RX_KB] = RIGHT("rx_kb", "RX_KB", COLUMN_TEXT),
	[COL_MEAN] = {.key = "mean_ns", .where = COLUMN_DATA},
	[COL_P50] = {.key = "p50_ns", .where = COLUMN_DATA},
	[COL_P99] = {.key = "p99_ns", .where = COLUMN_DATA},
	[COL_MAX] = {.key = "max_ns", .where = COLUMN_DATA},
	[COL_MEAN_MS] = MS("mean_ms", "MEAN_MS"),
	[COL_P50_MS] = MS("p50_ms", "P50_MS"),
	[COL_P99_MS] = MS("p99_ms", "P99_MS"),
	[COL_MAX_MS] = MS("max_ms", "MAX_MS"),
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

static struct cell ms(const struct life_count *n, uint64_t ns)
{
	return n->duration_ns.count ? cell_fixed((ns + 5000) / 10000) : cell_absent();
}

static struct cell ns_cell(const struct life_count *n, uint64_t ns)
{
	return n->duration_ns.count ? cell_u64(ns) : cell_absent();
}

static int put(const struct life_count *n, enum tcp_ending ending, struct table_sink *out,
	       struct fault *fault)
{
	const struct histogram *h = &n->duration_ns;
	uint64_t mean = histogram_mean(h), p50 = histogram_permille(h, 500);
	uint64_t p99 = histogram_permille(h, 990);
	struct cell tx = n->n_bytes ? cell_u64(n->tx_bytes) : cell_absent();
	struct cell rx = n->n_bytes ? cell_u64(n->rx_bytes) : cell_absent();
	const struct cell cells[COL_N] = {
		[COL_ENDED] = cell_str(tcp_ending_name(ending)),
		[COL_CONNS] = cell_u64(n->n),
		[COL_RETRANS] = n->n_retrans ? cell_u64(n->retrans) : cell_absent(),
		[COL_TX] = tx,
		[COL_RX] = rx,
		[COL_TX_KB] = n->n_bytes ? cell_u64(n->tx_bytes / 1024) : tx,
		[COL_RX_KB] = n->n_bytes ? cell_u64(n->rx_bytes / 1024) : rx,
		[COL_MEAN] = ns_cell(n, mean),
		[COL_P50] = ns_cell(n, p50),
		[COL_P99] = ns_cell(n, p99),
		[COL_MAX] = ns_cell(n, h->greatest),
		[COL_MEAN_MS] = ms(n, mean),
		[COL_P50_MS] = ms(n, p50),
		[COL_P99_MS] = ms(n, p99),
		[COL_MAX_MS] = ms(n, h->greatest),
	};

	return table_row(out, cells, fault);
}

int life_counts_emit(const struct life_counts *l, struct table_sink *out, struct fault *fault)
{
	int r = table_begin(out, columns, COL_N, fault);

	for (unsigned int i = 0; !r && i < LIFE_ENDINGS; i++) {
		if (l->by_ending[i].n)
			r = put(&l->by_ending[i], i, out, fault);
	}
	return r;
}

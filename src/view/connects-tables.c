// SPDX-License-Identifier: MIT
/*
 * connects --count: the tables of destinations, latencies, SYNs and listeners.
 */
#include <stdlib.h>

#include "cells/conn-cells.h"
#include "view/connects.h"
#include "view/durations.h"

#define COUNT(type, member) column_u64, .at = offsetof(type, member), .is_right = true
#define DESTINATION(member) .at = offsetof(struct connect_destination, member)

static struct cell table_destinations(const void *at)
{
	return cell_word("destinations");
}

static struct cell table_latencies(const void *at)
{
	return cell_word("latencies");
}

static struct cell table_syns(const void *at)
{
	return cell_word("syns");
}

static struct cell table_listeners(const void *at)
{
	return cell_word("listeners");
}

static const struct view_column destination_columns[] = {
	{"table", NULL, COLUMN_DATA, 0, table_destinations, .at = 0},
	{"remote", "RADDR:RPORT", COLUMN_TEXT, 21, column_endpoint, DESTINATION(to)},
	{"raddr", NULL, COLUMN_DATA, 0, column_addr, DESTINATION(to.addr)},
	{"rport", NULL, COLUMN_DATA, 0, column_port, DESTINATION(to.port)},
	{"attempts", "CONNS", COLUMN_ALL, 6, COUNT(struct connect_destination, n)},
	{"established", "OK", COLUMN_ALL, 6,
	 COUNT(struct connect_destination, by_result[CONNECT_OK])},
	{"failed", "FAILED", COLUMN_TEXT, 6, COUNT(struct connect_destination, failed)},
	{"refused", "REFUSD", COLUMN_ALL, 6,
	 COUNT(struct connect_destination, by_result[CONNECT_REFUSED])},
	{"timeout", "TIMEO", COLUMN_ALL, 6,
	 COUNT(struct connect_destination, by_result[CONNECT_TIMEOUT])},
	{"failed", NULL, COLUMN_DATA, 0, COUNT(struct connect_destination, failed)},
	{"syn_retrans", "RETR", COLUMN_ALL, 6, COUNT(struct connect_destination, syns)},
	{"p50_ns", NULL, COLUMN_DATA, 0, durations_p50_ns, .part = 1},
	{"p90_ns", NULL, COLUMN_DATA, 0, durations_p90_ns, .part = 1},
	{"p99_ns", NULL, COLUMN_DATA, 0, durations_p99_ns, .part = 1},
	{"max_ns", NULL, COLUMN_DATA, 0, durations_max_ns, .part = 1},
	{"p50_ms", "P50_MS", COLUMN_TEXT, 8, durations_p50_ms, .part = 1, .is_right = true,
	 .decimals = 2},
	{"p99_ms", "P99_MS", COLUMN_TEXT, 8, durations_p99_ms, .part = 1, .is_right = true,
	 .decimals = 2},
	{"local", NULL, COLUMN_DATA, 0,
	 COUNT(struct connect_destination, by_result[CONNECT_LOCAL])},
	{"aborted", NULL, COLUMN_DATA, 0,
	 COUNT(struct connect_destination, by_result[CONNECT_ABORTED])},
	{"superseded", NULL, COLUMN_DATA, 0,
	 COUNT(struct connect_destination, by_result[CONNECT_SUPERSEDED])},
	{"pending", NULL, COLUMN_DATA, 0,
	 COUNT(struct connect_destination, by_result[CONNECT_PENDING])},
};

static int by_attempts(const void *a, const void *b)
{
	const struct connect_destination *x = *(struct connect_destination *const *)a;
	const struct connect_destination *y = *(struct connect_destination *const *)b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return endpoint_compare(&x->to, &y->to);
}

static int destinations_put(const struct connect_counts *t, struct view_table *table,
			    struct table_sink *out, struct fault *fault)
{
	static const struct histogram none;
	void **items CLEANUP(free_p) = groups_sorted(&t->destinations, by_attempts);
	int r;

	if (!items)
		return fault_no_memory(fault);
	r = view_table_begin(table, destination_columns, ARRAY_SIZE(destination_columns), 0, out,
			     fault);
	for (size_t i = 0; !r && i < t->destinations.n; i++) {
		const struct connect_destination *d = items[i];

		r = view_table_row(table,
				   (const void *[]){d, d->latency_ns ? d->latency_ns : &none}, out,
				   fault);
	}
	return r;
}

#define BAR 40u

struct latency_row {
	uint64_t from_us, to_us, count;
	const char *arrow, *bar;
};

#define LATENCY(member) .at = offsetof(struct latency_row, member)

static const struct view_column latency_columns[] = {
	{"table", NULL, COLUMN_DATA, 0, table_latencies, .at = 0},
	{"from_us", "LATENCY_US", COLUMN_ALL, 10, COUNT(struct latency_row, from_us)},
	{"arrow", "", COLUMN_TEXT, 0, column_word, LATENCY(arrow)},
	{"to_us", "", COLUMN_ALL, 10, column_u64, LATENCY(to_us)},
	{"count", "COUNT", COLUMN_ALL, 6, COUNT(struct latency_row, count)},
	{"bar", "DISTRIBUTION", COLUMN_TEXT, 0, column_word, LATENCY(bar)},
};

/* Emits the latencies in classes of powers of two microseconds, as bcc's histograms do. */
static int latencies_put(const struct connect_counts *t, struct view_table *table,
			 struct table_sink *out, struct fault *fault)
{
	static const char stars[] = "****************************************";
	const struct histogram *h = &t->latency_ns;
	uint64_t counts[54], most = 0;
	unsigned int first = 54, last = 0;
	int r;

	if (!h->count)
		return 0;
	for (unsigned int i = 0; i < 54; i++) {
		uint64_t from = i ? 1000ull << (i - 1) : 0, to = 1000ull << i;

		counts[i] = histogram_between(h, from, to);
		if (!counts[i])
			continue;
		first = i < first ? i : first;
		last = i;
		most = counts[i] > most ? counts[i] : most;
	}
	r = view_table_begin(table, latency_columns, ARRAY_SIZE(latency_columns), 0, out, fault);
	for (unsigned int i = first; !r && i <= last; i++) {
		size_t len = most ? (size_t)(counts[i] * BAR / most) : 0;
		const struct latency_row row = {
			.from_us = i ? 1ull << (i - 1) : 0,
			.to_us = (1ull << i) - 1,
			.count = counts[i],
			.arrow = "->",
			.bar = stars + sizeof(stars) - 1 - len,
		};

		r = view_table_row(table, (const void *[]){&row}, out, fault);
	}
	return r;
}

struct ladder_row {
	uint64_t syns;
	struct cell mean_ns, mean_ms;
};

#define LADDER(member) .part = 1, .at = offsetof(struct ladder_row, member)

static const struct view_column ladder_columns[] = {
	{"table", NULL, COLUMN_DATA, 0, table_syns, .at = 0},
	{"syn_retrans", "SYNS_AGAIN", COLUMN_ALL, 0, column_u64, LADDER(syns), .is_right = true},
	{"attempts", "CONNS", COLUMN_ALL, 6, COUNT(struct connect_step, attempts)},
	{"established", "OK", COLUMN_ALL, 6, COUNT(struct connect_step, established)},
	{"mean_ns", NULL, COLUMN_DATA, 0, column_cell, LADDER(mean_ns)},
	{"mean_ms", "MEAN_MS", COLUMN_TEXT, 8, column_cell, LADDER(mean_ms), .is_right = true,
	 .decimals = 2},
};

static int ladder_put(const struct connect_counts *t, struct view_table *table,
		      struct table_sink *out, struct fault *fault)
{
	int r = view_table_begin(table, ladder_columns, ARRAY_SIZE(ladder_columns), 0, out, fault);

	for (unsigned int i = 0; !r && i < CONNECT_LADDER; i++) {
		const struct connect_step *step = &t->ladder[i];
		uint64_t n = step->n_ns, mean = n ? step->sum_ns / n : 0;
		const struct ladder_row row = {
			.syns = i,
			.mean_ns = cell_if(n, mean),
			.mean_ms = n ? cell_fixed((mean + 5000) / 10000) : cell_absent(),
		};

		if (step->attempts)
			r = view_table_row(table, (const void *[]){step, &row}, out, fault);
	}
	return r;
}

#define LISTENER(member) .at = offsetof(struct connect_listener, member)

static const struct view_column listener_columns[] = {
	{"table", NULL, COLUMN_DATA, 0, table_listeners, .at = 0},
	{"local", "LISTENER", COLUMN_TEXT, 21, column_endpoint, LISTENER(at)},
	{"laddr", NULL, COLUMN_DATA, 0, column_addr, LISTENER(at.addr)},
	{"lport", NULL, COLUMN_DATA, 0, column_port, LISTENER(at.port)},
	{"synack_retrans", "SYNACKS", COLUMN_ALL, 6, COUNT(struct connect_listener, synacks)},
	{"connections", "CONNS", COLUMN_ALL, 6, COUNT(struct connect_listener, conns)},
	{"completed", "COMPLETED", COLUMN_ALL, 6, COUNT(struct connect_listener, completed)},
};

static int by_synacks(const void *a, const void *b)
{
	const struct connect_listener *x = *(struct connect_listener *const *)a;
	const struct connect_listener *y = *(struct connect_listener *const *)b;

	if (x->synacks != y->synacks)
		return x->synacks > y->synacks ? -1 : 1;
	return endpoint_compare(&x->at, &y->at);
}

static int listeners_put(const struct connect_counts *t, struct view_table *table,
			 struct table_sink *out, struct fault *fault)
{
	void **items CLEANUP(free_p) = groups_sorted(&t->listeners, by_synacks);
	int r;

	if (!items)
		return fault_no_memory(fault);
	if (!t->listeners.n)
		return 0;
	r = view_table_begin(table, listener_columns, ARRAY_SIZE(listener_columns), 0, out, fault);
	for (size_t i = 0; !r && i < t->listeners.n; i++)
		r = view_table_row(table, (const void *[]){items[i]}, out, fault);
	return r;
}

int connect_counts_emit(const struct connect_counts *t, struct view_table *table,
			struct table_sink *out, struct fault *fault)
{
	int r = destinations_put(t, table, out, fault);

	if (!r)
		r = connect_failures_emit(t, table, out, fault);
	if (!r)
		r = latencies_put(t, table, out, fault);
	if (!r)
		r = ladder_put(t, table, out, fault);
	return r ? r : listeners_put(t, table, out, fault);
}

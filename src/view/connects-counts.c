// SPDX-License-Identifier: MIT
/*
 * connects --count: tables of attempts per destination, of latencies, of SYNs, of listeners.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "cells/conn-cells.h"
#include "view/connects.h"

struct destination {
	struct endpoint to; /* the key */
	uint64_t n;
	uint64_t syns;
	uint64_t by_result[CONNECT_RESULTS];
	struct histogram *latency_ns; /* of the established; NULL: none yet */
};

struct listener_count {
	struct endpoint at; /* the key */
	uint64_t conns, completed, synacks;
};

void connect_counts_init(struct connect_counts *t)
{
	t->destinations.key_size = sizeof(struct endpoint);
	t->destinations.item_size = sizeof(struct destination);
	t->listeners.key_size = sizeof(struct endpoint);
	t->listeners.item_size = sizeof(struct listener_count);
}

void connect_counts_done(struct connect_counts *t)
{
	groups_done(&t->destinations);
	groups_done(&t->listeners);
}

/* Without what the compiler left between its parts. */
static struct endpoint key_of(const struct endpoint *e)
{
	struct endpoint key;

	memset(&key, 0, sizeof(key));
	key.addr.family = e->addr.family;
	memcpy(key.addr.bytes, e->addr.bytes, sizeof(key.addr.bytes));
	key.port = e->port;
	return key;
}

static int count_destination(struct connect_counts *t, const struct tcp_conn *c,
			     enum connect_result result)
{
	struct endpoint key = key_of(&c->remote);
	struct destination *d = groups_get(&t->destinations, &key);
	uint64_t ns;

	if (!d)
		return -ENOMEM;
	d->n++;
	d->syns += tcp_conn_cold(c)->n_syns;
	d->by_result[result]++;
	if (result != CONNECT_OK || !connect_latency(c, &ns))
		return 0;
	if (!d->latency_ns)
		d->latency_ns = arena_alloc(&t->destinations.arena, sizeof(*d->latency_ns));
	if (!d->latency_ns)
		return -ENOMEM;
	histogram_add(d->latency_ns, ns);
	histogram_add(&t->latency_ns, ns);
	return 0;
}

int connect_counts_add(struct connect_counts *t, const struct tcp_conn *c)
{
	enum connect_result result = connect_result_of(c);
	uint32_t syns = tcp_conn_cold(c)->n_syns;
	uint32_t step = syns < CONNECT_LADDER - 1 ? syns : CONNECT_LADDER - 1;
	uint64_t ns;

	t->n++;
	t->ladder[step].attempts++;
	if (result == CONNECT_OK) {
		t->ladder[step].established++;
		if (connect_latency(c, &ns)) {
			t->ladder[step].sum_ns += ns;
			t->ladder[step].n_ns++;
		}
	}
	return count_destination(t, c, result);
}

int connect_counts_add_synacks(struct connect_counts *t, const struct tcp_conn *c)
{
	struct endpoint key = key_of(&c->local);
	struct listener_count *l = groups_get(&t->listeners, &key);

	if (!l)
		return -ENOMEM;
	l->conns++;
	l->completed += c->origin != TCP_ORIGIN_HALF_OPEN;
	l->synacks += tcp_conn_cold(c)->n_synacks;
	return 0;
}

#define COUNT(k, h)                                                                                \
	{                                                                                          \
		.key = (k), .head = (h), .where = COLUMN_ALL, .width = 6, .is_right = true         \
	}
#define MS(k, h)                                                                                   \
	{                                                                                          \
		.key = (k), .head = (h), .where = COLUMN_TEXT, .width = 8, .is_right = true,       \
		.decimals = 2                                                                      \
	}
#define DATA(k)                                                                                    \
	{                                                                                          \
		.key = (k), .where = COLUMN_DATA                                                   \
	}

static const struct column destination_columns[] = {
	DATA("table"),
	{.key = "remote", .head = "RADDR:RPORT", .where = COLUMN_TEXT, .width = 21},
	DATA("raddr"),
	DATA("rport"),
	COUNT("attempts", "CONNS"),
	COUNT("established", "OK"),
	COUNT("refused", "REFUSD"),
	COUNT("timeout", "TIMEO"),
	COUNT("failed", "OTHER"),
	COUNT("syn_retrans", "RETR"),
	DATA("p50_ns"),
	DATA("p90_ns"),
	DATA("p99_ns"),
	DATA("max_ns"),
	MS("p50_ms", "P50_MS"),
	MS("p99_ms", "P99_MS"),
};

static struct cell ns_cell(const struct histogram *h, unsigned int permille)
{
	return h ? cell_u64(histogram_permille(h, permille)) : cell_absent();
}

static struct cell ms_cell(const struct histogram *h, unsigned int permille)
{
	return h ? cell_fixed((histogram_permille(h, permille) + 5000) / 10000) : cell_absent();
}

static int by_attempts(const void *a, const void *b)
{
	const struct destination *x = *(struct destination *const *)a;
	const struct destination *y = *(struct destination *const *)b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return memcmp(&x->to, &y->to, sizeof(x->to));
}

static int put_destinations(const struct connect_counts *t, struct table_sink *out,
			    struct fault *fault)
{
	void **items CLEANUP(free_p) = groups_sorted(&t->destinations, by_attempts);
	int r;

	if (!items)
		return fault_errno(fault, -ENOMEM, "counts");
	r = table_begin(out, destination_columns, ARRAY_SIZE(destination_columns), fault);
	for (size_t i = 0; !r && i < t->destinations.n; i++) {
		const struct destination *d = items[i];
		const struct histogram *h = d->latency_ns;
		const uint64_t *n = d->by_result;
		const struct cell cells[] = {
			cell_str("destinations"),
			cell_endpoint(&d->to),
			cell_addr(&d->to.addr),
			cell_port(d->to.port),
			cell_u64(d->n),
			cell_u64(n[CONNECT_OK]),
			cell_u64(n[CONNECT_REFUSED]),
			cell_u64(n[CONNECT_TIMEOUT]),
			cell_u64(n[CONNECT_UNREACHABLE] + n[CONNECT_ERROR] + n[CONNECT_ABORTED]),
			cell_u64(d->syns),
			ns_cell(h, 500),
			ns_cell(h, 900),
			ns_cell(h, 990),
			ns_cell(h, 1000),
			ms_cell(h, 500),
			ms_cell(h, 990),
		};

		static_assert(ARRAY_SIZE(cells) == ARRAY_SIZE(destination_columns), "columns");
		r = table_row(out, cells, fault);
	}
	return r;
}

#define BAR 40u

static const struct column latency_columns[] = {
	DATA("table"),
	{.key = "from_us",
	 .head = "LATENCY_US",
	 .where = COLUMN_ALL,
	 .width = 10,
	 .is_right = true},
	{.key = "arrow", .head = "", .where = COLUMN_TEXT},
	{.key = "to_us", .head = "", .where = COLUMN_ALL, .width = 10},
	COUNT("count", "COUNT"),
	{.key = "bar", .head = "DISTRIBUTION", .where = COLUMN_TEXT},
};

/* Powers of two of microseconds, as bcc's histograms have them. */
static int put_latencies(const struct connect_counts *t, struct table_sink *out,
			 struct fault *fault)
{
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
	r = table_begin(out, latency_columns, ARRAY_SIZE(latency_columns), fault);
	for (unsigned int i = first; !r && i <= last; i++) {
		static const char stars[] = "****************************************";
		size_t len = most ? (size_t)(counts[i] * BAR / most) : 0;
		const struct cell cells[] = {
			cell_str("latencies"), cell_u64(i ? 1ull << (i - 1) : 0),
			cell_str("->"),	       cell_u64((1ull << i) - 1),
			cell_u64(counts[i]),   cell_str(stars + sizeof(stars) - 1 - len),
		};

		r = table_row(out, cells, fault);
	}
	return r;
}

static const struct column ladder_columns[] = {
	DATA("table"),
	{.key = "syn_retrans", .head = "SYNS_AGAIN", .where = COLUMN_ALL, .is_right = true},
	COUNT("attempts", "CONNS"),
	COUNT("established", "OK"),
	DATA("mean_ns"),
	MS("mean_ms", "MEAN_MS"),
};

static int put_ladder(const struct connect_counts *t, struct table_sink *out, struct fault *fault)
{
	int r = table_begin(out, ladder_columns, ARRAY_SIZE(ladder_columns), fault);

	for (unsigned int i = 0; !r && i < CONNECT_LADDER; i++) {
		uint64_t n = t->ladder[i].n_ns, mean = n ? t->ladder[i].sum_ns / n : 0;
		const struct cell cells[] = {
			cell_str("syns"),
			cell_u64(i),
			cell_u64(t->ladder[i].attempts),
			cell_u64(t->ladder[i].established),
			cell_if(n, mean),
			n ? cell_fixed((mean + 5000) / 10000) : cell_absent(),
		};

		if (t->ladder[i].attempts)
			r = table_row(out, cells, fault);
	}
	return r;
}

static const struct column listener_columns[] = {
	DATA("table"),
	{.key = "local", .head = "LISTENER", .where = COLUMN_TEXT, .width = 21},
	DATA("laddr"),
	DATA("lport"),
	COUNT("synack_retrans", "SYNACKS"),
	COUNT("connections", "CONNS"),
	COUNT("completed", "COMPLETED"),
};

static int by_synacks(const void *a, const void *b)
{
	const struct listener_count *x = *(struct listener_count *const *)a;
	const struct listener_count *y = *(struct listener_count *const *)b;

	if (x->synacks != y->synacks)
		return x->synacks > y->synacks ? -1 : 1;
	return memcmp(&x->at, &y->at, sizeof(x->at));
}

static int put_listeners(const struct connect_counts *t, struct table_sink *out,
			 struct fault *fault)
{
	void **items CLEANUP(free_p) = groups_sorted(&t->listeners, by_synacks);
	int r;

	if (!items)
		return fault_errno(fault, -ENOMEM, "counts");
	if (!t->listeners.n)
		return 0;
	r = table_begin(out, listener_columns, ARRAY_SIZE(listener_columns), fault);
	for (size_t i = 0; !r && i < t->listeners.n; i++) {
		const struct listener_count *l = items[i];
		const struct cell cells[] = {
			cell_str("listeners"),	cell_endpoint(&l->at), cell_addr(&l->at.addr),
			cell_port(l->at.port),	cell_u64(l->synacks),  cell_u64(l->conns),
			cell_u64(l->completed),
		};

		r = table_row(out, cells, fault);
	}
	return r;
}

int connect_counts_emit(const struct connect_counts *t, struct table_sink *out, struct fault *fault)
{
	int r = put_destinations(t, out, fault);

	if (!r)
		r = put_latencies(t, out, fault);
	if (!r)
		r = put_ladder(t, out, fault);
	return r ? r : put_listeners(t, out, fault);
}

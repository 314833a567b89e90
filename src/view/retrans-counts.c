// SPDX-License-Identifier: MIT
/*
 * Retransmissions per flow: a map from the hash of both ends to a chain of flows, which the arena
 * owns.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "view/cells.h"
#include "view/retrans.h"

struct flow_counts {
	struct flow_counts *next; /* with the same hash */
	struct endpoint local, remote;
	uint64_t total;
	uint64_t by_cause[TCP_CAUSE_N];
};

/* The causes as columns; their keys are the words of tcp_cause_name(). */
static const enum tcp_cause causes[] = {
	TCP_CAUSE_RTO,	    TCP_CAUSE_TLP,	TCP_CAUSE_FAST,	   TCP_CAUSE_LOSS,
	TCP_CAUSE_RECOVERY, TCP_CAUSE_SYN,	TCP_CAUSE_SYNACK,  TCP_CAUSE_PMTU,
	TCP_CAUSE_TFO,	    TCP_CAUSE_DEFERRED, TCP_CAUSE_UNKNOWN,
};

enum {
	COL_LOCAL,
	COL_REMOTE,
	COL_FAMILY,
	COL_LADDR,
	COL_LPORT,
	COL_RADDR,
	COL_RPORT,
	COL_RETRANS,
	COL_CAUSES,
	COL_FIRST_CAUSE,
	COL_N = COL_FIRST_CAUSE + ARRAY_SIZE(causes),
};

static const struct column columns[COL_N] = {
	[COL_LOCAL] = {.key = "local", .head = "LADDR:LPORT", .where = COLUMN_TEXT, .width = 21},
	[COL_REMOTE] = {.key = "remote", .head = "RADDR:RPORT", .where = COLUMN_TEXT, .width = 21},
	[COL_FAMILY] = {.key = "family", .where = COLUMN_DATA},
	[COL_LADDR] = {.key = "laddr", .where = COLUMN_DATA},
	[COL_LPORT] = {.key = "lport", .where = COLUMN_DATA},
	[COL_RADDR] = {.key = "raddr", .where = COLUMN_DATA},
	[COL_RPORT] = {.key = "rport", .where = COLUMN_DATA},
	[COL_RETRANS] = {.key = "retrans",
			 .head = "RETRANSMITS",
			 .where = COLUMN_ALL,
			 .is_right = true},
	[COL_CAUSES] = {.key = "causes", .head = "CAUSES", .where = COLUMN_TEXT},
	{.key = "rto", .where = COLUMN_DATA},
	{.key = "tlp", .where = COLUMN_DATA},
	{.key = "fast", .where = COLUMN_DATA},
	{.key = "loss", .where = COLUMN_DATA},
	{.key = "recovery", .where = COLUMN_DATA},
	{.key = "syn", .where = COLUMN_DATA},
	{.key = "synack", .where = COLUMN_DATA},
	{.key = "pmtu", .where = COLUMN_DATA},
	{.key = "tfo", .where = COLUMN_DATA},
	{.key = "deferred", .where = COLUMN_DATA},
	{.key = "unknown", .where = COLUMN_DATA},
};

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15ULL;
	return h ^ h >> 32;
}

static uint64_t hash_endpoint(uint64_t h, const struct endpoint *e)
{
	uint64_t words[2];

	memcpy(words, e->addr.bytes, sizeof(words));
	h = mix(h, words[0]);
	h = mix(h, words[1]);
	return mix(h, (uint64_t)e->addr.family << 16 | e->port);
}

static bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && ip_addr_equal(&a->addr, &b->addr);
}

void retrans_counts_done(struct retrans_counts *c)
{
	map_done(&c->by_hash);
	arena_done(&c->arena);
}

int retrans_counts_add(struct retrans_counts *c, const struct tcp_event *e)
{
	uint64_t hash = hash_endpoint(hash_endpoint(0, &e->local), &e->remote);
	uint64_t *place = map_put(&c->by_hash, hash, NULL);
	struct flow_counts *f;

	if (!place)
		return -ENOMEM;
	for (f = (struct flow_counts *)(uintptr_t)*place; f; f = f->next) {
		if (endpoint_equal(&f->local, &e->local) && endpoint_equal(&f->remote, &e->remote))
			break;
	}
	if (!f) {
		f = arena_alloc(&c->arena, sizeof(*f));
		if (!f)
			return -ENOMEM;
		f->local = e->local;
		f->remote = e->remote;
		f->next = (struct flow_counts *)(uintptr_t)*place;
		*place = (uintptr_t)f;
		c->n_flows++;
	}
	f->total++;
	f->by_cause[e->cause < TCP_CAUSE_N ? e->cause : TCP_CAUSE_UNKNOWN]++;
	return 0;
}

static int compare_endpoints(const struct endpoint *a, const struct endpoint *b)
{
	int r = a->addr.family - b->addr.family;

	if (!r)
		r = memcmp(a->addr.bytes, b->addr.bytes, sizeof(a->addr.bytes));
	return r ? r : a->port - b->port;
}

static int compare_flows(const void *a, const void *b)
{
	const struct flow_counts *x = *(const struct flow_counts *const *)a;
	const struct flow_counts *y = *(const struct flow_counts *const *)b;
	int r;

	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	r = compare_endpoints(&x->local, &y->local);
	return r ? r : compare_endpoints(&x->remote, &y->remote);
}

/* "rto=12 fast=3": only those that happened. */
static struct cell causes_cell(struct text *t, const struct flow_counts *f)
{
	text_clear(t);
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++) {
		if (!f->by_cause[causes[i]])
			continue;
		if (t->len)
			text_char(t, ' ');
		text_str(t, tcp_cause_name(causes[i]));
		text_char(t, '=');
		text_u64(t, f->by_cause[causes[i]]);
	}
	return cell_str(text_cstr(t));
}

static int emit_flow(const struct flow_counts *f, struct text *t, struct table_sink *out,
		     struct fault *fault)
{
	struct cell cells[COL_N] = {
		[COL_LOCAL] = cell_endpoint(&f->local),
		[COL_REMOTE] = cell_endpoint(&f->remote),
		[COL_FAMILY] =
			f->local.addr.family ? cell_u64(f->local.addr.family) : cell_absent(),
		[COL_LADDR] = cell_addr(&f->local.addr),
		[COL_LPORT] = cell_port(f->local.port),
		[COL_RADDR] = cell_addr(&f->remote.addr),
		[COL_RPORT] = cell_port(f->remote.port),
		[COL_RETRANS] = cell_u64(f->total),
		[COL_CAUSES] = causes_cell(t, f),
	};

	for (size_t i = 0; i < ARRAY_SIZE(causes); i++)
		cells[COL_FIRST_CAUSE + i] = cell_u64(f->by_cause[causes[i]]);
	return table_row(out, cells, fault);
}

int retrans_counts_emit(const struct retrans_counts *c, struct table_sink *out, struct fault *fault)
{
	const struct flow_counts **flows CLEANUP(free_p) = NULL;
	struct text words CLEANUP(text_done) = {0};
	uint64_t hash, value;
	size_t n = 0, pos = 0;
	int r;

	flows = malloc((c->n_flows + 1) * sizeof(*flows));
	if (!flows)
		return fault_errno(fault, -ENOMEM, "flows");
	while (map_next(&c->by_hash, &pos, &hash, &value)) {
		for (const struct flow_counts *f = (struct flow_counts *)(uintptr_t)value; f;
		     f = f->next)
			flows[n++] = f;
	}
	qsort(flows, n, sizeof(*flows), compare_flows);
	r = table_begin(out, columns, COL_N, fault);
	for (size_t i = 0; !r && i < n; i++)
		r = emit_flow(flows[i], &words, out, fault);
	return r;
}

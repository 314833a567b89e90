// SPDX-License-Identifier: MIT
/*
 * Retransmissions per group: a map from the hash of the key to a chain of groups, which the arena
 * owns.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cells/cells.h"
#include "view/retrans.h"

struct group_counts {
	struct group_counts *next; /* with the same hash */
	struct retrans_key key;
	uint64_t total; /* of retransmits of lost data */
	uint64_t n_probes;
	uint64_t n_failed;
	uint64_t by_cause[TCP_CAUSE_N];
};

/* The causes as columns; their keys are the words of tcp_cause_name(). */
static const enum tcp_cause causes[] = {
	TCP_CAUSE_RTO,	  TCP_CAUSE_FAST, TCP_CAUSE_LOSS, TCP_CAUSE_RECOVERY, TCP_CAUSE_SYN,
	TCP_CAUSE_SYNACK, TCP_CAUSE_PMTU, TCP_CAUSE_TFO,  TCP_CAUSE_DEFERRED, TCP_CAUSE_UNKNOWN,
};

enum {
	COL_RETRANS,
	COL_PROBES,
	COL_FAILED,
	COL_CAUSES,
	COL_FIRST_CAUSE,
	COL_N = COL_FIRST_CAUSE + ARRAY_SIZE(causes),
};

static_assert(RETRANS_KEY_COLUMNS_MAX + COL_N <= RETRANS_COLUMNS_MAX, "columns");

static const struct column columns[COL_N] = {
	[COL_RETRANS] = {.key = "retrans",
			 .head = "RETRANSMITS",
			 .where = COLUMN_ALL,
			 .is_right = true},
	[COL_PROBES] = {.key = "tlp", .head = "PROBES", .is_right = true},
	[COL_FAILED] = {.key = "failed", .head = "FAILED", .is_right = true},
	[COL_CAUSES] = {.key = "causes", .head = "CAUSES", .where = COLUMN_TEXT},
};

void retrans_counts_done(struct retrans_counts *c)
{
	map_done(&c->by_hash);
	arena_done(&c->arena);
}

static struct group_counts *make_group(struct retrans_counts *c, const struct retrans_key *k)
{
	struct group_counts *g = arena_alloc(&c->arena, sizeof(*g));

	if (!g)
		return NULL;
	g->key = *k;
	/* Names of events are good until the next one. */
	if (k->comm)
		g->key.comm = arena_str(&c->arena, k->comm);
	if (k->comm && !g->key.comm)
		return NULL;
	c->n_groups++;
	return g;
}

int retrans_counts_add(struct retrans_counts *c, const struct tcp_event *e)
{
	struct retrans_key key = retrans_key_of(c->group, e);
	uint64_t *place = map_put(&c->by_hash, retrans_key_hash(&key), NULL);
	struct group_counts *g;

	if (!place)
		return -ENOMEM;
	for (g = (struct group_counts *)(uintptr_t)*place; g; g = g->next) {
		if (!retrans_key_compare(&g->key, &key))
			break;
	}
	if (!g) {
		g = make_group(c, &key);
		if (!g)
			return -ENOMEM;
		g->next = (struct group_counts *)(uintptr_t)*place;
		*place = (uintptr_t)g;
	}
	if (retrans_is_failed(e)) {
		g->n_failed++;
	} else if (e->cause == TCP_CAUSE_TLP) {
		g->n_probes++;
	} else {
		g->total++;
		g->by_cause[e->cause < TCP_CAUSE_N ? e->cause : TCP_CAUSE_UNKNOWN]++;
	}
	return 0;
}

static int compare_groups(const void *a, const void *b)
{
	const struct group_counts *x = *(const struct group_counts *const *)a;
	const struct group_counts *y = *(const struct group_counts *const *)b;
	uint64_t apart_x = x->n_probes + x->n_failed, apart_y = y->n_probes + y->n_failed;

	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	if (apart_x != apart_y)
		return apart_x > apart_y ? -1 : 1;
	return retrans_key_compare(&x->key, &y->key);
}

/* "rto=12 fast=3": only those that happened. */
static struct cell causes_cell(struct text *t, const struct group_counts *g)
{
	text_clear(t);
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++) {
		if (!g->by_cause[causes[i]])
			continue;
		if (t->len)
			text_char(t, ' ');
		text_str(t, tcp_cause_name(causes[i]));
		text_char(t, '=');
		text_u64(t, g->by_cause[causes[i]]);
	}
	return cell_str(text_cstr(t));
}

/* The key's columns and the counts'. A group that is a cause needs no columns of causes. */
static size_t make_columns(enum retrans_group group, const struct retrans_shows *shows,
			   struct column ret[RETRANS_COLUMNS_MAX])
{
	bool has_causes = group != RETRANS_BY_CAUSE;
	size_t n = retrans_key_columns(group, ret);
	struct column *counts = ret + n;

	memcpy(counts, columns, sizeof(columns));
	if (shows->probes)
		counts[COL_PROBES].where = COLUMN_ALL;
	if (shows->failed)
		counts[COL_FAILED].where = COLUMN_ALL;
	if (!has_causes)
		counts[COL_CAUSES].where = 0;
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++) {
		counts[COL_FIRST_CAUSE + i] = (struct column){
			.key = tcp_cause_name(causes[i]),
			.where = has_causes ? COLUMN_DATA : 0,
		};
	}
	return n + COL_N;
}

/* Texts of a row's cells. */
struct row_words {
	struct text key;
	struct text causes;
};

static void row_words_done(struct row_words *w)
{
	text_done(&w->key);
	text_done(&w->causes);
}

static int emit_group(enum retrans_group group, const struct group_counts *g, struct row_words *w,
		      struct table_sink *out, struct fault *fault)
{
	struct cell cells[RETRANS_COLUMNS_MAX];
	struct cell *counts = cells + retrans_key_cells(group, &g->key, &w->key, cells);

	counts[COL_RETRANS] = cell_u64(g->total);
	counts[COL_PROBES] = cell_u64(g->n_probes);
	counts[COL_FAILED] = cell_u64(g->n_failed);
	counts[COL_CAUSES] = causes_cell(&w->causes, g);
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++)
		counts[COL_FIRST_CAUSE + i] = cell_u64(g->by_cause[causes[i]]);
	return table_row(out, cells, fault);
}

int retrans_counts_emit(struct retrans_counts *c, const struct retrans_shows *shows,
			struct table_sink *out, struct fault *fault)
{
	const struct group_counts **groups CLEANUP(free_p) = NULL;
	struct row_words words CLEANUP(row_words_done) = {0};
	uint64_t hash, value;
	size_t n = 0, pos = 0;
	int r;

	groups = malloc((c->n_groups + 1) * sizeof(*groups));
	if (!groups)
		return fault_errno(fault, -ENOMEM, "counts");
	while (map_next(&c->by_hash, &pos, &hash, &value)) {
		for (const struct group_counts *g = (struct group_counts *)(uintptr_t)value; g;
		     g = g->next)
			groups[n++] = g;
	}
	qsort(groups, n, sizeof(*groups), compare_groups);
	r = table_begin(out, c->columns, make_columns(c->group, shows, c->columns), fault);
	for (size_t i = 0; !r && i < n; i++)
		r = emit_group(c->group, groups[i], &words, out, fault);
	return r;
}

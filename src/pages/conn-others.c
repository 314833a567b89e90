// SPDX-License-Identifier: MIT
/*
 * conn-others: the other connections that fit what the user asked for, each with the option that
 * picks it.
 */
#include "cells/conn-cells.h"
#include "pages/conn-page.h"
#include "pages/labelled.h"
#include "tcp/conn-pick.h"

#define ROWS_BRIEF 8u

enum {
	COL_LOCAL,
	COL_REMOTE,
	COL_LOCAL_DATA,
	COL_REMOTE_DATA,
	COL_SEEN,
	COL_MS,
	COL_RETRANS,
	COL_RTO,
	COL_ENDED,
	COL_PICK,
	COL_NUMBER,
	COL_SK,
	COL_COOKIE,
	COL_N,
};

#define TEXT_JSON (COLUMN_TEXT | COLUMN_JSON)

static const struct column columns[COL_N] = {
	[COL_LOCAL] = {.key = "local", .head = "LADDR:LPORT", .where = COLUMN_TEXT},
	[COL_REMOTE] = {.key = "remote", .head = "RADDR:RPORT", .where = COLUMN_TEXT},
	[COL_LOCAL_DATA] = {.key = "local", .where = COLUMN_JSON},
	[COL_REMOTE_DATA] = {.key = "remote", .where = COLUMN_JSON},
	[COL_SEEN] = {.key = "started", .head = "SEEN", .where = TEXT_JSON, .decimals = 3},
	[COL_MS] = {.key = "ms", .head = "MS", .where = TEXT_JSON, .is_right = true, .decimals = 1},
	[COL_RETRANS] = {.key = "retrans", .head = "RETR", .where = TEXT_JSON, .is_right = true},
	[COL_RTO] = {.key = "timeouts", .head = "RTO", .where = COLUMN_JSON, .is_right = true},
	[COL_ENDED] = {.key = "ended", .head = "ENDED", .where = COLUMN_JSON},
	[COL_PICK] = {.key = "option", .head = "OPTION", .where = TEXT_JSON},
	[COL_NUMBER] = {.key = "number", .where = COLUMN_JSON},
	[COL_SK] = {.key = "sk", .where = COLUMN_JSON},
	[COL_COOKIE] = {.key = "cookie", .where = COLUMN_JSON},
};

/* The option that picks this connection and no other: its cookie, or its number. The ids of sockets
 * are used again. */
static const char *conn_option(struct conn_page *p, const struct worst_conn *c)
{
	const struct conn_pick pick = {.by = c->cookie ? CONN_PICK_COOKIE : CONN_PICK_NUMBER,
				       .id = c->cookie ? c->cookie : c->id};
	struct text t CLEANUP(text_done) = {0};

	conn_pick_text(&pick, &t);
	return document_builder_text(&p->builder, &t);
}

static void other_put_row(struct conn_page *p, const struct worst_conn *c, struct cell *cells)
{
	const struct labels *names = gathered_labels(p->in);
	const struct worst_conn_life *life = &c->life;

	cells[COL_LOCAL] = page_endpoint(&p->builder, names, &c->local);
	cells[COL_REMOTE] = page_endpoint(&p->builder, names, &c->remote);
	cells[COL_LOCAL_DATA] = cell_endpoint(&c->local);
	cells[COL_REMOTE_DATA] = cell_endpoint(&c->remote);
	cells[COL_SEEN] = cell_time(life->seen_ns);
	cells[COL_MS] = cell_fixed(
		life->end_ns > life->seen_ns ? (life->end_ns - life->seen_ns) / 100000 : 0);
	cells[COL_RETRANS] = cell_u64(c->traffic.retrans);
	cells[COL_RTO] = cell_u64(c->traffic.timeouts);
	cells[COL_ENDED] = cell_word(tcp_ending_name(life->ending));
	cells[COL_PICK] = cell_str(conn_option(p, c));
	cells[COL_NUMBER] = cell_u64(c->id);
	cells[COL_SK] = c->sk ? cell_hex(c->sk) : cell_absent();
	cells[COL_COOKIE] = cell_some(c->cookie);
}

void conn_page_others(struct conn_page *p, struct document_table *ret)
{
	const struct worst_conns *all = &p->in->worst_conns;
	struct cell *cells =
		document_builder_alloc(&p->builder, (all->n * COL_N + 1) * sizeof(*cells));
	size_t n = 0;

	for (size_t i = 0; cells && i < all->n; i++) {
		if (&all->items[i] != p->told)
			other_put_row(p, &all->items[i], &cells[n++ * COL_N]);
	}
	*ret = (struct document_table){
		.id = "others",
		.title = "Other connections that fit",
		.is_ranked = true,
		.columns = columns,
		.n_columns = COL_N,
		.cells = cells,
		.n_rows = n,
		.n_brief = n < ROWS_BRIEF ? n : ROWS_BRIEF,
		.n_left_out = all->n_offered - all->n,
	};
}

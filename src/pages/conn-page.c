// SPDX-License-Identifier: MIT
#include "pages/conn-page.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>

#include "base/units.h"
#include "cells/conn-cells.h"
#include "pages/conn-words.h"
#include "pages/history.h"
#include "pages/labelled.h"
#include "tcp/connect-result.h"

enum { TABLE_STORY, TABLE_OTHERS, TABLES };

enum {
	COL_LOCAL,
	COL_REMOTE,
	COL_MS,
	COL_RETRANS,
	COL_RTO,
	COL_ENDED,
	COL_N,
};

/* For a page for a browser: the facts say the same. */
static const struct column columns[COL_N] = {
	[COL_LOCAL] = {.key = "local", .head = "LADDR:LPORT"},
	[COL_REMOTE] = {.key = "remote", .head = "RADDR:RPORT"},
	[COL_MS] = {.key = "ms", .head = "MS", .is_right = true, .decimals = 1},
	[COL_RETRANS] = {.key = "retrans", .head = "RETR", .is_right = true},
	[COL_RTO] = {.key = "timeouts", .head = "RTO", .is_right = true},
	[COL_ENDED] = {.key = "ended", .head = "ENDED"},
};

void conn_page_done(struct conn_page *p)
{
	document_builder_done(&p->builder);
}

static void page_put_title(struct conn_page *p)
{
	const struct labels *names = gathered_labels(p->in);
	const struct tcp_conn *c = &p->in->story.conn;
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "TCP connection ");
	labels_endpoint_text(names, &c->local, &t);
	text_str(&t, " - ");
	labels_endpoint_text(names, &c->remote, &t);
	text_str(&t, " of ");
	text_str(&t, p->facts->host ? p->facts->host : "unknown host");
	p->document.title = document_builder_text(&p->builder, &t);
}

static enum document_level level_of(const struct conn_page *p)
{
	const struct conn_story *s = &p->in->story;
	const struct conn_history *h = p->told->conn_history;
	bool is_failed = tcp_conn_is_attempt(&s->conn) &&
			 connect_has_failed(&s->conn, connect_result_of(&s->conn));

	if (s->conn.ending == TCP_ENDING_TIMEOUT || s->conn.ending == TCP_ENDING_ERROR ||
	    s->conn.ending == TCP_ENDING_REMOTE_RESET || is_failed ||
	    (h && h->worst_run.n >= STALL_TIMEOUTS))
		return DOCUMENT_WARNING;
	return p->told->badness ? DOCUMENT_NOTICE : DOCUMENT_GOOD;
}

static void page_put_verdict(struct conn_page *p)
{
	const struct conn_story *s = &p->in->story;
	struct text t CLEANUP(text_done) = {0};
	uint64_t ns;

	p->document.level = level_of(p);
	text_str(&t, tcp_conn_duration(&s->conn, &ns) ? "It lived for " : "It is on the tape for ");
	units_duration(&t, ns);
	text_str(&t, "; ");
	if (conn_retrans_text(&s->conn, &t))
		text_str(&t, "; ");
	else if (s->conn.knows_retrans)
		text_str(&t, "nothing was retransmitted; ");
	conn_ended_text(s, &t);
	p->document.verdict = document_builder_text(&p->builder, &t);
}

static void page_put_story(struct conn_page *p, struct document_table *ret)
{
	const struct history_source from = {&p->builder, p->in, p->facts};
	const struct labels *names = gathered_labels(p->in);
	const struct worst_conn *c = p->told;
	struct document_history *history = document_builder_alloc(&p->builder, sizeof(*history));
	struct cell *cells = document_builder_alloc(&p->builder, COL_N * sizeof(*cells));

	if (!history || !cells)
		return;
	cells[COL_LOCAL] = page_endpoint(&p->builder, names, &c->local);
	cells[COL_REMOTE] = page_endpoint(&p->builder, names, &c->remote);
	cells[COL_MS] = cell_fixed(
		c->life.end_ns > c->life.seen_ns ? (c->life.end_ns - c->life.seen_ns) / 100000 : 0);
	cells[COL_RETRANS] = cell_u64(c->traffic.retrans);
	cells[COL_RTO] = cell_u64(c->traffic.timeouts);
	cells[COL_ENDED] = cell_word(tcp_ending_name(c->life.ending));
	history_make(&from, c, SIZE_MAX, history);
	history_add_strips(&from, c, SIZE_MAX, history);
	*ret = (struct document_table){
		.id = "connection",
		.title = "What happened",
		.columns = columns,
		.n_columns = COL_N,
		.cells = cells,
		.n_rows = 1,
		.n_brief = 1,
		.histories = history,
		.tells = true,
	};
}

static void page_put_tables(struct conn_page *p)
{
	struct document_table *tables =
		document_builder_alloc(&p->builder, TABLES * sizeof(*tables));

	if (!tables)
		return;
	page_put_story(p, &tables[TABLE_STORY]);
	p->document.n_tables = 1;
	/* The others are of no interest where the user did not name this one. */
	if (!p->n_conns && p->in->worst_conns.n > 1) {
		conn_page_others(p, &tables[TABLE_OTHERS]);
		p->document.n_tables = TABLES;
	}
	p->document.tables = tables;
}

/* Finds the connection of the story among the worst: it is the first of them. */
static const struct worst_conn *conn_told(const struct gathered *in)
{
	if (!in->story.is_known)
		return NULL;
	assert(in->worst_conns.n && in->worst_conns.items[0].id == in->story.conn.id);
	return &in->worst_conns.items[0];
}

int conn_page_make(struct conn_page *p, const struct gathered *in, const struct tape_facts *facts,
		   uint64_t n_conns, struct fault *fault)
{
	*p = (struct conn_page){.in = in, .facts = facts, .n_conns = n_conns};
	p->told = conn_told(in);
	if (!p->told)
		return fault_set(fault, -ENOENT, "no connection of the tape fits");
	p->document.notes = facts->notes;
	p->document.n_notes = facts->n_notes;
	page_put_title(p);
	conn_page_facts(p);
	page_put_verdict(p);
	page_put_tables(p);
	return p->builder.failed ? fault_errno(fault, -ENOMEM, "connection") : 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * conn-page: the document that tells the story of one connection.
 */
#pragma once

#include "gather/facts.h"
#include "gather/gathered.h"
#include "table/document-builder.h"
#include "table/document.h"

struct conn_page {
	struct document_builder builder;
	struct document document;
	const struct gathered *in;
	const struct tape_facts *facts;
	const struct worst_conn *told; /* the connection */
	uint64_t n_conns; /* those that the told one is the worst of; 0: it was asked for */
};

/*
 * Makes the page of in->story, once the gather view has emitted. n_conns: how many connections it
 * was chosen from as the worst; 0: the user named it. -ENOENT, with a fault: no connection fits.
 * `in` and `facts` must outlive the page. conn_page_done() must follow even a failure.
 */
int conn_page_make(struct conn_page *p, const struct gathered *in, const struct tape_facts *facts,
		   uint64_t n_conns, struct fault *fault) MUST_CHECK;
void conn_page_done(struct conn_page *p);

/* Functions that add a part of the page. When memory runs out, a part is left out and the builder
 * has failed. */
void conn_page_facts(struct conn_page *p);
void conn_page_others(struct conn_page *p, struct document_table *ret);

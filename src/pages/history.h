/* SPDX-License-Identifier: MIT */
/*
 * history: the history of one connection, for a document.
 */
#pragma once

#include "gather/facts.h"
#include "gather/gathered.h"
#include "table/document-builder.h"
#include "table/document.h"

struct history_source {
	struct document_builder *builder;
	const struct gathered *in;
	const struct tape_facts *facts;
};

/* Makes the history of a connection, of at most events_max events. It is empty where the connection
 * has none, or memory has run out. */
void history_make(const struct history_source *p, const struct worst_conn *c, size_t events_max,
		  struct document_history *ret);
/* Adds the strips of what was sampled, of at most points_max points each. */
void history_add_strips(const struct history_source *p, const struct worst_conn *c,
			size_t points_max, struct document_history *ret);

/* SPDX-License-Identifier: MIT */
/*
 * tracepoints: a table of the selected tracepoints with data from their format files: the kernel's
 * number, the length of rows, the fields with addresses. The index in this table is the index on
 * the tape.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/fault.h"
#include "kernel/tracefs.h"
#include "record/filter.h"
#include "record/selected.h"
#include "record/block.h"
#include "tracepoint/row-ends.h"

struct tracepoint {
	const char *system; /* borrowed from the selection */
	const char *name;
	bool with_stack;
	char *filter; /* in the kernel's filter language; NULL: none */
	/* Index of the tracepoint that takes the hits with a call chain; usually its own index. */
	uint16_t with_chain;
	uint32_t kernel_id;
	uint16_t row_len; /* 0: rows differ in length (dynamic fields) */
	/* Where the ends of a connection in trouble stand; not known: rows tell of none. */
	struct row_ends trouble;
	struct buffer format; /* the format file's text and a NUL that len does not count */
};

#define TRACEPOINT_NONE UINT16_MAX

struct tracepoints {
	struct tracepoint *items;
	struct block_tracepoint *places; /* same order */
	uint16_t *by_type;		 /* the kernel's number -> index, or TRACEPOINT_NONE */
	size_t n;			 /* all, the synthetic ones included */
	/* Synthetic tracepoints, the last items: the recorder makes their rows
	 * (tracepoint/socket-row.h). */
	size_t n_synthetic;
};

/* The synthetic rows that a recording gets: rows about sockets, from sock_diag. */
struct synthetic_rows {
	uint32_t tcp_info_len; /* bytes of the kernel's struct tcp_info; 0: no such rows at all */
	bool with_final;       /* also the last tcp_info of each socket that is destroyed */
	bool has_budget;       /* those as far as they are cheap (record/figure-budget.h) */
};

/* Reads the format files, and appends the synthetic tracepoints. Borrows the names of
 * `selected`. */
int tracepoints_load(const struct tracefs *t, const struct selected_list *selected,
		     const struct event_filter *filter, const struct synthetic_rows *synthetic,
		     struct tracepoints *ret, struct fault *fault) MUST_CHECK;
void tracepoints_done(struct tracepoints *t);

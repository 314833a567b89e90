/* SPDX-License-Identifier: MIT */
/*
 * tracepoints: what was selected, with what the kernel says of each: its number, its format file,
 * where its rows end, where addresses are in them. The index here is the tape's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/fault.h"
#include "record/filter.h"
#include "record/writer-thread.h"
#include "record/selection.h"

struct tracepoint {
	const char *system; /* the selection's */
	const char *name;
	bool with_stack;
	char *filter;	     /* the kernel's, for its hits; NULL: none */
	uint16_t with_chain; /* index of the one that takes its hits with chains; itself mostly */
	uint32_t kernel_id;
	uint16_t row_len; /* 0: rows differ (dynamic fields) */
	struct buffer format;
};

#define TRACEPOINT_NONE UINT16_MAX

struct tracepoints {
	struct tracepoint *items;
	struct writer_thread_tracepoint *places; /* same order */
	uint16_t *by_type;			 /* kernel's number -> index or TRACEPOINT_NONE */
	size_t n;				 /* of all */
	size_t n_synthetic; /* of these, at the end: no tracepoints, rows of our own (tracepoint/socket-row.h) */
};

/* Which rows about sockets there will be. */
struct synthetic_rows {
	uint32_t tcp_info_len; /* bytes of the kernel's struct tcp_info; 0: none at all */
	bool with_last;	       /* the last figures of sockets that are gone, beside the tables */
};

/* Borrows the selection's names. */
int tracepoints_load(const struct tracefs *t, const struct selection *s,
		     const struct record_filter *filter, const struct synthetic_rows *made,
		     struct tracepoints *ret, struct fault *fault) MUST_CHECK;
void tracepoints_done(struct tracepoints *t);

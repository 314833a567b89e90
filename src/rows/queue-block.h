/* SPDX-License-Identifier: MIT */
/*
 * queue-block: calls of a table sink, packed one after the other with all that they point to, so
 * that another thread can make them later. Keys, labels and heads are constants of the program or
 * of the tape, and are not copied. What the tape's clock says of the times in a call is packed with
 * it, because the clock belongs to the thread that packs.
 */
#pragma once

#include "table/clock.h"
#include "table/table.h"

enum sink_call_kind { SINK_BEGIN, SINK_ROW, SINK_NOTE, SINK_PAGE, SINK_FLUSH };

/* Wall time of a time on the tape's clock. */
struct packed_time {
	uint64_t ts_ns;
	int64_t real_ns;
	bool is_known;
};

/* One call, in front of its own bytes. */
struct sink_call {
	enum sink_call_kind kind;
	uint32_t size; /* with all bytes of it */
	uint32_t n;    /* bytes of the data; 0 for a row, which has a cell for each column packed */
	uint32_t n_times;
	bool is_screen; /* of a page */
	uint64_t ts_ns; /* of a page */
	uint64_t start_ns;
	struct packed_time *times;
	void *data; /* cells, columns, or a string */
};

/* What packing needs besides the call. */
struct packing {
	struct tape_clock clock;
	size_t *columns; /* places of those columns of the open table that are packed */
	size_t n_columns;
};

struct queue_block {
	char *bytes;
	size_t len, cap;
};

/* 0 or -ENOMEM. queue_block_done is needed in any case. */
int queue_block_init(struct queue_block *b, size_t cap) MUST_CHECK;
void queue_block_done(struct queue_block *b);
/* Packs a call; data is what its kind says, or NULL. False: the block is too full for it, and has
 * not changed. */
bool queue_block_add(struct queue_block *b, const struct packing *p, const struct sink_call *call,
		     const void *data);
/* Makes an empty block twice as large: 0 or -ENOMEM. */
int queue_block_widen(struct queue_block *b) MUST_CHECK;

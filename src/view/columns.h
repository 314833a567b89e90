/* SPDX-License-Identifier: MIT */
/*
 * columns: the columns of a view as one list: the name of each, the formats in which it appears,
 * and the part of a row that it shows. A row is a few structs, the parts, such as an event and a
 * struct of what the view adds to it. A column has the number of a part, an offset in it, and a
 * getter, which makes a cell of the member at that offset: one of the getters below, or one of the
 * view's own. Getters run only for columns that the output shows.
 */
#pragma once

#include "table/table.h"

/* The most columns of a view, and the most parts of a row. */
#define VIEW_COLUMNS_MAX 56u
#define VIEW_PARTS_MAX	 4u

/* Makes a cell of the member at a place in a row. The cell may borrow from the row. */
typedef struct cell (*column_get)(const void *at);

struct view_column {
	const char *key;  /* as in struct column */
	const char *head; /* NULL: the column is never in text */
	uint8_t where;	  /* COLUMN_* */
	uint8_t width;
	column_get get;
	uint16_t at;  /* offset in the part */
	uint8_t part; /* number of the part of the row: 0 is the first */
	bool is_right;
	uint8_t decimals;
	/* Sets of modes of the view, one bit each. */
	uint16_t only;	 /* the modes in which the column exists; 0: all */
	uint16_t also;	 /* the modes in which it is in text, too */
	uint16_t unless; /* the modes in which it is not in text */
};

/* How a column that is shown gets its cells. Private to columns.c. */
struct view_shown {
	column_get get;
	uint16_t at;
	uint8_t part;
	uint8_t inlined; /* number of a frequent getter that is inlined; 0: get is called */
};

/* The columns that are shown. {0} is a valid empty table. */
struct view_table {
	size_t n;
	struct column columns[VIEW_COLUMNS_MAX];
	struct view_shown shown[VIEW_COLUMNS_MAX];
	struct cell cells[VIEW_COLUMNS_MAX]; /* cells of the last row */
};

/* Begins a table of the columns that appear in these modes. n <= VIEW_COLUMNS_MAX. t and columns
 * are borrowed until the next table begins, or the last use of out. */
int view_table_begin(struct view_table *t, const struct view_column *columns, size_t n,
		     unsigned int modes, struct table_sink *out, struct fault *fault) MUST_CHECK;
/* Emits a row of these parts. parts has one for each part number that the columns have. */
int view_table_row(struct view_table *t, const void *const parts[], struct table_sink *out,
		   struct fault *fault) MUST_CHECK;

/* Getters: each makes a cell of the member at a place, whose type is in its comment. Those called
 * "some" give an absent cell for 0. */
struct cell column_time(const void *at);     /* uint64_t, tape clock */
struct cell column_u64(const void *at);	     /* uint64_t */
struct cell column_u32(const void *at);	     /* uint32_t */
struct cell column_some_u64(const void *at); /* uint64_t */
struct cell column_some_u32(const void *at); /* uint32_t */
struct cell column_some_u16(const void *at); /* uint16_t */
struct cell column_some_hex(const void *at); /* uint64_t: a socket id */
struct cell column_fixed(const void *at);    /* uint64_t, in units of the column's last decimal */
struct cell column_i32(const void *at);	     /* int32_t */
struct cell column_some_i32(const void *at); /* int32_t */
struct cell column_pid(const void *at);	     /* int32_t; absent unless > 0 */
struct cell column_str(const void *at);	     /* const char *; NULL: absent */
struct cell column_word(const void *at);     /* const char *, which lasts as long as the sink */
struct cell column_chars(const void *at);    /* char[], in the row itself; "": absent */
struct cell column_endpoint(const void *at); /* struct endpoint */
struct cell column_addr(const void *at);     /* struct ip_addr */
struct cell column_port(const void *at);     /* uint16_t; 0: absent */
struct cell column_state(const void *at);    /* int32_t, a TCP state; 0: absent */
struct cell column_cell(const void *at);     /* struct cell, which the view has made */

/* SPDX-License-Identifier: MIT */
/*
 * columns: the columns of a view as one list: what each is called, where it appears, and which part
 * of a row it shows. A row is a few structs side by side, such as an event and what the view adds
 * to it. A column names one of them, a place in it, and a getter that makes a cell of what is at
 * that place: one of those below, or one that the view writes for a part of its own. Getters run
 * only for columns that the output shows.
 */
#pragma once

#include "table/table.h"

/* So many columns a view may have, and so many structs a row. */
#define VIEW_COLUMNS_MAX 48u
#define VIEW_PARTS_MAX	 4u

/* Makes a cell of what is at a place in a row. The cell may borrow from the row. */
typedef struct cell (*column_get)(const void *at);

struct view_column {
	const char *key;  /* as in struct column */
	const char *head; /* NULL: the column is never in text */
	uint8_t where;	  /* COLUMN_* */
	uint8_t width;
	column_get get;
	uint16_t at;  /* offset in the part */
	uint8_t part; /* of the row: 0 is the first struct */
	bool is_right;
	uint8_t decimals;
	/* Sets of a view's modes, a bit each. */
	uint16_t only;	 /* 0, or: the column is there in these modes only */
	uint16_t also;	 /* in these modes it is in text, too */
	uint16_t unless; /* in these modes it is not in text */
};

/* How a column that is shown gets its cells. Private to view_table_row(). */
struct view_shown {
	column_get get;
	uint16_t at;
	uint8_t part;
	uint8_t inlined; /* which of the getters below it is, if it is one of the frequent ones */
};

/* The columns that are shown. {0} is a valid empty one. */
struct view_table {
	size_t n;
	struct column columns[VIEW_COLUMNS_MAX];
	struct view_shown shown[VIEW_COLUMNS_MAX];
	struct cell cells[VIEW_COLUMNS_MAX]; /* of the last row */
};

/* Begins a table of those columns that appear in these modes. n <= VIEW_COLUMNS_MAX; t and columns
 * must stay until the next table or the end. */
int view_table_begin(struct view_table *t, const struct view_column *columns, size_t n,
		     unsigned int modes, struct table_sink *out, struct fault *fault) MUST_CHECK;
/* A row made of these structs, as many as the columns name. */
int view_table_row(struct view_table *t, const void *const parts[], struct table_sink *out,
		   struct fault *fault) MUST_CHECK;

/* Getters: the name says what is at the place. "some": 0 is absent. */
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
struct cell column_word(const void *at);     /* const char *, which stays as long as the program */
struct cell column_chars(const void *at);    /* char[], in the row itself; "": absent */
struct cell column_endpoint(const void *at); /* struct endpoint */
struct cell column_addr(const void *at);     /* struct ip_addr */
struct cell column_port(const void *at);     /* uint16_t; 0: absent */
struct cell column_state(const void *at);    /* int32_t, a TCP state; 0: absent */
struct cell column_cell(const void *at);     /* struct cell, made by the view */

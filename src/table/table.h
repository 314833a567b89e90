/* SPDX-License-Identifier: MIT */
/*
 * table: the narrow waist between analysis and presentation. A view describes columns once and
 * hands over rows of cells; a renderer receives them through a sink of operations. Views know no
 * output format; renderers know no TCP.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

enum cell_kind {
	CELL_ABSENT, /* unknown: "-" in text, blank in CSV, key left out in JSON; never zero */
	CELL_U64,
	CELL_I64,
	CELL_FIXED,    /* u64 in units of 10^-decimals of the column */
	CELL_HEX,      /* 0x...; in JSON a string */
	CELL_STR,      /* str, str_len bytes, from the tape: to be made harmless when printed */
	CELL_TIME,     /* u64, tape clock; the renderer turns it into what --time says */
	CELL_ADDR,     /* addr, family */
	CELL_ENDPOINT, /* addr, family, port: "10.0.0.1:80", "[::1]:80" */
	CELL_FIELDS,   /* n fields that differ from row to row: members of the object in JSON,
			  label=value in text, key=value in CSV */
	CELL_LIST, /* list of n strings: JSON array; in text one indented line each below the row */
};

struct cell_field;

struct cell {
	enum cell_kind kind;
	uint8_t family;	  /* 4, 6, 0 unknown */
	bool is_constant; /* CELL_STR: good for as long as the sink; else for the call */
	uint16_t port;
	uint32_t n; /* str_len, or entries of list or fields */
	union {
		uint64_t u64;
		int64_t i64;
		const char *str;
		const uint8_t *addr; /* 4 or 16 bytes, network order */
		const struct cell_field *fields;
		const char *const *list; /* entries may be NULL: unknown, shown as "?" */
	};
};

/* A field of a row; of a plain kind (no list, no time, no fields in fields). Key and label are good
 * for as long as the sink. */
struct cell_field {
	const char *key;   /* in JSON and CSV; NULL: not there */
	const char *label; /* in text; NULL: not there */
	struct cell cell;
};

/* Where a column appears. */
#define COLUMN_TEXT 1u
#define COLUMN_JSON 2u
#define COLUMN_CSV  4u
#define COLUMN_DATA (COLUMN_JSON | COLUMN_CSV)
#define COLUMN_ALL  (COLUMN_TEXT | COLUMN_JSON | COLUMN_CSV)

struct column {
	const char *key;  /* JSON key and CSV header; contract */
	const char *head; /* text header, e.g. "LADDR:LPORT"; NULL when not in text. A table whose
			     text heads are all "" has no header line. */
	uint8_t where;	  /* COLUMN_* */
	uint8_t width;	  /* least width in text; the last column is not padded */
	bool is_right;	  /* aligned right in text */
	uint8_t decimals; /* CELL_FIXED; CELL_TIME: digits after the second in text */
};

struct table_sink;

struct table_ops {
	/* A new table. columns are borrowed until the next table or end. */
	int (*begin)(struct table_sink *s, const struct column *columns, size_t n_columns,
		     struct fault *fault);
	/* n_columns cells, borrowed for the call. */
	int (*row)(struct table_sink *s, const struct cell *cells, struct fault *fault);
	/* A line about the output as a whole (losses, what is missing): last line of the text,
	 * stderr for json and csv. */
	int (*note)(struct table_sink *s, const char *line, struct fault *fault);
	/*
	 * A new page: what is said about one interval of time, which begins at ts_ns. On a terminal
	 * it takes the place of the page before, if is_screen, and is cut to the terminal's size.
	 * NULL: the format has no pages.
	 */
	int (*page)(struct table_sink *s, uint64_t ts_ns, const char *title, bool is_screen,
		    struct fault *fault);
	/* Everything that is buffered goes out. Also called when a stream has nothing more for now.
	 * */
	int (*flush)(struct table_sink *s, struct fault *fault);
};

struct table_sink {
	const struct table_ops *ops;
	void *self;
	uint8_t shows; /* COLUMN_*: cells of other columns are not read, and may be left empty */
};

static inline int table_begin(struct table_sink *s, const struct column *columns, size_t n_columns,
			      struct fault *fault)
{
	return s->ops->begin(s, columns, n_columns, fault);
}
static inline int table_row(struct table_sink *s, const struct cell *cells, struct fault *fault)
{
	return s->ops->row(s, cells, fault);
}
static inline int table_note(struct table_sink *s, const char *line, struct fault *fault)
{
	return s->ops->note(s, line, fault);
}
static inline int table_page(struct table_sink *s, uint64_t ts_ns, const char *title,
			     bool is_screen, struct fault *fault)
{
	return s->ops->page ? s->ops->page(s, ts_ns, title, is_screen, fault) : 0;
}
static inline int table_flush(struct table_sink *s, struct fault *fault)
{
	return s->ops->flush(s, fault);
}

/* Makers of cells. */
static inline struct cell cell_absent(void)
{
	return (struct cell){.kind = CELL_ABSENT};
}
static inline struct cell cell_u64(uint64_t v)
{
	return (struct cell){.kind = CELL_U64, .u64 = v};
}
static inline struct cell cell_i64(int64_t v)
{
	return (struct cell){.kind = CELL_I64, .i64 = v};
}
static inline struct cell cell_fixed(uint64_t v)
{
	return (struct cell){.kind = CELL_FIXED, .u64 = v};
}
static inline struct cell cell_hex(uint64_t v)
{
	return (struct cell){.kind = CELL_HEX, .u64 = v};
}
static inline struct cell cell_time(uint64_t ts_ns)
{
	return (struct cell){.kind = CELL_TIME, .u64 = ts_ns};
}
struct cell cell_str(const char *s); /* NULL: absent */
/* A string that lasts as long as the sink, which makes it cheaper to hand on. NULL: absent. */
static inline struct cell cell_word(const char *s)
{
	struct cell cell = cell_str(s);

	cell.is_constant = true;
	return cell;
}
struct cell cell_list(const char *const *list, size_t n);

/* SPDX-License-Identifier: MIT */
/*
 * table: the narrow waist between analysis and presentation: columns, cells, and sinks. A view
 * describes its columns once and then emits rows of cells; a renderer receives them through a
 * table_sink. Views know no output format; renderers know no TCP.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

enum cell_kind {
	CELL_ABSENT, /* unknown: "-" in text, empty in CSV, left out in JSON; never shown as 0 */
	CELL_U64,
	CELL_I64,
	CELL_FIXED,    /* u64 in units of 10^-decimals, by the decimals of the column */
	CELL_HEX,      /* u64, shown as 0x...; in JSON a string */
	CELL_STR,      /* str, n bytes, perhaps from a tape: the renderer makes them harmless */
	CELL_TIME,     /* u64, tape clock; the renderer shows it as --time asks for */
	CELL_ADDR,     /* addr, family */
	CELL_ENDPOINT, /* addr, family, port: "10.0.0.1:80", "[::1]:80" */
	CELL_FIELDS,   /* fields, n of them, which differ from row to row: members of the object in
			  JSON, label=value in text, key=value in CSV */
	CELL_LIST,     /* list of n strings: an array in JSON; in text an indented line for each,
			  below the row */
	CELL_CURVE, /* curve, n numbers: an array in JSON; in text a line of blocks as long as the
			  column's width, the highest for the largest number */
};

struct cell_field;

struct cell {
	enum cell_kind kind;
	uint8_t family;	  /* 4, 6; 0: unknown */
	bool is_constant; /* CELL_STR: str lasts as long as the sink, not only for the call */
	uint16_t port;	  /* 0: unknown */
	uint32_t n;	  /* bytes of str, or entries of list or fields */
	union {
		uint64_t u64;
		int64_t i64;
		const char *str;
		const uint8_t *addr; /* 4 or 16 bytes, network order */
		const struct cell_field *fields;
		const uint64_t *curve;
		const char *const *list; /* entries may be NULL: unknown, shown as "?" */
	};
};

/* One field of a CELL_FIELDS. Key and label last as long as the sink. */
struct cell_field {
	const char *key;   /* name in JSON and CSV; NULL: the field is not shown there */
	const char *label; /* name in text; NULL: the field is not shown there */
	struct cell cell;  /* of a plain kind: no list, no time, no fields */
};

/* The formats in which a column appears, for column.where. */
#define COLUMN_TEXT 1u
#define COLUMN_JSON 2u
#define COLUMN_CSV  4u
#define COLUMN_DATA (COLUMN_JSON | COLUMN_CSV)
#define COLUMN_ALL  (COLUMN_TEXT | COLUMN_JSON | COLUMN_CSV)

struct column {
	const char *key;  /* JSON key and CSV header, which programs rely on */
	const char *head; /* text header, "LADDR:LPORT"; NULL: not in text. A table whose text
			     heads are all "" has no header line. */
	uint8_t where;	  /* COLUMN_* */
	uint8_t width;	  /* least width in text; the last column is not padded */
	bool is_right;	  /* aligned right in text */
	uint8_t decimals; /* of a CELL_FIXED; of a CELL_TIME: digits of the fraction, in text */
};

struct table_sink;

struct table_ops {
	/* Begins a table. columns are borrowed until the next begin, or the last use of the
	 * sink. */
	int (*begin)(struct table_sink *s, const struct column *columns, size_t n_columns,
		     struct fault *fault);
	/* Adds a row of n_columns cells, which are borrowed for the call. */
	int (*row)(struct table_sink *s, const struct cell *cells, struct fault *fault);
	/* Adds a line about the output as a whole, such as lost events: text shows it as a last
	 * line, JSON and CSV on stderr. */
	int (*note)(struct table_sink *s, const char *line, struct fault *fault);
	/*
	 * Begins a page: the tables about one interval of time, which begins at ts_ns. If
	 * is_screen, it replaces the page before on the terminal, and is cut to the terminal's
	 * size. NULL: the format has no pages.
	 */
	int (*page)(struct table_sink *s, uint64_t ts_ns, const char *title, bool is_screen,
		    struct fault *fault);
	/* Writes everything that is buffered. It is called at the end, and when a stream has
	 * nothing more for now. */
	int (*flush)(struct table_sink *s, struct fault *fault);
};

struct table_sink {
	const struct table_ops *ops;
	void *self;
	uint8_t shows; /* COLUMN_*: cells of other columns are not read, and need not be set */
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

/* Constructors of cells. */
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
struct cell cell_str(const char *s); /* an absent cell for NULL */
/* A string that lasts as long as the sink, so that the sink need not copy it. An absent cell for
 * NULL. */
static inline struct cell cell_word(const char *s)
{
	struct cell cell = cell_str(s);

	cell.is_constant = true;
	return cell;
}
struct cell cell_curve(const uint64_t *curve, size_t n);
struct cell cell_list(const char *const *list, size_t n);

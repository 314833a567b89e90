/* SPDX-License-Identifier: MIT */
/*
 * document: the waist between a report and its presentations, as table.h is for rows: a page with
 * facts, findings, a chart and tables, whole in memory (its maker bounds it). Strings may come from
 * a tape that a stranger made: who presents them makes them harmless.
 */
#pragma once

#include "table/table.h"

/* A fact about the tape or about a finding. */
struct document_item {
	const char *key;   /* for machines */
	const char *label; /* for people; NULL: only for machines */
	struct cell cell;  /* of a plain kind: no list, no fields */
	const char *words; /* for people, instead of the cell; NULL: the cell itself */
	uint8_t decimals;  /* of CELL_FIXED; of CELL_TIME: digits after the second */
};

/* How bad a finding is. */
enum document_level {
	DOCUMENT_GOOD,
	DOCUMENT_NOTICE,
	DOCUMENT_WARNING,
	DOCUMENT_CRITICAL,
	DOCUMENT_LEVELS,
};
const char *document_level_name(enum document_level l); /* "good", "notice", ... */

struct document_finding {
	const char *id; /* "loss" */
	enum document_level level;
	const char *title;	     /* one sentence, without a full stop */
	uint64_t since_ns, until_ns; /* tape clock: when it happened; both 0: does not apply */
	bool is_mostly;		     /* a little of it happened before or after */
	const struct document_item *evidence;
	size_t n_evidence;
	const char *meaning; /* a sentence or two for a reader who does not know TCP */
	const char *rule;    /* the threshold, and where it comes from; NULL: none */
	const char *sure;    /* "certain", "likely", "possible" */
	const char *doubt;   /* what may make it wrong; NULL: nothing */
	const char *command; /* shows more, quoted for a shell; NULL: none */
};

/* One value for each bucket of the chart. */
struct document_series {
	const char *key;
	const char *label;
	bool is_gauge; /* each value is how many there were at a time, so values do not add up */
	bool is_trouble;
	const uint64_t *values;
};

struct document_chart {
	uint64_t start_ns;  /* tape clock; buckets are aligned to wall time where it is known, so
			       the first may begin before the tape (never before 0) */
	uint64_t bucket_ns; /* not 0 */
	size_t n_buckets;
	const struct document_series *series;
	size_t n_series;
};

/* Something that happened to the subject of a table row. */
struct document_history_event {
	uint64_t ts_ns;
	const char *what;   /* "rto", "RST sent": few different words; each may have a mark */
	const char *detail; /* NULL: none */
	uint32_t n;	    /* how many of it happened at once; 0: one */
	bool is_trouble;
};

/* A state that the subject of a table row was in. */
struct document_span {
	uint64_t from_ns, to_ns;
	const char *what; /* "ESTABLISHED" */
};

struct document_history {
	const struct document_span *spans; /* in time order, not overlapping */
	size_t n_spans;
	const struct document_history_event *events; /* in time order */
	size_t n_events;
	uint64_t n_left_out; /* how many more events there were */
};

struct document_table {
	const char *id;	   /* "peers" */
	const char *title; /* "Peers" */
	/* For machines those with COLUMN_JSON; for people those with a head: on an interactive page
	 * all of them, in text and Markdown those with COLUMN_TEXT. */
	const struct column *columns;
	size_t n_columns;
	const struct cell *cells; /* row after row */
	size_t n_rows;
	bool is_ranked;				  /* the worst row first */
	size_t n_brief;				  /* rows to show where there is little room */
	uint64_t n_left_out;			  /* how many more rows there would be */
	const struct document_history *histories; /* one for each row; NULL: none */
};

struct document {
	const char *title;   /* "web1.example: TCP report" */
	const char *verdict; /* one sentence: what is the matter */
	enum document_level level;
	const struct document_item *facts;
	size_t n_facts;
	const struct document_finding *findings; /* worst first */
	size_t n_findings;
	const struct document_chart *chart; /* NULL: none */
	const struct document_table *tables;
	size_t n_tables;
	const char *const *notes; /* what is missing, and what limits what is said */
	size_t n_notes;
};

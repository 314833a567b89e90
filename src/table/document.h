/* SPDX-License-Identifier: MIT */
/*
 * document: what a report hands to its presentations, as table.h is for rows: a page with facts,
 * findings, a chart and tables. It is in memory as a whole, and pages/ bounds its size. Strings may
 * come from a tape that a stranger made: the presentation must make them harmless.
 */
#pragma once

#include "table/table.h"

/* A fact about the tape or about a finding. */
struct document_item {
	const char *key;   /* name for machines */
	const char *label; /* name for people; NULL: the item is only for machines */
	struct cell cell;  /* of a plain kind: no list, no fields */
	const char *words; /* text for people in place of the cell; NULL: the cell is shown */
	uint8_t decimals;  /* of a CELL_FIXED; of a CELL_TIME: digits of the fraction of a second */
};

/* The severity of a finding. */
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
	uint64_t since_ns, until_ns; /* tape clock: when it happened; both 0: at no certain time */
	bool is_mostly;		     /* a small part of it happened outside of this time */
	const struct document_item *evidence;
	size_t n_evidence;
	const char *meaning; /* a sentence or two for a reader who does not know TCP */
	const char *rule;    /* the threshold, and where it comes from; NULL: none */
	const char *place;   /* where the cause lies: "network", "peer", "host", "unknown" */
	const char *sure;    /* "certain", "likely", "possible" */
	const char *doubt;   /* why the finding may be wrong; NULL: no reason is known */
	const char *command; /* command that shows more, quoted for a shell; NULL: none */
};

/* One line of the chart. */
struct document_series {
	const char *key;
	const char *label;
	bool is_gauge;	 /* each value is a level at one time, so that values do not add up */
	bool is_trouble; /* its values count something bad */
	const uint64_t *values; /* one for each bucket of the chart */
};

struct document_chart {
	/* Tape clock. Buckets are aligned to wall time where it is known, so that the first one may
	 * begin before the tape, but never before 0. */
	uint64_t start_ns;
	uint64_t bucket_ns; /* not 0 */
	size_t n_buckets;
	const struct document_series *series;
	size_t n_series;
};

/* Something that happened to the subject of a table row, once or several times. */
struct document_history_event {
	uint64_t ts_ns;
	uint64_t until_ns;  /* of several: when the last one happened; 0: at the same time */
	const char *what;   /* "rto", "RST sent": one of few names, so that each can have a mark */
	const char *detail; /* NULL: none */
	uint32_t n;	    /* number of events that this one stands for; 0: one */
	bool is_trouble;
	bool is_span;	      /* a span begins with it, and says the same */
	uint64_t waited_ns;   /* the timeout that ended in it; 0: none, or its length is unknown */
	bool has_progress;    /* progress_ns is known */
	uint64_t progress_ns; /* from it until there was progress */
};

/* A state that the subject of a table row was in. */
struct document_span {
	uint64_t from_ns, to_ns;
	const char *what; /* name of the state, "ESTABLISHED" */
};

/* A stretch of time of which less is known than of the rest, so that no event there means
 * nothing. */
struct document_gap {
	uint64_t from_ns, to_ns;
	const char *why; /* "events were lost" */
};

/* Values of one quantity: one, or several that follow each other. */
struct document_point {
	uint64_t ts_ns, until_ns;   /* of the first and the last */
	uint64_t least, most, last; /* value */
	uint32_t n;
};

/* How a quantity changed over time. */
struct document_strip {
	const char *key;		     /* "cwnd" */
	const char *label;		     /* "congestion window" */
	const char *unit;		     /* "segments", "bytes", "us" */
	const struct document_point *points; /* in time order, not overlapping */
	size_t n;
};

struct document_history {
	const struct document_span *spans; /* in time order, not overlapping */
	size_t n_spans;
	const struct document_history_event *events; /* in time order */
	size_t n_events;
	const struct document_gap *gaps; /* in time order */
	size_t n_gaps;
	const struct document_strip *strips;
	size_t n_strips;
	uint64_t n_merged;   /* number of events that are in events[] only as part of a count */
	uint64_t n_left_out; /* number of events that are not in the array */
	const char *unknown; /* a sentence: what of the history is not known; NULL: nothing */
	bool is_before;	     /* the subject was there before the first span */
	bool is_open;	     /* and still after the last one */
};

struct document_table {
	const char *id;	   /* "peers" */
	const char *title; /* "Peers" */
	/* JSON shows the columns with COLUMN_JSON, text and Markdown those with COLUMN_TEXT and a
	 * head, an interactive page all that have a head. */
	const struct column *columns;
	size_t n_columns;
	const struct cell *cells; /* n_columns cells of each row, row after row */
	size_t n_rows;
	bool is_ranked;				  /* the worst row comes first */
	size_t n_brief;				  /* rows to show where there is little room */
	uint64_t n_left_out;			  /* number of rows that are not in the table */
	const struct document_history *histories; /* one for each row; NULL: none */
	bool tells; /* text and Markdown show the histories of the rows in place of the table */
};

struct document {
	const char *title;   /* "web1.example: TCP report" */
	const char *verdict; /* the result in one sentence */
	enum document_level level;
	const struct document_item *facts;
	size_t n_facts;
	const struct document_finding *findings; /* worst first */
	size_t n_findings;
	const struct document_chart *chart; /* NULL: none */
	const struct document_table *tables;
	size_t n_tables;
	const char *const *notes; /* caveats: what is missing, and what limits the findings */
	size_t n_notes;
};

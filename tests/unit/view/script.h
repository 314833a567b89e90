/* SPDX-License-Identifier: MIT */
/*
 * script: a view that is fed events by a test, through a tracker, as a tape is played into it. What
 * the view shows is kept as text: "key=value ..." for a row, "# ..." for a note, "== ..." for a
 * page.
 */
#pragma once

#include "base/arena.h"
#include "base/text.h"
#include "track/tracker.h"
#include "view/view.h"

#define MS (1000 * 1000ull)

/* Processes that the tracker knows: "curl", "nginx", "worker". */
enum { CLIENT = 100, SERVER = 200, WORKER = 300 };

struct script {
	const struct view *view;
	struct tracker *tracker;
	struct event_filter filter;
	struct view_context context; /* may be changed until the first event */
	void *options, *state;
	struct table_sink sink;
	const struct column *columns; /* of the open table */
	size_t n_columns;
	struct text shown;
	uint64_t now; /* tape clock */
	struct arena arena;
};

/* A script of the view with this name, whose options are words such as "wide" and "interval=2s".
 * where: COLUMN_TEXT or COLUMN_JSON. */
struct script *script_new(const char *view, const char *options, uint8_t where);
void script_free(struct script *s);
/* Begins the view; the first event does so, too. Returns what init says. */
int script_begin(struct script *s);

/* An event of tcp:NAME in an interrupt, between 10.0.0.1:lport and 10.0.0.2:rport; without an end
 * where its port is 0, of no socket where sk is 0. */
struct tcp_event script_event(enum tcp_kind kind, uint64_t sk, uint16_t lport, uint16_t rport);
void script_set(struct tcp_event *e, enum tcp_field field);
/* In the context of a process. */
void script_in(struct tcp_event *e, int32_t pid);
/* Feeds it `after` later than the last one. */
void script_feed(struct script *s, uint64_t after_ns, struct tcp_event *e);
/* inet_sock_set_state; pid 0: in an interrupt. */
void script_change(struct script *s, uint64_t after_ns, uint64_t sk, uint16_t lport, uint16_t rport,
		   int from, int to, int32_t pid);
void script_destroy(struct script *s, uint64_t after_ns, uint64_t sk);
/* CLOSE to SYN_SENT by CLIENT, which has no port yet, and 2 ms later ESTABLISHED. */
void script_connect(struct script *s, uint64_t sk, uint16_t lport);
/* On a stream, nothing has come for this time. */
void script_tick(struct script *s, uint64_t after_ns);
/* The end of the tape. */
void script_end(struct script *s);
/* Compares what was shown since the last time. */
void script_expect(struct script *s, const char *shown);

/* SPDX-License-Identifier: MIT */
/*
 * tracker-state: the tracker from inside, for the files that make it up. Private to them.
 */
#pragma once

#include "track/conns.h"
#include "track/listeners.h"
#include "track/losses.h"
#include "track/task-names.h"
#include "track/tracker.h"

/* Those that ended and still may learn something, in the order of end_ns. */
struct ended_queue {
	struct tcp_conn *head, *tail;
	uint32_t n;
};

/* The last thing that happened on a CPU that an error report may be about, or explain. A report
 * names no socket; it comes just before the socket closes, or (from 6.10 on) just behind. */
struct cpu_note {
	struct tcp_conn *closed;
	uint32_t closed_id;
	uint64_t closed_ns;
	struct endpoint local, remote; /* of the report */
	int32_t err;
	uint64_t err_ns;
};

struct tracker {
	struct tracker_options options;
	struct conns conns;
	struct listeners listeners;
	struct task_names tasks;
	struct losses losses;
	struct ended_queue ended;
	struct cpu_note *cpus;
	size_t n_cpus;
	tcp_kinds expected;
	bool has_ca_events;	 /* this tape has tcp_cong_state_set */
	bool has_tuples;	 /* a table is coming: everybody is entered by endpoints */
	bool has_whole_end_dump; /* the table at the end has every socket of the host */
	uint32_t n_half_open;
	uint32_t n_unentered; /* for want of memory */
	bool has_unplaced;    /* a table told of some, whose socket ids are not known yet */
	uint32_t n_strays;    /* known only by the kernel's last word */
};

/* Connections are given out. */
static inline bool tracker_keeps(const struct tracker *t)
{
	return t->options.ended != NULL;
}

/* tracker-learn.c: endpoints and states. */
int tracker_learn_addresses(struct tracker *t, struct tcp_conn *c,
			    const struct tcp_event *e) MUST_CHECK;
/* Ports and addresses that the record lacks. */
void tracker_fill_addresses(const struct tcp_conn *c, struct tcp_event *e);
void tracker_learn_state(struct tracker *t, struct tcp_conn *c, struct tcp_event *e);
/* tracker-count.c: c may be NULL. */
int tracker_count(struct tracker *t, struct tcp_conn *c, struct tcp_event *e) MUST_CHECK;

/* tracker-table.c: rows that say something of sockets by their endpoints and cookies. */
int tracker_dumped(struct tracker *t, struct tcp_event *e) MUST_CHECK;
int tracker_final(struct tracker *t, struct tcp_event *e) MUST_CHECK;
/* One of a table that e, of an unknown socket id, is about; NULL: none, or several. */
struct tcp_conn *tracker_from_table(struct tracker *t, const struct tcp_event *e);
/* e says both c's socket id and its cookie: what a table had under that cookie is c. */
int tracker_learn_cookie(struct tracker *t, struct tcp_conn *c, uint64_t cookie) MUST_CHECK;

/* The kernel's last word on c, whose end was not seen, if there was one. */
void tracker_claim_unmatched_final(struct tracker *t, struct tcp_conn *c);

/* tracker-end.c: how connections come to their end. */
void tracker_close(struct tracker *t, struct tcp_conn *c, uint64_t ts_ns);
/* tcp_destroy_sock, or nothing more to come. c may be gone behind it. True: it is. */
bool tracker_destroy(struct tracker *t, struct tcp_conn *c, uint64_t ts_ns);
/* Its address is used again: whatever it was is over. */
void tracker_supersede(struct tracker *t, struct tcp_conn *c, uint64_t ts_ns);
void tracker_forget(struct tracker *t, struct tcp_conn *c);
/* tracker-error.c */
int tracker_error(struct tracker *t, struct tcp_event *e) MUST_CHECK;
int tracker_note_close(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e) MUST_CHECK;
/* The connection whose end a RST tells its peer: it is sent behind CLOSE and tcp_destroy_sock, by the
 * same function. NULL: none that is known. */
struct tcp_conn *tracker_just_closed(struct tracker *t, const struct tcp_event *e);

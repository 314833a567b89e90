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

/* The connections that ended and may still learn something, in the order of end_ns. */
struct ended_queue {
	struct tcp_conn *head, *tail;
	uint32_t n;
};

/* The last event on a CPU that an error report may be about, or may explain. A report names no
 * socket; it comes just before the CLOSE of its socket or, from 6.10 on, just after it. */
struct cpu_note {
	struct tcp_conn *closed;
	uint32_t closed_id; /* to tell whether its place was given to another connection */
	uint64_t closed_ns;
	struct endpoint local, remote; /* of the report */
	int32_t err;		       /* 0: no report */
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
	size_t n_cpus, cap_cpus;
	tcp_kinds expected;
	bool has_ca_events;   /* this tape has tcp_cong_state_set */
	bool has_tuples;      /* a socket table is coming: connections are entered by endpoints */
	bool has_table_conns; /* a table told of connections whose socket ids are not known yet */
	bool has_whole_end_dump; /* the table at the end has every socket of the host */
	uint32_t n_half_open;
	uint32_t n_unentered; /* connections that could not be entered for want of memory */
	uint32_t n_unmatched; /* connections of phase CONN_UNMATCHED */
};

/* Whether connections are emitted at all. */
static inline bool tracker_keeps(const struct tracker *t)
{
	return t->options.ended != NULL;
}

/* tracker-learn.c: endpoints and states. */
int tracker_learn_addresses(struct tracker *t, struct tcp_conn *c,
			    const struct tcp_event *e) MUST_CHECK;
/* Gives e the ports and addresses that its record lacks and c has. */
void tracker_fill_addresses(const struct tcp_conn *c, struct tcp_event *e);
void tracker_learn_state(struct tracker *t, struct tcp_conn *c, struct tcp_event *e);
/* tracker-count.c. c may be NULL. 0 or -ENOMEM. */
int tracker_count(struct tracker *t, struct tcp_conn *c, struct tcp_event *e) MUST_CHECK;

/* tracker-dump.c: a row of a socket table. 0 or -ENOMEM. */
int tracker_dumped(struct tracker *t, struct tcp_event *e) MUST_CHECK;
/* The connection of a table that e, whose socket id is new, is about. NULL: none, or several. */
struct tcp_conn *tracker_from_table(struct tracker *t, const struct tcp_event *e);
/* An event of c's socket has this cookie: a connection that a table told of under the cookie is the
 * same, and is merged into c. 0 or -ENOMEM. */
int tracker_learn_cookie(struct tracker *t, struct tcp_conn *c, uint64_t cookie) MUST_CHECK;

/* tracker-final.c: a final tcp_info. 0 or -ENOMEM. */
int tracker_final(struct tracker *t, struct tcp_event *e) MUST_CHECK;
/* Gives c, whose end was not seen, the UNMATCHED final tcp_info that fits it, if there is one. */
void tracker_claim_unmatched_final(struct tracker *t, struct tcp_conn *c);
/* The connection that a row of sock_diag is about: by its cookie, or by its endpoints where the
 * connection has no cookie yet. NULL: none, or several. */
struct tcp_conn *tracker_row_conn(const struct tracker *t, const struct tcp_event *e);
/* A new connection with what the row says. *ret is NULL where too many sockets are followed. 0 or
 * -ENOMEM. */
int tracker_new_conn(struct tracker *t, const struct tcp_event *e,
		     struct tcp_conn **ret) MUST_CHECK;
/* Gives c the row's network namespace. */
void tracker_learn_netns(struct tcp_conn *c, const struct tcp_event *e);

/* tracker-end.c: how connections come to their end. */
void tracker_close(struct tracker *t, struct tcp_conn *c, uint64_t ts_ns);
/* After tcp_destroy_sock, or when nothing more can come. True: c has been freed. */
bool tracker_destroy(struct tracker *t, struct tcp_conn *c, uint64_t ts_ns);
/* The address of c's socket is used by another one: whatever c was is over. */
void tracker_supersede(struct tracker *t, struct tcp_conn *c, uint64_t ts_ns);
/* Frees c, which must not be in the queue. */
void tracker_forget(struct tracker *t, struct tcp_conn *c);

/* tracker-error.c: error reports, and what happened on a CPU just before. 0 or -ENOMEM. */
int tracker_error(struct tracker *t, struct tcp_event *e) MUST_CHECK;
int tracker_note_close(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e) MUST_CHECK;
/* The connection whose end the RST in e tells its peer: the kernel sends it after CLOSE and
 * tcp_destroy_sock, from the same function. NULL: none that is known. */
struct tcp_conn *tracker_just_closed(struct tracker *t, const struct tcp_event *e);

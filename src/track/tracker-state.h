/* SPDX-License-Identifier: MIT */
/*
 * tracker-state: the struct and the inner functions of the tracker, private to tracker.c and the
 * tracker-*.c files.
 */
#pragma once

#include "base/groups.h"
#include "base/map.h"
#include "track/conns.h"
#include "track/far-ends.h"
#include "track/listeners.h"
#include "track/losses.h"
#include "track/pauses.h"
#include "track/rivals.h"
#include "track/soft-errors.h"
#include "track/task-cgroups.h"
#include "track/task-names.h"
#include "track/tracker.h"

/* The connections that have ended and may still learn something, in the order of end_ns, linked by
 * tcp_conn.next. */
struct ended_queue {
	struct tcp_conn *head, *tail;
	uint32_t n;
};

/* The last CLOSE and the last error report on a CPU. A report names no socket; it comes just before
 * the CLOSE of its socket or, from 6.10 on, just after it. */
struct cpu_note {
	struct tcp_conn *closed; /* connection of the last CLOSE; may have been freed since */
	uint32_t closed_id;	 /* its id; closed->id differs when the place has been reused */
	uint64_t closed_ns;
	struct endpoint local, remote; /* endpoints in the last error report */
	int32_t err;		       /* its error; 0: no report */
	uint64_t err_ns;
	struct conn_ref main; /* a main socket of MPTCP that was born here; see tracker-subflow.c */
	uint64_t main_ns;
	int32_t main_tid; /* the thread that connects it; 0: a peer does */
};

/* A listener that a thread is closing, and with it the connections that nobody has accepted. */
struct closing_listener {
	int32_t tid;		   /* 0: the entry is free */
	uint32_t id;		   /* of the listener, which may have been freed since */
	struct tcp_conn *listener; /* its place; listener->id differs when it has been reused */
	struct endpoint local;
	uint64_t ts_ns; /* of the thread's last event in this call */
};

/* The most threads at a time whose closing of a listener is followed. */
#define CLOSING_LISTENERS 8u

struct tracker {
	struct tracker_options options;
	struct conns conns;
	struct listeners listeners;
	struct task_names tasks;
	struct task_cgroups cgroups;
	struct losses losses;
	struct rivals rivals;
	struct soft_errors soft_errors;
	struct losses held_up;	  /* when the recorder was held up */
	struct pauses pauses;	  /* when final tcp_infos were not asked for */
	struct map without_final; /* final_key() of connections that were emitted without it */
	struct far_ends far_ends;
	struct groups told;   /* subflows that rows told of before their connections */
	struct groups mains;  /* main sockets of MPTCP, by the hash of their endpoints */
	struct groups wholes; /* MPTCP connections, by their tokens */
	struct ended_queue ended;
	struct cpu_note *cpus;
	size_t n_cpus, cap_cpus;
	struct closing_listener closing[CLOSING_LISTENERS];
	uint32_t next_closing;	 /* the entry that is taken next */
	tcp_kinds expected;	 /* see tracker_expect() */
	bool has_pauses;	 /* pauses is not empty */
	bool has_mains;		 /* MPTCP connections were seen */
	bool has_ca_events;	 /* the tape has tcp_cong_state_set */
	bool has_tuples;	 /* the rows of a table are coming: endpoints are indexed */
	bool has_table_conns;	 /* the table had connections whose socket ids are not known */
	bool has_whole_end_dump; /* the table at the end has every socket of the host */
	uint32_t n_half_open;	 /* connections of origin TCP_ORIGIN_HALF_OPEN */
	uint32_t n_unentered;	 /* connections that lack of memory kept out of an index */
	uint32_t n_unmatched;	 /* connections of phase CONN_UNMATCHED */
	uint32_t n_cleared;	 /* connections that wait for the figures of their other end */
};

/* Whether the tracker emits connections. */
static inline bool tracker_keeps(const struct tracker *t)
{
	return t->options.ended != NULL;
}

/* tracker-learn.c: what a connection learns from its events. */
/* Copies the endpoints of e to c. 0 or -ENOMEM. */
int tracker_learn_addresses(struct tracker *t, struct tcp_conn *c,
			    const struct tcp_event *e) MUST_CHECK;
/* Gives e the ports and addresses that its record lacks and c has. */
void tracker_fill_addresses(const struct tcp_conn *c, struct tcp_event *e);
/* Learns the TCP state and the congestion state of c from e, and gives e the time spent in the old
 * TCP state. */
void tracker_learn_state(struct tracker *t, struct tcp_conn *c, struct tcp_event *e);
/* tracker-count.c: counts e in c, or in a half-open connection if it is a SYN-ACK, and sets
 * e->conn. c may be NULL. 0 or -ENOMEM. */
int tracker_count(struct tracker *t, struct tcp_conn *c, struct tcp_event *e) MUST_CHECK;

/* tracker-reset.c: RSTs, and what a listener leaves when it is closed. */
/* Counts e, a RST of c, and keeps it in c. 0 or -ENOMEM. */
int tracker_count_reset(struct tracker *t, struct tcp_conn *c,
			const struct tcp_event *e) MUST_CHECK;
/* Learns from e, a change of state or the destruction of c, whether c is a listener that is being
 * closed, or a connection that nobody had accepted. */
void tracker_note_unaccepted(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e);
/* Takes e, an error report without a peer: gives it to the listener that was destroyed. 0 or
 * -ENOMEM. */
int tracker_destroyed_listener(struct tracker *t, struct tcp_event *e) MUST_CHECK;

/* tracker-dump.c: takes e, a row of a socket table. 0 or -ENOMEM. */
int tracker_dumped(struct tracker *t, struct tcp_event *e) MUST_CHECK;
/* The connection from the table that e is about, an event with a new socket id. NULL: there is
 * none, or there are several. */
struct tcp_conn *tracker_from_table(struct tracker *t, const struct tcp_event *e);
/* Gives c the cookie that an event of its socket has. A connection that the table has under this
 * cookie is the same socket, and is merged into c. 0 or -ENOMEM. */
int tracker_learn_cookie(struct tracker *t, struct tcp_conn *c, uint64_t cookie) MUST_CHECK;

/* tracker-final.c: takes e, a row with a final tcp_info. 0 or -ENOMEM. */
int tracker_final(struct tracker *t, struct tcp_event *e) MUST_CHECK;
/* Takes e, a row of a sample: it teaches the tracker only which sockets are subflows. 0 or
 * -ENOMEM. */
int tracker_sample(struct tracker *t, struct tcp_event *e) MUST_CHECK;
/* Gives c, whose end was not seen, the CONN_UNMATCHED final tcp_info with its endpoints, if there
 * is one. */
void tracker_claim_unmatched_final(struct tracker *t, struct tcp_conn *c);
/* Whether c, whose own final figures the kernel has cleared, waits for those of its other end. */
static inline bool tracker_waits_for_far_end(const struct tcp_conn *c)
{
	return c->phase == CONN_DESTROYED && c->has_final;
}
/* c is emitted without its final tcp_info: if that comes later, it is not about another socket. 0
 * or -ENOMEM. */
int tracker_note_without_final(struct tracker *t, const struct tcp_conn *c) MUST_CHECK;
/* The connection that e, a row of sock_diag, is about: found by its cookie, or else by its
 * endpoints among the connections without a cookie. NULL: there is none, or there are several. */
struct tcp_conn *tracker_row_conn(const struct tracker *t, const struct tcp_event *e);
/* Makes a connection from a row of sock_diag. *ret is NULL if too many sockets are followed. 0 or
 * -ENOMEM. */
int tracker_new_conn(struct tracker *t, const struct tcp_event *e,
		     struct tcp_conn **ret) MUST_CHECK;
/* Gives c the row's network namespace. */
void tracker_learn_netns(struct tcp_conn *c, const struct tcp_event *e);

/* tracker-attempt.c: what became of attempts to connect. */
/* e has changed the state of c, and c may be an attempt. old_port: the local port of c before e.
 * 0 or -ENOMEM. */
int tracker_attempt(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e,
		    uint16_t old_port) MUST_CHECK;
/* e is a RST of c, which may be an attempt. 0 or -ENOMEM. */
int tracker_attempt_reset(struct tracker *t, struct tcp_conn *c,
			  const struct tcp_event *e) MUST_CHECK;
/* The socket of c, whose attempt has failed, is destroyed by e. */
void tracker_attempt_destroyed(struct tcp_conn *c, const struct tcp_event *e);
/* Whether c has failed so recently that its process may still connect to another address. */
bool tracker_attempt_waits(const struct tcp_conn *c, uint64_t now_ns, uint64_t wait_ns);
/* c is still open where the tape ends: looks for what came meanwhile. 0 or -ENOMEM. */
int tracker_attempt_open(struct tracker *t, struct tcp_conn *c) MUST_CHECK;
/* c is in the table at the start, whose row is e: in SYN_SENT it is an attempt from before the
 * recording. 0 or -ENOMEM. */
int tracker_attempt_before(struct tracker *t, struct tcp_conn *c,
			   const struct tcp_event *e) MUST_CHECK;
/* c turns out to be the socket of twin, which only the table has shown. 0 or -ENOMEM. */
int tracker_attempt_merge(struct tracker *t, struct tcp_conn *c,
			  const struct tcp_conn *twin) MUST_CHECK;

/* tracker-subflow.c: which sockets are subflows of MPTCP connections. */
/* Learns from e, an event of c: a subflow or another socket of TCP, or a main socket. 0 or
 * -ENOMEM. */
int tracker_subflow(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e) MUST_CHECK;
/* e is a row of sock_diag about c, which is NULL if it is not known yet. 0 or -ENOMEM. */
int tracker_subflow_row(struct tracker *t, struct tcp_conn *c,
			const struct tcp_event *e) MUST_CHECK;
/* Learns of c what rows have said of its endpoints, and whether they are those of a main socket:
 * then it is the first subflow. 0 or -ENOMEM. */
int tracker_subflow_learn(struct tracker *t, struct tcp_conn *c) MUST_CHECK;

/* tracker-end.c: the end of connections. */
/* The socket of c has gone to CLOSE at ts_ns: puts c into the queue. */
void tracker_close(struct tracker *t, struct tcp_conn *c, uint64_t ts_ns);
/* The socket of c is destroyed. True: c has been freed. */
bool tracker_destroy(struct tracker *t, struct tcp_conn *c, uint64_t ts_ns);
/* A new socket has the address of c's socket, so that c is over, though its end may be unseen. */
void tracker_supersede(struct tracker *t, struct tcp_conn *c, uint64_t ts_ns);
/* Frees c, which must not be in the queue. */
void tracker_forget(struct tracker *t, struct tcp_conn *c);

/* tracker-error.c: the note of a CPU. -EINVAL: there is none so high; -ENOMEM. */
int tracker_cpu_note(struct tracker *t, uint32_t cpu, struct cpu_note **ret) MUST_CHECK;
/* tracker-error.c: brings error reports and the CLOSE of their sockets together. */
/* Takes e, an error report. 0 or -ENOMEM. */
int tracker_error(struct tracker *t, struct tcp_event *e) MUST_CHECK;
/* Notes that e has closed c, and gives c the error that was reported just before. 0 or -ENOMEM. */
int tracker_note_close(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e) MUST_CHECK;
/* The connection that e, a sent RST, has ended. The kernel sends the RST from the function that
 * also closes and destroys the socket, after both. NULL: e is no such event, or the connection is
 * not known. */
struct tcp_conn *tracker_just_closed(struct tracker *t, const struct tcp_event *e);

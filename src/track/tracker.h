/* SPDX-License-Identifier: MIT */
/*
 * tracker: what only a sequence of events tells about a single one: the congestion state a socket
 * was in (which divides recovery into fast and loss), its owner, its ports once they are known,
 * its whole connection. Fed with every event in time order, before any filter.
 */
#pragma once

#include "base/fault.h"
#include "tcp/conn.h"
#include "tcp/event.h"

struct tracker;

struct tracker_options {
	/*
	 * A connection, attempt or listener has ended, and nothing more will be learned of it; or
	 * it is open where the tape ends. In the order of end_ns. NULL: no connections are kept.
	 * c is good until the call returns.
	 */
	int (*ended)(void *userdata, const struct tcp_conn *c, struct fault *fault);
	void *userdata;
	bool is_live; /* do not wait long for what else may be learned of one that ended */
};

int tracker_new(const struct tracker_options *o, struct tracker **ret,
		struct fault *fault) MUST_CHECK;
struct tracker *tracker_free(struct tracker *t);
DEFINE_CLEANUP(struct tracker, tracker_free);

/* The kinds that feed must see for causes and owners to be right. */
#define TRACKER_KINDS                                                                              \
	(TCP_KIND_BIT(TCP_KIND_RETRANSMIT) | TCP_KIND_BIT(TCP_KIND_RETRANSMIT_SYNACK) |            \
	 TCP_KIND_BIT(TCP_KIND_CONG_STATE) | TCP_KIND_BIT(TCP_KIND_SET_STATE) |                    \
	 TCP_KIND_BIT(TCP_KIND_DESTROY) | TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED))
/* And those for connections to be whole. */
#define TRACKER_CONN_KINDS                                                                         \
	(TRACKER_KINDS | TCP_KIND_BIT(TCP_KIND_SEND_RESET) |                                       \
	 TCP_KIND_BIT(TCP_KIND_RECEIVE_RESET) | TCP_KIND_BIT(TCP_KIND_ERROR_REPORT) |              \
	 TCP_KIND_BIT(TCP_KIND_SEND_LENGTH) | TCP_KIND_BIT(TCP_KIND_RECV_LENGTH) |                 \
	 TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL))

/* No more sockets than this are followed at a time; events of others stay as they are. */
#define TRACKER_SOCKETS_MAX (1u << 20)

/* What the tape has: connections wait only for what can come. Kinds that may still come. */
void tracker_expect(struct tracker *t, tcp_kinds kinds);

/* A task's name and process, known from ts on (COMM, FORK, EXIT records, the table at start).
 * pid: process, tid: thread. Call in time order with events. comm is copied. */
int tracker_task(struct tracker *t, int32_t pid, int32_t tid, const char *comm) MUST_CHECK;
/* A new task: it has its parent's name until it takes its own. parent: a process or thread. */
int tracker_fork(struct tracker *t, int32_t parent, int32_t pid, int32_t tid) MUST_CHECK;
void tracker_task_exit(struct tracker *t, int32_t tid);

/* Events were lost between these moments. Before the events behind them. 0 or -ENOMEM. */
int tracker_loss(struct tracker *t, uint64_t from_ns, uint64_t to_ns) MUST_CHECK;

/*
 * Completes e in place: cause, trigger, cause_by, pid, comm, owner, cpu_pid, cpu_comm, conn,
 * timeouts, time spent in a state, and ports or addresses that the record lacks but the socket is
 * known to have (their present bits are set then). Strings are the tracker's, good until the next
 * tracker_task or tracker_free. 0 or -ENOMEM.
 */
int tracker_feed(struct tracker *t, struct tcp_event *e) MUST_CHECK;

/* Nothing older than now will be fed: connections that have waited long enough are given out. */
int tracker_advance(struct tracker *t, uint64_t now_ns, struct fault *fault) MUST_CHECK;
/* The end: all others are given out, those still open with the time end_ns. */
int tracker_finish(struct tracker *t, uint64_t end_ns, struct fault *fault) MUST_CHECK;

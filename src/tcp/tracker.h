/* SPDX-License-Identifier: MIT */
/*
 * tracker: what only a sequence of events tells about a single one: the congestion state a socket
 * was in (which divides recovery into fast and loss), its owner, its ports once they are known.
 * Fed with every event in time order, before any filter.
 *
 * A socket is (socket id, birth): addresses are reused. An entry ends at tcp_destroy_sock; a
 * CLOSE to SYN_SENT, LISTEN to SYN_RECV or CLOSE to LISTEN on a known id starts a new one.
 */
#pragma once

#include "base/fault.h"
#include "tcp/event.h"

struct tracker;

int tracker_new(struct tracker **ret, struct fault *fault) MUST_CHECK;
struct tracker *tracker_free(struct tracker *t);
DEFINE_CLEANUP(struct tracker, tracker_free);

/* The kinds that feed must see for causes and owners to be right. */
#define TRACKER_KINDS                                                                              \
	(TCP_KIND_BIT(TCP_KIND_RETRANSMIT) | TCP_KIND_BIT(TCP_KIND_RETRANSMIT_SYNACK) |            \
	 TCP_KIND_BIT(TCP_KIND_CONG_STATE) | TCP_KIND_BIT(TCP_KIND_SET_STATE) |                    \
	 TCP_KIND_BIT(TCP_KIND_DESTROY))

/* No more sockets than this are followed at a time; events of others stay as they are. */
#define TRACKER_SOCKETS_MAX (1u << 20)

/* A task's name and process, known from ts on (COMM, FORK, EXIT records, the table at start).
 * pid: process, tid: thread. Call in time order with events. comm is copied. */
int tracker_task(struct tracker *t, int32_t pid, int32_t tid, const char *comm) MUST_CHECK;
/* A new task: it has its parent's name until it takes its own. parent: a process or thread. */
int tracker_fork(struct tracker *t, int32_t parent, int32_t pid, int32_t tid) MUST_CHECK;
void tracker_task_exit(struct tracker *t, int32_t tid);

/*
 * Completes e in place: cause, trigger, cause_by, pid, comm, owner, cpu_pid, cpu_comm, and ports
 * or addresses that the record lacks but the socket is known to have (their present bits are set
 * then). Strings are the tracker's, good until the next tracker_task or tracker_free.
 * 0 or -ENOMEM.
 */
int tracker_feed(struct tracker *t, struct tcp_event *e) MUST_CHECK;

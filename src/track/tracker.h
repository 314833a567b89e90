/* SPDX-License-Identifier: MIT */
/*
 * tracker: follows each socket through its events and adds to an event what only the earlier events
 * show: its connection, the owner, the congestion state (which divides recovery into fast and
 * loss), and ports that its record lacks. The tracker must be fed with every event in time order,
 * before any filter.
 *
 * The life of a connection (enum conn_phase). A connection that has ended waits in a queue, in the
 * order of CLOSE, until nothing more can be learned of it:
 *
 *    first event of a socket, or its row in the table at the start
 *                             |
 *                             v
 *                           ALIVE ----------------------------------> emitted as open,
 *                             |              the tape ends             or as unseen
 *     CLOSE, or its final     |
 *     tcp_info, or another    |
 *     birth of the same sk    v
 *  .--------------------- CLOSED ---------------.
 *  |                          |                 | final tcp_info, or another
 *  | tcp_destroy_sock does    | tcp_destroy_    | birth of the same sk
 *  | not come                 v sock            v
 *  |                      DESTROYED -------> COMPLETE
 *  | emitted                  | final tcp_info  |
 *  v                          |                 |
 *  EMITTED                    | emitted after   | emitted as soon as it
 *  | tcp_destroy_sock         | 10 s            | is first in the queue
 *  v                          v                 v
 *  forgotten              forgotten         forgotten
 *
 *  MUTE       the main socket of an MPTCP connection: its subflows are connections of their own.
 *             It is followed like an ALIVE connection, and becomes EMITTED at its CLOSE.
 *  DESTROYED  also while a connection whose final tcp_info the kernel has cleared waits for that of
 *             its other end, for 2 s at most.
 *  UNMATCHED  a final tcp_info that fits no connection. It waits, in no queue, for a connection
 *             with its endpoints whose end was not seen; the end of the tape emits it.
 *
 * Without options.ended nothing is emitted, and there is no queue: a connection becomes EMITTED at
 * its CLOSE, and is forgotten when its socket is destroyed.
 */
#pragma once

#include "base/fault.h"
#include "tcp/conn.h"
#include "tcp/event.h"

struct tracker;

struct tracker_options {
	/*
	 * Called for each connection, attempt or listener that has ended, once nothing more will be
	 * learned of it, in the order of end_ns; and at the end of the tape for those that are
	 * still open. c is borrowed for the call. NULL: no connections are emitted.
	 */
	int (*ended)(void *userdata, const struct tcp_conn *c, struct fault *fault);
	void *userdata;
	bool is_live; /* who has ended waits 200 ms for its final tcp_info, not 10 s */
};

int tracker_new(const struct tracker_options *o, struct tracker **ret,
		struct fault *fault) MUST_CHECK;
struct tracker *tracker_free(struct tracker *t);
DEFINE_CLEANUP(struct tracker, tracker_free);

/* The kinds that tracker_feed() must see for causes and owners to be right. */
#define TRACKER_KINDS                                                                              \
	(TCP_KIND_BIT(TCP_KIND_RETRANSMIT) | TCP_KIND_BIT(TCP_KIND_RETRANSMIT_SYNACK) |            \
	 TCP_KIND_BIT(TCP_KIND_CONG_STATE) | TCP_KIND_BIT(TCP_KIND_SET_STATE) |                    \
	 TCP_KIND_BIT(TCP_KIND_DESTROY) | TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED))
/* The kinds that tracker_feed() must see for connections to be complete. */
#define TRACKER_CONN_KINDS                                                                         \
	(TRACKER_KINDS | TCP_KIND_BIT(TCP_KIND_SEND_RESET) |                                       \
	 TCP_KIND_BIT(TCP_KIND_RECEIVE_RESET) | TCP_KIND_BIT(TCP_KIND_ERROR_REPORT) |              \
	 TCP_KIND_BIT(TCP_KIND_SEND_LENGTH) | TCP_KIND_BIT(TCP_KIND_RECV_LENGTH) |                 \
	 TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL) | TCP_KIND_BIT(TCP_KIND_SAMPLE))

/* The fields of tcp_info that tracker_feed() reads. */
#define TRACKER_TCP_INFO                                                                           \
	(TCP_INFO_BIT(TCP_INFO_RTO_US) | TCP_INFO_BIT(TCP_INFO_UNACKED) |                          \
	 TCP_INFO_BIT(TCP_INFO_RTT_US) | TCP_INFO_BIT(TCP_INFO_TOTAL_RETRANS) |                    \
	 TCP_INFO_BIT(TCP_INFO_BYTES_ACKED) | TCP_INFO_BIT(TCP_INFO_BYTES_RECEIVED) |              \
	 TCP_INFO_BIT(TCP_INFO_SEGS_OUT) | TCP_INFO_BIT(TCP_INFO_SEGS_IN) |                        \
	 TCP_INFO_BIT(TCP_INFO_NOTSENT_BYTES) | TCP_INFO_BIT(TCP_INFO_MIN_RTT_US) |                \
	 TCP_INFO_BIT(TCP_INFO_BYTES_SENT) | TCP_INFO_BIT(TCP_INFO_BYTES_RETRANS))

/* The tracker follows at most this many sockets at a time; events of others stay as they are. */
#define TRACKER_SOCKETS_MAX (1u << 20)

/* Tells the tracker which kinds of events the tape has, so that a connection that has ended does
 * not wait for events that cannot come. */
void tracker_expect(struct tracker *t, tcp_kinds kinds);

/* Thread tid belongs to process pid and is called comm from now on, by a COMM or FORK record or the
 * table of tasks at the start. To be called in time order with the events. comm is copied. 0 or
 * -ENOMEM. */
int tracker_task(struct tracker *t, int32_t pid, int32_t tid, const char *comm) MUST_CHECK;
/* Thread tid of process pid is new. It has the name of its parent, a process or a thread, until it
 * gets its own. 0 or -ENOMEM. */
int tracker_fork(struct tracker *t, int32_t parent, int32_t pid, int32_t tid) MUST_CHECK;
/* Thread tid is in the control group with this path from now on (NULL: its path is not known). path
 * is copied. 0 or -ENOMEM. */
int tracker_task_cgroup(struct tracker *t, int32_t tid, const char *path,
			enum cgroup_basis by) MUST_CHECK;
/* The control group that struct owner has the number of; NULL: unknown. It lives as long as t. */
const struct owner_cgroup *tracker_cgroup_at(const struct tracker *t, uint32_t number);
/* Thread tid has exited. Its name stays until its number is used again: sockets that its exit
 * closes may come after this. 0 or -ENOMEM. */
int tracker_task_exit(struct tracker *t, int32_t tid) MUST_CHECK;

/* Events were lost from from_ns to to_ns. To be called before the events after from_ns are fed.
 * 0 or -ENOMEM. */
int tracker_loss(struct tracker *t, uint64_t from_ns, uint64_t to_ns) MUST_CHECK;

/* The recorder was held up from from_ns to to_ns: the final tcp_info of a socket that was destroyed
 * in that time is on the tape with the time at which the recorder read it, which is later. To be
 * called before the events of that time are fed. 0 or -ENOMEM. */
int tracker_held_up(struct tracker *t, uint64_t from_ns, uint64_t to_ns) MUST_CHECK;

/* From ts_ns on the recorder did not ask for the final tcp_info of sockets that were destroyed in a
 * network namespace (0: in all of them), or asked for it again: a connection does not wait for one
 * that cannot come. To be called before the events after ts_ns are fed. 0 or -ENOMEM. */
int tracker_pause(struct tracker *t, uint64_t ts_ns, uint32_t netns, bool is_paused) MUST_CHECK;

/*
 * Learns from e, and completes it in place: cause, trigger, cause_by, pid, comm, owner, cgroup,
 * cpu_pid, cpu_comm, conn, the lengths of timeouts, the time spent in a state, and ports or
 * addresses that the record lacks but the socket is known to have (their bits in `present` are set
 * then). The tracker owns the strings, which are good until tracker_free(). 0 or -ENOMEM.
 */
int tracker_feed(struct tracker *t, struct tcp_event *e) MUST_CHECK;

/* Emits the connections that have waited long enough. No event older than now_ns may be fed after
 * that. 0, or what options.ended returned. */
int tracker_advance(struct tracker *t, uint64_t now_ns, struct fault *fault) MUST_CHECK;
/* At the end of the tape: emits all other connections. Open ones get end_ns as their end_ns. 0,
 * -ENOMEM, or what options.ended returned. */
int tracker_finish(struct tracker *t, uint64_t end_ns, struct fault *fault) MUST_CHECK;

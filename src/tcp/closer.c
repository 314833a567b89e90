// SPDX-License-Identifier: MIT
#include "tcp/closer.h"

#include <string.h>

#include "base/cleanup.h"

/* What the function of a frame says. In a chain, innermost first, the first row decides, but for
 * PROCESS: the process may be about to end (do_exit), and a worker of the kernel is none. */
static const struct {
	const char *name;
	enum tcp_closer closer;
} rows[] = {
	{"tcp_v4_connect", TCP_CLOSER_CONNECT},
	{"tcp_v6_connect", TCP_CLOSER_CONNECT},
	{"tcp_disconnect", TCP_CLOSER_PROCESS},
	{"tcp_close", TCP_CLOSER_PROCESS},
	{"__tcp_close", TCP_CLOSER_PROCESS},
	{"tcp_abort", TCP_CLOSER_ADMIN},
	{"do_exit", TCP_CLOSER_EXIT},
	{"tcp_v4_err", TCP_CLOSER_KERNEL},
	{"tcp_v6_err", TCP_CLOSER_KERNEL},
	{"tcp_v4_do_rcv", TCP_CLOSER_KERNEL},
	{"tcp_v6_do_rcv", TCP_CLOSER_KERNEL},
	{"tcp_rcv_state_process", TCP_CLOSER_KERNEL},
	{"tcp_retransmit_timer", TCP_CLOSER_KERNEL},
	{"tcp_write_timer", TCP_CLOSER_KERNEL},
	{"tcp_write_timer_handler", TCP_CLOSER_KERNEL},
	{"tcp_release_cb", TCP_CLOSER_KERNEL},
	{"ip_protocol_deliver_rcu", TCP_CLOSER_KERNEL},
	{"ip6_protocol_deliver_rcu", TCP_CLOSER_KERNEL},
	{"handle_softirqs", TCP_CLOSER_KERNEL},
	{"__do_softirq", TCP_CLOSER_KERNEL},
	{"__softirqentry_text_start", TCP_CLOSER_KERNEL},
	{"call_timer_fn", TCP_CLOSER_KERNEL},
	{"process_one_work", TCP_CLOSER_KERNEL},
};

/* The closer that a frame such as "tcp_close.part.0+0x12 [mod]" stands for. */
static enum tcp_closer closer_of(const char *frame)
{
	size_t len = strcspn(frame, ".+ ");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!strncmp(frame, rows[i].name, len) && !rows[i].name[len])
			return rows[i].closer;
	}
	return TCP_CLOSER_UNKNOWN;
}

enum tcp_closer tcp_closer_of_chain(const char *const *frames, size_t n_frames)
{
	enum tcp_closer found = TCP_CLOSER_UNKNOWN;

	for (size_t i = 0; i < n_frames; i++) {
		enum tcp_closer closer = frames[i] ? closer_of(frames[i]) : TCP_CLOSER_UNKNOWN;

		if (!closer || (closer == TCP_CLOSER_EXIT && !found))
			continue;
		if (closer != TCP_CLOSER_PROCESS)
			return closer;
		found = closer;
	}
	return found;
}

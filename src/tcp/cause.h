/* SPDX-License-Identifier: MIT */
/*
 * cause: why a segment was retransmitted, from the kernel's call chain.
 *
 * The chain is read from the innermost frame outwards, function names are cut at the first '.', and
 * reading stops at the first boundary (a timer, a softirq, the entry of received packets): the
 * frames after it belong to whatever was interrupted, often to another socket. Which TCP functions
 * are in the chain decides, never their positions.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum tcp_cause {
	TCP_CAUSE_NONE, /* not a retransmission */
	TCP_CAUSE_UNKNOWN,
	TCP_CAUSE_RTO,
	TCP_CAUSE_TLP,
	TCP_CAUSE_FAST,
	TCP_CAUSE_LOSS,
	TCP_CAUSE_RECOVERY, /* fast or loss: the congestion state that decides is not known */
	TCP_CAUSE_SYN,
	TCP_CAUSE_SYNACK,
	TCP_CAUSE_PMTU,
	TCP_CAUSE_TFO,
	TCP_CAUSE_DEFERRED,
	TCP_CAUSE_N,
};

enum tcp_trigger {
	TCP_TRIGGER_NONE,
	TCP_TRIGGER_TIMER,
	TCP_TRIGGER_ACK,
	TCP_TRIGGER_TSQ,
	TCP_TRIGGER_RACK_TIMER,
	TCP_TRIGGER_DUP_SYN,
	TCP_TRIGGER_ICMP,
	TCP_TRIGGER_N,
};

/* The evidence for a cause, strongest first. */
enum tcp_basis {
	TCP_BASIS_NONE,
	TCP_BASIS_STACK,
	TCP_BASIS_CA_STATE,
	TCP_BASIS_STATE,
	TCP_BASIS_TIMING,
	TCP_BASIS_N,
};

/* The word that the output shows ("rto", "rack-timer", "ca_state", ...); NULL for NONE. */
const char *tcp_cause_name(enum tcp_cause c);
const char *tcp_trigger_name(enum tcp_trigger t);
const char *tcp_basis_name(enum tcp_basis b);

/* The cause and the trigger as far as the call chain alone gives them. */
struct tcp_chain_cause {
	enum tcp_cause cause; /* RTO also for SYNs; UNKNOWN when no rule matched */
	enum tcp_trigger trigger;
};

/*
 * frames[0] is the innermost frame; a frame without a symbol is NULL and is skipped.
 * is_synack: the event is tcp_retransmit_synack.
 */
struct tcp_chain_cause tcp_cause_of_chain(const char *const *frames, size_t n_frames,
					  bool is_synack);

/* Whether the frame is one of an interrupt, behind which the chain is not read. */
bool tcp_frame_is_boundary(const char *frame);

/* Whether the chain of a socket's change to CLOSE shows that the peer's FIN caused it (tcp_fin,
 * called by tcp_data_queue). */
bool tcp_chain_has_fin(const char *const *frames, size_t n_frames);
/* Whether the chain goes far enough to tell that. Some unwinders stop in the tracepoint's own code:
 * such a chain says nothing. */
bool tcp_chain_tells_fin(const char *const *frames, size_t n_frames);

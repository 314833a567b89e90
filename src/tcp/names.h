/* SPDX-License-Identifier: MIT */
/*
 * names: the kernel's numbers for TCP states, congestion states, protocols and errors, and their
 * names. Sources: include/net/tcp_states.h, include/uapi/linux/tcp.h (enum tcp_ca_state).
 */
#pragma once

#include <stdint.h>

enum tcp_state {
	TCP_STATE_NONE = 0, /* not known; in tcp_send_reset from 6.10 on: there is no socket */
	TCP_STATE_ESTABLISHED = 1,
	TCP_STATE_SYN_SENT,
	TCP_STATE_SYN_RECV,
	TCP_STATE_FIN_WAIT1,
	TCP_STATE_FIN_WAIT2,
	TCP_STATE_TIME_WAIT,
	TCP_STATE_CLOSE,
	TCP_STATE_CLOSE_WAIT,
	TCP_STATE_LAST_ACK,
	TCP_STATE_LISTEN,
	TCP_STATE_CLOSING,
	TCP_STATE_NEW_SYN_RECV,
};

enum tcp_ca {
	TCP_CA_STATE_OPEN,
	TCP_CA_STATE_DISORDER,
	TCP_CA_STATE_CWR,
	TCP_CA_STATE_RECOVERY,
	TCP_CA_STATE_LOSS,
};

#define TCP_PROTOCOL_TCP   6
#define TCP_PROTOCOL_MPTCP 262

/* Each of these returns NULL for a number that has no name. */
/* "ESTABLISHED", ...: the kernel's name without TCP_. */
const char *tcp_state_name(int state);
/* "Open", "Disorder", "CWR", "Recovery", "Loss" */
const char *tcp_ca_name(int ca);
/* "tcp", "mptcp", "dccp", "sctp" */
const char *tcp_protocol_name(int protocol);
/* "ECONNREFUSED" for 111 and for -111: the numbers of Linux on all architectures but MIPS, SPARC,
 * Alpha and PA-RISC. */
const char *tcp_errno_name(int err);

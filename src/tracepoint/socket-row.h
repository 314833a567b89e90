/* SPDX-License-Identifier: MIT */
/*
 * socket-row: synthetic rows, which the recorder makes from sock_diag in the form of a tracepoint's
 * rows: the common fields, the fields of the socket, then the fields of struct tcp_info at fixed
 * offsets. They are stored in CHUNKs like all other rows, under a format text of our own, so that
 * readers need no code for them. There are three such tracepoints: sock_diag:socket_table (one row
 * for each TCP socket at the start and at the end), sock_diag:tcp_destroy (the final tcp_info of
 * each socket that is gone, from SKNLGRP_INET_TCP_DESTROY and SKNLGRP_INET6_TCP_DESTROY), and
 * sock_diag:tcp_sample (listeners and connections in trouble, once a second).
 */
#pragma once

#include <stdint.h>

#include "base/text.h"
#include "tcp/event.h"
#include "tcp/tcp-info.h"

#define SOCKET_ROW_SYSTEM  "sock_diag"
#define SOCKET_ROW_TABLE   "socket_table"
#define SOCKET_ROW_DESTROY "tcp_destroy"
#define SOCKET_ROW_SAMPLE  "tcp_sample"
/* The ids of these tracepoints. The kernel numbers its own from 1 upwards, far below these. */
#define SOCKET_ROW_TABLE_ID   0xfffeu
#define SOCKET_ROW_DESTROY_ID 0xfffdu
#define SOCKET_ROW_SAMPLE_ID  0xfffcu

/*
 * The start of a row. Numbers are in the byte order of the recording machine, addresses in network
 * order. An AF_INET socket has its addresses in saddr and daddr, an AF_INET6 socket in saddr_v6 and
 * daddr_v6, where they may be v4-mapped.
 */
struct socket_row {
	uint16_t common_type; /* SOCKET_ROW_*_ID */
	uint8_t common_flags; /* 0 */
	uint8_t common_preempt_count;
	int32_t common_pid;    /* 0 */
	uint8_t listing;       /* enum socket_dump; in tcp_destroy 0 */
	uint8_t state;	       /* TCP state; in tcp_destroy always CLOSE */
	uint16_t family;       /* AF_INET, AF_INET6 */
	uint16_t sport, dport; /* host order; 0: none */
	uint32_t netns;	       /* inode of the network namespace (nsfs) */
	uint32_t inode;	       /* of the socket; 0: no process has it open (any more) */
	int32_t pid;	       /* lowest pid of a process that has it open; 0: unknown */
	uint32_t holders;      /* number of processes that have it open */
	uint32_t uid;
	uint32_t rqueue, wqueue;
	/* idiag_timer: 1 retransmission or probe, 2 keepalive, 3 TIME_WAIT, 4 zero window probe */
	uint8_t timer;
	uint8_t retrans;     /* idiag_retrans */
	uint8_t has_figures; /* 0: there is no tcp_info, and its bytes mean nothing */
	uint8_t pad;
	uint32_t timer_ms;
	uint32_t pad_to_8; /* 32-bit x86 aligns what follows to 4 bytes only */
	uint64_t sock_cookie;
	uint8_t saddr[4], daddr[4];
	uint8_t saddr_v6[16], daddr_v6[16];
	/* struct tcp_info follows at SOCKET_ROW_INFO, as long as the recording kernel's. Its bytes
	 * before the end of the last field of tcp_info_fields that belong to none of these fields
	 * are zero; what follows is the field SOCKET_ROW_REST. */
};

#define SOCKET_ROW_INFO 104u /* offset of tcp_info; a test keeps it equal to the struct's size */

/* What is known of a socket beside its tcp_info, from dumps; a bit each in socket_detail.known. */
#define SOCKET_KNOWS_MEMORY   1u
#define SOCKET_KNOWS_SHUTDOWN 2u
#define SOCKET_KNOWS_TOS      4u
#define SOCKET_KNOWS_TCLASS   8u

/*
 * The end of the rows of socket_table and tcp_sample, behind tcp_info. The nine numbers after
 * cgroup_id are sock_diag's SK_MEMINFO_*: bytes, but for drops, which counts packets.
 */
struct socket_detail {
	uint64_t cgroup_id; /* of the control group (v2) of the socket; 0: unknown */
	uint32_t rmem_alloc, rcvbuf, wmem_alloc, sndbuf, fwd_alloc, wmem_queued, optmem;
	uint32_t backlog_bytes, drops;
	/* Sockets that the row stands for. It is 1 but for state TIME_WAIT, where all sockets with
	 * the same ends are one row. */
	uint32_t sockets;
	uint8_t known;	     /* SOCKET_KNOWS_* */
	uint8_t shutdown;    /* 1: nothing is received any more, 2: nothing is sent, 3: both */
	uint8_t tos;	     /* IP_TOS */
	uint8_t tclass;	     /* IPV6_TCLASS */
	char congestion[16]; /* name of the congestion control; "": unknown */
	/* The token of the MPTCP connection that the socket is a subflow of; 0: none, unknown. */
	uint32_t mptcp_token;
	uint8_t mptcp_subflow; /* enum tcp_subflow */
	uint8_t pad[7];
};

/* The bytes of a kernel's struct tcp_info after those that tcp_info_fields names. */
#define SOCKET_ROW_REST "tcp_info_rest"

/* The longest struct tcp_info that a row takes; what is beyond is left out. */
#define SOCKET_ROW_INFO_MAX 1024u

/* Where the struct socket_detail of a row stands, from a kernel whose struct tcp_info has info_len
 * bytes: behind SOCKET_ROW_INFO and these, rounded up to 8 bytes. */
uint16_t socket_row_detail_at(uint32_t info_len);
/* The length of a row of the tracepoint with this SOCKET_ROW_*_ID. Only those of tcp_destroy have
 * no struct socket_detail: the kernel does not tell it. */
uint16_t socket_row_len(uint32_t id, uint32_t info_len);
/* Appends the format text of these rows. name: SOCKET_ROW_TABLE, SOCKET_ROW_DESTROY or
 * SOCKET_ROW_SAMPLE; id: its SOCKET_ROW_*_ID. */
void socket_row_format(struct text *t, const char *name, uint32_t id, uint32_t info_len);
/* Copies a kernel's tcp_info into the row, which is as long as socket_row_len() says, and zero
 * there. got: bytes that info has; a field that is not whole in them stays zero. */
void socket_row_put_tcp_info(uint8_t *row, uint32_t info_len, const void *info, uint32_t got);

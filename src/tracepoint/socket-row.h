/* SPDX-License-Identifier: MIT */
/*
 * socket-row: rows that a recorder makes of what sock_diag says, in the form of a tracepoint's:
 * common fields, then the socket, then the figures of struct tcp_info at fixed places. They
 * travel in CHUNKs like any other row, under a format text of our own, so a reader needs nothing
 * new. Two such "tracepoints": sock_diag:socket_table (every TCP socket at the start and at the
 * end, a row each) and sock_diag:tcp_destroy (the kernel's last word on each socket that is gone,
 * from SKNLGRP_INET_TCP_DESTROY and SKNLGRP_INET6_TCP_DESTROY).
 */
#pragma once

#include <stdint.h>

#include "base/text.h"
#include "tcp/event.h"
#include "tcp/tcp-info.h"

#define SOCKET_ROW_SYSTEM  "sock_diag"
#define SOCKET_ROW_TABLE   "socket_table"
#define SOCKET_ROW_DESTROY "tcp_destroy"
/* Numbers that no tracepoint of a kernel has got to yet. */
#define SOCKET_ROW_TABLE_ID   0xfffeu
#define SOCKET_ROW_DESTROY_ID 0xfffdu

/*
 * Numbers in the order of the recording machine, addresses in network order; of an AF_INET socket
 * saddr and daddr count, of an AF_INET6 one saddr_v6 and daddr_v6 (which may be v4-mapped).
 */
struct socket_row {
	uint16_t common_type; /* SOCKET_ROW_*_ID */
	uint8_t common_flags; /* 0 */
	uint8_t common_preempt_count;
	int32_t common_pid;    /* 0 */
	uint8_t listing;       /* enum socket_dump */
	uint8_t state;	       /* TCP state; of tcp_destroy always CLOSE */
	uint16_t family;       /* AF_INET, AF_INET6 */
	uint16_t sport, dport; /* host order; 0: none */
	uint32_t netns;	       /* inode of the network namespace (nsfs) */
	uint32_t inode;	       /* of the socket; 0: no process has it (any more) */
	int32_t pid;	       /* a process that holds it, the lowest; 0: unknown */
	uint32_t holders;      /* how many processes hold it */
	uint32_t uid;
	uint32_t rqueue, wqueue;
	uint8_t timer; /* idiag_timer: 1 retransmission or probe, 2 keepalive, 3 TIME_WAIT, 4 zero window */
	uint8_t retrans;     /* idiag_retrans */
	uint8_t has_figures; /* 0: no tcp_info, the figures mean nothing */
	uint8_t pad;
	uint32_t timer_ms;
	uint64_t sock_cookie;
	uint8_t saddr[4], daddr[4];
	uint8_t saddr_v6[16], daddr_v6[16];
	/* tcp_info follows at SOCKET_ROW_INFO: only the bytes of the figures, the rest zero. */
};

#define SOCKET_ROW_INFO 104u /* offset of tcp_info; a test keeps it equal to the struct's size */

/* Bytes of a row on a kernel whose struct tcp_info has info_len bytes: up to its last figure. */
uint16_t socket_row_len(uint32_t info_len);
/* The format text of such rows. name: SOCKET_ROW_TABLE or _DESTROY. */
void socket_row_format(struct text *t, const char *name, uint32_t id, uint32_t info_len);
/* Writes the figures of a kernel's tcp_info behind the row; row has socket_row_len(info_len)
 * bytes, zeroed. got: bytes of tcp_info that are there, at most info_len. */
void socket_row_put_tcp_info(uint8_t *row, uint32_t info_len, const void *info, uint32_t got);

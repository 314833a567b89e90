/* SPDX-License-Identifier: MIT */
/*
 * socket-row: synthetic rows, which the recorder makes of sock_diag's answers in the form of a
 * tracepoint's row: common fields, then the socket, then fields of struct tcp_info at fixed places.
 * They are in CHUNKs like any other row, under a format text that is written here. There are two
 * such "tracepoints": sock_diag:socket_table (a row for each TCP socket at the start and at the
 * end) and sock_diag:tcp_destroy (the final tcp_info of each socket that is destroyed, from
 * SKNLGRP_INET_TCP_DESTROY and SKNLGRP_INET6_TCP_DESTROY).
 */
#pragma once

#include <stdint.h>

#include "base/text.h"
#include "tcp/event.h"
#include "tcp/tcp-info.h"

#define SOCKET_ROW_SYSTEM  "sock_diag"
#define SOCKET_ROW_TABLE   "socket_table"
#define SOCKET_ROW_DESTROY "tcp_destroy"
/* Numbers that no tracepoint of a kernel has. */
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
	int32_t pid;	       /* the lowest process that holds the socket; 0: unknown */
	uint32_t holders;      /* how many processes hold it */
	uint32_t uid;
	uint32_t rqueue, wqueue;
	/* idiag_timer: 1 retransmission or probe, 2 keepalive, 3 TIME_WAIT, 4 zero window */
	uint8_t timer;
	uint8_t retrans;     /* idiag_retrans */
	uint8_t has_figures; /* 0: there was no tcp_info, its fields mean nothing */
	uint8_t pad;
	uint32_t timer_ms;
	uint32_t pad_to_8; /* 32-bit x86 aligns what follows to 4 bytes only */
	uint64_t sock_cookie;
	uint8_t saddr[4], daddr[4];
	uint8_t saddr_v6[16], daddr_v6[16];
	/* struct tcp_info follows at SOCKET_ROW_INFO: the fields that are kept; the rest is
	 * zero. */
};

#define SOCKET_ROW_INFO 104u /* offset of tcp_info; a test keeps it equal to the struct's size */

/* Bytes of a row on a kernel whose struct tcp_info has info_len bytes: up to the last field. */
uint16_t socket_row_len(uint32_t info_len);
/* The format text of such rows. name: SOCKET_ROW_TABLE or _DESTROY. */
void socket_row_format(struct text *t, const char *name, uint32_t id, uint32_t info_len);
/* Writes the fields of a kernel's tcp_info into row, which has socket_row_len(info_len) bytes,
 * zeroed. got: bytes of tcp_info that the kernel gave; fields beyond them or info_len stay zero. */
void socket_row_put_tcp_info(uint8_t *row, uint32_t info_len, const void *info, uint32_t got);

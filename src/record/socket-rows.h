/* SPDX-License-Identifier: MIT */
/*
 * socket-rows: makes synthetic rows (tracepoint/socket-row.h) from sockets that sock_diag reports,
 * adds which process holds each socket, and puts the rows into the batch that is being filled.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernel/mptcp-events.h"
#include "kernel/sock-diag.h"
#include "kernel/socket-holders.h"
#include "record/drain.h"
#include "tracepoint/socket-row.h"

struct socket_rows {
	struct drain *drain; /* borrowed */
	struct socket_holders holders;
	uint32_t tcp_info_len; /* bytes of the kernel's struct tcp_info */
	/* Their indices on the tape. */
	uint16_t tracepoint_table, tracepoint_sample, tracepoint_destroy;
	uint32_t cpu;	    /* rows count as one CPU's that is recorded */
	uint16_t row_len;   /* of the longest row */
	uint8_t *row;	    /* buffer for one row, owned; NULL: no rows are wanted */
	uint64_t n_dropped; /* rows that found no free batch */
	bool has_failed;    /* out of memory: the recording cannot go on */
};

/* tcp_info_len must not be 0. 0 or -ENOMEM. */
int socket_rows_init(struct socket_rows *r, uint32_t tcp_info_len, struct fault *fault) MUST_CHECK;
void socket_rows_done(struct socket_rows *r);
/* Looks in /proc which process holds which socket, for the rows that follow. */
int socket_rows_find_holders(struct socket_rows *r, struct fault *fault) MUST_CHECK;

/* The values that all rows of one datagram share; the userdata of socket_rows_take(). */
struct socket_rows_source {
	struct socket_rows *rows;
	uint16_t tracepoint; /* index on the tape */
	uint16_t id;	     /* SOCKET_ROW_*_ID */
	uint8_t dump;	     /* enum socket_dump */
	uint32_t netns;
};
/* The most rows that a message or datagram of so many bytes can become. */
uint32_t socket_rows_most(size_t bytes);
/* A sock_diag_fn: puts a row into the batch, where the caller has made room with drain_room(). 0 or
 * -ENOMEM, which has_failed tells from an error of the kernel's. */
int socket_rows_take(void *userdata, const struct sock_diag_socket *socket);
/* Puts the row that ends a dump into the batch: kind is SOCKET_DUMP_*_DONE, n_failed the number of
 * namespaces of which the dump lacks sockets. 1; 0: no batch is free; -ENOMEM. */
int socket_rows_put_end(struct socket_rows *r, enum socket_dump kind, uint32_t n_failed) MUST_CHECK;
/* The same for the row that says up to when samples were taken (SOCKET_SAMPLE_DONE). */
int socket_rows_put_samples(struct socket_rows *r, uint32_t n_rounds,
			    uint32_t n_left_out) MUST_CHECK;
/* The same for a subflow of which the kernel tells (SOCKET_SAMPLE_SUBFLOW). */
int socket_rows_put_subflow(struct socket_rows *r, uint32_t netns,
			    const struct mptcp_event *e) MUST_CHECK;

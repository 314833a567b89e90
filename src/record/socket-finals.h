/* SPDX-License-Identifier: MIT */
/*
 * socket-finals: receives the last tcp_info of each socket that is destroyed, in all network
 * namespaces, and puts it on the tape as a row. With a budget it does without, for as long as the
 * messages cost too much: the namespaces with the most messages first. The tape tells from when to
 * when (PAUSES of format/records.h), also where the kernel dropped messages that were not read in
 * time.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "record/figure-budget.h"
#include "record/socket-rows.h"
#include "record/socket-spaces.h"
#include "record/tracepoints.h"

/* Messages about destroyed sockets that are received at once. Each is an inet_diag_msg and a
 * tcp_info. */
#define SOCKET_FINALS_MESSAGES	    64u
#define SOCKET_FINALS_MESSAGE_BYTES 1024u
#define SOCKET_FINALS_BYTES	    (SOCKET_FINALS_MESSAGES * SOCKET_FINALS_MESSAGE_BYTES)

struct socket_finals {
	struct socket_spaces *spaces; /* borrowed, as are the next two */
	struct socket_rows *rows;
	uint8_t *buffer; /* SOCKET_FINALS_BYTES */
	bool has_budget;
	struct figure_budget budget;
	uint16_t tracepoint_closed; /* tcp_destroy_sock; TRACEPOINT_NONE: it is not recorded */
	uint64_t n_messages;
	uint64_t n_overruns; /* times that messages were lost because they were not read in time */
	uint64_t emptied_ns; /* when all messages that had come were read */
	uint64_t window_ns;  /* the messages of each namespace are counted from then on */
	uint64_t unheard_before; /* sockets without a message when the pause began */
	uint64_t n_unasked;	 /* sockets destroyed in the pauses that are over */
	uint64_t told_ns;	 /* time of the last record about a pause */
};

/* Begins to receive. f is {0} but for the borrowed members, has_budget and budget. */
void socket_finals_begin(struct socket_finals *f, const struct tracepoints *t);
/* Reads the messages that have come, and decides whether more are wanted. 0 or -ENOMEM. */
int socket_finals_turn(struct socket_finals *f) MUST_CHECK;
/* At the end of the recording: puts on the tape how many figures were not asked for. */
int socket_finals_end(struct socket_finals *f) MUST_CHECK;
/* Sockets that were destroyed in all pauses so far, as far as is known. */
uint64_t socket_finals_unasked(const struct socket_finals *f);

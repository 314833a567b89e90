/* SPDX-License-Identifier: MIT */
/*
 * troubled: the connections that had trouble in the last seconds, as far as they find room: those
 * of which a segment was retransmitted, and those that sock_diag shows waiting for a peer that has
 * shut its window or does not answer. They are sampled for as long as they are here.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "kernel/sock-diag-ask.h"
#include "tracepoint/row-ends.h"
#include "tracepoint/socket-row.h"

/* Connections at a time. */
#define TROUBLED_MAX 256u
/* How long one stays after its last trouble. */
#define TROUBLED_STAY_NS (5 * NSEC_PER_SEC)

struct troubled_conn {
	struct sock_diag_ends ends;
	uint64_t sk;	  /* address of the socket in its rows; 0: not known */
	uint64_t cookie;  /* 0: not known yet */
	uint32_t netns;	  /* inode of its network namespace; 0: not known yet */
	uint64_t last_ns; /* when it had trouble last */
	/* For who asks about it: the namespace that is asked next, while netns is not known; and
	 * the round of questions in which it was asked. */
	uint32_t space;
	uint32_t round;
};

/* {0} is valid and empty. */
struct troubled {
	struct troubled_conn items[TROUBLED_MAX];
	size_t n;
	struct map by_sk;     /* address of a socket -> index + 1 */
	struct map by_cookie; /* the same */
	uint64_t n_left_out;  /* rows, and sockets that were shown, for which there was no room */
};

void troubled_done(struct troubled *t);
/* Notes a row of a connection in trouble; a row without both ports says nothing. 0 or -ENOMEM. */
int troubled_row(struct troubled *t, const struct row_ends *places, const uint8_t *row, size_t len,
		 uint64_t now) MUST_CHECK;
/* Notes a socket that sock_diag shows, if it is in trouble. 0 or -ENOMEM. */
int troubled_socket(struct troubled *t, const struct socket_row *row, uint64_t now) MUST_CHECK;
/* Notes what an answer tells of a connection. Its trouble may go on. 0 or -ENOMEM. */
int troubled_answer(struct troubled *t, size_t i, const struct socket_row *row,
		    uint64_t now) MUST_CHECK;
/* Forgets a connection; the last one takes its place. */
void troubled_forget(struct troubled *t, size_t i);
/* Forgets those whose trouble is over for long enough. */
void troubled_age(struct troubled *t, uint64_t now);

/* Whether sock_diag shows the socket waiting for its peer: it retransmits by timeout, or probes
 * a window that is shut. */
bool troubled_shows(const struct socket_row *row);
/* Whether the row is about a connection with these ends. */
bool troubled_is_at(const struct sock_diag_ends *ends, const struct socket_row *row);

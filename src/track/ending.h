/* SPDX-License-Identifier: MIT */
/*
 * ending: decides how a connection ended, from the states, resets and errors that the tracker has
 * stored in struct tcp_conn, and takes over the fields of its tcp_info.
 */
#pragma once

#include "track/conns.h"
#include "tcp/tcp-info.h"

/* Learns from a state that c is or was in who closed first, and whether it was established. */
void ending_note_state(struct tcp_conn *c, int state);
/* Sets c->ending. c must be closed. */
void ending_decide(struct tcp_conn *c);
/*
 * Copies the known fields of f into the tcp_info of c; f may be NULL. bytes_acked and
 * bytes_received count sequence numbers, which SYN and FIN take, too (RFC 9293, 3.4): these are
 * subtracted, so that only data is counted. is_final: the socket is gone. 0 or -ENOMEM.
 */
int ending_take_tcp_info(struct conns *s, struct tcp_conn *c, const struct tcp_info_values *f,
			 bool is_final) MUST_CHECK;

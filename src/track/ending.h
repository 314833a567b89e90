/* SPDX-License-Identifier: MIT */
/*
 * ending: how a connection ended, and what tcp_info says of it, from what its events left in struct
 * tcp_conn.
 */
#pragma once

#include "track/conns.h"
#include "tcp/tcp-info.h"

/* The connection is, or was, in this state: notes who closed first, and whether it was
 * established. */
void ending_note_state(struct tcp_conn *c, int state);
/* Sets the ending of c, which is closed. */
void ending_decide(struct tcp_conn *c);
/*
 * Takes over what tcp_info says; f may be NULL. bytes_acked and bytes_received count sequence
 * numbers, and with them SYN and FIN as a byte each (RFC 9293, 3.4): those are subtracted, so that
 * data alone is left. 0 or -ENOMEM.
 */
int ending_take_tcp_info(struct conns *s, struct tcp_conn *c, const struct tcp_info_values *f,
			 bool is_final) MUST_CHECK;

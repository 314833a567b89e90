/* SPDX-License-Identifier: MIT */
/*
 * ending: how a connection ended, and the kernel's figures of it, from what its events left behind
 * in struct tcp_conn.
 */
#pragma once

#include "track/conns.h"
#include "tcp/tcp-info.h"

/* A state that the connection is in, or was in: who closed first, and whether it was established. */
void ending_note_state(struct tcp_conn *c, int state);
/* Sets ending of one that is closed. */
void ending_decide(struct tcp_conn *c);
/*
 * Takes over the figures. Sequence numbers count SYN and FIN as a byte each, and so do
 * bytes_acked and bytes_received: they are taken out again, so that data alone is left. 0 or -ENOMEM.
 */
int ending_take_tcp_info(struct conns *s, struct tcp_conn *c, const struct tcp_info_values *f,
			 bool is_final) MUST_CHECK;

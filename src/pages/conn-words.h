/* SPDX-License-Identifier: MIT */
/*
 * conn-words: how a connection began and ended, and why it is the worst, in words.
 */
#pragma once

#include "base/text.h"
#include "gather/gathered.h"

/* Appends who connected or accepted. */
void conn_began_text(const struct conn_story *s, struct text *t);
/* Appends how it ended and by whom, as a clause without a subject of its own: "the peer closed
 * first". */
void conn_ended_text(const struct conn_story *s, struct text *t);
/* Appends what the first RST was, in which state, and who had closed before; nothing where there
 * was none. */
void conn_reset_text(const struct conn_story *s, struct text *t);
/* Appends what makes it the worst, by the measure of gather/worst-conns.h. */
void conn_worst_text(const struct worst_conn *c, struct text *t);
/* Appends "3 retransmissions, 1 timeout, 1 tail loss probe"; false: nothing was retransmitted. */
bool conn_retrans_text(const struct tcp_conn *c, struct text *t);

/* SPDX-License-Identifier: MIT */
/*
 * ending: decides how a connection ended, from the states, resets and errors that the tracker has
 * stored in struct tcp_conn.
 */
#pragma once

#include "tcp/conn.h"

/* Learns from a state that c is or was in who closed first, and whether it was established. */
void ending_note_state(struct tcp_conn *c, int state);
/* Sets c->ending. c must be closed. */
void ending_decide(struct tcp_conn *c);

/* SPDX-License-Identifier: MIT */
/*
 * recent-states: the latest changes of state of connections that have no history yet. Most
 * connections never get one, so only those of the last few thousand connections that began to close
 * are kept: when a connection gets its history while it closes, the history begins with them.
 */
#pragma once

#include <stdint.h>

#include "base/cleanup.h"

#define RECENT_STATES_OF_ONE 4u /* a connection has no more of them after ESTABLISHED */

struct recent_state_list {
	uint32_t id; /* of the connection; 0: none */
	uint8_t n;
	uint8_t before; /* the state before the first change */
	uint8_t states[RECENT_STATES_OF_ONE];
	uint64_t at_ns[RECENT_STATES_OF_ONE];
};

struct recent_states {
	struct recent_state_list *items;
};

/* 0 or -ENOMEM. */
int recent_states_init(struct recent_states *r) MUST_CHECK;
void recent_states_done(struct recent_states *r);
/* Notes a change of state of the connection with this id. Changes to SYN_SENT, SYN_RECV and
 * ESTABLISHED need no note: struct tcp_conn has their times. */
void recent_states_note(struct recent_states *r, uint32_t id, uint8_t before, uint8_t state,
			uint64_t ts_ns);
/* The changes of a connection in the order of time. NULL: none are known, or not any more. */
const struct recent_state_list *recent_states_of(const struct recent_states *r, uint32_t id);

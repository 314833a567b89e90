/* SPDX-License-Identifier: MIT */
/*
 * subflow-notices: receives the kernel's messages about subflows of MPTCP connections, in all
 * network namespaces, and puts them on the tape as rows: no other event tells whose subflow a
 * socket is.
 */
#pragma once

#include "record/socket-rows.h"
#include "record/socket-spaces.h"

/* Puts the messages that have come on the tape; what has no room waits in the kernel. buffer:
 * SUBFLOW_NOTICES_BYTES. 0 or -ENOMEM. */
int subflow_notices_turn(const struct socket_spaces *spaces, struct socket_rows *rows,
			 uint8_t *buffer) MUST_CHECK;

#define SUBFLOW_NOTICES_BYTES MPTCP_EVENT_BYTES

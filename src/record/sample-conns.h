/* SPDX-License-Identifier: MIT */
/*
 * sample-conns: asks about connections in trouble by their ends and, once it is known, by their
 * cookie. A row of a tracepoint does not tell the network namespace of its socket, so each one is
 * asked until one has it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "record/sample-spaces.h"
#include "record/socket-rows.h"
#include "record/troubled.h"

/* Bytes of the buffer for the answers. */
#define SAMPLE_CONNS_AT_ONCE	  32u
#define SAMPLE_CONNS_ANSWER_BYTES 2048u
#define SAMPLE_CONNS_BYTES	  (SAMPLE_CONNS_AT_ONCE * SAMPLE_CONNS_ANSWER_BYTES)

/* What is asked, and where the answers go. */
struct sample_conns {
	struct troubled *troubled;
	struct sample_spaces *spaces;
	struct socket_rows *rows;
	uint32_t round; /* connections that were asked about in this round are passed over */
	uint64_t now;
	uint8_t *buffer; /* SAMPLE_CONNS_BYTES */
};

/* Asks about some connections in one namespace. 1: there may be more to ask about; 0: all were
 * asked about, or no batch is free; -ENOMEM. *ret_n counts the rows that came. */
int sample_conns_step(const struct sample_conns *s, uint32_t *ret_n) MUST_CHECK;

/* SPDX-License-Identifier: MIT */
/*
 * callchains: the call chains of a tape as text, with the cause of a retransmission that each one
 * shows. A chain is resolved when it is first needed, and again if the tape has brought more
 * symbols and some of its frames had none.
 */
#pragma once

#include "base/arena.h"
#include "base/map.h"
#include "tape/meta.h"
#include "tcp/cause.h"

struct chain {
	size_t n_frames;
	size_t n_named;		      /* frames that have a symbol */
	size_t n_symbols;	      /* symbols of the tape when the chain was resolved */
	const char **frames;	      /* innermost first: "tcp_ack+0x5b"; NULL: no symbol */
	struct tcp_chain_cause cause; /* NONE when no frame has a symbol */
};

struct callchains {
	const struct tape_meta *meta;
	struct arena arena;
	struct map callchains; /* chain id << 1 | is_synack -> struct chain * */
	struct map symbols;    /* id of a frame -> its text, const char * */
};

void callchains_done(struct callchains *c);
/* Finds a chain and resolves it. is_synack: the segment that was retransmitted is a SYN-ACK. *ret
 * is NULL when the tape has no such chain. 0 or -ENOMEM. */
int callchains_find(struct callchains *c, uint32_t id, bool is_synack,
		    const struct chain **ret) MUST_CHECK;

/* SPDX-License-Identifier: MIT */
/*
 * callchains: the call chains of a tape as text, and the cause of a retransmission by each. A chain
 * is resolved once. A tape may have a symbol after a chain that needs it: such a chain is resolved
 * again when there are more symbols.
 */
#pragma once

#include "base/arena.h"
#include "base/map.h"
#include "tape/meta.h"
#include "tcp/cause.h"

struct chain {
	size_t n_frames;
	size_t n_named;		      /* frames that have a symbol */
	size_t n_symbols;	      /* that the tape had when the chain was resolved */
	const char **frames;	      /* innermost first: "tcp_ack+0x5b"; NULL: no symbol */
	struct tcp_chain_cause cause; /* NONE when no frame has a symbol */
};

struct callchains {
	const struct tape_meta *meta;
	struct arena arena;
	struct map callchains; /* chain id and is_synack to struct chain * */
	struct map symbols;    /* code id to const char * */
};

void callchains_done(struct callchains *c);
/* *ret is NULL when the tape has no such chain. 0 or -ENOMEM. */
int callchains_find(struct callchains *c, uint32_t id, bool is_synack,
		    const struct chain **ret) MUST_CHECK;

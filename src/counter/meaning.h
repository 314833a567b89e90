/* SPDX-License-Identifier: MIT */
/*
 * meaning: what counters of the kernel mean, in one line each, and where that is said. The table is
 * for showing only: a counter that is not in it is recorded and shown all the same, as "other".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum counter_group {
	COUNTER_LOSS,
	COUNTER_HANDSHAKES,
	COUNTER_MEMORY,
	COUNTER_CPU,
	COUNTER_DEVICE,
	COUNTER_CONNTRACK,
	COUNTER_PORTS,
	COUNTER_OTHER,
	COUNTER_GROUPS,
};

struct counter_meaning {
	const char *name; /* as on the tape; `*` stands for a link, a CPU, or a part of a name */
	enum counter_group group;
	bool is_gauge;	    /* a level, which goes up and down; not a count */
	const char *what;   /* one line; NULL: not known */
	const char *source; /* a file of the kernel's sources, or an RFC; NULL with `what` */
};

/* The meaning of a counter; of one that nobody knows, an entry of COUNTER_OTHER without words. */
const struct counter_meaning *counter_meaning_of(const char *name);
/* "handshakes and listen queues", and a word for programs: "handshakes". */
const char *counter_group_title(enum counter_group g);
const char *counter_group_word(enum counter_group g);

/* The table, for tests. */
extern const struct counter_meaning counter_meanings[];
extern const size_t n_counter_meanings;

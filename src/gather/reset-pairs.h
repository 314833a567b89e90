/* SPDX-License-Identifier: MIT */
/*
 * reset-pairs: brings the two ends of a RST together, where both are on this tape: the RST is sent
 * by one socket of the host and received by another one, on loopback or between two network
 * namespaces. It is one RST, though it is two events.
 */
#pragma once

#include "gather/group-by.h"
#include "tcp/event.h"

/* One end of a RST: the event that has been seen of it so far. */
struct reset_end {
	struct conn_subject subject;
	uint8_t kind; /* enum reset_kind */
	bool is_sent;
};

struct reset_pairs {
	struct reset_end *items; /* those whose other end has not been seen, by their hash */
};

/* 0 or -ENOMEM. */
int reset_pairs_init(struct reset_pairs *p) MUST_CHECK;
void reset_pairs_done(struct reset_pairs *p);
/*
 * Takes one end. True: its other end was taken before, and is in *ret_other. The two may come in
 * any order: the kernel tells of a RST that a process causes only after it is sent. An end whose
 * other end does not come within the next few thousand RSTs is forgotten.
 */
bool reset_pairs_take(struct reset_pairs *p, const struct reset_end *end,
		      struct reset_end *ret_other);

/* SPDX-License-Identifier: MIT */
/*
 * relay: a sink that hands everything to another one in a thread of its own: whoever makes rows
 * goes on while they are written out. Rows arrive in order. An error of the other sink is returned
 * by a later call.
 */
#pragma once

#include "render/render.h"

struct relay;

/* Wraps a renderer's sink. The clock's functions are called in the caller's thread only: the
 * renderer inside must use relay_clock. Released by relay_finish, which leaves the sink inside. */
int relay_new(const struct tape_clock *clock, struct relay **ret, struct fault *fault) MUST_CHECK;
struct tape_clock relay_clock(struct relay *r);
/* Begins to hand on to `inner`, which is copied. */
int relay_start(struct relay *r, const struct table_sink *inner, struct table_sink *ret,
		struct fault *fault) MUST_CHECK;
/* Waits until everything is handed on. The first error. */
int relay_finish(struct relay *r, struct fault *fault) MUST_CHECK;

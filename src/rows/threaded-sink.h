/* SPDX-License-Identifier: MIT */
/*
 * threaded-sink: a sink that hands everything to another one in a thread of its own: whoever makes rows
 * goes on while they are written out. Rows arrive in order. An error of the other sink is returned
 * by a later call.
 */
#pragma once

#include "render/render.h"

struct threaded_sink;

/* Wraps a renderer's sink. The clock's functions are called in the caller's thread only: the
 * renderer inside must use threaded_sink_clock. Released by threaded_sink_finish, which leaves the sink inside. */
int threaded_sink_new(const struct tape_clock *clock, struct threaded_sink **ret,
		      struct fault *fault) MUST_CHECK;
struct tape_clock threaded_sink_clock(struct threaded_sink *r);
/* Begins to hand on to `inner`, which is copied. */
int threaded_sink_start(struct threaded_sink *r, const struct table_sink *inner,
			struct table_sink *ret, struct fault *fault) MUST_CHECK;
/* Waits until everything is handed on. The first error. */
int threaded_sink_finish(struct threaded_sink *r, struct fault *fault) MUST_CHECK;

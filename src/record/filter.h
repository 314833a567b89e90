/* SPDX-License-Identifier: MIT */
/*
 * filter: which hits of a tracepoint the kernel is asked to record. The kernel may leave out only
 * hits that certainly do not pass: a port of 0 is not known yet, or not any more, and passes; a
 * condition on something that the tracepoint has no field for is not asked. The views apply the
 * whole filter again to what is on the tape.
 */
#pragma once

#include "base/text.h"
#include "tcp/filter.h"
#include "tracepoint/trace-format.h"

/* Appends the filter's ports and family, in the kernel's filter language, for a tracepoint of this
 * format. from_packet: the tracepoint's source is the peer (tracepoint/catalog.h). */
void record_filter_expression(const struct event_filter *f, const struct trace_format *format,
			      bool from_packet, struct text *t);

/* SPDX-License-Identifier: MIT */
/*
 * filter: the part of the user's filter that the kernel applies to the hits of a tracepoint. The
 * kernel may leave out only hits that certainly do not match: a port of 0 means that the port is
 * not known yet, or no longer known, and passes; a condition on a field that the tracepoint lacks
 * is left out. The views apply the whole filter again to the events on the tape.
 */
#pragma once

#include "base/text.h"
#include "tcp/filter.h"
#include "tracepoint/trace-format.h"

/* Appends the filter's ports and family to t, in ftrace's filter language, for a tracepoint of this
 * format. from_packet: the tracepoint's source is the peer (tracepoint/catalog.h). */
void record_filter_expression(const struct event_filter *f, const struct trace_format *format,
			      bool from_packet, struct text *t);

/* SPDX-License-Identifier: MIT */
/*
 * filter: which hits of a tracepoint the kernel is asked to record. It may leave out only what
 * certainly does not belong: a port of 0 is not known yet, or not any more, and passes; so does
 * whatever the event has no field for. What passes here is judged again by whoever views the tape.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "tracepoint/trace-format.h"

struct record_ports {
	const uint16_t *ports;
	size_t n;
};

struct record_filter {
	struct record_ports port, lport, rport;
	uint8_t family;	  /* 4, 6; 0: both */
	const char *text; /* as it was typed, for the tape; NULL: none */
};

/* The expression in the kernel's filter language for a tracepoint of this format; nothing where it
 * has no field for it. from_packet: its source is the peer (tracepoint/catalog.h). */
void record_filter_expression(const struct record_filter *f, const struct trace_format *format,
			      bool from_packet, struct text *t);

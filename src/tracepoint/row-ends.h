/* SPDX-License-Identifier: MIT */
/*
 * row-ends: where the two ends of a connection stand in the rows of a tracepoint, by its format
 * file, for a reader of rows that decodes nothing else.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tracepoint/trace-format.h"

/* Offsets in a row. */
struct row_ends {
	bool is_known; /* the rows have all of these */
	uint16_t sk;   /* the address of the socket, 8 or 4 bytes */
	uint16_t sk_size;
	uint16_t sport, dport;	      /* u16, host order */
	uint16_t source, destination; /* 16 bytes each; an IPv4 address is mapped */
	uint16_t len;		      /* bytes that a row has at least */
};

/* Finds them: fields skaddr, sport, dport, saddr_v6 and daddr_v6. The kernel maps the addresses of
 * IPv4 connections there (TP_STORE_ADDRS of include/trace/events/net_probe_common.h). */
void row_ends_find(const struct trace_format *f, struct row_ends *ret);

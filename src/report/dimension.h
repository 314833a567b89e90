/* SPDX-License-Identifier: MIT */
/*
 * dimension: the ways in which connections are put together: by peer, by network, by port, by
 * destination, by process; and what names one such group.
 */
#pragma once

#include "base/text.h"
#include "report/sums.h"
#include "tcp/address.h"

enum report_dimension {
	REPORT_BY_PEER,
	REPORT_BY_PREFIX,      /* /24, /64 */
	REPORT_BY_PORT,	       /* of the service: ours where we were called, else the peer's */
	REPORT_BY_DESTINATION, /* whom this host called: address and port */
	REPORT_BY_PROCESS,
	REPORT_DIMENSIONS,
};

/* Whose something is. */
struct report_subject {
	struct endpoint local, remote;
	bool is_served; /* the peer called */
	bool is_caller; /* this host called, and that is known */
	int32_t pid;	/* 0: unknown */
	const char *comm;
};

/* Plain bytes, padding zero. */
struct report_key {
	struct ip_addr addr;
	uint8_t is_served;
	uint16_t port;
	int32_t pid;
	char comm[16];
};

struct report_group {
	struct report_key key; /* first: groups are found by it */
	struct report_sums sums;
	uint32_t last_second; /* in which something was sent again, 1 the first; 0: none */
	uint32_t in_second;   /* how often, in that one */
};

/* False: the subject belongs to no group of this dimension. */
bool report_key_of(enum report_dimension d, const struct report_subject *s, struct report_key *ret);
/* "10.0.0.2", "10.0.0.0/24", "port 443", "port 80 here", "10.0.0.2:443", "nginx[900]" */
void report_key_text(enum report_dimension d, const struct report_key *k, struct text *t);
/* The options of every view that show its events: "--addr 10.0.0.2"; nothing from the tape but
 * numbers and addresses. */
void report_key_options(enum report_dimension d, const struct report_key *k, struct text *t);
/* "peer", "network", ...; for machines: "peer", "prefix", "port", "destination", "process" */
const char *report_dimension_name(enum report_dimension d);

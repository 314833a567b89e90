/* SPDX-License-Identifier: MIT */
/*
 * group-by: the ways in which connections are put together: by peer, by network, by port, by
 * destination, by process; and what names one such group.
 */
#pragma once

#include "base/text.h"
#include "gather/counters.h"
#include "tcp/address.h"

enum group_by {
	GROUP_BY_PEER,
	GROUP_BY_PREFIX,      /* /24, /64 */
	GROUP_BY_PORT,	      /* of the service: ours where we were called, else the peer's */
	GROUP_BY_DESTINATION, /* whom this host called: address and port */
	GROUP_BY_PROCESS,
	GROUP_BY_N,
};

/* Whose something is. */
struct conn_subject {
	struct endpoint local, remote;
	bool is_served; /* the peer called */
	bool is_caller; /* this host called, and that is known */
	int32_t pid;	/* 0: unknown */
	const char *comm;
};

/* Plain bytes, padding zero. */
struct group_key {
	struct ip_addr addr;
	uint8_t is_served;
	uint16_t port;
	int32_t pid;
	char comm[16];
};

struct conn_group {
	struct group_key key; /* first: groups are found by it */
	struct counters sums;
	uint32_t last_second; /* in which something was sent again, 1 the first; 0: none */
	uint32_t in_second;   /* how often, in that one */
};

/* False: the subject belongs to no group of this dimension. */
bool group_key_of(enum group_by d, const struct conn_subject *s, struct group_key *ret);
/* "10.0.0.2", "10.0.0.0/24", "port 443", "port 80 here", "10.0.0.2:443", "nginx[900]" */
void group_key_text(enum group_by d, const struct group_key *k, struct text *t);
/* The options of every view that show its events: "--addr 10.0.0.2"; nothing from the tape but
 * numbers and addresses. */
void group_key_options(enum group_by d, const struct group_key *k, struct text *t);
/* "peer", "network", ...; for machines: "peer", "prefix", "port", "destination", "process" */
const char *group_by_name(enum group_by d);

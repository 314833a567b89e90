/* SPDX-License-Identifier: MIT */
/*
 * group-by: the ways in which connections are grouped: by peer, network, port, destination,
 * process, container and label; and the key that names one group.
 */
#pragma once

#include "base/text.h"
#include "gather/counters.h"
#include "tcp/address.h"
#include "tcp/conn.h"
#include "tcp/labels.h"

enum group_by {
	GROUP_BY_PEER,
	GROUP_BY_PREFIX, /* the peer's network: /24 of IPv4, /64 of IPv6 */
	GROUP_BY_PORT,	 /* this host's port if the peer opened the connection, else the peer's */
	GROUP_BY_DESTINATION, /* the address and port that this host connected to */
	GROUP_BY_PROCESS,
	GROUP_BY_CONTAINER, /* of the owner; a systemd unit where it is in no container */
	GROUP_BY_LABEL,	    /* the user's name for the peer */
	GROUP_BY_N,
};

/* The connection that an event or a struct tcp_info is attributed to. */
struct conn_subject {
	struct endpoint local, remote;
	bool is_served;			   /* the peer opened the connection */
	bool is_caller;			   /* this host is known to have opened the connection */
	int32_t pid;			   /* of the owner; 0: unknown */
	const char *comm;		   /* of the owner; NULL: unknown */
	const struct owner_cgroup *cgroup; /* of the owner; NULL: unknown */
	const char *label;		   /* of the remote end; NULL: none */
};

/* The key that names a group. Keys are compared as plain bytes, so padding is zero, and so are
 * members that the kind of group does not use. */
struct group_key {
	struct ip_addr addr;
	uint8_t is_served;
	uint16_t port;
	int32_t pid;
	char comm[16];
	/* See struct owner_cgroup; the unit outside of containers. Within a tape, equal texts are
	 * the same pointer. */
	const char *container, *unit;
	const char *label; /* likewise */
};

/* The name that most of the connections of a group share: their owner's, by majority vote (Boyer
 * and Moore 1981). It is a guess where no name has more than half. */
struct group_name {
	char comm[16]; /* "": none */
	uint32_t votes;
};

struct conn_group {
	struct group_key key; /* must be the first member, for struct groups */
	struct counters counters;
	struct group_name name; /* of a port */
	uint32_t number; /* 0, 1, 2 ... in the order in which groups of this kind were made */
};

/* The counters that an event or a connection is added to: the total, and those of each group that
 * its subject belongs to. */
struct counter_sets {
	struct counters *items[GROUP_BY_N + 1]; /* the total comes first */
	size_t n;
	struct conn_group *peer;      /* the group of the subject's peer; NULL: none */
	struct counters *destination; /* counters of the subject's destination; NULL: none */
};

void group_name_vote(struct group_name *n, const char *comm);
/* Makes the key of the group, of kind d, that the subject belongs to; false: it belongs to none. */
bool group_key_of(enum group_by d, const struct conn_subject *s, struct group_key *ret);
/* <0, 0, >0: an order of the keys of one kind, the same on every machine. */
int group_key_compare(const struct group_key *a, const struct group_key *b);
/* For people: "10.0.0.2", "10.0.0.0/24", "port 443", "port 80 of this host", "10.0.0.2:443",
 * "nginx[900]", "container 4f9d1c0a2b7e", "ssh.service", "office"; where `names` (NULL: none) has a
 * name for an address, "db-1 (10.0.0.2)". */
void group_key_text(enum group_by d, const struct group_key *k, const struct labels *names,
		    struct text *t);
/* The options with which views show only the events of the group: "--addr 10.0.0.2". They are safe
 * in a shell, as nothing of the tape is in them but numbers and addresses. */
void group_key_options(enum group_by d, const struct group_key *k, struct text *t);
/* For machines: "peer", "prefix", "port", "destination", "process",
 * "container", "label". */
const char *group_by_name(enum group_by d);

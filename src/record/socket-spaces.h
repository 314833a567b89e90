/* SPDX-License-Identifier: MIT */
/*
 * socket-spaces: the network namespaces whose sockets are recorded. Each costs two descriptors, for
 * the kernel's messages about destroyed sockets and about subflows of MPTCP, and none where those
 * are not wanted. A namespace
 * that cannot be watched never fails a recording: it is counted, with the reason.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernel/netns.h"

struct socket_space {
	uint32_t netns; /* its inode */
	int destroy;	/* messages about destroyed sockets; -1: they are not wanted or not had */
	int subflows;	/* messages about subflows; -1: they are not wanted or not had */
	bool is_deaf;	/* no messages about destroyed sockets come for now */
	uint64_t n_messages; /* in the time that is counted now */
};

/* Namespaces of which something is missing, since the start. */
struct socket_misses {
	size_t n;
	size_t n_denied; /* of these: they may not be entered */
	size_t n_files;	 /* of these: no descriptor was left for them */
	int error;	 /* why the last one of the others is missing; 0: there are no others */
};

/* {0} is valid: no namespaces. */
struct socket_spaces {
	bool with_final; /* messages about destroyed sockets are wanted */
	bool is_deaf;	 /* namespaces that are found are deaf at first */
	struct netns_list names;
	struct socket_space *items; /* same order as names */
	size_t n, cap;
	bool has_no_subflows; /* this kernel has no messages about subflows */
	/* If there are any: sets for epoll, of all descriptors; data is the index in items. */
	bool has_watch, has_subflow_watch;
	int watch, subflow_watch;
	struct socket_misses misses;
};

void socket_spaces_done(struct socket_spaces *s);
/* Finds the namespaces that have appeared since the last call, and watches them. Fails with
 * -ENOTRECOVERABLE (netns_open()) and -ENOMEM only. */
int socket_spaces_find(struct socket_spaces *s, struct fault *fault) MUST_CHECK;
/* Makes the messages come in all namespaces, those that will be found included. */
void socket_spaces_hear(struct socket_spaces *s);
/* Forgets the namespaces that the last two calls of socket_spaces_find() did not see: a descriptor
 * would keep a namespace alive whose processes are gone. Indices change. */
void socket_spaces_forget(struct socket_spaces *s);
/* Appends a namespace. Owns take_destroy and take_subflows (-1: none), even after a failure.
 * -ENOMEM; -EMFILE: the namespace is there, but its messages cannot be watched. */
int socket_spaces_add(struct socket_spaces *s, uint32_t netns, int take_destroy,
		      int take_subflows) MUST_CHECK;
/* Opens a netlink socket for a dump in a namespace. -ESTALE: it is gone; -ENODATA: it has no TCP
 * sockets; as netns_open(). */
int socket_spaces_open_table(const struct socket_spaces *s, size_t space, int *ret_fd) MUST_CHECK;
/* The sockets in TIME_WAIT of a namespace; 0: there are none, or it is not known. */
uint32_t socket_spaces_time_waits(const struct socket_spaces *s, size_t space);

/* SPDX-License-Identifier: MIT */
/*
 * netns: the network namespaces of this host: our own, those of all processes, and those that
 * `ip netns` keeps under /run/netns. A netlink socket belongs to the namespace in which it was
 * opened; netns_open() moves the calling thread into another namespace, opens one there, and moves
 * the thread back.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

struct netns {
	uint32_t inode; /* its inode of nsfs, as `readlink /proc/PID/ns/net` shows it */
	int fd;		/* its open file in nsfs; -1: it is the recorder's own namespace */
};

/* {0} is a valid empty list. It owns the descriptors. */
struct netns_list {
	struct netns *items;
	size_t n, cap;
};

void netns_list_done(struct netns_list *l);
/* Appends the namespaces that are not in the list yet. proc and run are "/proc" and "/run/netns",
 * or a test's copies of them. 0 or -ENOMEM. */
int netns_list_find(struct netns_list *l, const char *proc, const char *run) MUST_CHECK;

typedef int (*netns_open_fn)(int *ret_fd, struct fault *fault);
/* Calls open() inside the namespace. -EPERM: entering it is forbidden. -ENOTRECOVERABLE: the thread
 * could not return to its own namespace, and must not go on. */
int netns_open(const struct netns *ns, netns_open_fn open, int *ret_fd,
	       struct fault *fault) MUST_CHECK;

/* SPDX-License-Identifier: MIT */
/*
 * netns: the network namespaces of this host: our own, those of all processes, and those that
 * `ip netns` keeps under /run/netns. A netlink socket belongs to the namespace in which it was
 * opened; netns_open opens one in another by going there and back with the calling thread.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

struct netns {
	uint32_t inode; /* of nsfs: what `readlink /proc/PID/ns/net` shows */
	int fd;		/* of the namespace; -1: our own */
};

/* {0} is a valid empty one. */
struct netns_list {
	struct netns *items;
	size_t n, cap;
};

void netns_list_done(struct netns_list *l);
/* Adds those that are not in the list yet. proc and run: "/proc", "/run/netns". 0 or -ENOMEM. */
int netns_list_find(struct netns_list *l, const char *proc, const char *run) MUST_CHECK;

typedef int (*netns_open_fn)(int *ret_fd, struct fault *fault);
/* Calls open in the namespace. -EPERM: we may not go there. -ENOTRECOVERABLE: the thread could not
 * go back, and must not go on. */
int netns_open(const struct netns *ns, netns_open_fn open, int *ret_fd,
	       struct fault *fault) MUST_CHECK;

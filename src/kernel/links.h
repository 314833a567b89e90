/* SPDX-License-Identifier: MIT */
/*
 * links: the network links of the namespace that the calling thread is in, by rtnetlink.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

struct net_link {
	const char *name;  /* NULL: it has none */
	const char *qdisc; /* kind of its root queueing discipline; NULL: unknown */
	uint32_t mtu;	   /* 0: unknown */
};

/* Gets a link, which is borrowed for the call. 0, or an error that ends the walk. */
typedef int (*link_take_fn)(void *userdata, const struct net_link *link);

/* Gives all links. 0, what take returned, or -errno of netlink. */
int links_walk(link_take_fn take, void *userdata) MUST_CHECK;
/* The links of one message of the kernel (RTM_NEWLINK). 1 if there is more to come, 0 at the end,
 * what take returned, or -EBADMSG. */
int links_parse(const void *data, size_t n, link_take_fn take, void *userdata) MUST_CHECK;

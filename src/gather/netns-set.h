/* SPDX-License-Identifier: MIT */
/*
 * netns-set: the network namespaces of connections that are to be shown. The kernel's counters are
 * those of a namespace, and say something about these connections only if they are in it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NETNS_SET_MAX 64u

struct netns_set {
	uint32_t items[NETNS_SET_MAX]; /* inodes */
	size_t n;
};

/* Adds an inode; 0, an unknown namespace, is none. What does not fit is left out. */
static inline void netns_set_add(struct netns_set *s, uint32_t netns)
{
	size_t i = 0;

	while (i < s->n && s->items[i] != netns)
		i++;
	if (netns && i == s->n && s->n < NETNS_SET_MAX)
		s->items[s->n++] = netns;
}

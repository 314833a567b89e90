/* SPDX-License-Identifier: MIT */
/*
 * sample-walk: walks slowly through all connections, for those that wait for their peer: no
 * tracepoint tells that a window is shut. A walk takes what is told in short, and goes on where it
 * was, a datagram at a time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/sample-spaces.h"
#include "record/troubled.h"

struct sample_walk {
	size_t space;	/* index of the namespace in the list */
	uint32_t netns; /* its inode, if fd is open: the list may change meanwhile */
	int fd;		/* netlink socket in it; -1: none */
};

#define SAMPLE_WALK_INIT                                                                           \
	{                                                                                          \
		.fd = -1                                                                           \
	}

void sample_walk_done(struct sample_walk *w);
/* Does one step of a walk; buffer has SOCK_DIAG_BYTES. 1: the walk goes on; 0: it has ended, and
 * the next step begins another one; -ENOMEM or -ENOTRECOVERABLE. */
int sample_walk_step(struct sample_walk *w, const struct socket_spaces *list, struct troubled *t,
		     uint8_t *buffer, uint64_t now) MUST_CHECK;

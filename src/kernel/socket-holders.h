/* SPDX-License-Identifier: MIT */
/*
 * socket-holders: which processes hold which socket, by a walk over /proc/PID/fd. A moment's
 * picture: processes come and go meanwhile.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"

/* {0} is a valid empty one. */
struct socket_holders {
	struct map by_inode; /* inode to holders << 32 | lowest pid */
};

/* More sockets than this are not remembered. */
#define SOCKET_HOLDERS_MAX (4u << 20)

void socket_holders_done(struct socket_holders *h);
/* Forgets what it knew, and walks. proc: "/proc". except: a process that does not count; 0: none.
 * 0 or -ENOMEM. */
int socket_holders_find(struct socket_holders *h, const char *proc, int32_t except) MUST_CHECK;
/* False: nobody is known to hold it. */
bool socket_holders_get(const struct socket_holders *h, uint32_t inode, int32_t *ret_pid,
			uint32_t *ret_holders);

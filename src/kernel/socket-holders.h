/* SPDX-License-Identifier: MIT */
/*
 * socket-holders: finds which processes hold which socket by a walk over /proc/PID/fd. Processes
 * come and go during the walk, so the result is approximate.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"

/* {0} is valid and empty. */
struct socket_holders {
	struct map by_inode; /* inode of a socket -> number of holders << 32 | their lowest pid */
	uint32_t n_left;     /* processes that no walk came to, because it took too long */
	int32_t next_pid;    /* if n_left: the first of them */
};

/* Sockets whose holders are remembered; further sockets count as held by nobody. */
#define SOCKET_HOLDERS_MAX (4u << 20)

void socket_holders_done(struct socket_holders *h);
/* Walks over all processes, after dropping what an earlier walk found, until the walk has taken
 * cpu_max_ns of CPU time: each descriptor takes a microsecond or more, and some hosts have hundreds
 * of thousands. The next walk goes on where this one ended. proc is "/proc" or a test's copy of
 * it. except: a process that does not count as a holder; 0: every process counts. Returns 0 or
 * -ENOMEM. */
int socket_holders_find(struct socket_holders *h, const char *proc, int32_t except,
			uint64_t cpu_max_ns) MUST_CHECK;
/* *ret_pid is the holder with the lowest pid, *ret_holders how many there are. False: no process is
 * known to hold the socket. */
bool socket_holders_get(const struct socket_holders *h, uint32_t inode, int32_t *ret_pid,
			uint32_t *ret_holders);

/* SPDX-License-Identifier: MIT */
/*
 * sample-spaces: a netlink socket for samples in each network namespace that may be entered. It is
 * kept open, because entering a namespace costs more than asking in it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/socket-spaces.h"

/* Namespaces in which samples are taken; in others there are none. */
#define SAMPLE_SPACES_MAX 512u

struct sample_space {
	uint32_t netns; /* its inode */
	int fd;		/* -1: it could not be entered, or no descriptor was left */
	bool is_seen;	/* by the last sample_spaces_follow() */
};

/* {0} is valid: no namespaces. */
struct sample_spaces {
	struct sample_space *items;
	size_t n, cap;
	unsigned int n_finds; /* of the list, at the last sample_spaces_follow() */
	size_t n_missed;      /* namespaces of the list in which there are no samples */
};

void sample_spaces_done(struct sample_spaces *s);
/* Opens sockets in the namespaces that the list has got since the last call, and closes those in
 * namespaces that it has not any more. 0, -ENOMEM or -ENOTRECOVERABLE (netns_open()). */
int sample_spaces_follow(struct sample_spaces *s, const struct socket_spaces *list) MUST_CHECK;
/* The index of a namespace; n: it is not there. */
size_t sample_spaces_find(const struct sample_spaces *s, uint32_t netns);

// SPDX-License-Identifier: MIT
/*
 * socket-spaces: enters each namespace once to subscribe there, and leaves descriptors for the rest
 * of the recording.
 */
#include "record/socket-spaces.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/io.h"
#include "base/vec.h"
#include "kernel/limits.h"
#include "kernel/mptcp-events.h"
#include "kernel/sock-diag.h"

#define PROC "/proc"
#define RUN  "/run"

static void space_close(struct socket_space *space)
{
	close_p(&space->destroy);
	close_p(&space->subflows);
	space->destroy = space->subflows = -1;
}

void socket_spaces_done(struct socket_spaces *s)
{
	for (size_t i = 0; i < s->n; i++)
		space_close(&s->items[i]);
	free(s->items);
	if (s->has_watch)
		close(s->watch);
	if (s->has_subflow_watch)
		close(s->subflow_watch);
	netns_list_done(&s->names);
	*s = (struct socket_spaces){0};
}

/* Watches a descriptor of the namespace i; -1 is none. */
static int watch_put(bool *has_watch, int *watch, int fd, size_t i, int operation)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = i};

	if (fd < 0)
		return 0;
	if (!*has_watch) {
		*watch = epoll_create1(EPOLL_CLOEXEC);
		if (*watch < 0)
			return -errno;
		*has_watch = true;
	}
	return epoll_ctl(*watch, operation, fd, &event) < 0 ? -errno : 0;
}

static int spaces_watch(struct socket_spaces *s, size_t i, int operation)
{
	const struct socket_space *space = &s->items[i];
	int r = watch_put(&s->has_watch, &s->watch, space->destroy, i, operation);

	return r ? r
		 : watch_put(&s->has_subflow_watch, &s->subflow_watch, space->subflows, i,
			     operation);
}

int socket_spaces_add(struct socket_spaces *s, uint32_t netns, int take_destroy, int take_subflows)
{
	struct socket_space space = {netns, take_destroy, take_subflows, s->is_deaf, 0};

	if (vec_reserve(s->items, s->cap, s->n + 1) < 0) {
		space_close(&space);
		return -ENOMEM;
	}
	s->items[s->n++] = space;
	if (spaces_watch(s, s->n - 1, EPOLL_CTL_ADD) < 0) {
		space_close(&s->items[s->n - 1]);
		return -EMFILE;
	}
	return 0;
}

static void misses_count(struct socket_misses *m, int why)
{
	m->n++;
	if (why == -EPERM || why == -EACCES)
		m->n_denied++;
	else if (why == -EMFILE || why == -ENFILE)
		m->n_files++;
	else
		m->error = -why;
}

/* Opens in a new namespace what it needs. *ret_fd is -1 where the namespace can be dumped only. */
static int space_open(const struct socket_spaces *s, const struct netns *ns, uint64_t files_max,
		      int *ret_fd)
{
	netns_open_fn open_fn = !s->with_final ? sock_diag_open
				: s->is_deaf   ? sock_diag_open_deaf
					       : sock_diag_subscribe;
	int fd = -1;
	int r = netns_open(ns, PROC, RUN, open_fn, &fd, NULL);

	*ret_fd = -1;
	if (r < 0)
		return r;
	/* Descriptors are numbered from the lowest free one on. */
	if (s->with_final && (uint64_t)fd + LIMITS_FILES_SPARE / 2 >= files_max)
		r = -EMFILE;
	if (r < 0 || !s->with_final)
		close_p(&fd);
	else
		*ret_fd = fd;
	return r;
}

/* Opens what tells of subflows in a new namespace. *ret_fd is -1 where they cannot be had: nothing
 * else depends on them. -ENOTRECOVERABLE: as netns_open(). */
static int space_open_subflows(struct socket_spaces *s, const struct netns *ns, uint64_t files_max,
			       int *ret_fd)
{
	int fd = -1, r;

	*ret_fd = -1;
	if (!s->with_final || s->has_no_subflows)
		return 0;
	r = netns_open(ns, PROC, RUN, mptcp_events_open, &fd, NULL);
	s->has_no_subflows = r == -ENOENT;
	if (r == 0 && (uint64_t)fd + LIMITS_FILES_SPARE / 2 >= files_max)
		close_p(&fd);
	else if (r == 0)
		*ret_fd = fd;
	return r == -ENOTRECOVERABLE ? r : 0;
}

int socket_spaces_find(struct socket_spaces *s, struct fault *fault)
{
	uint64_t files_max;

	if (netns_list_find(&s->names, PROC, RUN) < 0)
		return fault_no_memory(fault);
	if (s->n == s->names.n)
		return 0;
	(void)limits_raise_files(s->with_final ? 2 * (s->names.n - s->n) : 0, &files_max);
	while (s->n < s->names.n) {
		const struct netns *ns = &s->names.items[s->n];
		int fd, subflows = -1;
		int r = space_open(s, ns, files_max, &fd);

		if (r == 0)
			r = space_open_subflows(s, ns, files_max, &subflows);
		if (r == -ENOTRECOVERABLE)
			return fault_set(fault, r, "cannot return from network namespace %u",
					 ns->inode);
		/* One that has just ended has nothing to miss. */
		if (r < 0 && r != -ESTALE)
			misses_count(&s->misses, r);
		r = socket_spaces_add(s, ns->inode, fd, subflows);
		if (r == -ENOMEM)
			return fault_no_memory(fault);
		if (r < 0)
			misses_count(&s->misses, r);
	}
	return 0;
}

void socket_spaces_hear(struct socket_spaces *s)
{
	s->is_deaf = false;
	for (size_t i = 0; i < s->n; i++) {
		struct socket_space *space = &s->items[i];

		/* The kernel has no reason to refuse: its namespace let us in before. */
		if (space->is_deaf && space->destroy >= 0)
			sock_diag_hear(space->destroy, true, NULL);
		space->is_deaf = false;
	}
}

void socket_spaces_forget(struct socket_spaces *s)
{
	for (size_t i = s->n; i-- > 0;) {
		if (s->names.items[i].seen + 1 >= s->names.n_finds)
			continue;
		space_close(&s->items[i]);
		netns_list_remove(&s->names, i);
		s->items[i] = s->items[--s->n];
		/* The watch knows the one that has moved by its old place. */
		if (i < s->n)
			(void)spaces_watch(s, i, EPOLL_CTL_MOD);
	}
}

int socket_spaces_open_table(const struct socket_spaces *s, size_t space, int *ret_fd)
{
	return netns_open(&s->names.items[space], PROC, RUN, sock_diag_open_used, ret_fd, NULL);
}

uint32_t socket_spaces_time_waits(const struct socket_spaces *s, size_t space)
{
	const struct netns *ns = &s->names.items[space];
	char dir[64] = PROC "/self/net";

	if (!ns->is_own && !ns->pid)
		return 0;
	if (!ns->is_own)
		snprintf(dir, sizeof(dir), PROC "/%d/net", ns->pid);
	return sock_diag_time_waits(dir);
}

// SPDX-License-Identifier: MIT
#include "record/sample-spaces.h"

#include <errno.h>
#include <stdlib.h>

#include "base/io.h"
#include "base/vec.h"
#include "kernel/limits.h"
#include "kernel/sock-diag.h"

#define PROC "/proc"
#define RUN  "/run"

void sample_spaces_done(struct sample_spaces *s)
{
	for (size_t i = 0; i < s->n; i++)
		close_p(&s->items[i].fd);
	free(s->items);
	*s = (struct sample_spaces){0};
}

size_t sample_spaces_find(const struct sample_spaces *s, uint32_t netns)
{
	size_t i = 0;

	while (i < s->n && s->items[i].netns != netns)
		i++;
	return i;
}

static int space_add(struct sample_spaces *s, const struct netns *ns, uint64_t files_max)
{
	struct sample_space space = {.netns = ns->inode, .fd = -1, .is_seen = true};
	int r;

	if (vec_reserve(s->items, s->cap, s->n + 1) < 0)
		return -ENOMEM;
	r = netns_open(ns, PROC, RUN, sock_diag_open, &space.fd, NULL);
	/* Descriptors are numbered from the lowest free one on; some must be left for others. */
	if (r < 0 || (uint64_t)space.fd + LIMITS_FILES_SPARE / 2 >= files_max) {
		close_p(&space.fd);
		space.fd = -1;
	}
	s->items[s->n++] = space;
	return r == -ENOTRECOVERABLE ? r : 0;
}

static void spaces_forget_unseen(struct sample_spaces *s)
{
	for (size_t i = s->n; i-- > 0;) {
		if (s->items[i].is_seen)
			continue;
		close_p(&s->items[i].fd);
		s->items[i] = s->items[--s->n];
	}
}

int sample_spaces_follow(struct sample_spaces *s, const struct socket_spaces *list)
{
	uint64_t files_max;
	int r = 0;

	if (s->n && s->n_finds == list->names.n_finds)
		return 0;
	s->n_finds = list->names.n_finds;
	(void)limits_raise_files(
		list->names.n < SAMPLE_SPACES_MAX ? list->names.n : SAMPLE_SPACES_MAX, &files_max);
	for (size_t i = 0; i < s->n; i++)
		s->items[i].is_seen = false;
	s->n_missed = 0;
	for (size_t i = 0; !r && i < list->names.n; i++) {
		size_t k = sample_spaces_find(s, list->names.items[i].inode);

		if (k < s->n)
			s->items[k].is_seen = true;
		else if (s->n < SAMPLE_SPACES_MAX)
			r = space_add(s, &list->names.items[i], files_max);
		else
			s->n_missed++;
	}
	spaces_forget_unseen(s);
	for (size_t i = 0; i < s->n; i++)
		s->n_missed += s->items[i].fd < 0;
	return r;
}

// SPDX-License-Identifier: MIT
#include "track/losses.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void losses_done(struct losses *l)
{
	free(l->windows);
	*l = (struct losses){0};
}

/* The first window that does not end before ns. */
static size_t first_behind(const struct losses *l, uint64_t ns)
{
	size_t lo = 0, hi = l->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (l->windows[mid].to_ns < ns)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static int reserve(struct losses *l)
{
	size_t cap = l->cap ? l->cap * 2 : 16;
	struct loss_window *bigger;

	if (l->n < l->cap)
		return 0;
	bigger = realloc(l->windows, cap * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	l->windows = bigger;
	l->cap = cap;
	return 0;
}

int losses_add(struct losses *l, uint64_t from_ns, uint64_t to_ns)
{
	size_t at = first_behind(l, from_ns), end = at;
	struct loss_window w = {from_ns, to_ns > from_ns ? to_ns : from_ns};
	int r = reserve(l);

	if (r < 0)
		return r;
	while (end < l->n && l->windows[end].from_ns <= w.to_ns) {
		if (l->windows[end].from_ns < w.from_ns)
			w.from_ns = l->windows[end].from_ns;
		if (l->windows[end].to_ns > w.to_ns)
			w.to_ns = l->windows[end].to_ns;
		end++;
	}
	/* One window in the place of those from at to end. */
	memmove(l->windows + at + 1, l->windows + end, (l->n - end) * sizeof(w));
	l->windows[at] = w;
	l->n = l->n - (end - at) + 1;
	return 0;
}

bool losses_overlap(const struct losses *l, uint64_t from_ns, uint64_t to_ns)
{
	size_t i = first_behind(l, from_ns);

	return i < l->n && l->windows[i].from_ns <= to_ns;
}

// SPDX-License-Identifier: MIT
#include "track/losses.h"

#include <string.h>

#include "base/vec.h"

void losses_done(struct losses *l)
{
	free(l->windows);
	*l = (struct losses){0};
}

/* The index of the first window that does not end before ns. */
static size_t losses_first_from(const struct losses *l, uint64_t ns)
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

int losses_add(struct losses *l, uint64_t from_ns, uint64_t to_ns)
{
	size_t at = losses_first_from(l, from_ns), end = at;
	struct loss_window w = {from_ns, to_ns > from_ns ? to_ns : from_ns};
	int r = vec_reserve(l->windows, l->cap, l->n + 1);

	if (r < 0)
		return r;
	while (end < l->n && l->windows[end].from_ns <= w.to_ns) {
		if (l->windows[end].from_ns < w.from_ns)
			w.from_ns = l->windows[end].from_ns;
		if (l->windows[end].to_ns > w.to_ns)
			w.to_ns = l->windows[end].to_ns;
		end++;
	}
	/* w takes the place of the windows from at to end. */
	memmove(l->windows + at + 1, l->windows + end, (l->n - end) * sizeof(w));
	l->windows[at] = w;
	l->n = l->n - (end - at) + 1;
	return 0;
}

uint64_t losses_end_at(const struct losses *l, uint64_t ns)
{
	size_t i = losses_first_from(l, ns);

	return i < l->n && l->windows[i].from_ns <= ns ? l->windows[i].to_ns : ns;
}

bool losses_overlap(const struct losses *l, uint64_t from_ns, uint64_t to_ns)
{
	size_t i = losses_first_from(l, from_ns);

	return i < l->n && l->windows[i].from_ns <= to_ns;
}

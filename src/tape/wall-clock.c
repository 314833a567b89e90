// SPDX-License-Identifier: MIT
#include "tape/wall-clock.h"

#include <errno.h>

#include "tape/meta-array.h"

static uint64_t sum_bounded(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Does a record with this offset and window say that the wall clock was set? */
static bool stretch_ends(const struct wall_stretch *s, uint64_t offset, uint64_t window)
{
	uint64_t ahead = offset - s->offset_ns;
	uint64_t difference = ahead > INT64_MAX ? 0 - ahead : ahead;

	return difference > sum_bounded(s->window_ns, window);
}

int wall_clock_take(struct wall_clock *w, struct arena *arena, const struct clock_record *record,
		    uint64_t rows_end_ns)
{
	uint64_t offset = (uint64_t)record->real_ns - record->mono_ns;
	struct wall_stretch *s;

	if (w->n && !stretch_ends(&w->stretches[w->n - 1], offset, record->window_ns))
		return 0;
	s = meta_array_add(arena, (void **)&w->stretches, w->n, sizeof(*s));
	if (!s)
		return -ENOMEM;
	*s = (struct wall_stretch){
		.from_ns = record->mono_ns > rows_end_ns ? record->mono_ns : rows_end_ns,
		.offset_ns = offset,
		.window_ns = record->window_ns,
	};
	w->n++;
	return 0;
}

bool wall_clock_at(const struct wall_clock *w, uint64_t ts_ns, int64_t *ret_real_ns)
{
	size_t low = 0, high = w->n;

	if (!w->n)
		return false;
	/* Finds the last stretch that does not begin after ts_ns, or the first one. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (w->stretches[middle].from_ns <= ts_ns)
			low = middle;
		else
			high = middle;
	}
	*ret_real_ns = (int64_t)(ts_ns + w->stretches[low].offset_ns);
	return true;
}

int64_t wall_clock_step(const struct wall_clock *w, size_t stretch)
{
	return (int64_t)(w->stretches[stretch].offset_ns - w->stretches[stretch - 1].offset_ns);
}

uint64_t wall_clock_end(const struct wall_clock *w, size_t stretch)
{
	return stretch + 1 < w->n ? w->stretches[stretch + 1].from_ns : UINT64_MAX;
}

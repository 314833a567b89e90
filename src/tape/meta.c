// SPDX-License-Identifier: MIT
/*
 * meta: looks up metadata. Wall time is the tape clock plus an offset, which moves in a straight
 * line from one CLOCK record to the next, and stays the same before the first and after the last.
 */
#include "tape/meta.h"

#include <string.h>

void meta_init(struct tape_meta *m)
{
	*m = (struct tape_meta){.long_size = 8, .page_size = 4096};
}

void meta_done(struct tape_meta *m)
{
	arena_done(&m->arena);
	map_done(&m->chains);
	map_done(&m->cgroups);
	map_done(&m->symbols);
	*m = (struct tape_meta){0};
}

const char *meta_host(const struct tape_meta *m, const char *key)
{
	for (size_t i = m->n_host; i-- > 0;) {
		if (!strcmp(m->host[i].key, key))
			return m->host[i].value;
	}
	return NULL;
}

const char *meta_cgroup(const struct tape_meta *m, int32_t pid)
{
	const uint64_t *place = map_get(&m->cgroups, (uint32_t)pid);

	return place ? (const char *)(uintptr_t)*place : NULL;
}

/* Returns the wall clock minus the tape clock, modulo 2^64. */
static uint64_t clock_offset(const struct clock_record *c)
{
	return (uint64_t)c->real_ns - c->mono_ns;
}

/* Returns the offset that lies part / whole of the way from a's to b's. */
static uint64_t clock_offset_between(const struct clock_record *a, const struct clock_record *b,
				     uint64_t part, uint64_t whole)
{
	double way = (double)(int64_t)(clock_offset(b) - clock_offset(a));
	double step = whole ? way * ((double)part / (double)whole) : 0;

	/* A step of the wall clock by more than a hundred years is ignored. */
	if (step > 4e18 || step < -4e18)
		step = 0;
	return clock_offset(a) + (uint64_t)(int64_t)step;
}

/* Returns how many CLOCK records are not later than ts. */
static size_t clocks_until(const struct tape_meta *m, uint64_t ts)
{
	size_t low = 0, high = m->n_clocks;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (m->clocks[middle].mono_ns <= ts)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool meta_wall_time(const struct tape_meta *m, uint64_t ts_ns, int64_t *ret_real_ns)
{
	size_t n = clocks_until(m, ts_ns);
	const struct clock_record *c = m->clocks;
	uint64_t offset;

	if (!m->n_clocks)
		return false;
	if (n == 0)
		offset = clock_offset(&c[0]);
	else if (n == m->n_clocks)
		offset = clock_offset(&c[n - 1]);
	else
		offset = clock_offset_between(&c[n - 1], &c[n], ts_ns - c[n - 1].mono_ns,
					      c[n].mono_ns - c[n - 1].mono_ns);
	*ret_real_ns = (int64_t)(ts_ns + offset);
	return true;
}

/* If the wall clock was set back and showed real_ns twice, this gives the first time. */
bool meta_tape_time(const struct tape_meta *m, int64_t real_ns, uint64_t *ret_ts_ns)
{
	const struct clock_record *c = m->clocks;
	uint64_t offset, ts;
	size_t i = 0;

	if (!m->n_clocks)
		return false;
	while (i + 1 < m->n_clocks && real_ns >= c[i + 1].real_ns)
		i++;
	if (real_ns < c[0].real_ns)
		offset = clock_offset(&c[0]);
	else if (i + 1 == m->n_clocks)
		offset = clock_offset(&c[i]);
	else
		offset = clock_offset_between(&c[i], &c[i + 1],
					      (uint64_t)real_ns - (uint64_t)c[i].real_ns,
					      (uint64_t)c[i + 1].real_ns - (uint64_t)c[i].real_ns);
	ts = (uint64_t)real_ns - offset;
	/* The tape clock has no time before the host was started. */
	*ret_ts_ns = (int64_t)ts < 0 ? 0 : ts;
	return true;
}

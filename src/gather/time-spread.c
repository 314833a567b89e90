// SPDX-License-Identifier: MIT
#include "gather/time-spread.h"

#include <string.h>

/* The initial width of a slot, a millisecond. It doubles whenever a time lies outside the slots. */
#define WIDTH_MIN_NS 1000000u

static void time_spread_widen(struct time_spread *s)
{
	for (unsigned int i = 0; i < SPREAD_SLOTS; i++) {
		uint32_t a = i * 2 < SPREAD_SLOTS ? s->slots[i * 2] : 0;
		uint32_t b = i * 2 + 1 < SPREAD_SLOTS ? s->slots[i * 2 + 1] : 0;

		s->slots[i] = a + b;
		s->firsts_ns[i] = a ? s->firsts_ns[i * 2] : b ? s->firsts_ns[i * 2 + 1] : 0;
	}
	s->width_ns *= 2;
}

/* Makes room before the first slot: shifts the slots if the last one is free, else widens them. */
static void time_spread_begin_earlier(struct time_spread *s, uint64_t ts_ns)
{
	uint64_t by = (s->from_ns - ts_ns + s->width_ns - 1) / s->width_ns;

	if (by >= SPREAD_SLOTS || s->slots[SPREAD_SLOTS - 1]) {
		time_spread_widen(s);
		return;
	}
	memmove(s->slots + 1, s->slots, sizeof(s->slots) - sizeof(*s->slots));
	memmove(s->firsts_ns + 1, s->firsts_ns, sizeof(s->firsts_ns) - sizeof(*s->firsts_ns));
	s->slots[0] = 0;
	s->firsts_ns[0] = 0;
	s->from_ns = s->from_ns > s->width_ns ? s->from_ns - s->width_ns : 0;
}

void time_spread_add(struct time_spread *s, uint64_t ts_ns)
{
	uint64_t slot;

	if (!s->width_ns) {
		s->width_ns = WIDTH_MIN_NS;
		s->from_ns = s->first_ns = ts_ns;
	}
	while (ts_ns < s->from_ns)
		time_spread_begin_earlier(s, ts_ns);
	if (ts_ns < s->first_ns)
		s->first_ns = ts_ns;
	while ((ts_ns - s->from_ns) / s->width_ns >= SPREAD_SLOTS)
		time_spread_widen(s);
	slot = (ts_ns - s->from_ns) / s->width_ns;
	if (!s->slots[slot]++ || ts_ns < s->firsts_ns[slot])
		s->firsts_ns[slot] = ts_ns;
	if (ts_ns > s->last_ns)
		s->last_ns = ts_ns;
}

void time_spread_core(const struct time_spread *s, uint64_t *ret_from_ns, uint64_t *ret_to_ns)
{
	uint64_t total = 0, before = 0, after = 0;
	unsigned int first = 0, last = SPREAD_SLOTS - 1;

	for (unsigned int i = 0; i < SPREAD_SLOTS; i++)
		total += s->slots[i];
	while (first < last && (before + s->slots[first]) * 20 <= total)
		before += s->slots[first++];
	while (last > first && (after + s->slots[last]) * 20 <= total)
		after += s->slots[last--];
	*ret_from_ns = s->firsts_ns[first];
	*ret_to_ns = s->last_ns;
	if (s->width_ns && (s->last_ns - s->from_ns) / s->width_ns > last)
		*ret_to_ns = s->from_ns + (last + 1) * s->width_ns;
	if (*ret_from_ns > *ret_to_ns)
		*ret_from_ns = *ret_to_ns;
}

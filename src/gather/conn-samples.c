// SPDX-License-Identifier: MIT
#include "gather/conn-samples.h"

#include <errno.h>
#include <stdlib.h>

#define SLOTS_FIRST 16u

const struct conn_quantity_info conn_quantities[CONN_QUANTITIES] = {
	[CONN_CWND] = {"cwnd", "congestion window", "segments"},
	[CONN_SSTHRESH] = {"ssthresh", "slow start threshold", "segments"},
	[CONN_SRTT_US] = {"srtt_us", "smoothed round trip", "us"},
	[CONN_UNACKED_BYTES] = {"unacked_bytes", "unacknowledged", "bytes"},
	[CONN_SND_WND] = {"snd_wnd", "window of the peer", "bytes"},
	[CONN_RCV_WND] = {"rcv_wnd", "window of this host", "bytes"},
};

static struct conn_sample_slot slot_of(const struct conn_sample *sample)
{
	struct conn_sample_slot slot = {
		.from_ns = sample->ts_ns,
		.until_ns = sample->ts_ns,
		.n = 1,
		.known = sample->known,
	};

	for (unsigned int q = 0; q < CONN_QUANTITIES; q++) {
		uint32_t v = sample->values[q];

		if (sample->known >> q & 1)
			slot.ranges[q] = (struct conn_sample_range){v, v, v};
	}
	return slot;
}

/* Adds the later slot to the earlier one. */
static void slot_absorb(struct conn_sample_slot *to, const struct conn_sample_slot *later)
{
	to->until_ns = later->until_ns;
	to->n += later->n;
	for (unsigned int q = 0; q < CONN_QUANTITIES; q++) {
		struct conn_sample_range *a = &to->ranges[q];
		const struct conn_sample_range *b = &later->ranges[q];

		if (!(later->known >> q & 1))
			continue;
		if (!(to->known >> q & 1)) {
			*a = *b;
			continue;
		}
		a->least = b->least < a->least ? b->least : a->least;
		a->most = b->most > a->most ? b->most : a->most;
		a->last = b->last;
	}
	to->known |= later->known;
}

static void samples_halve(struct conn_samples *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i += 2) {
		s->slots[n] = s->slots[i];
		if (i + 1 < s->n)
			slot_absorb(&s->slots[n], &s->slots[i + 1]);
		n++;
	}
	s->n = n;
}

/* Makes room for one more slot. 0 or -ENOMEM; there may still be none. */
static int samples_reserve(struct conn_samples *s, struct conn_samples_room *room)
{
	size_t more = s->cap ? 2 * s->cap : SLOTS_FIRST;
	struct conn_sample_slot *slots;

	if (s->n < s->cap)
		return 0;
	if (more > room->each)
		more = room->each;
	if (more > s->cap && room->used + more - s->cap <= room->max) {
		slots = realloc(s->slots, more * sizeof(*slots));
		if (!slots)
			return -ENOMEM;
		room->used += more - s->cap;
		s->slots = slots;
		s->cap = more;
		return 0;
	}
	samples_halve(s);
	return 0;
}

int conn_samples_add(struct conn_samples *s, struct conn_samples_room *room,
		     const struct conn_sample *sample)
{
	struct conn_sample_slot slot = slot_of(sample);

	/* Rows of a tape that a stranger made may come out of order. */
	if (s->n && slot.from_ns < s->slots[s->n - 1].until_ns)
		slot.from_ns = slot.until_ns = s->slots[s->n - 1].until_ns;
	if (samples_reserve(s, room) < 0)
		return -ENOMEM;
	if (s->n == s->cap) {
		room->n_refused++;
		return 0;
	}
	s->slots[s->n++] = slot;
	s->n_samples++;
	return 0;
}

void conn_samples_done(struct conn_samples *s, struct conn_samples_room *room)
{
	room->used -= s->cap;
	free(s->slots);
	*s = (struct conn_samples){0};
}

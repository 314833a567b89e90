// SPDX-License-Identifier: MIT
#include "gather/history-thin.h"

#include <stdbool.h>
#include <string.h>

#include "tcp/event.h"

/* The first width is about a millisecond, the last about 36 years. */
#define WIDTH_FIRST 20u
#define WIDTH_LAST  60u

enum history_rank history_rank_of(const struct history_event *m)
{
	switch ((enum history_event_kind)m->kind) {
	case HISTORY_CONGESTION:
	case HISTORY_ACKED: return HISTORY_RANK_FREQUENT;
	case HISTORY_RETRANSMIT:
		return m->detail == TCP_CAUSE_RTO || m->detail == TCP_CAUSE_SYN ||
				       m->detail == TCP_CAUSE_SYNACK
			       ? HISTORY_RANK_TIMEOUT
			       : HISTORY_RANK_FREQUENT;
	case HISTORY_WINDOW:
	case HISTORY_FAILED: return HISTORY_RANK_TIMEOUT;
	case HISTORY_STATE:
	case HISTORY_RESET:
	case HISTORY_ERROR: break;
	}
	return HISTORY_RANK_RARE;
}

/* True if the values of two events say which kind they are of, and not how long something took. */
static bool value_is_kind(const struct history_event *m)
{
	return m->kind == HISTORY_RESET || m->kind == HISTORY_ERROR;
}

static bool event_is_alike(const struct history_event *a, const struct history_event *b)
{
	return a->kind == b->kind && a->detail == b->detail &&
	       (!value_is_kind(a) || a->value == b->value);
}

static void event_absorb(struct history_event *to, const struct history_event *m)
{
	to->n += m->n;
	if (m->until_ns > to->until_ns)
		to->until_ns = m->until_ns;
	if (to->kind == HISTORY_RETRANSMIT)
		to->value = to->value > m->value ? to->value : m->value;
	else if (to->value != m->value)
		to->value = 0;
}

/* The event among the n items that m is to become a part of: one that is alike and began in the
 * same stretch of time. NULL: none. */
static struct history_event *event_partner(struct history_event *items, size_t n,
					   const struct history_event *m, unsigned int width)
{
	while (n-- > 0 && items[n].ts_ns >> width == m->ts_ns >> width) {
		if (event_is_alike(&items[n], m))
			return &items[n];
	}
	return NULL;
}

/* Merges the events in place, counts those of each rank that are left, and returns their sum. */
static size_t events_merge(struct history_event *items, size_t n,
			   const uint8_t widths[HISTORY_RANKS], size_t counts[HISTORY_RANKS])
{
	size_t kept = 0;

	memset(counts, 0, HISTORY_RANKS * sizeof(*counts));
	for (size_t i = 0; i < n; i++) {
		const struct history_event m = items[i];
		enum history_rank rank = history_rank_of(&m);
		struct history_event *partner =
			widths[rank] ? event_partner(items, kept, &m, widths[rank]) : NULL;

		if (partner) {
			event_absorb(partner, &m);
			continue;
		}
		items[kept++] = m;
		counts[rank]++;
	}
	return kept;
}

static bool width_is_last(unsigned int width)
{
	return width >= WIDTH_LAST;
}

/* The rank to be merged more coarsely: the most frequent one of which more than a quarter of the
 * target is left, or else any that can be. HISTORY_RANKS: none can. */
static enum history_rank rank_to_widen(const uint8_t widths[HISTORY_RANKS],
				       const size_t counts[HISTORY_RANKS], size_t target)
{
	for (unsigned int r = 0; r < HISTORY_RANKS; r++) {
		if (counts[r] > target / 4 && !width_is_last(widths[r]))
			return r;
	}
	for (unsigned int r = 0; r < HISTORY_RANKS; r++) {
		if (!width_is_last(widths[r]))
			return r;
	}
	return HISTORY_RANKS;
}

size_t history_thin(struct history_event *items, size_t n, size_t target,
		    uint8_t widths[HISTORY_RANKS])
{
	size_t counts[HISTORY_RANKS];

	n = events_merge(items, n, widths, counts);
	while (n > target) {
		enum history_rank rank = rank_to_widen(widths, counts, target);

		if (rank == HISTORY_RANKS)
			break;
		widths[rank] = (uint8_t)(widths[rank] ? widths[rank] + 1u : WIDTH_FIRST);
		n = events_merge(items, n, widths, counts);
	}
	return n;
}

// SPDX-License-Identifier: MIT
#include "gather/timeline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"

const struct timeline_series_info timeline_series[TIMELINE_N] = {
	[TIMELINE_RTO] = {"rto", "timeouts (rto)", .is_trouble = true},
	[TIMELINE_FAST] = {"fast", "fast retransmits", .is_trouble = true},
	[TIMELINE_LOSS] = {"loss", "retransmits after rto", .is_trouble = true},
	[TIMELINE_TLP] = {"tlp", "tail loss probes", .is_trouble = true},
	[TIMELINE_SYN] = {"syn", "SYN retransmits", .is_trouble = true},
	[TIMELINE_SYNACK] = {"synack", "SYN-ACK retransmits", .is_trouble = true},
	[TIMELINE_OTHER] = {"other", "other retransmits", .is_trouble = true},
	[TIMELINE_FAILED] = {"failed", "failed retransmits", .is_trouble = true},
	[TIMELINE_RESETS_SENT] = {"resets_sent", "RST sent", .is_trouble = true},
	[TIMELINE_RESETS_RECEIVED] = {"resets_received", "RST received", .is_trouble = true},
	[TIMELINE_CONNECTS] = {"connects", "connects", .is_trouble = false},
	[TIMELINE_ACCEPTS] = {"accepts", "accepts", .is_trouble = false},
	[TIMELINE_CONNECT_FAILURES] = {"connect_failures", "connects that fail",
				       .is_trouble = true},
	[TIMELINE_ESTABLISHED] = {"established", "established", .is_gauge = true},
};

#define MINUTE (60 * NSEC_PER_SEC)
#define HOUR   (60 * MINUTE)

/* The widths of an interval, each a multiple of the one before. With the last width 1,200 intervals
 * span 32 years. */
static const uint64_t widths[] = {
	10 * NSEC_PER_MSEC,
	50 * NSEC_PER_MSEC,
	100 * NSEC_PER_MSEC,
	500 * NSEC_PER_MSEC,
	NSEC_PER_SEC,
	5 * NSEC_PER_SEC,
	10 * NSEC_PER_SEC,
	30 * NSEC_PER_SEC,
	MINUTE,
	5 * MINUTE,
	10 * MINUTE,
	30 * MINUTE,
	HOUR,
	2 * HOUR,
	6 * HOUR,
	24 * HOUR,
	240 * HOUR,
};

int timeline_init(struct timeline *t, uint64_t offset_ns)
{
	*t = (struct timeline){.offset_ns = offset_ns};
	t->values = calloc(TIMELINE_BUCKETS_MAX, sizeof(*t->values));
	return t->values ? 0 : -ENOMEM;
}

void timeline_done(struct timeline *t)
{
	free(t->values);
	t->values = NULL;
}

uint64_t timeline_width_ns(const struct timeline *t)
{
	return widths[t->step];
}

/* Adds intervals up to n. A gauge stays at its level in them. */
static void timeline_fill(struct timeline *t, size_t n)
{
	for (size_t i = t->n; i < n; i++)
		t->values[i][TIMELINE_ESTABLISHED] = t->level;
	if (n > t->n)
		t->n = n;
}

static void interval_merge(uint64_t *to, const uint64_t *from)
{
	for (unsigned int s = 0; s < TIMELINE_N; s++) {
		if (!timeline_series[s].is_gauge)
			to[s] += from[s];
		else if (from[s] > to[s])
			to[s] = from[s];
	}
}

static void timeline_widen(struct timeline *t)
{
	uint64_t by = widths[t->step + 1] / widths[t->step], first = t->first / by;
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		uint64_t values[TIMELINE_N];
		size_t at = (size_t)((t->first + i) / by - first);

		memcpy(values, t->values[i], sizeof(values));
		memset(t->values[i], 0, sizeof(values));
		interval_merge(t->values[at], values);
		n = at + 1;
	}
	t->step++;
	t->first = first;
	t->n = n;
}

static uint64_t *values_at(struct timeline *t, uint64_t ts_ns)
{
	uint64_t at;

	if (!t->has_first) {
		t->has_first = true;
		t->first = (ts_ns + t->offset_ns) / widths[t->step];
	}
	for (;;) {
		uint64_t number = (ts_ns + t->offset_ns) / widths[t->step];

		at = number > t->first ? number - t->first : 0;
		if (at < TIMELINE_BUCKETS_MAX || t->step + 1 >= sizeof(widths) / sizeof(*widths))
			break;
		timeline_widen(t);
	}
	if (at >= TIMELINE_BUCKETS_MAX)
		at = TIMELINE_BUCKETS_MAX - 1;
	timeline_fill(t, at + 1);
	return t->values[at];
}

void timeline_add(struct timeline *t, uint64_t ts_ns, enum timeline_series s, uint64_t n)
{
	values_at(t, ts_ns)[s] += n;
}

void timeline_take(struct timeline *t, uint64_t ts_ns, enum timeline_series s)
{
	uint64_t *n = &values_at(t, ts_ns)[s];

	*n -= *n > 0;
}

void timeline_level_before(struct timeline *t, int by)
{
	if (by > 0)
		t->level++;
	else if (t->level)
		t->level--;
}

void timeline_level(struct timeline *t, uint64_t ts_ns, int by)
{
	uint64_t *values = values_at(t, ts_ns);

	timeline_level_before(t, by);
	if (t->level > values[TIMELINE_ESTABLISHED])
		values[TIMELINE_ESTABLISHED] = t->level;
}

void timeline_extend(struct timeline *t, uint64_t ts_ns)
{
	values_at(t, ts_ns);
}

uint64_t timeline_start_ns(const struct timeline *t)
{
	/* Where wall time is less than the tape's clock, the unsigned offset stands for a negative
	 * one, and the difference may be negative, too. */
	int64_t start_ns = (int64_t)(t->first * widths[t->step] - t->offset_ns);

	return start_ns > 0 ? (uint64_t)start_ns : 0;
}

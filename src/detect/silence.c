// SPDX-License-Identifier: MIT
#include "detect/silence.h"

#include "base/units.h"

bool silence_is_total(const struct counters *s)
{
	const uint32_t *n = s->attempts.results;

	/* That it cannot be reached is said by this host or a router, not by the destination. */
	return !n[CONNECT_OK] && !n[CONNECT_REFUSED] && !n[CONNECT_RESET] &&
	       !s->conns.established && !s->attempts.has_answered_before;
}

/* How many attempts the process gave up before an answer could be expected. */
static uint64_t hasty_of(const struct counters *s)
{
	uint64_t trip_ns = counters_round_trip_ns(s), least_ns = SILENCE_HASTY_MS * NSEC_PER_MSEC;

	if (!s->attempts.given_up)
		return 0;
	return latency_below(s->attempts.given_up, trip_ns > least_ns ? trip_ns : least_ns);
}

uint64_t silence_patient(const struct counters *s)
{
	uint64_t hasty = hasty_of(s);

	return s->attempts.unanswered > hasty ? s->attempts.unanswered - hasty : 0;
}

static bool is_share(const struct counters *s, uint64_t n)
{
	return n >= SILENCE_MIN && n * 100 >= s->attempts.n * SILENCE_SHARE_PERCENT;
}

bool silence_is_found(const struct counters *s)
{
	bool never = silence_is_total(s) && s->attempts.unanswered;

	return (never && s->attempts.syns >= SILENCE_MIN) || is_share(s, s->attempts.unanswered);
}

bool silence_is_hasty(const struct counters *s)
{
	return !s->attempts.syns && !is_share(s, silence_patient(s));
}

bool silence_is_bypassed(const struct counters *s)
{
	return silence_is_total(s) && !silence_is_found(s) &&
	       s->attempts.superseded_late >= SILENCE_MIN;
}

bool silence_ends_elsewhere(const struct counters *s)
{
	return s->attempts.fell_back * 100 >= s->attempts.failed * SILENCE_ELSEWHERE_PERCENT;
}

bool silence_is_short(const struct counters *s)
{
	const struct latency *l = s->attempts.given_up;

	return l && latency_permille(l, 500) < CONNECT_OVERDUE_MS * NSEC_PER_MSEC;
}

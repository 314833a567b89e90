// SPDX-License-Identifier: MIT
#include "render/timestamp.h"

#include <assert.h>
#include <string.h>

#include "base/units.h"
#include "base/walltime.h"
#include "render/fastfmt.h"

struct timestamp timestamp_for_text(const struct render_options *o)
{
	return (struct timestamp){.mode = o->time, .clock = o->clock};
}

struct timestamp timestamp_for_data(const struct render_options *o)
{
	return (struct timestamp){.mode = RENDER_TIME_UTC, .clock = o->clock, .is_data = true};
}

static char *fraction_put(char *at, uint32_t nsec, unsigned int decimals)
{
	if (!decimals)
		return at;
	for (unsigned int i = decimals; i < 9; i++)
		nsec /= 10;
	*at++ = '.';
	return fastfmt_digits(at, nsec, decimals);
}

/* Writes seconds since the start of the tape. Events are often less than a second apart, so it
 * writes at least six decimals. */
static char *relative_put(const struct timestamp *s, char *at, uint64_t ts_ns,
			  unsigned int decimals)
{
	uint64_t start = s->clock.start ? s->clock.start(s->clock.userdata) : 0;
	uint64_t since = ts_ns >= start ? ts_ns - start : start - ts_ns;

	if (ts_ns < start)
		*at++ = '-';
	at = fastfmt_u64(at, since / NSEC_PER_SEC);
	return fraction_put(at, (uint32_t)(since % NSEC_PER_SEC), decimals > 6 ? decimals : 6);
}

/* Caches the text of the second that real_ns is in, because most of the following times share
 * it. */
static void second_keep(struct timestamp *s, int64_t second, int64_t real_ns)
{
	struct text t CLEANUP(text_done) = {0};

	if (s->is_data) {
		walltime_rfc3339(&t, real_ns);
		t.len = t.len < 19 ? t.len : 19;
	} else {
		walltime_clock(&t, real_ns, s->mode == RENDER_TIME_UTC, 0);
	}
	s->n_kept = (uint8_t)(t.len < sizeof(s->kept) ? t.len : sizeof(s->kept));
	if (s->n_kept)
		memcpy(s->kept, t.data, s->n_kept);
	s->second = second;
	s->has_second = true;
}

char *timestamp_put(struct timestamp *s, char *at, uint64_t ts_ns, unsigned int decimals)
{
	int64_t real_ns, second, rest;
	uint32_t nsec;

	assert(decimals <= 9);
	if (!s->is_data && s->mode == RENDER_TIME_REL)
		return relative_put(s, at, ts_ns, decimals);
	if (!s->clock.wall || !s->clock.wall(s->clock.userdata, ts_ns, &real_ns))
		return s->is_data ? at : relative_put(s, at, ts_ns, decimals);
	/* The division rounds towards zero, but the fraction counts forward before 1970, too. */
	second = real_ns / (int64_t)NSEC_PER_SEC;
	rest = real_ns % (int64_t)NSEC_PER_SEC;
	if (rest < 0) {
		rest += (int64_t)NSEC_PER_SEC;
		second--;
	}
	nsec = (uint32_t)rest;
	if (!s->is_data && s->mode == RENDER_TIME_UNIX) {
		at = fastfmt_i64(at, second);
		return fraction_put(at, nsec, decimals > 6 ? decimals : 6);
	}
	if (!s->has_second || s->second != second)
		second_keep(s, second, real_ns);
	memcpy(at, s->kept, s->n_kept);
	at += s->n_kept;
	at = fraction_put(at, nsec, s->is_data ? 9 : decimals);
	if (s->is_data)
		*at++ = 'Z';
	return at;
}

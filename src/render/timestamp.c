// SPDX-License-Identifier: MIT
#include "render/timestamp.h"

#include <string.h>
#include <time.h>

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

static char *put_fraction(char *at, uint32_t nsec, unsigned int decimals)
{
	if (!decimals)
		return at;
	for (unsigned int i = decimals; i < 9; i++)
		nsec /= 10;
	*at++ = '.';
	return fastfmt_digits(at, nsec, decimals);
}

/* Seconds since the start: whole seconds say too little here, so at least microseconds. */
static char *put_relative(const struct timestamp *f, char *at, uint64_t ts_ns,
			  unsigned int decimals)
{
	uint64_t start = f->clock.start ? f->clock.start(f->clock.userdata) : 0;
	uint64_t since = ts_ns >= start ? ts_ns - start : start - ts_ns;

	if (ts_ns < start)
		*at++ = '-';
	at = fastfmt_u64(at, since / NSEC_PER_SEC);
	return put_fraction(at, (uint32_t)(since % NSEC_PER_SEC), decimals > 6 ? decimals : 6);
}

static void remember(struct timestamp *f, int64_t second)
{
	struct text t CLEANUP(text_done) = {0};

	if (f->is_data) {
		walltime_rfc3339(&t, second * (int64_t)NSEC_PER_SEC);
		t.len = t.len < 19 ? t.len : 19;
	} else {
		walltime_clock(&t, second * (int64_t)NSEC_PER_SEC, f->mode == RENDER_TIME_UTC, 0);
	}
	f->n_words = (uint8_t)(t.len < sizeof(f->words) ? t.len : sizeof(f->words));
	if (f->n_words)
		memcpy(f->words, t.data, f->n_words);
	f->second = second;
	f->has_second = true;
}

char *timestamp_put(struct timestamp *f, char *at, uint64_t ts_ns, unsigned int decimals)
{
	int64_t real_ns, second;
	uint32_t nsec;

	if (!f->is_data && f->mode == RENDER_TIME_REL)
		return put_relative(f, at, ts_ns, decimals);
	if (!f->clock.wall || !f->clock.wall(f->clock.userdata, ts_ns, &real_ns))
		return f->is_data ? at : put_relative(f, at, ts_ns, decimals);
	second = real_ns / (int64_t)NSEC_PER_SEC;
	if (real_ns % (int64_t)NSEC_PER_SEC < 0)
		second--;
	nsec = (uint32_t)(real_ns - second * (int64_t)NSEC_PER_SEC);
	if (!f->is_data && f->mode == RENDER_TIME_UNIX) {
		at = fastfmt_i64(at, second);
		return put_fraction(at, nsec, decimals > 6 ? decimals : 6);
	}
	if (!f->has_second || f->second != second)
		remember(f, second);
	memcpy(at, f->words, f->n_words);
	at += f->n_words;
	at = put_fraction(at, nsec, f->is_data ? 9 : decimals);
	if (f->is_data)
		*at++ = 'Z';
	return at;
}

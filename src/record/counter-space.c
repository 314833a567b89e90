// SPDX-License-Identifier: MIT
#include "record/counter-space.h"

#include <errno.h>

#include "base/units.h"
#include "base/vec.h"

void counter_space_done(struct counter_space *s)
{
	free(s->last.items);
	s->last = (struct counter_values){0};
}

void counter_reading_done(struct counter_reading *r)
{
	free(r->now.items);
	free(r->sorted.items);
	buffer_done(&r->body);
	r->now = r->sorted = (struct counter_values){0};
}

void counter_reading_begin(struct counter_reading *r, const struct counter_space *s)
{
	r->last = &s->last;
	counter_reading_restart(r);
}

void counter_reading_restart(struct counter_reading *r)
{
	r->now.n = 0;
	r->is_same_list = true;
}

/* Most readings have the counters of the last one, in the same order. */
int counter_reading_take(void *userdata, const char *name, size_t len, int64_t value)
{
	struct counter_reading *r = userdata;
	size_t i = r->now.n;
	struct counter_value v = {.value = value};
	int known = 1;

	if (i < r->last->n && counter_name_is(r->names, r->last->items[i].counter, name, len)) {
		v.counter = r->last->items[i].counter;
	} else {
		known = counter_names_number(r->names, name, len, &v.counter);
		r->is_same_list = false;
	}
	if (known <= 0)
		return known;
	if (vec_reserve(r->now.items, r->now.cap, i + 1) < 0)
		return -ENOMEM;
	r->now.items[r->now.n++] = v;
	return 0;
}

static int by_counter(const void *a, const void *b)
{
	const struct counter_value *x = a, *y = b;

	return (x->counter > y->counter) - (x->counter < y->counter);
}

/* Fills `sorted` with what is to be written, by ascending number. 0 or -ENOMEM. */
static int values_sort(struct counter_reading *r, bool is_all)
{
	const struct counter_values *now = &r->now;
	bool is_sorted = true;

	r->sorted.n = 0;
	if (vec_reserve(r->sorted.items, r->sorted.cap, now->n) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < now->n; i++) {
		struct counter_value v = now->items[i];

		if (!is_all) {
			v.value = (int64_t)((uint64_t)v.value - (uint64_t)r->last->items[i].value);
			if (!v.value)
				continue;
		}
		if (r->sorted.n && v.counter <= r->sorted.items[r->sorted.n - 1].counter)
			is_sorted = false;
		r->sorted.items[r->sorted.n++] = v;
	}
	if (!is_sorted)
		qsort(r->sorted.items, r->sorted.n, sizeof(*r->sorted.items), by_counter);
	return 0;
}

static int body_encode(struct counter_reading *r)
{
	uint32_t next = 0;
	int err = 0;

	buffer_clear(&r->body);
	for (size_t i = 0; !err && i < r->sorted.n; i++) {
		/* Of a name that a file has twice, the first one counts. */
		if (r->sorted.items[i].counter >= next)
			err = counter_value_encode(&r->body, &next, &r->sorted.items[i]);
	}
	return err;
}

int counter_reading_write(struct counter_reading *r, struct counter_space *s, uint64_t ts_ns,
			  uint64_t took_ns, bool is_last, struct batch_records *ret)
{
	bool is_all = is_last || !r->is_same_list || r->now.n != s->last.n ||
		      ts_ns - s->all_ns >= COUNTER_SPACE_ALL_NS;
	struct counters_record record = {
		.what = is_all ? COUNTERS_ALL : COUNTERS_CHANGES,
		.netns = s->netns,
		.number = s->n_readings,
		.ts_ns = ts_ns,
		.took_us = (uint32_t)(took_ns / NSEC_PER_USEC),
	};
	struct counter_values swap = s->last;
	int named;

	if (!r->now.n)
		return 0;
	named = counter_names_flush(r->names, &ret->records);
	if (named > 0)
		batch_records_count(ret, ts_ns);
	if (named < 0 || values_sort(r, is_all) < 0 || body_encode(r) < 0)
		return -ENOMEM;
	record.body = r->body.data;
	record.body_len = (uint32_t)r->body.len;
	if (counters_record_encode(&ret->records, &record) < 0)
		return -ENOMEM;
	batch_records_count(ret, ts_ns);
	s->n_readings++;
	s->read_ns = ts_ns;
	if (is_all)
		s->all_ns = ts_ns;
	s->last = r->now;
	r->now = swap;
	return 0;
}

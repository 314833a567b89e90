// SPDX-License-Identifier: MIT
/*
 * book: takes readings. A reading of changes counts only if the reading before it is known.
 */
#include "counter/book.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "base/vec.h"
#include "counter/book-state.h"
#include "counter/meaning.h"
#include "format/counter-values.h"

/* Memory of all cells: about 1,500 namespaces with 700 counters each. */
#define BYTES_MAX  (128u << 20)
#define CURVES_MAX 8192u

int counter_book_new(const struct tape_meta *meta, struct counter_book **ret)
{
	struct counter_book *b = calloc(1, sizeof(*b));

	if (!b)
		return -ENOMEM;
	b->meta = meta;
	b->until_ns = UINT64_MAX;
	b->enabled_ns = b->disabled_ns = UINT64_MAX;
	b->curve_step_ns = NSEC_PER_SEC;
	*ret = b;
	return 0;
}

struct counter_book *counter_book_free(struct counter_book *b)
{
	if (b) {
		for (size_t i = 0; i < b->n_spaces; i++)
			free(b->spaces[i].cells);
		free(b->spaces);
		free(b->sums);
		map_done(&b->by_netns);
		arena_done(&b->arena);
		free(b);
	}
	return NULL;
}

void counter_book_window(struct counter_book *b, uint64_t since_ns, uint64_t until_ns)
{
	b->since_ns = since_ns;
	b->until_ns = until_ns;
}

/* The space of this inode, new or known. *ret is NULL if there is no room for it. */
static int space_of(struct counter_book *b, uint32_t netns, struct book_space **ret)
{
	uint64_t *place = map_get(&b->by_netns, netns);

	*ret = NULL;
	if (place) {
		*ret = &b->spaces[*place - 1];
		return 0;
	}
	if (b->bytes >= BYTES_MAX) {
		b->n_left_out++;
		return 0;
	}
	if (vec_reserve(b->spaces, b->cap_spaces, b->n_spaces + 1) < 0)
		return -ENOMEM;
	place = map_put(&b->by_netns, netns, NULL);
	if (!place)
		return -ENOMEM;
	*ret = &b->spaces[b->n_spaces++];
	**ret = (struct book_space){.netns = netns, .info.netns = netns};
	*place = b->n_spaces;
	b->bytes += sizeof(**ret);
	return 0;
}

static int sums_grow(struct counter_book *b, uint32_t counter, bool is_of_host)
{
	const char *name;

	if (vec_reserve(b->sums, b->cap_sums, (size_t)counter + 1) < 0)
		return -ENOMEM;
	while (b->n_sums <= counter)
		b->sums[b->n_sums++] = (struct book_sum){0};
	if (b->sums[counter].is_read)
		return 0;
	name = counter < b->meta->n_counter_names ? b->meta->counter_names[counter] : NULL;
	b->sums[counter].is_read = true;
	b->sums[counter].is_of_host = is_of_host;
	b->sums[counter].is_gauge = name && counter_meaning_of(name)->is_gauge;
	return 0;
}

/* 1; 0: there is no room; -ENOMEM. */
static int cell_of(struct counter_book *b, struct book_space *s, uint32_t counter,
		   struct book_cell **ret)
{
	size_t cap = s->cap;

	if (counter >= s->n) {
		if (counter >= cap && b->bytes >= BYTES_MAX)
			return 0;
		if (vec_reserve(s->cells, s->cap, (size_t)counter + 1) < 0)
			return -ENOMEM;
		b->bytes += (s->cap - cap) * sizeof(*s->cells);
		memset(s->cells + s->n, 0, (counter + 1 - s->n) * sizeof(*s->cells));
		s->n = (size_t)counter + 1;
	}
	*ret = &s->cells[counter];
	return sums_grow(b, counter, !s->netns) < 0 ? -ENOMEM : 1;
}

/* Joins pairs of points. */
static void curve_halve(uint64_t *points, bool is_gauge)
{
	for (size_t i = 0; i < COUNTER_CURVE_MAX / 2; i++) {
		uint64_t x = points[2 * i], y = points[2 * i + 1];

		points[i] = !is_gauge ? x + y : x > y ? x : y;
	}
	memset(points + COUNTER_CURVE_MAX / 2, 0, COUNTER_CURVE_MAX / 2 * sizeof(*points));
}

/* Makes the steps of the curves so long that the time fits on them. */
static void curves_reach(struct counter_book *b, uint64_t ts_ns)
{
	while ((ts_ns - b->curve_from_ns) / b->curve_step_ns >= COUNTER_CURVE_MAX) {
		for (size_t i = 0; i < b->n_sums; i++) {
			if (b->sums[i].curve)
				curve_halve(b->sums[i].curve, b->sums[i].is_gauge);
		}
		b->curve_step_ns *= 2;
	}
	b->n_points = (size_t)((ts_ns - b->curve_from_ns) / b->curve_step_ns) + 1;
}

/* Adds a point to a counter's curve. */
static int curve_add(struct counter_book *b, struct book_sum *sum, uint64_t ts_ns, uint64_t grew)
{
	uint64_t *point;

	if (!sum->curve) {
		if (b->n_curves >= CURVES_MAX)
			return 0;
		sum->curve = arena_alloc(&b->arena, COUNTER_CURVE_MAX * sizeof(*sum->curve));
		if (!sum->curve)
			return -ENOMEM;
		b->n_curves++;
	}
	point = &sum->curve[(ts_ns - b->curve_from_ns) / b->curve_step_ns];
	if (!sum->is_gauge)
		*point += grew;
	else if (sum->now > 0 && (uint64_t)sum->now > *point)
		*point = (uint64_t)sum->now;
	return 0;
}

/* A reading that is being taken. */
struct taking {
	struct counter_book *b;
	struct book_space *s;
	uint64_t ts_ns, before_ns; /* of this reading, and of the one before */
	bool is_early;		   /* the one before is not in the window yet */
	bool counts;		   /* both are in the window */
};

static void worst_note(const struct taking *t, struct book_worst *worst, uint64_t grew)
{
	uint64_t ns = t->ts_ns - t->before_ns, per_s;

	/* Of less than a second nothing is known but that it was in one second. */
	if (ns < NSEC_PER_SEC)
		ns = NSEC_PER_SEC;
	per_s = (uint64_t)((double)grew * 1e9 / (double)ns + 0.5);
	if (per_s <= worst->per_s && worst->to_ns)
		return;
	*worst = (struct book_worst){per_s ? per_s : 1, t->before_ns, t->ts_ns};
}

/* Takes the value of a counter that the last reading had, too. */
static int change_take(const struct taking *t, struct book_cell *cell, struct book_sum *sum,
		       int64_t value)
{
	uint64_t delta = (uint64_t)value - (uint64_t)cell->value;
	bool has_fallen = (int64_t)delta < 0;

	sum->now = (int64_t)((uint64_t)sum->now + delta);
	cell->value = value;
	if (t->is_early) {
		cell->first = cell->last = cell->most = value;
		sum->most = sum->now;
	}
	if (!t->counts)
		return 0;
	cell->is_moving = true;
	cell->last = value;
	if (value > cell->most)
		cell->most = value;
	if (sum->now > sum->most)
		sum->most = sum->now;
	if (!delta)
		return 0;
	if (has_fallen)
		cell->fell += 0 - delta;
	else
		cell->grew += delta;
	if (!has_fallen) {
		worst_note(t, &sum->worst, delta);
		worst_note(t, &cell->worst, delta);
	}
	return curve_add(t->b, sum, t->ts_ns, has_fallen ? 0 : delta);
}

/* Takes a counter that was not there before. What it counted until now is of an unknown time. */
static void cell_begin(struct book_cell *cell, struct book_sum *sum, int64_t value)
{
	cell->is_there = true;
	cell->value = cell->first = cell->last = cell->most = value;
	sum->now = (int64_t)((uint64_t)sum->now + (uint64_t)value);
	if (sum->now > sum->most || !sum->most)
		sum->most = sum->now;
}

static int value_take(const struct taking *t, const struct counter_value *v, bool is_change)
{
	struct book_cell *cell;
	int r = cell_of(t->b, t->s, v->counter, &cell);
	int64_t value;

	if (r <= 0)
		return r;
	value = is_change ? (int64_t)((uint64_t)cell->value + (uint64_t)v->value) : v->value;
	cell->number = t->s->number;
	if (cell->is_there)
		return change_take(t, cell, &t->b->sums[v->counter], value);
	cell_begin(cell, &t->b->sums[v->counter], value);
	return 0;
}

/* Counters that this reading of all has not are gone. */
static void cells_forget(const struct taking *t)
{
	for (size_t i = 0; i < t->s->n; i++) {
		struct book_cell *cell = &t->s->cells[i];
		struct book_sum *sum = &t->b->sums[i];

		if (!cell->is_there || cell->number == t->s->number)
			continue;
		cell->is_there = false;
		sum->now = (int64_t)((uint64_t)sum->now - (uint64_t)cell->value);
	}
}

/* Of counters that a reading of changes does not have, the value is the same. */
static void cells_keep(const struct taking *t)
{
	for (size_t i = 0; t->counts && i < t->s->n; i++)
		t->s->cells[i].is_moving |= t->s->cells[i].is_there;
}

static int values_take(const struct taking *t, const struct counters_record *r)
{
	struct cursor c = cursor_of(r->body, r->body_len);
	bool is_change = r->what == COUNTERS_CHANGES;
	struct counter_value v;
	uint32_t next = 0;
	int err = 0;

	while (!err && counter_value_decode(&c, &next, &v) > 0)
		err = value_take(t, &v, is_change);
	if (!is_change)
		cells_forget(t);
	else
		cells_keep(t);
	return err;
}

/* Notes in all cells of a space what they have grown by, at one of the moments that bound the time
 * in which events were recorded. */
static void cells_mark(struct book_space *s, enum book_moment moment)
{
	for (size_t i = 0; i < s->n; i++)
		s->cells[i].at[moment] = s->cells[i].grew;
}

/* The recorder says when it enabled and disabled its events. */
static void times_learn(struct counter_book *b)
{
	for (; b->n_settings_seen < b->meta->n_settings; b->n_settings_seen++) {
		const struct setting_record *s = &b->meta->settings[b->n_settings_seen];

		if (s->netns || strcmp(s->name, "tcptape.events"))
			continue;
		if (!strcmp(s->value, "enabled"))
			b->enabled_ns = s->ts_ns;
		else
			b->disabled_ns = s->ts_ns;
	}
}

static void space_note(struct book_space *s, uint64_t ts_ns)
{
	uint64_t ns = ts_ns - s->info.last_ns;

	if (!s->info.n_readings++)
		s->info.first_ns = ts_ns;
	else if (ns > s->info.longest_ns)
		s->info.longest_ns = ns;
	s->info.last_ns = ts_ns;
}

static int reading_take(struct counter_book *b, struct book_space *s,
			const struct counters_record *r)
{
	bool begins = !s->is_in && r->ts_ns >= b->enabled_ns;
	bool ends = !s->is_over && r->ts_ns >= b->disabled_ns;
	struct taking t = {.b = b, .s = s, .ts_ns = r->ts_ns, .before_ns = s->read_ns};
	int err;

	t.is_early = s->info.n_readings && s->read_ns < b->since_ns;
	t.counts = s->info.n_readings && !t.is_early && r->ts_ns < b->until_ns;
	if (begins) {
		s->info.has_before = s->info.n_readings > 0;
		cells_mark(s, BOOK_BEFORE);
	}
	if (ends)
		cells_mark(s, BOOK_TO);
	s->number = r->number;
	s->is_known = true;
	s->read_ns = r->ts_ns;
	space_note(s, r->ts_ns);
	err = values_take(&t, r);
	if (begins)
		cells_mark(s, BOOK_FROM);
	if (ends) {
		s->info.has_after = true;
		cells_mark(s, BOOK_AFTER);
	}
	s->is_in |= begins;
	s->is_over |= ends;
	return err;
}

static int record_take(struct counter_book *b, const struct counters_record *r)
{
	struct book_space *s;

	if (r->what == COUNTERS_NAMES)
		return 0;
	if (space_of(b, r->netns, &s) < 0)
		return -ENOMEM;
	if (!s)
		return 0;
	/* A tape may say anything: a time before the last reading is none. */
	if (s->info.n_readings && r->ts_ns < s->read_ns)
		return 0;
	if (r->what == COUNTERS_CHANGES && !(s->is_known && r->number == s->number + 1)) {
		s->is_known = false;
		return 0;
	}
	if (!b->has_readings) {
		b->has_readings = true;
		b->curve_from_ns = r->ts_ns;
	}
	if (r->ts_ns >= b->curve_from_ns)
		curves_reach(b, r->ts_ns);
	return r->ts_ns >= b->curve_from_ns ? reading_take(b, s, r) : 0;
}

int counter_book_take(struct counter_book *b, const void *payload, size_t len)
{
	struct cursor c = cursor_of(payload, len);
	struct counters_record r;
	int err = 0;

	times_learn(b);
	while (!err && counters_record_decode(&c, &r) > 0)
		err = record_take(b, &r);
	return err;
}

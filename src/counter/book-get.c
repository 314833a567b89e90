// SPDX-License-Identifier: MIT
/* The questions that a counter book answers. */
#include <string.h>

#include "counter/book-state.h"

bool counter_book_has_readings(const struct counter_book *b)
{
	return b->has_readings;
}

static const char *counter_name_of(const struct counter_book *b, size_t i)
{
	return i < b->meta->n_counter_names ? b->meta->counter_names[i] : NULL;
}

/* The number of a counter; n_sums: there is none of that name. */
static size_t counter_find(const struct counter_book *b, const char *name)
{
	size_t i = 0;

	while (i < b->n_sums && !(counter_name_of(b, i) && !strcmp(counter_name_of(b, i), name)))
		i++;
	return i;
}

static const struct book_cell *cell_get(const struct book_space *s, size_t counter)
{
	return counter < s->n && s->cells[counter].is_moving ? &s->cells[counter] : NULL;
}

static void change_add(struct counter_change *c, const struct book_cell *cell)
{
	c->grew += cell->grew;
	c->fell += cell->fell;
	c->first = (int64_t)((uint64_t)c->first + (uint64_t)cell->first);
	c->last = (int64_t)((uint64_t)c->last + (uint64_t)cell->last);
	c->n_spaces++;
}

static bool change_of(const struct counter_book *b, size_t counter, struct counter_change *ret)
{
	const struct book_sum *sum = &b->sums[counter];
	struct counter_change c = {
		.name = counter_name_of(b, counter),
		.most = sum->most,
		.worst_per_s = sum->worst.per_s,
		.worst_from_ns = sum->worst.from_ns,
		.worst_to_ns = sum->worst.to_ns,
		.curve = sum->curve,
		.is_of_host = sum->is_of_host,
	};

	for (size_t i = 0; i < b->n_spaces; i++) {
		const struct book_cell *cell = cell_get(&b->spaces[i], counter);

		if (cell)
			change_add(&c, cell);
	}
	if (!c.name || !c.n_spaces)
		return false;
	*ret = c;
	return true;
}

bool counter_book_get(const struct counter_book *b, const char *name, struct counter_change *ret)
{
	size_t counter = counter_find(b, name);

	return counter < b->n_sums && change_of(b, counter, ret);
}

bool counter_book_next(const struct counter_book *b, size_t *i, struct counter_change *ret)
{
	while (*i < b->n_sums) {
		if (change_of(b, (*i)++, ret))
			return true;
	}
	return false;
}

bool counter_book_get_of(const struct counter_book *b, uint32_t netns, const char *name,
			 struct counter_change *ret)
{
	const uint64_t *place = map_get(&b->by_netns, netns);
	size_t counter = counter_find(b, name);
	const struct book_cell *cell;

	cell = place && counter < b->n_sums ? cell_get(&b->spaces[*place - 1], counter) : NULL;
	if (!cell)
		return false;
	*ret = (struct counter_change){
		.name = counter_name_of(b, counter),
		.most = cell->most,
		.worst_per_s = cell->worst.per_s,
		.worst_from_ns = cell->worst.from_ns,
		.worst_to_ns = cell->worst.to_ns,
		.is_of_host = !netns,
	};
	change_add(ret, cell);
	return true;
}

const char *counter_book_setting(const struct counter_book *b, uint32_t netns, const char *name)
{
	return meta_setting(b->meta, netns, name);
}

size_t counter_book_n_spaces(const struct counter_book *b)
{
	return b->n_spaces;
}

struct counter_space_info counter_book_space(const struct counter_book *b, size_t i)
{
	return b->spaces[i].info;
}

size_t counter_book_left_out(const struct counter_book *b)
{
	return b->n_left_out;
}

void counter_book_scale(const struct counter_book *b, uint64_t *ret_from_ns, uint64_t *ret_step_ns,
			size_t *ret_n)
{
	*ret_from_ns = b->curve_from_ns;
	*ret_step_ns = b->curve_step_ns;
	*ret_n = b->n_points;
}

/* What a counter of a space grew by while events were recorded. A space that was first read later
 * counts from then on. */
static void bounds_add(struct counter_bounds *x, const struct book_space *s,
		       const struct book_cell *cell)
{
	uint64_t to = s->is_over ? cell->at[BOOK_TO] : cell->grew;
	uint64_t after = s->is_over ? cell->at[BOOK_AFTER] : cell->grew;

	x->least += to > cell->at[BOOK_FROM] ? to - cell->at[BOOK_FROM] : 0;
	x->most += after - cell->at[BOOK_BEFORE];
	x->has_most &= s->info.has_before && s->info.has_after;
	x->n_spaces++;
}

bool counter_book_bounds(const struct counter_book *b, const char *name, struct counter_bounds *ret)
{
	struct counter_bounds x = {.has_most = true};
	size_t counter = counter_find(b, name);

	if (counter >= b->n_sums || b->since_ns || b->until_ns != UINT64_MAX ||
	    b->enabled_ns == UINT64_MAX)
		return false;
	for (size_t i = 0; i < b->n_spaces; i++) {
		const struct book_space *s = &b->spaces[i];
		const struct book_cell *cell = s->is_in ? cell_get(s, counter) : NULL;

		if (cell)
			bounds_add(&x, s, cell);
	}
	*ret = x;
	return x.n_spaces > 0;
}

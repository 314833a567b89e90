// SPDX-License-Identifier: MIT
#include "detect/counted.h"

static void change_join(struct counter_change *sum, const struct counter_change *c)
{
	sum->name = c->name;
	sum->grew += c->grew;
	sum->fell += c->fell;
	sum->first += c->first;
	sum->last += c->last;
	sum->most = c->most > sum->most ? c->most : sum->most;
	sum->n_spaces += c->n_spaces;
	if (c->worst_per_s <= sum->worst_per_s)
		return;
	sum->worst_per_s = c->worst_per_s;
	sum->worst_from_ns = c->worst_from_ns;
	sum->worst_to_ns = c->worst_to_ns;
}

bool counted_in(const struct findings *f, const struct netns_set *spaces, const char *name,
		struct counter_change *ret)
{
	const struct counter_book *book = f->in->context->counters;
	struct counter_change c;

	*ret = (struct counter_change){0};
	for (size_t i = 0; book && i < spaces->n; i++) {
		if (counter_book_get_of(book, spaces->items[i], name, &c))
			change_join(ret, &c);
	}
	return ret->n_spaces > 0;
}

bool counted_of(const struct findings *f, uint32_t netns, const char *name,
		struct counter_change *ret)
{
	const struct netns_set one = {.items = {netns}, .n = 1};

	return counted_in(f, netns ? &one : &f->in->served_in, name, ret);
}

void finding_worst_second(struct findings *f, struct finding *x, const struct counter_change *c)
{
	finding_some(f, x, "worst_per_s", "in the worst second", c->worst_per_s);
	if (!x->shown.until_ns)
		finding_span(x, c->worst_from_ns, c->worst_to_ns);
}

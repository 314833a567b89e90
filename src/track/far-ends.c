// SPDX-License-Identifier: MIT
#include "track/far-ends.h"

#include <errno.h>
#include <stdlib.h>

#include "track/conn-index.h"

void far_ends_done(struct far_ends *f)
{
	free(f->items);
	map_done(&f->by_tuple);
	*f = (struct far_ends){0};
}

static struct far_end *item_at(const struct far_ends *f, uint64_t number)
{
	return &f->items[number % FAR_ENDS];
}

/* The latest item between these endpoints. */
static const struct far_end *item_of(const struct far_ends *f, const struct endpoint *local,
				     const struct endpoint *remote)
{
	const uint64_t *number = map_get(&f->by_tuple, conn_tuple_hash(local, remote));
	const struct far_end *item = number ? item_at(f, *number) : NULL;

	return item && endpoint_equal(&item->local, local) && endpoint_equal(&item->remote, remote)
		       ? item
		       : NULL;
}

/* Whether both lived at some time. */
static bool is_of_time(const struct far_end *item, const struct tcp_conn *c)
{
	return item->seen_ns <= c->end_ns && c->seen_ns <= item->end_ns;
}

static void item_drop(struct far_ends *f, uint64_t number)
{
	const struct far_end *item = item_at(f, number);
	uint64_t key = conn_tuple_hash(&item->local, &item->remote);
	const uint64_t *latest = map_get(&f->by_tuple, key);

	if (latest && *latest == number)
		map_del(&f->by_tuple, key);
}

int far_ends_note(struct far_ends *f, const struct tcp_conn *c, uint64_t tx_bytes,
		  uint64_t rx_bytes)
{
	const struct far_end *before;
	uint64_t *place;
	bool is_twin;

	if (!f->items)
		f->items = calloc(FAR_ENDS, sizeof(*f->items));
	if (!f->items)
		return -ENOMEM;
	before = item_of(f, &c->local, &c->remote);
	is_twin = before && is_of_time(before, c);
	if (f->n >= FAR_ENDS)
		item_drop(f, f->n - FAR_ENDS);
	place = map_put(&f->by_tuple, conn_tuple_hash(&c->local, &c->remote), NULL);
	if (!place)
		return -ENOMEM;
	*place = f->n;
	*item_at(f, f->n++) = (struct far_end){
		.local = c->local,
		.remote = c->remote,
		.seen_ns = c->seen_ns,
		.end_ns = c->end_ns,
		.tx_bytes = tx_bytes,
		.rx_bytes = rx_bytes,
		.is_ambiguous = is_twin,
	};
	return 0;
}

const struct far_end *far_ends_find(const struct far_ends *f, const struct tcp_conn *c)
{
	const struct far_end *item = item_of(f, &c->remote, &c->local);

	return item && is_of_time(item, c) && !item->is_ambiguous ? item : NULL;
}

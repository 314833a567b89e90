// SPDX-License-Identifier: MIT
#include "gather/reset-pairs.h"

#include <errno.h>
#include <stdlib.h>

#include "tcp/reset-kind.h"

#define ENDS 16384u

int reset_pairs_init(struct reset_pairs *p)
{
	p->items = calloc(ENDS, sizeof(*p->items));
	return p->items ? 0 : -ENOMEM;
}

void reset_pairs_done(struct reset_pairs *p)
{
	free(p->items);
	p->items = NULL;
}

static const struct endpoint *sender_of(const struct reset_end *end)
{
	return end->is_sent ? &end->subject.local : &end->subject.remote;
}

static const struct endpoint *receiver_of(const struct reset_end *end)
{
	return end->is_sent ? &end->subject.remote : &end->subject.local;
}

static bool are_of_one_conn(const struct reset_end *a, const struct reset_end *b)
{
	return endpoint_equal(sender_of(a), sender_of(b)) &&
	       endpoint_equal(receiver_of(a), receiver_of(b));
}

/* True if b is an answer to a further segment of the connection that a, just before it, was sent
 * for. The peer accepts the first RST. */
static bool is_repeated(const struct reset_end *a, const struct reset_end *b)
{
	return a->is_sent && b->is_sent && b->kind == RESET_NO_SOCKET;
}

bool reset_pairs_take(struct reset_pairs *p, const struct reset_end *end,
		      struct reset_end *ret_other)
{
	struct reset_end *place;

	/* Without both ports it could be any other. */
	if (!end->subject.local.port || !end->subject.remote.port)
		return false;
	place = &p->items[endpoint_hash(endpoint_hash(1, sender_of(end)), receiver_of(end)) % ENDS];
	if (!are_of_one_conn(place, end) || place->is_sent == end->is_sent) {
		if (!are_of_one_conn(place, end) || !is_repeated(place, end))
			*place = *end;
		return false;
	}
	*ret_other = *place;
	*place = (struct reset_end){0};
	return true;
}

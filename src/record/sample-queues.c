// SPDX-License-Identifier: MIT
#include "record/sample-queues.h"

#include <errno.h>

int sample_queues_take(struct sample_queues *q, const struct socket_row *row)
{
	uint64_t queue = (uint64_t)row->rqueue << 32 | row->wqueue, *place;
	bool is_new, is_told;

	if (map_count(&q->by_cookie) >= SAMPLE_QUEUES_MAX)
		map_clear(&q->by_cookie);
	place = map_put(&q->by_cookie, row->sock_cookie, &is_new);
	if (!place)
		return -ENOMEM;
	is_told = is_new || row->rqueue || *place != queue;
	*place = queue;
	return is_told;
}

// SPDX-License-Identifier: MIT
/*
 * history-figures: what a history holds besides events: samples, and the tcp_info of the socket.
 */
#include <assert.h>

#include "gather/conn-history.h"

/* They take at most 17 MiB. */
#define STORIES_MAX 16384u

void conn_histories_limit(struct conn_histories *t, const struct history_limits *limits)
{
	assert(!t->n_records);
	t->events_max = limits->events_max;
	t->keeps_each = limits->keeps_each;
	t->samples_room.each = limits->samples_each;
}

int conn_histories_sample(struct conn_histories *t, struct conn_history *of,
			  const struct conn_sample *sample)
{
	return conn_samples_add(&of->samples, &t->samples_room, sample);
}

struct conn_figures *conn_histories_figures(struct conn_histories *t, struct conn_history *of)
{
	if (of->story || t->n_stories >= STORIES_MAX)
		return of->story;
	of->story = pool_take(&t->stories, &t->arena);
	t->n_stories += of->story != NULL;
	return of->story;
}

// SPDX-License-Identifier: MIT
#include "record/time-waits.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "tcp/names.h"

void time_waits_done(struct time_waits *t)
{
	groups_done(&t->ends);
	map_done(&t->listening);
	t->n_others = t->n_shrunk = 0;
}

void time_waits_begin(struct time_waits *t)
{
	time_waits_done(t);
	t->ends.key_size = offsetof(struct time_wait_end, n);
	t->ends.item_size = sizeof(struct time_wait_end);
}

static const uint8_t *row_source(const struct socket_row *row)
{
	return row->family == AF_INET ? row->saddr : row->saddr_v6;
}

static const uint8_t *row_destination(const struct socket_row *row)
{
	return row->family == AF_INET ? row->daddr : row->daddr_v6;
}

/* What the ends of the row are counted under. */
static struct time_wait_end end_of(const struct time_waits *t, const struct socket_row *row)
{
	size_t size = row->family == AF_INET ? sizeof(row->saddr) : sizeof(row->saddr_v6);
	struct time_wait_end end;

	memset(&end, 0, sizeof(end));
	end.family = row->family;
	memcpy(end.source, row_source(row), size);
	if (map_get(&t->listening, row->sport)) {
		end.sport = row->sport;
	} else {
		end.dport = row->dport;
		memcpy(end.destination, row_destination(row), size);
	}
	return end;
}

static int time_waits_count(struct time_waits *t, const struct socket_row *row)
{
	struct time_wait_end end = end_of(t, row), *place;
	int error;

	place = groups_get_up_to(&t->ends, &end, TIME_WAITS_MAX, &error);
	if (!place && error)
		return error;
	if (place)
		place->n++;
	else
		t->n_others++;
	return 1;
}

int time_waits_take(struct time_waits *t, const struct sock_diag_socket *socket)
{
	const struct socket_row *row = &socket->row;

	if (row->state == TCP_STATE_TIME_WAIT)
		return time_waits_count(t, row);
	if (row->state == TCP_STATE_LISTEN && !map_put(&t->listening, row->sport, NULL))
		return -ENOMEM;
	/* Only whole sockets have figures. */
	t->n_shrunk += row->state == TCP_STATE_FIN_WAIT2 && !socket->info;
	return 0;
}

void time_waits_add_others(struct time_waits *t, uint32_t n)
{
	t->n_others += n > t->n_shrunk ? n - t->n_shrunk : 0;
}

uint32_t time_waits_rows(const struct time_waits *t)
{
	return (uint32_t)t->ends.n + (t->n_others > 0);
}

static int row_give(const struct time_wait_end *end, sock_diag_fn fn, void *userdata)
{
	struct sock_diag_socket socket = {
		.row = {.state = TCP_STATE_TIME_WAIT,
			.family = end->family,
			.sport = end->sport,
			.dport = end->dport},
		.detail.sockets = end->n,
	};
	struct socket_row *row = &socket.row;

	if (end->family == AF_INET) {
		memcpy(row->saddr, end->source, sizeof(row->saddr));
		memcpy(row->daddr, end->destination, sizeof(row->daddr));
	} else {
		memcpy(row->saddr_v6, end->source, sizeof(row->saddr_v6));
		memcpy(row->daddr_v6, end->destination, sizeof(row->daddr_v6));
	}
	return fn(userdata, &socket);
}

int time_waits_put(const struct time_waits *t, sock_diag_fn fn, void *userdata)
{
	const struct time_wait_end others = {.family = AF_UNSPEC, .n = t->n_others};
	struct group_walk walk = {0};
	const struct time_wait_end *end;
	int r = 0;

	while (r >= 0 && (end = groups_next(&t->ends, &walk)))
		r = row_give(end, fn, userdata);
	if (r >= 0 && t->n_others)
		r = row_give(&others, fn, userdata);
	return r < 0 ? r : 0;
}

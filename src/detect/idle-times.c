// SPDX-License-Identifier: MIT
#include "detect/idle-times.h"

#include <errno.h>

#define CONNS_MAX 65536u

void idle_times_done(struct all_idle_times *s)
{
	map_done(&s->by_conn);
	arena_done(&s->arena);
}

/* 0: not known. */
static uint64_t time_before(const struct tcp_event *e, enum tcp_info_field field)
{
	uint64_t ms;

	if (!tcp_info_get(e->tcp_info, field, &ms) || ms * NSEC_PER_MSEC >= e->ts_ns)
		return 0;
	return e->ts_ns - ms * NSEC_PER_MSEC;
}

static struct idle_times *times_find(const struct all_idle_times *s, uint32_t id)
{
	const uint64_t *value = map_get(&s->by_conn, id);

	return value ? (struct idle_times *)(uintptr_t)*value : NULL;
}

/* The times of a connection, made if need be. *ret is NULL if there are too many. 0 or -ENOMEM. */
static int times_get(struct all_idle_times *s, uint32_t id, struct idle_times **ret)
{
	uint64_t *value;

	*ret = times_find(s, id);
	if (*ret || map_count(&s->by_conn) >= CONNS_MAX)
		return 0;
	value = map_put(&s->by_conn, id, NULL);
	if (!value)
		return -ENOMEM;
	s->pool.size = sizeof(**ret);
	*ret = pool_take(&s->pool, &s->arena);
	*value = (uintptr_t)*ret;
	return *ret ? 0 : -ENOMEM;
}

struct idle_times idle_times_take(struct all_idle_times *s, uint32_t id)
{
	struct idle_times *found = times_find(s, id), times = {0};

	if (!found)
		return times;
	times = *found;
	map_del(&s->by_conn, id);
	pool_give(&s->pool, found);
	return times;
}

int idle_times_note(struct all_idle_times *s, const struct tcp_event *e)
{
	uint64_t acked, data, heard;
	struct idle_times *t;

	if (!e->conn || !e->tcp_info || tcp_conn_is_listener(e->conn))
		return 0;
	acked = time_before(e, TCP_INFO_LAST_ACK_RECV_MS);
	data = time_before(e, TCP_INFO_LAST_DATA_RECV_MS);
	/* The fast path of tcp_rcv_established() notes the one or the other. */
	heard = acked > data ? acked : data;
	/* The times of others tell nothing of a time without traffic. */
	if (!heard || (idle_between(heard, e->ts_ns) < IDLE_LEAST_NS &&
		       !tcp_conn_cold(e->conn)->n_resets_received && !times_find(s, e->conn->id)))
		return 0;
	if (times_get(s, e->conn->id, &t) < 0)
		return -ENOMEM;
	if (!t)
		return 0;
	if (e->kind == TCP_KIND_SOCKET_DUMPED && e->dump == SOCKET_DUMP_START) {
		t->before_ns = heard;
		t->looked_ns = e->ts_ns;
		return 0;
	}
	t->heard_ns = heard;
	t->data_ns = data;
	t->sent_ns = time_before(e, TCP_INFO_LAST_DATA_SENT_MS);
	return 0;
}

uint64_t idle_worked_ns(const struct idle_times *t)
{
	return t->looked_ns && t->heard_ns > t->looked_ns ? t->looked_ns - t->before_ns : 0;
}

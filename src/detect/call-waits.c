// SPDX-License-Identifier: MIT
#include "detect/call-waits.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"

#define SERVICES_MAX 4096u
#define CONNS_MAX    65536u
/* A segment on Ethernet takes 1,460 bytes of data, less the options: more is sent at once. */
#define SMALL_BYTES 1400u
/* A way that is nearly as long as the delay makes every exchange wait so. */
#define RTT_MAX_US 15000u

/* What the calls on one connection did. */
struct conn_waits {
	uint64_t read_ns, written_ns; /* the last read and write that moved data; 0: none */
	uint32_t n_writes, n_reads;   /* since the other end's turn ended */
	uint32_t last_bytes;	      /* of the last write or read */
	uint64_t gap_ns;	      /* the longest time between two of these reads */
	bool is_small;		      /* each of these reads was small */
	uint64_t first_ns, last_ns;   /* of the waits */
	struct call_waits several, single, parts;
};

int call_waits_init(void *state)
{
	struct all_call_waits *s = state;

	s->by_service = (struct groups){.key_size = sizeof(((struct service_waits *)0)->key),
					.item_size = sizeof(struct service_waits)};
	s->pool.size = sizeof(struct conn_waits);
	return 0;
}

void call_waits_done(void *state)
{
	struct all_call_waits *s = state;

	groups_done(&s->by_service);
	map_done(&s->by_conn);
	arena_done(&s->arena);
}

/* *ret is NULL if there are too many connections. 0 or -ENOMEM. */
static int waits_get(struct all_call_waits *s, uint32_t id, struct conn_waits **ret)
{
	uint64_t *value = map_get(&s->by_conn, id);

	*ret = value ? (struct conn_waits *)(uintptr_t)*value : NULL;
	if (*ret || map_count(&s->by_conn) >= CONNS_MAX)
		return 0;
	*ret = pool_take(&s->pool, &s->arena);
	value = *ret ? map_put(&s->by_conn, id, NULL) : NULL;
	if (!value)
		return -ENOMEM;
	*value = (uintptr_t)*ret;
	return 0;
}

static bool is_delay(uint64_t ns)
{
	return ns >= CALL_WAIT_FROM_MS * NSEC_PER_MSEC && ns <= CALL_WAIT_TO_MS * NSEC_PER_MSEC;
}

static void wait_note(struct conn_waits *w, struct call_waits *of, uint64_t ns, uint64_t ts_ns)
{
	of->n++;
	if (!is_delay(ns))
		return;
	of->n_stalled++;
	of->waited_ns += ns;
	gather_span(&w->first_ns, &w->last_ns, ts_ns);
}

static void waits_write(struct conn_waits *w, uint64_t ts_ns, uint32_t bytes)
{
	/* The message that was read is complete, as it is answered. */
	if (w->n_reads > 1 && w->is_small)
		wait_note(w, &w->parts, w->gap_ns, ts_ns);
	w->n_reads = 0;
	w->n_writes++;
	w->written_ns = ts_ns;
	w->last_bytes = bytes;
}

static void waits_read(struct conn_waits *w, uint64_t ts_ns, uint32_t bytes)
{
	if (w->n_writes && w->last_bytes < SMALL_BYTES)
		wait_note(w, w->n_writes > 1 ? &w->several : &w->single, ts_ns - w->written_ns,
			  ts_ns);
	if (!w->n_reads++) {
		w->gap_ns = 0;
		w->is_small = true;
	} else if (ts_ns - w->read_ns > w->gap_ns) {
		w->gap_ns = ts_ns - w->read_ns;
	}
	w->is_small &= bytes < SMALL_BYTES;
	w->n_writes = 0;
	w->read_ns = ts_ns;
}

int call_waits_event(void *state, const struct gathered *in, const struct gather_event *g)
{
	uint64_t bytes = tcp_event_call_bytes(g->e);
	struct conn_waits *w;

	(void)in;
	if (!bytes || !g->e->conn || !gather_event_is_wanted(g))
		return 0;
	if (waits_get(state, g->e->conn->id, &w) < 0)
		return -ENOMEM;
	if (w && g->e->kind == TCP_KIND_SEND_LENGTH)
		waits_write(w, g->e->ts_ns, (uint32_t)bytes);
	else if (w)
		waits_read(w, g->e->ts_ns, (uint32_t)bytes);
	return 0;
}

static void service_note_whose(struct service_waits *a, const struct tcp_conn *c)
{
	if (!a->n_conns)
		a->peer = c->remote.addr;
	a->has_several_peers |= !ip_addr_equal(&a->peer, &c->remote.addr);
	if (!c->owner.pid || a->has_several_programs)
		return;
	if (a->pid && a->pid != c->owner.pid) {
		a->has_several_programs = true;
		a->pid = 0;
		return;
	}
	a->pid = c->owner.pid;
	if (c->owner.comm)
		snprintf(a->comm, sizeof(a->comm), "%s", c->owner.comm);
}

static void service_add(struct service_waits *a, const struct tcp_conn *c,
			const struct conn_waits *w)
{
	call_waits_add(&a->several, &w->several);
	call_waits_add(&a->single, &w->single);
	call_waits_add(&a->parts, &w->parts);
	if (!w->several.n_stalled && !w->parts.n_stalled)
		return;
	service_note_whose(a, c);
	a->n_conns++;
	if (!a->first_ns || w->first_ns < a->first_ns)
		a->first_ns = w->first_ns;
	if (w->last_ns > a->last_ns)
		a->last_ns = w->last_ns;
}

int call_waits_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
		    const struct conn_history *history)
{
	const struct conn_subject subject = gathered_subject_of_conn(in, c);
	const struct tcp_conn_info *info = tcp_conn_info(c);
	struct all_call_waits *s = state;
	uint64_t *value = map_get(&s->by_conn, c->id);
	struct service_waits *a, key;
	struct conn_waits *w;
	int r;

	(void)history;
	if (!value)
		return 0;
	w = (struct conn_waits *)(uintptr_t)*value;
	map_del(&s->by_conn, c->id);
	memset(&key, 0, sizeof(key));
	key.key.is_served = subject.is_served;
	key.key.port = subject.is_served ? subject.local.port : subject.remote.port;
	a = groups_get_up_to(&s->by_service, &key.key, SERVICES_MAX, &r);
	if (a && !(info->has_min_rtt && info->min_rtt_us > RTT_MAX_US))
		service_add(a, c, w);
	pool_give(&s->pool, w);
	return r;
}

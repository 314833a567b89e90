// SPDX-License-Identifier: MIT
/*
 * Ends connections and emits them. CLOSE ends a connection; tcp_destroy_sock ends its socket, which
 * may be much later; after that, the kernel sends the final tcp_info from a work queue. A
 * connection is emitted when nothing more can come, in the order of CLOSE.
 */
#include <errno.h>
#include <stdlib.h>

#include "tcp/names.h"
#include "track/ending.h"
#include "track/tracker-state.h"

/* How long a connection whose socket is destroyed waits for its final tcp_info, from the time at
 * which the recorder could have read it; for all else, such as the end of its other end; and how
 * long it waits for anything on a stream. */
#define FINAL_WAIT_NS 10000000000u
#define WAIT_NS	      2000000000u
#define LIVE_WAIT_NS  200000000u
/* The most connections in the queue: a process may keep a closed socket for as long as it likes. */
#define ENDED_MAX (1u << 16)
/* Two events at most this far apart may be from one call of a softirq: the acknowledgement of our
 * FIN, and CLOSE. */
#define AT_ONCE_NS 50000u

void tracker_forget(struct tracker *t, struct tcp_conn *c)
{
	listeners_remove(&t->listeners, c);
	conns_free(&t->conns, c);
}

static void ended_push(struct tracker *t, struct tcp_conn *c)
{
	c->next = 0;
	if (t->ended.tail)
		t->ended.tail->next = conn_store_number(c);
	else
		t->ended.head = c;
	t->ended.tail = c;
	t->ended.n++;
	c->phase = CONN_CLOSED;
}

static void conn_end_at(struct tracker *t, struct tcp_conn *c, uint64_t ts_ns)
{
	listeners_remove(&t->listeners, c);
	c->end_ns = ts_ns;
	if (tracker_keeps(t) && c->phase == CONN_ALIVE)
		ended_push(t, c);
	else
		c->phase = CONN_EMITTED;
}

void tracker_close(struct tracker *t, struct tcp_conn *c, uint64_t ts_ns)
{
	if (tcp_conn_is_closed(c))
		return;
	/* end_ns, which shares its memory with fin_wait2_ns, is set after this. */
	c->is_early_time_wait = c->last_state == TCP_STATE_FIN_WAIT2 &&
				(!c->fin_wait2_ns || ts_ns - c->fin_wait2_ns < AT_ONCE_NS);
	conn_end_at(t, c, ts_ns);
}

/* Whether the final tcp_info of a socket that was destroyed at ts_ns may yet come. */
static bool final_may_come(const struct tracker *t, uint64_t ts_ns)
{
	return t->expected & TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL) &&
	       !(t->has_pauses && pauses_are_whole_at(&t->pauses, ts_ns));
}

bool tracker_destroy(struct tracker *t, struct tcp_conn *c, uint64_t ts_ns)
{
	bool is_final_to_come = final_may_come(t, ts_ns);

	conns_drop_id(&t->conns, c);
	if (!tracker_keeps(t) || tcp_conn_is_emitted(c)) {
		tracker_forget(t, c);
		return true;
	}
	if (!tcp_conn_is_closed(c))
		conn_end_at(t, c, ts_ns);
	/* A socket that is destroyed later than CLOSE still had a process when the peer's FIN
	 * came. */
	if (ts_ns - c->end_ns > AT_ONCE_NS)
		c->is_early_time_wait = false;
	c->gone_ns = ts_ns;
	c->phase = is_final_to_come && !c->has_final && !tcp_conn_is_listener(c) ? CONN_DESTROYED
										 : CONN_COMPLETE;
	return false;
}

void tracker_supersede(struct tracker *t, struct tcp_conn *c, uint64_t ts_ns)
{
	bool was_closed = tcp_conn_is_closed(c);
	uint64_t last_ns = c->state_ns ? c->state_ns : c->seen_ns;

	if (tracker_destroy(t, c, ts_ns))
		return;
	if (!was_closed) {
		c->ending = TCP_ENDING_UNSEEN;
		c->end_ns = last_ns;
		tracker_claim_unmatched_final(t, c);
	}
	/* If the socket is connected once more, its final tcp_info is about the later
	 * connection. */
	c->phase = CONN_COMPLETE;
}

static bool conn_is_due(const struct tracker *t, const struct tcp_conn *c, uint64_t now)
{
	bool is_live = t->options.is_live;
	bool lacks_final = !c->has_final && t->expected & TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL);
	uint64_t wait = is_live ? LIVE_WAIT_NS : lacks_final ? FINAL_WAIT_NS : WAIT_NS;

	if (t->ended.n > ENDED_MAX)
		return true;
	if (tracker_attempt_waits(c, now, wait))
		return false;
	if (c->phase == CONN_COMPLETE)
		return true;
	if (c->phase == CONN_DESTROYED)
		return now > c->gone_ns && now - c->gone_ns > wait &&
		       now > losses_end_at(&t->held_up, c->gone_ns) + wait;
	if (!is_live && (t->expected & TCP_KIND_BIT(TCP_KIND_DESTROY)))
		return false;
	return now > c->end_ns && now - c->end_ns > wait;
}

static int conn_emit(struct tracker *t, struct tcp_conn *c, struct fault *fault)
{
	if (tracker_subflow_learn(t, c) < 0)
		return fault_no_memory(fault);
	if (tcp_conn_is_closed(c) && c->ending == TCP_ENDING_OPEN)
		ending_decide(c);
	c->has_loss = losses_overlap(&t->losses, c->seen_ns, c->end_ns);
	c->is_unasked = t->has_pauses && tcp_conn_is_gone(c) && !c->has_final &&
			pauses_are_at(&t->pauses, c->gone_ns);
	return t->options.ended(t->options.userdata, c, fault);
}

static int ended_pop(struct tracker *t, struct fault *fault)
{
	struct tcp_conn *c = t->ended.head;
	bool is_gone = tcp_conn_is_gone(c);
	int r;

	t->ended.head = conn_store_at(&t->conns.store, c->next);
	if (!c->next)
		t->ended.tail = NULL;
	t->ended.n--;
	if (tracker_waits_for_far_end(c))
		t->n_cleared--;
	else if (c->phase == CONN_DESTROYED && tracker_note_without_final(t, c) < 0)
		return fault_no_memory(fault);
	r = conn_emit(t, c, fault);
	c->phase = CONN_EMITTED;
	if (is_gone)
		tracker_forget(t, c);
	return r;
}

int tracker_advance(struct tracker *t, uint64_t now_ns, struct fault *fault)
{
	int r = 0;

	while (!r && t->ended.head && conn_is_due(t, t->ended.head, now_ns))
		r = ended_pop(t, fault);
	return r;
}

/* The rest: the connections that are left at the end of the tape, when the queue is empty. */
struct rest {
	struct tracker *tracker;
	uint64_t end_ns;
	uint32_t *items; /* numbers of places */
	size_t n;
};

/* Decides whether a connection of the rest is open. If the table at the end has every socket of the
 * host, a connection that is not in it has gone, though its end was not seen. */
static void rest_decide(void *userdata, struct tcp_conn *c)
{
	const struct rest *rest = userdata;

	if (c->phase != CONN_ALIVE)
		return;
	if (c->origin == TCP_ORIGIN_HALF_OPEN) {
		c->ending = TCP_ENDING_UNSEEN;
	} else if (rest->tracker->has_whole_end_dump && !c->is_in_end_dump) {
		c->ending = TCP_ENDING_UNSEEN;
		c->end_ns = c->state_ns ? c->state_ns : c->seen_ns;
		tracker_claim_unmatched_final(rest->tracker, c);
	} else {
		c->end_ns = rest->end_ns;
	}
}

static void rest_collect(void *userdata, struct tcp_conn *c)
{
	struct rest *rest = userdata;

	if (!tcp_conn_is_emitted(c))
		rest->items[rest->n++] = conn_store_number(c);
}

/* Sorts by end_ns, open connections last. */
static int rest_order(const void *a, const void *b, void *store)
{
	const struct tcp_conn *x = conn_store_at(store, *(const uint32_t *)a);
	const struct tcp_conn *y = conn_store_at(store, *(const uint32_t *)b);
	bool x_open = x->ending == TCP_ENDING_OPEN, y_open = y->ending == TCP_ENDING_OPEN;

	if (x_open != y_open)
		return x_open ? 1 : -1;
	if (x->end_ns != y->end_ns)
		return x->end_ns < y->end_ns ? -1 : 1;
	return x->id < y->id ? -1 : 1;
}

static int rest_emit(struct tracker *t, const struct rest *rest, struct fault *fault)
{
	int r = 0;

	for (size_t i = 0; !r && i < rest->n; i++) {
		struct tcp_conn *c = conn_store_at(&t->conns.store, rest->items[i]);

		if (tracker_attempt_open(t, c) < 0)
			return fault_no_memory(fault);
		r = conn_emit(t, c, fault);
		c->phase = tcp_conn_is_closed(c) ? CONN_EMITTED : CONN_MUTE;
	}
	return r;
}

int tracker_finish(struct tracker *t, uint64_t end_ns, struct fault *fault)
{
	uint32_t *items CLEANUP(free_p) = NULL;
	struct rest rest = {t, end_ns, NULL, 0};
	int r = 0;

	if (!tracker_keeps(t))
		return 0;
	while (!r && t->ended.head)
		r = ended_pop(t, fault);
	if (r < 0)
		return r;
	items = calloc(t->conns.n_alive + 1, sizeof(*items));
	if (!items)
		return fault_no_memory(fault);
	rest.items = items;
	conns_each(&t->conns, rest_decide, &rest);
	conns_each(&t->conns, rest_collect, &rest);
	qsort_r(items, rest.n, sizeof(*items), rest_order, &t->conns.store);
	return rest_emit(t, &rest, fault);
}

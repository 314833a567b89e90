// SPDX-License-Identifier: MIT
/*
 * A connection is over at its CLOSE; its socket at tcp_destroy_sock, which may come much later;
 * and the kernel's last word, its tcp_info, comes behind that, from a work queue. It is given out
 * when nothing more can come, in the order of CLOSE.
 */
#include <errno.h>
#include <stdlib.h>

#include "track/ending.h"
#include "tcp/names.h"
#include "track/tracker-state.h"

/* For the last word on a socket that is gone. */
#define LAST_WORD_NS	  2000000000u
#define LAST_WORD_LIVE_NS 200000000u
/* A process may keep a closed socket for as long as it likes; so many may wait for theirs. */
#define ENDED_MAX (1u << 16)
/* Between the acknowledgement of our FIN and the end: one softirq's work. */
#define AT_ONCE_NS 50000u

void tracker_forget(struct tracker *t, struct tcp_conn *c)
{
	listeners_remove(&t->listeners, c);
	conns_free(&t->conns, c);
}

static void push(struct tracker *t, struct tcp_conn *c)
{
	c->next = 0;
	if (t->ended.tail)
		t->ended.tail->next = conn_store_number(c);
	else
		t->ended.head = c;
	t->ended.tail = c;
	t->ended.n++;
	c->is_queued = true;
}

static void end_at(struct tracker *t, struct tcp_conn *c, uint64_t ts_ns)
{
	listeners_remove(&t->listeners, c);
	c->is_closing = true;
	c->end_ns = ts_ns;
	if (tracker_keeps(t) && !c->is_emitted)
		push(t, c);
}

void tracker_close(struct tracker *t, struct tcp_conn *c, uint64_t ts_ns)
{
	if (c->is_closing)
		return;
	/* end_at takes fin_wait2_ns away. */
	c->is_early_time_wait = c->last_state == TCP_STATE_FIN_WAIT2 &&
				(!c->fin_wait2_ns || ts_ns - c->fin_wait2_ns < AT_ONCE_NS);
	end_at(t, c, ts_ns);
}

bool tracker_destroy(struct tracker *t, struct tcp_conn *c, uint64_t ts_ns)
{
	conns_drop_id(&t->conns, c);
	if (!tracker_keeps(t) || (c->is_emitted && !c->is_queued)) {
		tracker_forget(t, c);
		return true;
	}
	if (!c->is_closing)
		end_at(t, c, ts_ns);
	/* A process that closes the socket later was still there when the peer's FIN came. */
	if (ts_ns - c->end_ns > AT_ONCE_NS)
		c->is_early_time_wait = false;
	c->is_gone = true;
	c->gone_ns = ts_ns;
	c->is_ready = tcp_conn_is_listener(c) || c->has_final ||
		      !(t->expected & TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL));
	return false;
}

void tracker_supersede(struct tracker *t, struct tcp_conn *c, uint64_t ts_ns)
{
	bool was_closing = c->is_closing;
	uint64_t last_ns = c->state_ns ? c->state_ns : c->seen_ns;

	if (tracker_destroy(t, c, ts_ns))
		return;
	if (!was_closing) {
		c->ending = TCP_ENDING_UNSEEN;
		c->end_ns = last_ns;
		tracker_claim_unmatched_final(t, c);
	}
	/* It may be the same socket that connects once more: its last word is not about this. */
	c->is_ready = true;
}

static bool is_due(const struct tracker *t, const struct tcp_conn *c, uint64_t now)
{
	bool is_live = t->options.is_live;
	uint64_t last_word = is_live ? LAST_WORD_LIVE_NS : LAST_WORD_NS;

	if (c->is_ready || t->ended.n > ENDED_MAX)
		return true;
	if (c->is_gone)
		return now > c->gone_ns && now - c->gone_ns > last_word;
	if (!is_live && (t->expected & TCP_KIND_BIT(TCP_KIND_DESTROY)))
		return false;
	return now > c->end_ns && now - c->end_ns > last_word;
}

static int tell(struct tracker *t, struct tcp_conn *c, struct fault *fault)
{
	if (c->is_emitted)
		return 0;
	c->is_emitted = true;
	if (c->is_closing && c->ending == TCP_ENDING_OPEN)
		ending_decide(c);
	c->has_loss = losses_overlap(&t->losses, c->seen_ns, c->end_ns);
	return t->options.ended(t->options.userdata, c, fault);
}

static int pop(struct tracker *t, struct fault *fault)
{
	struct tcp_conn *c = t->ended.head;
	int r;

	t->ended.head = conn_store_at(&t->conns.store, c->next);
	if (!c->next)
		t->ended.tail = NULL;
	t->ended.n--;
	c->is_queued = false;
	r = tell(t, c, fault);
	if (c->is_gone)
		tracker_forget(t, c);
	return r;
}

int tracker_advance(struct tracker *t, uint64_t now_ns, struct fault *fault)
{
	int r = 0;

	while (!r && t->ended.head && is_due(t, t->ended.head, now_ns))
		r = pop(t, fault);
	return r;
}

/* Those that have not been given out. */
struct rest {
	struct tracker *tracker;
	uint64_t end_ns;
	uint32_t *items; /* numbers of places */
	size_t n;
};

/* One that is in no table of the end has gone, whatever its events say. */
static void decide_open(void *userdata, struct tcp_conn *c)
{
	const struct rest *rest = userdata;

	if (c->is_emitted || c->is_closing)
		return;
	if (c->origin == TCP_ORIGIN_HALF_OPEN) {
		c->ending = TCP_ENDING_UNSEEN;
	} else if (rest->tracker->is_end_listed && !c->is_in_end_dump) {
		c->ending = TCP_ENDING_UNSEEN;
		c->end_ns = c->state_ns ? c->state_ns : c->seen_ns;
		tracker_claim_unmatched_final(rest->tracker, c);
	} else {
		c->end_ns = rest->end_ns;
	}
}

static void collect(void *userdata, struct tcp_conn *c)
{
	struct rest *rest = userdata;

	if (!c->is_emitted)
		rest->items[rest->n++] = conn_store_number(c);
}

static int by_end(const void *a, const void *b, void *store)
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

int tracker_finish(struct tracker *t, uint64_t end_ns, struct fault *fault)
{
	uint32_t *items CLEANUP(free_p) = NULL;
	struct rest rest = {t, end_ns, NULL, 0};
	int r = 0;

	if (!tracker_keeps(t))
		return 0;
	while (!r && t->ended.head)
		r = pop(t, fault);
	if (r < 0)
		return r;
	items = calloc(t->conns.n_alive + 1, sizeof(*items));
	if (!items)
		return fault_errno(fault, -ENOMEM, "open connections");
	rest.items = items;
	conns_each(&t->conns, decide_open, &rest);
	conns_each(&t->conns, collect, &rest);
	qsort_r(items, rest.n, sizeof(*items), by_end, &t->conns.store);
	for (size_t i = 0; !r && i < rest.n; i++)
		r = tell(t, conn_store_at(&t->conns.store, items[i]), fault);
	return r;
}

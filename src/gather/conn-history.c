// SPDX-License-Identifier: MIT
#include "gather/conn-history.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gather/history-thin.h"
#include "tcp/conn.h"
#include "tcp/names.h"

/* Limits: all histories together take about 60 MiB. The least room of a history, EVENTS_LEAST, is
 * there for each of RECORDS_MAX histories, and for the worst connections, which keep theirs. */
#define PIECES_MAX   220000u
#define RECORDS_MAX  65536u
#define EVENTS_MOST  238u
#define EVENTS_LEAST 21u
/* Slots of samples of all connections take at most 29 MiB. */
#define SLOTS_MAX  262144u
#define SLOTS_EACH 64u

int conn_histories_init(struct conn_histories *t)
{
	*t = (struct conn_histories){.pieces.size = sizeof(struct history_piece),
				     .records.size = sizeof(struct conn_history),
				     .stories.size = sizeof(struct conn_figures),
				     .samples_room = {.each = SLOTS_EACH, .max = SLOTS_MAX},
				     .events_max = EVENTS_MOST};
	return recent_states_init(&t->recent);
}

static void histories_drop_samples(struct conn_histories *t)
{
	uint64_t key, place;
	size_t pos = 0;

	while (map_next(&t->by_conn, &pos, &key, &place)) {
		struct conn_history *of = (struct conn_history *)(uintptr_t)place;

		conn_samples_done(&of->samples, &t->samples_room);
	}
}

void conn_histories_done(struct conn_histories *t)
{
	histories_drop_samples(t);
	free(t->scratch);
	arena_done(&t->arena);
	map_done(&t->by_conn);
	recent_states_done(&t->recent);
}

struct conn_history *conn_histories_find(const struct conn_histories *t, const struct tcp_conn *c)
{
	const uint64_t *place = map_get(&t->by_conn, c->id);

	return place ? (struct conn_history *)(uintptr_t)*place : NULL;
}

/* Begins a history with the states that the connection went through while it had none. */
static int history_begin(struct conn_histories *t, struct conn_history *of,
			 const struct tcp_conn *c)
{
	const struct recent_state_list *recent = recent_states_of(&t->recent, c->id);
	int r = 0;

	of->state = c->state;
	of->state_ns = tcp_conn_is_gone(c) ? 0 : c->state_ns;
	/* The list is of use only if it leads to the state that the connection is in. */
	if (!recent || recent->states[recent->n - 1] != c->state)
		return 0;
	of->state = recent->before;
	of->state_ns = of->state == TCP_STATE_ESTABLISHED ? c->established_ns : 0;
	for (unsigned int i = 0; !r && i < recent->n; i++)
		r = conn_histories_add(t, of,
				       &(struct history_event){.ts_ns = recent->at_ns[i],
							       .kind = HISTORY_STATE,
							       .detail = recent->states[i]});
	return r;
}

int conn_histories_of(struct conn_histories *t, const struct tcp_conn *c, struct conn_history **ret)
{
	struct conn_history *of = conn_histories_find(t, c);
	bool is_established = c->was_established || c->established_ns;
	uint64_t *place;

	*ret = of;
	if (of)
		return 0;
	if (t->n_records >= (is_established ? RECORDS_MAX : RECORDS_MAX / 2)) {
		t->n_refused++;
		return 0;
	}
	of = pool_take(&t->records, &t->arena);
	place = of ? map_put(&t->by_conn, c->id, NULL) : NULL;
	if (!place)
		return -ENOMEM;
	*place = (uintptr_t)of;
	t->n_records++;
	*ret = of;
	return history_begin(t, of, c);
}

/* True if m belongs to the last entry: fast recovery, and the loss state that follows a timeout,
 * retransmit many segments at once, which make one entry. */
static bool event_is_same(const struct history_event *last, const struct history_event *m)
{
	return m->kind == HISTORY_RETRANSMIT &&
	       (m->detail == TCP_CAUSE_FAST || m->detail == TCP_CAUSE_LOSS ||
		m->detail == TCP_CAUSE_RECOVERY) &&
	       last->kind == HISTORY_RETRANSMIT && last->detail == m->detail &&
	       m->ts_ns - last->ts_ns < HISTORY_AT_ONCE_NS;
}

size_t conn_history_events(const struct conn_history *of, struct history_event *items, size_t max)
{
	size_t n = 0;

	for (const struct history_piece *piece = of->first; piece; piece = piece->next) {
		for (uint32_t i = 0; i < piece->n && n < max; i++)
			items[n++] = piece->items[i];
	}
	return n;
}

uint64_t conn_history_trouble_ns(const struct conn_history *of)
{
	for (const struct history_piece *piece = of->first; piece; piece = piece->next) {
		for (uint32_t i = 0; i < piece->n; i++) {
			if (piece->items[i].kind != HISTORY_STATE &&
			    piece->items[i].kind != HISTORY_CONGESTION)
				return piece->items[i].ts_ns;
		}
	}
	return 0;
}

static void pieces_give(struct conn_histories *t, struct history_piece *piece)
{
	while (piece) {
		struct history_piece *next = piece->next;

		pool_give(&t->pieces, piece);
		t->n_pieces--;
		piece = next;
	}
}

/* Returns room for the events of one history. events_max only becomes smaller. NULL: no memory. */
static struct history_event *histories_scratch(struct conn_histories *t)
{
	if (t->scratch)
		return t->scratch;
	t->scratch_max = t->events_max + HISTORY_EVENTS_PER_PIECE;
	t->scratch = malloc(t->scratch_max * sizeof(*t->scratch));
	return t->scratch;
}

/* Thins a history to three quarters of what it may have, so that it is not thinned again soon. */
static void history_shorten(struct conn_histories *t, struct conn_history *of)
{
	struct history_event *items = histories_scratch(t);
	struct history_piece *piece = of->first;
	size_t n, at = 0;

	/* Without memory the next events are left out. */
	if (!items)
		return;
	n = conn_history_events(of, items, t->scratch_max);
	n = history_thin(items, n, t->events_max / 4 * 3, of->widths);
	if (n > t->events_max) {
		of->n_left_out += (uint32_t)(n - t->events_max);
		n = t->events_max;
	}
	of->n_events_kept = (uint32_t)n;
	for (;; piece = piece->next) {
		piece->n = 0;
		while (piece->n < HISTORY_EVENTS_PER_PIECE && at < n)
			piece->items[piece->n++] = items[at++];
		if (at == n)
			break;
	}
	pieces_give(t, piece->next);
	piece->next = NULL;
	of->last = piece;
}

/* Makes room for more histories: each may be half as long as before. */
static void histories_shorten(struct conn_histories *t)
{
	uint64_t key, place;
	size_t pos = 0;

	t->events_max = t->events_max / 2 > EVENTS_LEAST ? t->events_max / 2 : EVENTS_LEAST;
	while (map_next(&t->by_conn, &pos, &key, &place)) {
		struct conn_history *of = (struct conn_history *)(uintptr_t)place;

		if (of->n_events_kept > t->events_max)
			history_shorten(t, of);
	}
}

/* Makes sure that the last piece has room. False: it has none. */
static bool history_has_room(struct conn_histories *t, struct conn_history *of)
{
	if (of->last && of->last->n < HISTORY_EVENTS_PER_PIECE)
		return true;
	if (of->n_events_kept >= t->events_max)
		history_shorten(t, of);
	if (t->n_pieces >= PIECES_MAX && t->events_max > EVENTS_LEAST)
		histories_shorten(t);
	return of->last && of->last->n < HISTORY_EVENTS_PER_PIECE;
}

/* Adds an empty piece. *ret is NULL if there is no room. */
static int history_grow(struct conn_histories *t, struct conn_history *of,
			struct history_piece **ret)
{
	*ret = NULL;
	if (of->n_events_kept >= t->events_max || t->n_pieces >= PIECES_MAX)
		return 0;
	*ret = pool_take(&t->pieces, &t->arena);
	if (!*ret)
		return -ENOMEM;
	t->n_pieces++;
	if (of->last)
		of->last->next = *ret;
	else
		of->first = *ret;
	of->last = *ret;
	return 0;
}

int conn_histories_add(struct conn_histories *t, struct conn_history *of,
		       const struct history_event *m)
{
	struct history_piece *piece = of->last;
	struct history_event *last = piece && piece->n ? &piece->items[piece->n - 1] : NULL;
	struct history_event *item;
	int r = 0;

	if (last && !t->keeps_each && event_is_same(last, m)) {
		last->n++;
		last->until_ns = m->ts_ns;
		return 0;
	}
	if (history_has_room(t, of))
		piece = of->last;
	else
		r = history_grow(t, of, &piece);
	if (r < 0)
		return r;
	if (!piece) {
		if (!of->n_left_out++)
			of->left_out_first_ns = m->ts_ns;
		of->left_out_last_ns = m->ts_ns;
		return 0;
	}
	item = &piece->items[piece->n++];
	*item = *m;
	item->until_ns = m->ts_ns;
	item->n = 1;
	of->n_events_kept++;
	return 0;
}

struct conn_history *conn_histories_take(struct conn_histories *t, const struct tcp_conn *c)
{
	struct conn_history *of = conn_histories_find(t, c);

	if (of)
		map_del(&t->by_conn, c->id);
	return of;
}

void conn_histories_give(struct conn_histories *t, struct conn_history *of)
{
	if (of) {
		pieces_give(t, of->first);
		conn_samples_done(&of->samples, &t->samples_room);
		t->n_stories -= of->story != NULL;
		pool_give(&t->stories, of->story);
		t->n_records--;
	}
	pool_give(&t->records, of);
}

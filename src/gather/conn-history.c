// SPDX-License-Identifier: MIT
#include "gather/conn-history.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/units.h"
#include "tcp/conn.h"

/* Limits: all histories together take about 50 MiB, and each has at most 238 events. */
#define PIECES_MAX	  400000u
#define PIECES_OF_ONE_MAX 34u
#define RECORDS_MAX	  65536u
#define AT_ONCE_NS	  (5 * NSEC_PER_MSEC)

void conn_histories_init(struct conn_histories *t)
{
	*t = (struct conn_histories){.pieces.size = sizeof(struct history_piece),
				     .records.size = sizeof(struct conn_history)};
}

void conn_histories_done(struct conn_histories *t)
{
	arena_done(&t->arena);
	map_done(&t->by_conn);
}

struct conn_history *conn_histories_find(const struct conn_histories *t, const struct tcp_conn *c)
{
	const uint64_t *place = map_get(&t->by_conn, c->id);

	return place ? (struct conn_history *)(uintptr_t)*place : NULL;
}

int conn_histories_of(struct conn_histories *t, const struct tcp_conn *c, struct conn_history **ret)
{
	struct conn_history *of = conn_histories_find(t, c);
	uint64_t *place;

	*ret = of;
	if (of)
		return 0;
	if (t->n_records >= RECORDS_MAX) {
		t->n_refused++;
		return 0;
	}
	of = pool_take(&t->records, &t->arena);
	place = of ? map_put(&t->by_conn, c->id, NULL) : NULL;
	if (!place)
		return -ENOMEM;
	*place = (uintptr_t)of;
	t->n_records++;
	of->state = c->state;
	of->state_ns = tcp_conn_is_gone(c) ? 0 : c->state_ns;
	*ret = of;
	return 0;
}

/* True if m belongs to the last entry: fast recovery, and the loss state that follows a timeout,
 * retransmit many segments at once, which make one entry. */
static bool event_is_same(const struct history_event *last, const struct history_event *m)
{
	return m->kind == HISTORY_RETRANSMIT &&
	       (m->detail == TCP_CAUSE_FAST || m->detail == TCP_CAUSE_LOSS ||
		m->detail == TCP_CAUSE_RECOVERY) &&
	       (last->kind == HISTORY_RETRANSMIT || last->kind == HISTORY_AGAIN) &&
	       last->detail == m->detail && m->ts_ns - last->ts_ns < AT_ONCE_NS;
}

int conn_histories_add(struct conn_histories *t, struct conn_history *of,
		       const struct history_event *m)
{
	struct history_piece *piece = of->last;
	struct history_event *last = piece && piece->n ? &piece->items[piece->n - 1] : NULL;

	if (last && event_is_same(last, m)) {
		last->value = last->kind == HISTORY_AGAIN ? last->value + 1 : 2;
		last->kind = HISTORY_AGAIN;
		return 0;
	}
	if (!piece || piece->n == HISTORY_EVENTS_PER_PIECE) {
		if (of->n_events_kept >= PIECES_OF_ONE_MAX * HISTORY_EVENTS_PER_PIECE ||
		    t->n_pieces >= PIECES_MAX) {
			of->n_left_out++;
			return 0;
		}
		piece = pool_take(&t->pieces, &t->arena);
		if (!piece)
			return -ENOMEM;
		t->n_pieces++;
		if (of->last)
			of->last->next = piece;
		else
			of->first = piece;
		of->last = piece;
	}
	piece->items[piece->n++] = *m;
	of->n_events_kept++;
	return 0;
}

bool conn_history_timeout(struct conn_history *t, uint64_t ts_ns, uint32_t rto_us)
{
	struct timeout_run *run = &t->run;

	if (!run->n)
		*run = (struct timeout_run){.from_ns = ts_ns};
	run->n++;
	run->to_ns = ts_ns;
	if (run->n >= 2 && run->n - 2u < HISTORY_WAITS)
		run->waits_us[run->n - 2] = rto_us;
	if (run->n == STALL_TIMEOUTS) {
		t->stall_series++;
		t->stall_retrans += run->n;
	} else if (run->n > STALL_TIMEOUTS) {
		t->stall_retrans++;
	}
	if (run->n > t->worst_run.n)
		t->worst_run = *run;
	return run->n == 1;
}

void conn_history_failed(struct conn_history *t)
{
	t->run.n_failed++;
	if (t->run.n == t->worst_run.n)
		t->worst_run.n_failed = t->run.n_failed;
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
	struct history_piece *piece = of ? of->first : NULL;

	while (piece) {
		struct history_piece *next = piece->next;

		pool_give(&t->pieces, piece);
		t->n_pieces--;
		piece = next;
	}
	if (of)
		t->n_records--;
	pool_give(&t->records, of);
}

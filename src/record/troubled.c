// SPDX-License-Identifier: MIT
#include "record/troubled.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/units.h"
#include "tcp/names.h"

/* idiag_timer of struct inet_diag_msg. */
#define TIMER_RETRANSMIT 1
#define TIMER_PROBE	 4

void troubled_done(struct troubled *t)
{
	map_done(&t->by_sk);
	map_done(&t->by_cookie);
	t->n = 0;
}

bool troubled_shows(const struct socket_row *row)
{
	return row->timer == TIMER_PROBE || (row->timer == TIMER_RETRANSMIT && row->retrans);
}

static void address_put(uint8_t *to, bool is_v4, const uint8_t *v4, const uint8_t *v6)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (is_v4) {
		memcpy(to, mapped, sizeof(mapped));
		memcpy(to + sizeof(mapped), v4, 4);
	} else {
		memcpy(to, v6, 16);
	}
}

static struct sock_diag_ends row_ends_of(const struct socket_row *row)
{
	struct sock_diag_ends ends = {.sport = row->sport, .dport = row->dport};
	bool is_v4 = row->family == AF_INET;

	address_put(ends.source, is_v4, row->saddr, row->saddr_v6);
	address_put(ends.destination, is_v4, row->daddr, row->daddr_v6);
	return ends;
}

bool troubled_is_at(const struct sock_diag_ends *ends, const struct socket_row *row)
{
	struct sock_diag_ends other = row_ends_of(row);

	return !memcmp(ends, &other, sizeof(other));
}

static void conn_drop_keys(struct troubled *t, const struct troubled_conn *c)
{
	if (c->sk)
		(void)map_del(&t->by_sk, c->sk);
	if (c->cookie)
		(void)map_del(&t->by_cookie, c->cookie);
}

void troubled_forget(struct troubled *t, size_t i)
{
	struct troubled_conn *c = &t->items[i], *last = &t->items[t->n - 1];
	uint64_t *place;

	conn_drop_keys(t, c);
	t->n--;
	if (c == last)
		return;
	*c = *last;
	place = c->sk ? map_get(&t->by_sk, c->sk) : NULL;
	if (place)
		*place = i + 1;
	place = c->cookie ? map_get(&t->by_cookie, c->cookie) : NULL;
	if (place)
		*place = i + 1;
}

void troubled_age(struct troubled *t, uint64_t now)
{
	for (size_t i = t->n; i-- > 0;) {
		if (now > t->items[i].last_ns + TROUBLED_STAY_NS)
			troubled_forget(t, i);
	}
}

/* The index of the connection with this key. False: there is none. */
static bool conn_find(const struct map *keys, uint64_t key, size_t *ret)
{
	const uint64_t *place = map_get(keys, key);

	if (place)
		*ret = *place - 1;
	return place;
}

static int key_set(struct troubled *t, struct map *keys, uint64_t key,
		   const struct troubled_conn *c)
{
	uint64_t *place = map_put(keys, key, NULL);

	if (!place)
		return -ENOMEM;
	*place = (uint64_t)(c - t->items) + 1;
	return 0;
}

/* The place for one more; NULL: there is none. */
static struct troubled_conn *conn_add(struct troubled *t)
{
	if (t->n == TROUBLED_MAX) {
		t->n_left_out++;
		return NULL;
	}
	return &t->items[t->n++];
}

static uint64_t sk_of(const struct row_ends *places, const uint8_t *row)
{
	uint64_t sk = 0;
	uint32_t half;

	if (places->sk_size == sizeof(sk)) {
		memcpy(&sk, row + places->sk, sizeof(sk));
		return sk;
	}
	memcpy(&half, row + places->sk, sizeof(half));
	return half;
}

static struct sock_diag_ends ends_of(const struct row_ends *places, const uint8_t *row)
{
	struct sock_diag_ends ends;

	memcpy(&ends.sport, row + places->sport, sizeof(ends.sport));
	memcpy(&ends.dport, row + places->dport, sizeof(ends.dport));
	memcpy(ends.source, row + places->source, sizeof(ends.source));
	memcpy(ends.destination, row + places->destination, sizeof(ends.destination));
	return ends;
}

int troubled_row(struct troubled *t, const struct row_ends *places, const uint8_t *row, size_t len,
		 uint64_t now)
{
	struct sock_diag_ends ends;
	struct troubled_conn *c;
	uint64_t sk;
	size_t i;

	if (len < places->len)
		return 0;
	sk = sk_of(places, row);
	ends = ends_of(places, row);
	if (!sk || !ends.sport || !ends.dport)
		return 0;
	if (conn_find(&t->by_sk, sk, &i)) {
		if (!memcmp(&t->items[i].ends, &ends, sizeof(ends))) {
			t->items[i].last_ns = now;
			return 0;
		}
		/* The kernel gives the address of a socket that is gone to the next one. */
		troubled_forget(t, i);
	}
	c = conn_add(t);
	if (!c)
		return 0;
	*c = (struct troubled_conn){.ends = ends, .sk = sk, .last_ns = now};
	return key_set(t, &t->by_sk, sk, c);
}

int troubled_socket(struct troubled *t, const struct socket_row *row, uint64_t now)
{
	struct troubled_conn *c;
	size_t i;

	if (!troubled_shows(row) || !row->sock_cookie)
		return 0;
	if (conn_find(&t->by_cookie, row->sock_cookie, &i)) {
		t->items[i].last_ns = now;
		return 0;
	}
	/* A row may have named it, and nobody has asked yet. */
	for (i = 0; i < t->n; i++) {
		c = &t->items[i];
		if (!c->cookie && troubled_is_at(&c->ends, row))
			return troubled_answer(t, i, row, now);
	}
	c = conn_add(t);
	if (!c)
		return 0;
	*c = (struct troubled_conn){.ends = row_ends_of(row),
				    .cookie = row->sock_cookie,
				    .netns = row->netns,
				    .last_ns = now};
	return key_set(t, &t->by_cookie, c->cookie, c);
}

int troubled_answer(struct troubled *t, size_t i, const struct socket_row *row, uint64_t now)
{
	struct troubled_conn *c = &t->items[i];

	c->netns = row->netns;
	if (troubled_shows(row))
		c->last_ns = now;
	if (c->cookie || !row->sock_cookie)
		return 0;
	c->cookie = row->sock_cookie;
	return key_set(t, &t->by_cookie, c->cookie, c);
}

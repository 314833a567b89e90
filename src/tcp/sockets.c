// SPDX-License-Identifier: MIT
#include "tcp/sockets.h"

#include <errno.h>

void sockets_done(struct sockets *s)
{
	map_done(&s->by_id);
	map_done(&s->listeners);
	arena_done(&s->arena);
	*s = (struct sockets){0};
}

struct tracked_socket *sockets_find(const struct sockets *s, uint64_t id)
{
	const uint64_t *place = map_get(&s->by_id, id);

	return place ? (struct tracked_socket *)(uintptr_t)*place : NULL;
}

struct tracked_socket *sockets_get(struct sockets *s, uint64_t id, uint32_t max, bool *ret_is_full)
{
	struct tracked_socket *k = sockets_find(s, id);
	uint64_t *place;

	*ret_is_full = !k && map_count(&s->by_id) >= max;
	if (k || *ret_is_full)
		return k;
	k = s->free;
	if (!k) {
		k = arena_alloc(&s->arena, sizeof(*k));
		if (!k)
			return NULL;
		s->free = k;
	}
	place = map_put(&s->by_id, id, NULL);
	if (!place)
		return NULL;
	s->free = k->next_free;
	*k = (struct tracked_socket){0};
	*place = (uintptr_t)k;
	return k;
}

static uint64_t endpoint_key(const struct endpoint *e)
{
	uint64_t key = 0xcbf29ce484222325ULL ^ e->addr.family ^ (uint64_t)e->port << 32;

	for (size_t i = 0; i < sizeof(e->addr.bytes); i++)
		key = (key ^ e->addr.bytes[i]) * 0x100000001b3ULL;
	return key;
}

static bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && ip_addr_equal(&a->addr, &b->addr);
}

static struct listener *find_listener(const struct sockets *s, const struct endpoint *at)
{
	for (uint64_t key = endpoint_key(at);; key++) {
		const uint64_t *place = map_get(&s->listeners, key);
		struct listener *l;

		if (!place)
			return NULL;
		l = (struct listener *)(uintptr_t)*place;
		if (endpoint_equal(&l->at, at))
			return l;
	}
}

/* Entries stay when their count falls to 0: there are few, and they come back. */
static struct listener *get_listener(struct sockets *s, const struct endpoint *at)
{
	struct listener *l = find_listener(s, at);
	uint64_t key = endpoint_key(at), *place;

	if (l)
		return l;
	while (map_get(&s->listeners, key))
		key++;
	l = arena_alloc(&s->arena, sizeof(*l));
	place = l ? map_put(&s->listeners, key, NULL) : NULL;
	if (!place)
		return NULL;
	l->at = *at;
	*place = (uintptr_t)l;
	return l;
}

int sockets_listen(struct sockets *s, struct tracked_socket *k)
{
	struct listener *l;

	if (k->is_listening || !k->has_local_addr || !k->local.port)
		return 0;
	l = get_listener(s, &k->local);
	if (!l)
		return -ENOMEM;
	if (!l->count) {
		l->is_mixed = false;
		l->owner = k->owner;
	} else if (l->owner.pid != k->owner.pid) {
		l->is_mixed = true;
	}
	l->count++;
	k->is_listening = true;
	return 0;
}

static void stop_listening(struct sockets *s, struct tracked_socket *k)
{
	struct listener *l = k->is_listening ? find_listener(s, &k->local) : NULL;

	if (l)
		l->count--;
	k->is_listening = false;
}

void sockets_renew(struct sockets *s, struct tracked_socket *k)
{
	stop_listening(s, k);
	*k = (struct tracked_socket){0};
}

void sockets_remove(struct sockets *s, uint64_t id)
{
	struct tracked_socket *k = sockets_find(s, id);

	if (!k)
		return;
	sockets_renew(s, k);
	map_del(&s->by_id, id);
	k->next_free = s->free;
	s->free = k;
}

const struct owner *sockets_listener(const struct sockets *s, const struct endpoint *local)
{
	const struct endpoint places[] = {
		*local,
		{.addr = {.family = 4}, .port = local->port},
		{.addr = {.family = 6}, .port = local->port},
	};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const struct listener *l = find_listener(s, &places[i]);

		if (!l || !l->count)
			continue;
		return l->is_mixed || !l->owner.pid ? NULL : &l->owner;
	}
	return NULL;
}

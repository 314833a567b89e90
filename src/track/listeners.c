// SPDX-License-Identifier: MIT
#include "track/listeners.h"

#include <errno.h>

/* All sockets that listen at one address and port. */
struct listener {
	struct endpoint at;
	uint32_t count;
	bool is_mixed; /* sockets of several processes, so that no one process is the owner */
	struct owner owner;
};

void listeners_done(struct listeners *l)
{
	map_done(&l->by_endpoint);
	arena_done(&l->arena);
	*l = (struct listeners){0};
}

static struct listener *listener_find(const struct listeners *s, const struct endpoint *at)
{
	for (uint64_t key = endpoint_hash(0, at);; key++) {
		const uint64_t *place = map_get(&s->by_endpoint, key);
		struct listener *l;

		if (!place)
			return NULL;
		l = (struct listener *)(uintptr_t)*place;
		if (endpoint_equal(&l->at, at))
			return l;
	}
}

/* The entry of this endpoint, made if need be. An entry stays when its count falls to 0. NULL: out
 * of memory. */
static struct listener *listener_get(struct listeners *s, const struct endpoint *at)
{
	struct listener *l = listener_find(s, at);
	uint64_t key = endpoint_hash(0, at), *place;

	if (l)
		return l;
	while (map_get(&s->by_endpoint, key))
		key++;
	l = arena_alloc(&s->arena, sizeof(*l));
	place = l ? map_put(&s->by_endpoint, key, NULL) : NULL;
	if (!place)
		return NULL;
	l->at = *at;
	*place = (uintptr_t)l;
	return l;
}

int listeners_add(struct listeners *s, struct tcp_conn *c)
{
	struct listener *l;

	if (c->is_listening || !c->has_local_addr || !c->local.port)
		return 0;
	l = listener_get(s, &c->local);
	if (!l)
		return -ENOMEM;
	if (!l->count) {
		l->is_mixed = false;
		l->owner = c->owner;
	} else if (l->owner.pid != c->owner.pid) {
		l->is_mixed = true;
	}
	l->count++;
	c->is_listening = true;
	return 0;
}

void listeners_remove(struct listeners *s, struct tcp_conn *c)
{
	struct listener *l = c->is_listening ? listener_find(s, &c->local) : NULL;

	if (l)
		l->count--;
	c->is_listening = false;
}

const struct owner *listeners_owner(const struct listeners *s, const struct endpoint *local)
{
	const struct endpoint places[] = {
		*local,
		{.addr = {.family = 4}, .port = local->port},
		{.addr = {.family = 6}, .port = local->port},
	};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const struct listener *l = listener_find(s, &places[i]);

		if (!l || !l->count)
			continue;
		return l->is_mixed || !l->owner.pid ? NULL : &l->owner;
	}
	return NULL;
}

// SPDX-License-Identifier: MIT
#include "detect/services.h"

#include <errno.h>
#include <string.h>

/* Linux takes ports from here on for clients, unless told otherwise (ip_local_port_range). */
#define DYNAMIC_FROM 32768u

/* A service by its program: the ports that only one of the tapes has. */
struct moved {
	struct {
		uint8_t is_served;
		char comm[16]; /* "": unknown */
	} key;
	struct change_group sum;
	uint32_t n_ports[2];
	uint16_t ports[2]; /* the one with the most connections on each tape */
	uint64_t most[2];  /* connections of that */
};

struct matching {
	const struct gathered *tapes[2];
	struct groups *to;    /* of struct change_group */
	struct groups movers; /* of struct moved */
};

/* True if it is known which end of the port's connections is the service. */
static bool is_service(const struct gathered *in, const struct conn_group *g)
{
	if (g->key.port < DYNAMIC_FROM)
		return true;
	if (!g->key.is_served)
		return g->counters.attempts.n;
	return g->counters.conns.accepted || g->counters.conns.half_open ||
	       gathered_is_listening(in, g->key.port);
}

/* The program that serves a port. Of a port of peers it is known only if they are on this host. */
static const char *server_of(const struct gathered *in, const struct conn_group *g)
{
	struct group_key key;
	const struct conn_group *served;

	if (g->key.is_served)
		return g->name.comm;
	memcpy(&key, &g->key, sizeof(key));
	key.is_served = true;
	served = groups_find(&in->groups[GROUP_BY_PORT], &key);
	return served ? served->name.comm : "";
}

/* Whether a port that only one of the tapes has may be the same service as another one. A port of
 * peers with a fixed number is another service, whoever calls it. */
static bool may_move(const struct gathered *in, const struct conn_group *g)
{
	return g->key.is_served || server_of(in, g)[0] || g->key.port >= DYNAMIC_FROM;
}

static struct moved *moved_of(struct matching *m, unsigned int side, const struct conn_group *g)
{
	const char *comm = server_of(m->tapes[side], g);
	struct moved key;

	memset(&key, 0, sizeof(key));
	key.key.is_served = g->key.is_served;
	memcpy(key.key.comm, comm, strnlen(comm, sizeof(key.key.comm)));
	return groups_get(&m->movers, &key.key);
}

static bool has_moved(const struct moved *v)
{
	if (!v->n_ports[0] || !v->n_ports[1])
		return false;
	/* Without a name there must be no choice. */
	return v->key.comm[0] || (v->n_ports[0] == 1 && v->n_ports[1] == 1);
}

static uint64_t twin_resets_of(const struct counters *s)
{
	uint64_t n = 0;

	for (unsigned int k = 0; k < RESET_KINDS; k++)
		n += (uint64_t)s->events.twin_resets[REPORT_SENT][k] +
		     s->events.twin_resets[REPORT_RECEIVED][k];
	return n;
}

static void add_port(struct change_group *to, unsigned int side, const struct conn_group *g)
{
	to->is_on[side] = true;
	to->twin_resets += twin_resets_of(&g->counters);
	if (g->key.is_served && g->name.comm[0])
		memcpy(to->comm, g->name.comm, sizeof(to->comm));
	change_counts_add(to->counts, side, &g->counters);
}

static const struct conn_group *other_side(const struct matching *m, unsigned int side,
					   const struct conn_group *g)
{
	return groups_find(&m->tapes[!side]->groups[GROUP_BY_PORT], &g->key);
}

/* Adds the port to the services of its program, if only this tape has it. */
static int note_mover(struct matching *m, unsigned int side, const struct conn_group *g)
{
	struct moved *v;

	if (other_side(m, side, g) || !is_service(m->tapes[side], g) ||
	    !may_move(m->tapes[side], g))
		return 0;
	v = moved_of(m, side, g);
	if (!v)
		return -ENOMEM;
	add_port(&v->sum, side, g);
	v->n_ports[side]++;
	if (!v->ports[side] || g->counters.conns.n > v->most[side]) {
		v->ports[side] = g->key.port;
		v->most[side] = g->counters.conns.n;
	}
	return 0;
}

/* Adds the port by its own number, unless it is part of a service that has moved. */
static int note_port(struct matching *m, unsigned int side, const struct conn_group *g)
{
	bool is_on_both = other_side(m, side, g);
	struct change_group *own;
	const struct moved *v;

	if (!is_on_both && !is_service(m->tapes[side], g))
		return 0;
	if (!is_on_both && may_move(m->tapes[side], g)) {
		v = moved_of(m, side, g);
		if (!v)
			return -ENOMEM;
		if (has_moved(v))
			return 0;
	}
	own = groups_get(m->to, &g->key);
	if (!own)
		return -ENOMEM;
	add_port(own, side, g);
	return 0;
}

static int each_port(struct matching *m,
		     int (*fn)(struct matching *m, unsigned int side, const struct conn_group *g))
{
	for (unsigned int side = 0; side < 2; side++) {
		struct group_walk walk = {0};
		const struct conn_group *g;

		while ((g = groups_next(&m->tapes[side]->groups[GROUP_BY_PORT], &walk))) {
			if (fn(m, side, g) < 0)
				return -ENOMEM;
		}
	}
	return 0;
}

/* Adds the services that have moved, under the port that they have on the second tape. */
static int add_movers(struct matching *m)
{
	struct group_walk walk = {0};
	const struct moved *v;

	while ((v = groups_next(&m->movers, &walk))) {
		struct change_group *own;
		struct group_key key;

		if (!has_moved(v))
			continue;
		memset(&key, 0, sizeof(key));
		key.is_served = v->key.is_served;
		key.port = v->ports[1];
		own = groups_get(m->to, &key);
		if (!own)
			return -ENOMEM;
		*own = v->sum;
		memcpy(&own->key, &key, sizeof(key));
		own->port_before = v->ports[0];
		memcpy(own->comm, v->key.comm, sizeof(own->comm));
	}
	return 0;
}

int services_match(struct groups *to, const struct gathered *before, const struct gathered *after)
{
	struct matching m = {
		.tapes = {before, after},
		.to = to,
		.movers = {.key_size = sizeof(((struct moved *)0)->key),
			   .item_size = sizeof(struct moved)},
	};
	int r = each_port(&m, note_mover);

	if (!r)
		r = each_port(&m, note_port);
	if (!r)
		r = add_movers(&m);
	groups_done(&m.movers);
	return r;
}

struct services_moved services_moved(const struct groups *ports)
{
	struct services_moved moved = {.n = 0};
	struct group_walk walk = {0};
	const struct change_group *g;

	while ((g = groups_next(ports, &walk))) {
		if (!g->port_before || g->key.is_served || moved.n == SERVICES_MOVED_MAX)
			continue;
		moved.from[moved.n] = g->port_before;
		moved.to[moved.n++] = g->key.port;
	}
	return moved;
}

uint16_t services_moved_port(const struct services_moved *moved, uint16_t port)
{
	for (size_t i = 0; i < moved->n; i++) {
		if (moved->from[i] == port)
			return moved->to[i];
	}
	return port;
}

/* SPDX-License-Identifier: MIT */
/*
 * sockets: what the tracker knows of each living socket, and who listens where.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "tcp/conn.h"

struct tracked_socket {
	struct endpoint local;
	struct endpoint remote;
	bool has_local_addr; /* 0.0.0.0 can be known, too */
	bool has_ca;
	bool has_resent_in_loss; /* since the last entry into Loss */
	bool is_listening;	 /* counted in listeners */
	uint8_t family;
	uint8_t ca;
	uint8_t state; /* 0: unknown */
	struct owner owner;
	struct tracked_socket *next_free;
};

/* Everybody who listens at one address and port. */
struct listener {
	struct endpoint at;
	uint32_t count;
	bool is_mixed; /* of several processes: nobody can be named */
	struct owner owner;
};

struct sockets {
	struct arena arena;
	struct map by_id;     /* socket id to struct tracked_socket * */
	struct map listeners; /* hash of an endpoint to struct listener * */
	struct tracked_socket *free;
};

void sockets_done(struct sockets *s);
struct tracked_socket *sockets_find(const struct sockets *s, uint64_t id);
/* Finds or makes; NULL: out of memory, or *ret_is_full. */
struct tracked_socket *sockets_get(struct sockets *s, uint64_t id, uint32_t max, bool *ret_is_full);
/* Forgets everything about it but its place: the address is used again. */
void sockets_renew(struct sockets *s, struct tracked_socket *k);
void sockets_remove(struct sockets *s, uint64_t id);

/* The socket listens at its local endpoint, from now on. 0 or -ENOMEM. */
int sockets_listen(struct sockets *s, struct tracked_socket *k) MUST_CHECK;
/* Who listens for connections to that endpoint (there, or at any address); NULL: unknown, or
 * several. An endpoint of an unknown address is looked for at any address. */
const struct owner *sockets_listener(const struct sockets *s, const struct endpoint *local);

/* SPDX-License-Identifier: MIT */
/*
 * services: matches the ports of two tapes. A port is a name for a service only while the service
 * keeps it: a program that asks for any free port gets another one each time.
 */
#pragma once

#include "detect/change-group.h"

/*
 * Fills `to` with the ports of both tapes. Ports that both tapes have are matched. Of the others,
 * those of the same program are matched as one service that has moved. What is left is on one tape
 * only. A port of the dynamic range (RFC 6335, 6) is left out where nothing shows that it is the
 * port of a service, and not the client's. 0 or -ENOMEM.
 */
int services_match(struct groups *to, const struct gathered *before,
		   const struct gathered *after) MUST_CHECK;

/* The ports of peers that have moved, and where to. */
#define SERVICES_MOVED_MAX 64u

struct services_moved {
	uint16_t from[SERVICES_MOVED_MAX], to[SERVICES_MOVED_MAX];
	size_t n;
};

/* Collects those among the ports that services_match() has filled in; of very many, some. */
struct services_moved services_moved(const struct groups *ports);
/* The port that the peer's port has on the second tape, or the port itself. */
uint16_t services_moved_port(const struct services_moved *moved, uint16_t port);

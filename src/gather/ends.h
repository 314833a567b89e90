/* SPDX-License-Identifier: MIT */
/*
 * ends: the ends of connections that stay on this host, on loopback or between its network
 * namespaces: both their ends are on the tape. Other connections are not kept.
 */
#pragma once

#include "base/map.h"
#include "tcp/address.h"

struct ends {
	struct map addresses; /* hashes of the addresses of this host */
	struct map ends;      /* hashes of the two endpoints of each end */
	struct map served;    /* hashes of the endpoints at which this host was called */
	struct ip_addr last;  /* the address that was added last */
};

void ends_done(struct ends *e);
/* Notes an address of this host. 0 or -ENOMEM. */
int ends_note_address(struct ends *e, const struct ip_addr *local) MUST_CHECK;
/* Notes one end of a connection, if the peer's address is one of this host, too. 0 or -ENOMEM. */
int ends_note(struct ends *e, const struct endpoint *local,
	      const struct endpoint *remote) MUST_CHECK;
/* Notes that a peer opened a connection to this endpoint, or began to. 0 or -ENOMEM. */
int ends_note_served(struct ends *e, const struct endpoint *local) MUST_CHECK;
/* True if a destination is an endpoint of this host itself, at which it was called. */
bool ends_serves(const struct ends *e, const struct endpoint *destination);
/* True if the other end of a connection is on this tape. Where there are very many, it may be that
 * it was not kept. */
bool ends_has_other(const struct ends *e, const struct endpoint *local,
		    const struct endpoint *remote);

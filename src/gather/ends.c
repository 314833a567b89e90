// SPDX-License-Identifier: MIT
#include "gather/ends.h"

#include <errno.h>
#include <string.h>

#define ADDRESSES_MAX 4096u
#define ENDS_MAX      (1u << 19)
#define SERVED_MAX    65536u

void ends_done(struct ends *e)
{
	map_done(&e->addresses);
	map_done(&e->ends);
	map_done(&e->served);
}

static uint64_t address_hash(const struct ip_addr *a)
{
	return endpoint_hash(1, &(struct endpoint){.addr = *a});
}

int ends_note_address(struct ends *e, const struct ip_addr *local)
{
	if (!local->family || !memcmp(&e->last, local, sizeof(e->last)) ||
	    map_count(&e->addresses) >= ADDRESSES_MAX)
		return 0;
	e->last = *local;
	return map_put(&e->addresses, address_hash(local), NULL) ? 0 : -ENOMEM;
}

static uint64_t end_hash(const struct endpoint *local, const struct endpoint *remote)
{
	return endpoint_hash(endpoint_hash(1, local), remote);
}

int ends_note(struct ends *e, const struct endpoint *local, const struct endpoint *remote)
{
	if (!local->port || !remote->port || map_count(&e->ends) >= ENDS_MAX ||
	    !map_get(&e->addresses, address_hash(&remote->addr)))
		return 0;
	return map_put(&e->ends, end_hash(local, remote), NULL) ? 0 : -ENOMEM;
}

int ends_note_served(struct ends *e, const struct endpoint *local)
{
	if (!local->port || map_count(&e->served) >= SERVED_MAX)
		return 0;
	return map_put(&e->served, endpoint_hash(1, local), NULL) ? 0 : -ENOMEM;
}

bool ends_serves(const struct ends *e, const struct endpoint *destination)
{
	return map_get(&e->served, endpoint_hash(1, destination));
}

bool ends_has_other(const struct ends *e, const struct endpoint *local,
		    const struct endpoint *remote)
{
	const struct endpoint *other_local = remote, *other_remote = local;

	return map_get(&e->ends, end_hash(other_local, other_remote));
}

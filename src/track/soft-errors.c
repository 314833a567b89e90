// SPDX-License-Identifier: MIT
#include "track/soft-errors.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"

void soft_errors_done(struct soft_errors *s)
{
	free(s->items);
	s->items = NULL;
}

static struct soft_error *soft_error_at(const struct soft_errors *s, const struct endpoint *local,
					const struct endpoint *remote)
{
	return &s->items[endpoint_hash(endpoint_hash(0, local), remote) % SOFT_ERRORS];
}

int soft_errors_add(struct soft_errors *s, const struct tcp_event *e)
{
	if (!s->items)
		s->items = calloc(SOFT_ERRORS, sizeof(*s->items));
	if (!s->items)
		return -ENOMEM;
	*soft_error_at(s, &e->local, &e->remote) =
		(struct soft_error){e->local, e->remote, e->ts_ns};
	return 0;
}

uint64_t soft_errors_find(const struct soft_errors *s, const struct tcp_conn *c)
{
	const struct soft_error *at;

	if (!s->items || !c->local.port)
		return 0;
	at = soft_error_at(s, &c->local, &c->remote);
	return at->ts_ns >= c->seen_ns && endpoint_equal(&at->local, &c->local) &&
			       endpoint_equal(&at->remote, &c->remote)
		       ? at->ts_ns
		       : 0;
}

// SPDX-License-Identifier: MIT
#include "tcp/event.h"

#include <string.h>

bool tcp_event_extra(const struct tcp_event *e, const char *name, uint64_t *ret)
{
	for (size_t i = 0; i < e->n_extras; i++) {
		const struct tcp_extra *x = &e->extras[i];

		if (x->kind != TCP_EXTRA_TEXT && !strcmp(x->name, name)) {
			*ret = x->value;
			return true;
		}
	}
	return false;
}

// SPDX-License-Identifier: MIT
#include "tcp/event.h"

#include <string.h>

/* include/linux/socket.h */
#define PEEK	 0x2
#define ERRQUEUE 0x2000

uint64_t tcp_event_call_bytes(const struct tcp_event *e)
{
	if (e->ret <= 0 || (e->kind == TCP_KIND_RECV_LENGTH && e->flags & (PEEK | ERRQUEUE)))
		return 0;
	return (uint32_t)e->ret;
}

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

const char *tcp_event_extra_text(const struct tcp_event *e, const char *name)
{
	for (size_t i = 0; i < e->n_extras; i++) {
		const struct tcp_extra *x = &e->extras[i];

		if (x->kind == TCP_EXTRA_TEXT && !strcmp(x->name, name))
			return x->text[0] ? x->text : NULL;
	}
	return NULL;
}

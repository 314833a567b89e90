// SPDX-License-Identifier: MIT
#include "view/retrans-segs.h"

#include <errno.h>

#include "tcp/names.h"

void retrans_segs_done(struct retrans_segs *s)
{
	map_done(&s->bases);
}

static int base_keep(struct retrans_segs *s, const struct tcp_event *e, uint64_t n)
{
	uint64_t *place = n ? map_put(&s->bases, e->cookie, NULL) : NULL;

	if (n && !place)
		return -ENOMEM;
	if (place)
		*place = n;
	return 0;
}

int retrans_segs_row(struct retrans_segs *s, const struct tcp_event *e, uint64_t *ret_n)
{
	bool is_start = e->kind == TCP_KIND_SOCKET_DUMPED && e->dump == SOCKET_DUMP_START;
	const uint64_t *base;
	uint64_t n;

	*ret_n = 0;
	/* In the last row of a table `holders` counts the namespaces of which sockets are
	 * missing. */
	if (e->kind == TCP_KIND_SOCKET_DUMPED && e->dump == SOCKET_DUMP_START_DONE)
		s->has_whole_table = !e->holders;
	if (e->kind == TCP_KIND_SOCKET_DUMPED && !is_start && e->dump != SOCKET_DUMP_END)
		return 0;
	if (e->state == TCP_STATE_LISTEN || !e->cookie || !e->remote.port ||
	    !tcp_info_get(e->tcp_info, TCP_INFO_TOTAL_RETRANS, &n))
		return 0;
	if (is_start)
		return base_keep(s, e, n);
	base = map_get(&s->bases, e->cookie);
	if (!base && !s->has_whole_table)
		return 0;
	*ret_n = base ? (n > *base ? n - *base : 0) : n;
	s->total += *ret_n;
	return 0;
}

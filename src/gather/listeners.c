// SPDX-License-Identifier: MIT
/*
 * Listeners of the socket tables, and which of them a filter is about: one for any address passes no
 * filter of addresses, but the connections that came in at it do.
 */
#include <errno.h>
#include <string.h>

#include "gather/parts.h"

static struct gathered_queue *queue_of(struct gathered *in, uint32_t netns, uint16_t port)
{
	struct gathered_queue key;

	memset(&key.key, 0, sizeof(key.key));
	key.key.netns = netns;
	key.key.port = port;
	return groups_get(&in->queues, &key.key);
}

/* Of a listener `unacked` is how many connections wait for accept(), `sacked` how many may. */
int gather_listener(struct gathered *in, const struct tcp_event *e)
{
	uint64_t waiting, limit;
	struct gathered_queue *q;

	gather_note_listening(in, e->local.port);
	if (!tcp_info_get(e->tcp_info, TCP_INFO_UNACKED, &waiting) ||
	    !tcp_info_get(e->tcp_info, TCP_INFO_SACKED, &limit))
		return 0;
	q = queue_of(in, e->netns, e->local.port);
	if (!q)
		return -ENOMEM;
	q->is_wanted |= event_filter_is_empty(in->context->filter) || gather_wants(in, e);
	if (q->limit && (double)waiting * (double)q->limit <= (double)q->waiting * (double)limit)
		return 0;
	q->waiting = waiting;
	q->limit = limit;
	q->at = e->local;
	return 0;
}

int gather_served(struct gathered *in, const struct tcp_event *e)
{
	struct gathered_queue *q;

	if (!gathered_is_listening(in, e->local.port))
		return 0;
	q = queue_of(in, e->netns, e->local.port);
	if (!q)
		return -ENOMEM;
	q->is_wanted = true;
	return 0;
}

// SPDX-License-Identifier: MIT
/*
 * The kinds of group that the counts of retrans can have: each takes other parts of an event as the
 * key. Events that lack the part are a group of their own.
 */
#include <string.h>

#include "view/retrans.h"

/* The lower port of both ends, mostly that of the service. */
static uint16_t lower_port(const struct tcp_event *e)
{
	if (!e->local.port || !e->remote.port)
		return e->local.port | e->remote.port;
	return e->local.port < e->remote.port ? e->local.port : e->remote.port;
}

struct retrans_key retrans_key_of(enum retrans_group group, const struct tcp_event *e,
				  const struct labels *labels)
{
	struct retrans_key k;

	memset(&k, 0, sizeof(k));
	switch (group) {
	case RETRANS_BY_FLOW:
		k.local = endpoint_key(&e->local);
		k.remote = endpoint_key(&e->remote);
		break;
	case RETRANS_BY_PEER: k.remote.addr = e->remote.addr; break;
	case RETRANS_BY_PREFIX:
		k.remote.addr =
			ip_addr_masked(&e->remote.addr, ip_addr_group_bits(e->remote.addr.family));
		break;
	case RETRANS_BY_PORT: k.local.port = lower_port(e); break;
	case RETRANS_BY_LPORT: k.local.port = e->local.port; break;
	case RETRANS_BY_RPORT: k.remote.port = e->remote.port; break;
	case RETRANS_BY_PROCESS:
		k.pid = e->pid;
		if (e->comm)
			memcpy(k.comm, e->comm, strnlen(e->comm, sizeof(k.comm) - 1));
		break;
	case RETRANS_BY_CAUSE: k.cause = e->cause; break;
	case RETRANS_BY_CONTAINER:
		k.container = e->cgroup && e->cgroup->label ? e->cgroup->container : NULL;
		k.unit = e->cgroup && !k.container ? e->cgroup->label : NULL;
		break;
	case RETRANS_BY_LABEL: k.label = labels_name(labels, &e->remote); break;
	case RETRANS_GROUPS: break;
	}
	return k;
}

/* NULL is as "". */
static int words_compare(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

int retrans_key_compare(const struct retrans_key *a, const struct retrans_key *b)
{
	int r = endpoint_compare(&a->local, &b->local);

	if (!r)
		r = endpoint_compare(&a->remote, &b->remote);
	if (!r)
		r = (a->pid > b->pid) - (a->pid < b->pid);
	if (!r)
		r = (int)a->cause - (int)b->cause;
	if (!r)
		r = strcmp(a->comm, b->comm);
	if (!r)
		r = words_compare(a->container, b->container);
	if (!r)
		r = words_compare(a->unit, b->unit);
	return r ? r : words_compare(a->label, b->label);
}

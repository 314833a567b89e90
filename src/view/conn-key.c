// SPDX-License-Identifier: MIT
#include "view/conn-key.h"

#include <errno.h>
#include <string.h>

static uint16_t service_port(const struct tcp_conn *c)
{
	uint16_t l = c->local.port, r = c->remote.port;

	return !l || !r ? l | r : l < r ? l : r;
}

static void key_put_container(struct conn_key *key, const struct owner_cgroup *cgroup)
{
	if (!cgroup || !cgroup->label)
		return;
	key->container = cgroup->container;
	key->unit = key->container ? NULL : cgroup->label;
}

struct conn_key conn_key_of(enum conn_key_by by, const struct tcp_conn *c,
			    const struct view_context *context)
{
	struct conn_key key;

	memset(&key, 0, sizeof(key));
	switch (by) {
	case CONN_BY_PEER:
		key.peer.family = c->remote.addr.family;
		memcpy(key.peer.bytes, c->remote.addr.bytes, sizeof(key.peer.bytes));
		break;
	case CONN_BY_PROCESS: key.pid = c->owner.pid; break;
	case CONN_BY_CONTAINER: key_put_container(&key, view_cgroup_of(context, &c->owner)); break;
	case CONN_BY_PORT: key.port = service_port(c); break;
	case CONN_BY_LABEL: key.label = labels_name(context->labels, &c->remote); break;
	default:
		key.conn =
			tcp_conn_attempt(c)->mptcp_first ? tcp_conn_attempt(c)->mptcp_first : c->id;
	}
	return key;
}

/* NULL is as "". */
static int words_compare(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

int conn_key_compare(const struct conn_key *a, const struct conn_key *b)
{
	int r = (a->conn > b->conn) - (a->conn < b->conn);

	if (!r)
		r = (a->pid > b->pid) - (a->pid < b->pid);
	if (!r)
		r = (int)a->port - (int)b->port;
	if (!r)
		r = ip_addr_compare(&a->peer, &b->peer);
	if (!r)
		r = words_compare(a->container, b->container);
	if (!r)
		r = words_compare(a->unit, b->unit);
	return r ? r : words_compare(a->label, b->label);
}

int view_needs_labels(const struct view_context *c, struct fault *fault)
{
	return c->labels ? 0 : fault_set(fault, -EINVAL, "--group label: needs --labels FILE");
}

// SPDX-License-Identifier: MIT
#include "gather/group-by.h"

#include <string.h>

static bool key_of_address(const struct conn_subject *s, unsigned int bits, uint16_t port,
			   struct group_key *k)
{
	struct ip_addr a = bits ? ip_addr_masked(&s->remote.addr, bits) : s->remote.addr;

	if (!a.family)
		return false;
	k->addr.family = a.family;
	memcpy(k->addr.bytes, a.bytes, sizeof(a.bytes));
	k->port = port;
	return true;
}

static bool key_of_port(const struct conn_subject *s, struct group_key *k)
{
	k->is_served = s->is_served;
	k->port = s->is_served ? s->local.port : s->remote.port;
	return k->port;
}

static bool key_of_process(const struct conn_subject *s, struct group_key *k)
{
	size_t len = s->comm ? strnlen(s->comm, sizeof(k->comm) - 1) : 0;

	k->pid = s->pid;
	if (len)
		memcpy(k->comm, s->comm, len);
	return s->pid > 0;
}

static bool key_of_container(const struct conn_subject *s, struct group_key *k)
{
	const struct owner_cgroup *g = s->cgroup;

	if (!g || !g->label)
		return false;
	k->container = g->container;
	k->unit = g->container ? NULL : g->unit;
	return true;
}

bool group_key_of(enum group_by d, const struct conn_subject *s, struct group_key *ret)
{
	memset(ret, 0, sizeof(*ret));
	switch (d) {
	case GROUP_BY_PEER: return key_of_address(s, 0, 0, ret);
	case GROUP_BY_PREFIX:
		return key_of_address(s, ip_addr_group_bits(s->remote.addr.family), 0, ret);
	case GROUP_BY_PORT: return key_of_port(s, ret);
	case GROUP_BY_DESTINATION:
		return s->is_caller && s->remote.port && key_of_address(s, 0, s->remote.port, ret);
	case GROUP_BY_PROCESS: return key_of_process(s, ret);
	case GROUP_BY_CONTAINER: return key_of_container(s, ret);
	case GROUP_BY_LABEL: ret->label = s->label; return s->label;
	case GROUP_BY_N: break;
	}
	return false;
}

void group_name_vote(struct group_name *n, const char *comm)
{
	size_t len = comm ? strnlen(comm, sizeof(n->comm) - 1) : 0;

	if (!len)
		return;
	if (!n->votes) {
		memset(n->comm, 0, sizeof(n->comm));
		memcpy(n->comm, comm, len);
	}
	if (strncmp(n->comm, comm, sizeof(n->comm) - 1) != 0)
		n->votes--;
	else if (n->votes < UINT32_MAX)
		n->votes++;
}

static void prefix_text(const struct ip_addr *a, struct text *t)
{
	ip_addr_text(t, a);
	text_char(t, '/');
	text_u64(t, ip_addr_group_bits(a->family));
}

void group_key_text(enum group_by d, const struct group_key *k, const struct labels *names,
		    struct text *t)
{
	const struct endpoint at = {k->addr, k->port};

	switch (d) {
	case GROUP_BY_PEER: labels_addr_text(names, &k->addr, t); break;
	case GROUP_BY_PREFIX: prefix_text(&k->addr, t); break;
	case GROUP_BY_PORT:
		text_printf(t, "port %u%s", k->port, k->is_served ? " of this host" : "");
		break;
	case GROUP_BY_DESTINATION: labels_endpoint_text(names, &at, t); break;
	case GROUP_BY_PROCESS:
		text_mem(t, k->comm[0] ? k->comm : "process",
			 strlen(k->comm[0] ? k->comm : "process"));
		if (k->pid)
			text_printf(t, "[%d]", k->pid);
		break;
	case GROUP_BY_CONTAINER:
		text_printf(t, "%s%s", k->container ? "container " : "",
			    k->container ? k->container : k->unit);
		break;
	case GROUP_BY_LABEL: text_str(t, k->label); break;
	case GROUP_BY_N: break;
	}
}

void group_key_options(enum group_by d, const struct group_key *k, struct text *t)
{
	switch (d) {
	case GROUP_BY_PEER:
		text_str(t, "--addr ");
		ip_addr_text(t, &k->addr);
		break;
	case GROUP_BY_PREFIX:
		text_str(t, "--addr ");
		prefix_text(&k->addr, t);
		break;
	case GROUP_BY_PORT:
		text_printf(t, "%s %u", k->is_served ? "--lport" : "--rport", k->port);
		break;
	case GROUP_BY_DESTINATION:
		text_str(t, "--addr ");
		ip_addr_text(t, &k->addr);
		text_printf(t, " --rport %u", k->port);
		break;
	case GROUP_BY_PROCESS: text_printf(t, "--pid %d", k->pid); break;
	/* No view has an option for it. */
	case GROUP_BY_CONTAINER:
	/* A name may hold anything. */
	case GROUP_BY_LABEL:
	case GROUP_BY_N: break;
	}
}

/* NULL comes first. */
static int words_compare(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : (a != NULL) - (b != NULL);
}

int group_key_compare(const struct group_key *a, const struct group_key *b)
{
	int r = ip_addr_compare(&a->addr, &b->addr);

	if (!r)
		r = (int)a->is_served - (int)b->is_served;
	if (!r)
		r = (int)a->port - (int)b->port;
	if (!r)
		r = (a->pid > b->pid) - (a->pid < b->pid);
	if (!r)
		r = strncmp(a->comm, b->comm, sizeof(a->comm));
	if (!r)
		r = words_compare(a->container, b->container);
	if (!r)
		r = words_compare(a->unit, b->unit);
	return r ? r : words_compare(a->label, b->label);
}

const char *group_by_name(enum group_by d)
{
	static const char *const names[GROUP_BY_N] = {
		[GROUP_BY_PEER] = "peer",	[GROUP_BY_PREFIX] = "prefix",
		[GROUP_BY_PORT] = "port",	[GROUP_BY_DESTINATION] = "destination",
		[GROUP_BY_PROCESS] = "process", [GROUP_BY_CONTAINER] = "container",
		[GROUP_BY_LABEL] = "label",
	};

	return (unsigned int)d < GROUP_BY_N ? names[d] : NULL;
}

// SPDX-License-Identifier: MIT
/*
 * What the counts of retrans can be grouped by: which parts of an event make the key, and the
 * columns that show it. A part that is unknown is a group of its own.
 */
#include <string.h>

#include "base/hash.h"
#include "cells/cells.h"
#include "view/retrans.h"

const char *const retrans_groups[RETRANS_GROUPS] = {
	[RETRANS_BY_FLOW] = "flow",	  [RETRANS_BY_PEER] = "peer",
	[RETRANS_BY_PREFIX] = "prefix",	  [RETRANS_BY_PORT] = "port",
	[RETRANS_BY_LPORT] = "lport",	  [RETRANS_BY_RPORT] = "rport",
	[RETRANS_BY_PROCESS] = "process", [RETRANS_BY_CAUSE] = "cause",
};

/* The service's, mostly. */
static uint16_t lower_port(const struct tcp_event *e)
{
	if (!e->local.port || !e->remote.port)
		return e->local.port | e->remote.port;
	return e->local.port < e->remote.port ? e->local.port : e->remote.port;
}

struct retrans_key retrans_key_of(enum retrans_group group, const struct tcp_event *e)
{
	struct retrans_key k = {0};

	switch (group) {
	case RETRANS_BY_FLOW:
		k.local = e->local;
		k.remote = e->remote;
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
		k.comm = e->comm;
		break;
	case RETRANS_BY_CAUSE: k.cause = e->cause; break;
	case RETRANS_GROUPS: break;
	}
	return k;
}

uint64_t retrans_key_hash(const struct retrans_key *k)
{
	uint64_t h = endpoint_hash(endpoint_hash(0, &k->local), &k->remote);

	/* Names of one process are few: they may share a chain. */
	return hash_mix(h, (uint64_t)(uint32_t)k->pid << 8 | k->cause);
}

static int compare_endpoints(const struct endpoint *a, const struct endpoint *b)
{
	int r = a->addr.family - b->addr.family;

	if (!r)
		r = memcmp(a->addr.bytes, b->addr.bytes, sizeof(a->addr.bytes));
	return r ? r : a->port - b->port;
}

int retrans_key_compare(const struct retrans_key *a, const struct retrans_key *b)
{
	int r = compare_endpoints(&a->local, &b->local);

	if (!r)
		r = compare_endpoints(&a->remote, &b->remote);
	if (!r)
		r = (a->pid > b->pid) - (a->pid < b->pid);
	if (!r)
		r = (int)a->cause - (int)b->cause;
	if (!r && a->comm && b->comm)
		return strcmp(a->comm, b->comm);
	return r ? r : !!a->comm - !!b->comm;
}

static const struct column flow_columns[] = {
	{.key = "local", .head = "LADDR:LPORT", .where = COLUMN_TEXT, .width = 21},
	{.key = "remote", .head = "RADDR:RPORT", .where = COLUMN_TEXT, .width = 21},
	{.key = "family", .where = COLUMN_DATA},
	{.key = "laddr", .where = COLUMN_DATA},
	{.key = "lport", .where = COLUMN_DATA},
	{.key = "raddr", .where = COLUMN_DATA},
	{.key = "rport", .where = COLUMN_DATA},
};

static const struct column peer_columns[] = {
	{.key = "family", .where = COLUMN_DATA},
	{.key = "raddr", .head = "RADDR", .where = COLUMN_ALL, .width = 21},
};

static const struct column prefix_columns[] = {
	{.key = "family", .where = COLUMN_DATA},
	{.key = "prefix", .head = "PREFIX", .where = COLUMN_ALL, .width = 21},
};

static const struct column port_columns[] = {
	{.key = "port", .head = "PORT", .where = COLUMN_ALL, .width = 5},
};

static const struct column lport_columns[] = {
	{.key = "lport", .head = "LPORT", .where = COLUMN_ALL, .width = 5},
};

static const struct column rport_columns[] = {
	{.key = "rport", .head = "RPORT", .where = COLUMN_ALL, .width = 5},
};

static const struct column process_columns[] = {
	{.key = "pid", .head = "PID", .where = COLUMN_ALL, .width = 7},
	{.key = "comm", .head = "COMM", .where = COLUMN_ALL, .width = 15},
};

static const struct column cause_columns[] = {
	{.key = "cause", .head = "CAUSE", .where = COLUMN_ALL, .width = 8},
};

size_t retrans_key_columns(enum retrans_group group, struct column ret[RETRANS_KEY_COLUMNS_MAX])
{
	static const struct {
		const struct column *columns;
		size_t n;
	} of[RETRANS_GROUPS] = {
		[RETRANS_BY_FLOW] = {flow_columns, ARRAY_SIZE(flow_columns)},
		[RETRANS_BY_PEER] = {peer_columns, ARRAY_SIZE(peer_columns)},
		[RETRANS_BY_PREFIX] = {prefix_columns, ARRAY_SIZE(prefix_columns)},
		[RETRANS_BY_PORT] = {port_columns, ARRAY_SIZE(port_columns)},
		[RETRANS_BY_LPORT] = {lport_columns, ARRAY_SIZE(lport_columns)},
		[RETRANS_BY_RPORT] = {rport_columns, ARRAY_SIZE(rport_columns)},
		[RETRANS_BY_PROCESS] = {process_columns, ARRAY_SIZE(process_columns)},
		[RETRANS_BY_CAUSE] = {cause_columns, ARRAY_SIZE(cause_columns)},
	};

	memcpy(ret, of[group].columns, of[group].n * sizeof(*ret));
	return of[group].n;
}

static struct cell family_cell(uint8_t family)
{
	return family ? cell_u64(family) : cell_absent();
}

static struct cell prefix_cell(struct text *t, const struct ip_addr *a)
{
	if (!a->family)
		return cell_absent();
	text_clear(t);
	ip_addr_text(t, a);
	text_char(t, '/');
	text_u64(t, ip_addr_group_bits(a->family));
	return cell_str(text_cstr(t));
}

static size_t flow_cells(const struct retrans_key *k, struct cell *ret)
{
	uint8_t family = k->local.addr.family ? k->local.addr.family : k->remote.addr.family;
	const struct cell cells[] = {
		cell_endpoint(&k->local),  cell_endpoint(&k->remote), family_cell(family),
		cell_addr(&k->local.addr), cell_port(k->local.port),  cell_addr(&k->remote.addr),
		cell_port(k->remote.port),
	};

	memcpy(ret, cells, sizeof(cells));
	return ARRAY_SIZE(cells);
}

size_t retrans_key_cells(enum retrans_group group, const struct retrans_key *k, struct text *t,
			 struct cell ret[RETRANS_KEY_COLUMNS_MAX])
{
	switch (group) {
	case RETRANS_BY_FLOW: return flow_cells(k, ret);
	case RETRANS_BY_PEER:
		ret[0] = family_cell(k->remote.addr.family);
		ret[1] = cell_addr(&k->remote.addr);
		return 2;
	case RETRANS_BY_PREFIX:
		ret[0] = family_cell(k->remote.addr.family);
		ret[1] = prefix_cell(t, &k->remote.addr);
		return 2;
	case RETRANS_BY_PORT:
	case RETRANS_BY_LPORT: ret[0] = cell_port(k->local.port); return 1;
	case RETRANS_BY_RPORT: ret[0] = cell_port(k->remote.port); return 1;
	case RETRANS_BY_PROCESS:
		ret[0] = cell_pid(k->pid);
		ret[1] = cell_str(k->comm);
		return 2;
	case RETRANS_BY_CAUSE: ret[0] = cell_str(tcp_cause_name(k->cause)); return 1;
	case RETRANS_GROUPS: break;
	}
	return 0;
}

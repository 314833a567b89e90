/* SPDX-License-Identifier: MIT */
/*
 * cells: table cells of the parts of an event, the same in every view and in the report. A part
 * that the event lacks gives an absent cell.
 */
#pragma once

#include "table/table.h"
#include "tcp/event.h"

static inline struct cell cell_endpoint(const struct endpoint *e)
{
	return (struct cell){
		.kind = CELL_ENDPOINT,
		.family = e->addr.family,
		.port = e->port,
		.addr = e->addr.bytes,
	};
}

static inline struct cell cell_addr(const struct ip_addr *a)
{
	if (!a->family)
		return cell_absent();
	return (struct cell){.kind = CELL_ADDR, .family = a->family, .addr = a->bytes};
}

static inline struct cell cell_port(uint16_t port)
{
	return port ? cell_u64(port) : cell_absent();
}

static inline struct cell cell_pid(int32_t pid)
{
	return pid > 0 ? cell_i64(pid) : cell_absent();
}

/* 4 or 6: the family of an end whose address is known, else that of the socket. */
static inline struct cell cell_family(const struct tcp_event *e)
{
	uint8_t family = e->local.addr.family;

	if (!family)
		family = e->remote.addr.family;
	if (!family)
		family = e->family;
	return family ? cell_u64(family) : cell_absent();
}

/* The name of a TCP state, or its number if it has no name. */
struct cell cell_state(int32_t state);

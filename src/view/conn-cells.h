/* SPDX-License-Identifier: MIT */
/*
 * conn-cells: the parts of a connection as cells, the same in every view.
 */
#pragma once

#include "base/text.h"
#include "view/cells.h"
#include "view/view.h"

static inline struct cell cell_conn_family(const struct tcp_conn *c)
{
	uint8_t family = c->local.addr.family;

	if (!family)
		family = c->remote.addr.family;
	if (!family)
		family = c->family;
	return family ? cell_u64(family) : cell_absent();
}

static inline struct cell cell_if(bool is_known, uint64_t v)
{
	return is_known ? cell_u64(v) : cell_absent();
}

/* A count that is worth a key only where there is something to count. */
static inline struct cell cell_some(uint64_t n)
{
	return n ? cell_u64(n) : cell_absent();
}

static inline struct cell cell_owner(const struct owner *o)
{
	return cell_word(owner_basis_name(o->basis));
}

/* The cgroup path of the owner, and in it the id of a container: its first twelve digits. */
struct cell cell_cgroup(const struct view_context *context, int32_t pid);
struct cell cell_container(const struct view_context *context, int32_t pid);

/* What people read in a narrow column: "F>" we closed first, "F<" the peer did, "F=" both, "R>"
 * RST sent, "R<" RST received, "T" timeout, "E" error, "A" left, "O" open, "?" not seen. */
const char *conn_ending_sign(const struct tcp_conn *c);

/* Milliseconds, for a column of two decimals; ">" before a lower bound, "*" behind where events were
 * lost. The text is where they are put together. */
struct cell conn_ms_cell(struct text *t, uint64_t ns, bool is_exact, bool has_loss);

/* Is it to be shown? Those that ended: by their end; those that are open: if they lived then. */
bool conn_is_shown(const struct view_context *context, const struct tcp_conn *c);

/* SPDX-License-Identifier: MIT */
/*
 * conn-cells: table cells of the parts of a connection, the same in every view and in the report.
 */
#pragma once

#include "base/text.h"
#include "cells/cells.h"
#include "tcp/conn.h"

/* 4 or 6: the family of an end whose address is known, else that of the socket. */
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

/* A count; absent if it is 0, so that JSON leaves the key out. */
static inline struct cell cell_some(uint64_t n)
{
	return n ? cell_u64(n) : cell_absent();
}

static inline struct cell cell_owner(const struct owner *o)
{
	return cell_word(owner_basis_name(o->basis));
}

/* The token of the MPTCP connection of a subflow, in hex, as in ss -M. */
static inline struct cell cell_mptcp_token(const struct tcp_conn *c)
{
	uint32_t token = tcp_conn_attempt(c)->mptcp_token;

	return token ? cell_hex(token) : cell_absent();
}

/* The ending of a connection in one or two characters, for a narrow column: "F>" this host sent the
 * first FIN, "F<" the peer did, "F=" both at once, "R>" RST sent, "R<" RST received, "T" timeout,
 * "E" error, "A" aborted by its process, "O" still open, "?" the end was not seen. */
const char *conn_ending_sign(const struct tcp_conn *c);

/* ns as milliseconds, for a column of two decimals. A lower bound (not is_exact) begins with ">",
 * and "*" follows if events were lost. The cell may borrow from t. */
struct cell conn_ms_cell(struct text *t, uint64_t ns, bool is_exact, bool has_loss);

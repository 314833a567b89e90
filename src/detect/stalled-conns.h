/* SPDX-License-Identifier: MIT */
/*
 * stalled-conns: the stalled connections among the worst ones, without those of which another
 * detector tells why they stalled.
 */
#pragma once

#include "detect/stall.h"
#include "gather/gathered.h"

bool stalled_conns_has(const struct worst_conn *c);
/* Finds the peer of four fifths or more of them; NULL: there is none. *ret_n of *ret_all stalled
 * connections are with that peer. */
const struct ip_addr *stalled_conns_peer(const struct gathered *in, size_t *ret_n, size_t *ret_all);
/* From when the first was stuck to when the last one was. False: there are none. */
bool stalled_conns_span(const struct gathered *in, uint64_t *ret_since, uint64_t *ret_until);
/* The evidence of all with a peer, or with any if it is NULL. */
struct stall_evidence stalled_conns_evidence(const struct gathered *in, const struct ip_addr *peer);

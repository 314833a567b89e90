// SPDX-License-Identifier: MIT
#include "detect/stalled-conns.h"

bool stalled_conns_has(const struct worst_conn *c)
{
	enum stall_kind kind = stall_kind(c);

	return !c->is_explained && (kind == STALL_TIMEOUT || kind == STALL_WINDOW);
}

const struct ip_addr *stalled_conns_peer(const struct gathered *in, size_t *ret_n, size_t *ret_all)
{
	const struct ip_addr *peer = NULL;
	size_t votes = 0;

	/* The Boyer-Moore majority vote finds the only peer that can have more than half. */
	for (size_t i = 0; i < in->worst_conns.n; i++) {
		const struct ip_addr *own = &in->worst_conns.items[i].remote.addr;

		if (!stalled_conns_has(&in->worst_conns.items[i]))
			continue;
		if (!votes)
			peer = own;
		votes = ip_addr_equal(peer, own) ? votes + 1 : votes - 1;
	}
	*ret_n = *ret_all = 0;
	for (size_t i = 0; i < in->worst_conns.n && peer; i++) {
		if (!stalled_conns_has(&in->worst_conns.items[i]))
			continue;
		++*ret_all;
		*ret_n += ip_addr_equal(peer, &in->worst_conns.items[i].remote.addr);
	}
	return *ret_n * 5 >= *ret_all * 4 ? peer : NULL;
}

bool stalled_conns_span(const struct gathered *in, uint64_t *ret_since, uint64_t *ret_until)
{
	uint64_t since = UINT64_MAX, until = 0;

	for (size_t i = 0; i < in->worst_conns.n; i++) {
		const struct worst_conn *c = &in->worst_conns.items[i];

		if (!stalled_conns_has(c))
			continue;
		since = stall_from_ns(c) < since ? stall_from_ns(c) : since;
		until = stall_to_ns(c) > until ? stall_to_ns(c) : until;
	}
	*ret_since = since;
	*ret_until = until;
	return until;
}

struct stall_evidence stalled_conns_evidence(const struct gathered *in, const struct ip_addr *peer)
{
	struct stall_evidence all = {0};
	bool has_any = false;

	for (size_t i = 0; i < in->worst_conns.n; i++) {
		const struct worst_conn *c = &in->worst_conns.items[i];
		struct stall_evidence one;

		if (!stalled_conns_has(c) || (peer && !ip_addr_equal(peer, &c->remote.addr)))
			continue;
		one = stall_evidence_of(in, c);
		if (has_any)
			stall_evidence_join(&all, &one);
		else
			all = one;
		has_any = true;
	}
	return all;
}

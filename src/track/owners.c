// SPDX-License-Identifier: MIT
#include "track/owners.h"

#include <string.h>

#include "tcp/names.h"

/* Kernel threads only finish what processes began. */
static bool is_kernel_worker(const char *comm)
{
	return comm && *comm == 'k' &&
	       (!strncmp(comm, "kworker/", 8) || !strncmp(comm, "ksoftirqd/", 10));
}

static bool is_after_fin(int state)
{
	return state == TCP_STATE_FIN_WAIT1 || state == TCP_STATE_FIN_WAIT2 ||
	       state == TCP_STATE_CLOSING || state == TCP_STATE_LAST_ACK;
}

static enum owner_basis owner_basis_of_state(const struct tcp_event *e)
{
	switch (e->newstate) {
	case TCP_STATE_SYN_SENT:
	case TCP_STATE_LISTEN: return e->oldstate == TCP_STATE_CLOSE ? OWNER_CONNECT : OWNER_NONE;
	case TCP_STATE_FIN_WAIT1:
	case TCP_STATE_LAST_ACK:
	/* After a FIN it is a segment of the peer that ends the connection, in the context of any
	 * process, such as one that writes packets into a TUN device. */
	case TCP_STATE_CLOSE: return is_after_fin(e->oldstate) ? OWNER_NONE : OWNER_CLOSE;
	default: return OWNER_NONE;
	}
}

static enum owner_basis owner_basis_of(const struct tcp_event *e)
{
	switch (e->kind) {
	case TCP_KIND_SEND_LENGTH:
	case TCP_KIND_RECV_LENGTH: return OWNER_IO;
	/* close() of a socket that a RST or an error had closed before. */
	case TCP_KIND_DESTROY: return OWNER_CLOSE;
	case TCP_KIND_SET_STATE: return owner_basis_of_state(e);
	default: return OWNER_NONE;
	}
}

static void owner_from_listener(struct tcp_conn *c, const struct tcp_event *e,
				const struct listeners *l)
{
	const struct owner *listener;

	/* At LISTEN to SYN_RECV; or at the next change, where that one had the listener's
	 * addresses. */
	if (c->owner.basis || e->kind != TCP_KIND_SET_STATE ||
	    (e->oldstate != TCP_STATE_LISTEN && e->oldstate != TCP_STATE_SYN_RECV) ||
	    e->newstate == TCP_STATE_CLOSE)
		return;
	listener = listeners_owner(l, &e->local);
	if (listener) {
		c->owner = *listener;
		c->owner.basis = OWNER_LISTENER;
	}
}

/*
 * A process that accepts connections for others closes its own copy of the socket, sometimes as the
 * last one. Then it is still known only as the listener's owner.
 */
static bool is_acceptors_close(const struct tcp_conn *c, const struct tcp_event *e,
			       enum owner_basis basis)
{
	return basis == OWNER_CLOSE && c->owner.basis == OWNER_LISTENER &&
	       c->owner.pid == e->cpu_pid;
}

int owners_learn(struct conns *s, struct tcp_conn *c, const struct tcp_event *e,
		 const struct listeners *l)
{
	enum owner_basis basis = tcp_event_in_process(e) ? owner_basis_of(e) : OWNER_NONE;
	bool is_end = e->kind == TCP_KIND_DESTROY && is_after_fin(c->last_state);
	const struct owner owner = {.pid = e->cpu_pid, .basis = basis, .comm = e->cpu_comm};
	int r = 0;

	if (basis && !is_end && e->cpu_pid > 0 && !is_kernel_worker(e->cpu_comm)) {
		if (basis >= c->owner.basis && !is_acceptors_close(c, e, basis))
			r = conns_set_owner(s, c, &owner);
		if (!r && basis == OWNER_CONNECT)
			conns_set_opener(s, c);
	}
	owner_from_listener(c, e, l);
	return r;
}

int owners_found(struct conns *s, struct tcp_conn *c, int32_t pid, const char *comm,
		 uint32_t holders)
{
	const struct owner owner = {.pid = pid, .basis = OWNER_TABLE, .comm = comm};

	if (pid <= 0)
		return 0;
	/* One of several may well be the one that is known to use it. */
	if (c->owner.basis > OWNER_LISTENER && (c->owner.pid == pid || holders != 1))
		return 0;
	return conns_set_owner(s, c, &owner);
}

void owners_show(struct tcp_event *e, const struct tcp_conn *c)
{
	const struct owner *o = &c->owner;

	if (!o->basis)
		return;
	e->pid = o->pid;
	e->comm = o->comm;
	e->owner = owner_basis_name(
		tcp_conn_is_listener(c) && o->basis == OWNER_CONNECT ? OWNER_LISTENER : o->basis);
}

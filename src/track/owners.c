// SPDX-License-Identifier: MIT
#include "track/owners.h"

#include <string.h>

#include "tcp/names.h"

bool owners_is_kernel_worker(const char *comm)
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
	/* After our FIN a segment of the peer closes the socket, in the context of any process,
	 * such as one that writes packets into a TUN device. */
	case TCP_STATE_CLOSE: return is_after_fin(e->oldstate) ? OWNER_NONE : OWNER_CLOSE;
	default: return OWNER_NONE;
	}
}

static enum owner_basis owner_basis_of(const struct tcp_event *e)
{
	switch (e->kind) {
	case TCP_KIND_SEND_LENGTH:
	case TCP_KIND_RECV_LENGTH: return OWNER_IO;
	/* The process calls close() after a RST or an error has closed the socket. */
	case TCP_KIND_DESTROY: return OWNER_CLOSE;
	case TCP_KIND_SET_STATE: return owner_basis_of_state(e);
	default: return OWNER_NONE;
	}
}

static void owner_from_listener(struct tcp_conn *c, const struct tcp_event *e,
				const struct listeners *l)
{
	const struct owner *listener;

	/* The owner is learned at LISTEN to SYN_RECV; or at the change after it, on kernels where
	 * LISTEN to SYN_RECV has the addresses of the listener. */
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
 * Whether e is the close() of a process that accepted the connection for another one, and closes
 * its own copy of the socket. Such a process owns the listener only; it may be the last to close.
 */
static bool is_acceptors_close(const struct tcp_conn *c, const struct tcp_event *e,
			       enum owner_basis basis)
{
	return basis == OWNER_CLOSE && c->owner.basis == OWNER_LISTENER &&
	       c->owner.pid == e->cpu_pid;
}

/* Where the owner is at the time of e, and if that is not known where it was before. */
static uint32_t owner_cgroup_of(const struct tcp_conn *c, const struct tcp_event *e,
				const struct task_cgroups *g)
{
	uint32_t number = task_cgroups_number(g, e->cpu_tid, e->cpu_pid);

	return number || e->cpu_pid != c->owner.pid ? number : c->owner.cgroup;
}

int owners_learn(struct conns *s, struct tcp_conn *c, const struct tcp_event *e,
		 const struct listeners *l, const struct task_cgroups *g)
{
	enum owner_basis basis = tcp_event_in_process(e) ? owner_basis_of(e) : OWNER_NONE;
	bool is_end = e->kind == TCP_KIND_DESTROY && is_after_fin(c->last_state);
	bool is_same = e->cpu_pid == c->owner.pid;
	struct owner owner = {
		.pid = e->cpu_pid,
		.basis = (uint8_t)basis,
		.comm = e->cpu_comm || !is_same ? e->cpu_comm : c->owner.comm,
	};
	int r = 0;

	if (basis && !is_end && e->cpu_pid > 0 && !owners_is_kernel_worker(e->cpu_comm)) {
		if (basis >= c->owner.basis && !is_acceptors_close(c, e, basis)) {
			owner.cgroup = owner_cgroup_of(c, e, g);
			r = conns_set_owner(s, c, &owner);
		}
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
	/* The process that is known to use the socket may be another one of several holders. */
	if (c->owner.basis > OWNER_LISTENER && (c->owner.pid == pid || holders != 1))
		return 0;
	return conns_set_owner(s, c, &owner);
}

void owners_show(struct tcp_event *e, const struct tcp_conn *c, const struct task_cgroups *g)
{
	const struct owner *o = &c->owner;

	if (!o->basis)
		return;
	e->pid = o->pid;
	e->comm = o->comm;
	e->cgroup = task_cgroups_at(g, o->cgroup);
	e->owner = owner_basis_name(
		tcp_conn_is_listener(c) && o->basis == OWNER_CONNECT ? OWNER_LISTENER : o->basis);
}

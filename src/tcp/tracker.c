// SPDX-License-Identifier: MIT
/*
 * An event that names no socket (tcp_bad_csum, inet_sk_error_report) gets the task on the CPU and
 * nothing else.
 */
#include "tcp/tracker.h"

#include <errno.h>
#include <stdlib.h>

#include "tcp/names.h"
#include "tcp/settle.h"
#include "tcp/sockets.h"
#include "tcp/task-names.h"

struct tracker {
	struct sockets sockets;
	struct task_names tasks;
	bool has_ca_events; /* this tape has tcp_cong_state_set */
};

int tracker_new(const struct tracker_options *o, struct tracker **ret, struct fault *fault)
{
	struct tracker *t = calloc(1, sizeof(*t));

	if (!t)
		return fault_errno(fault, -ENOMEM, "following sockets");
	*ret = t;
	return 0;
}

struct tracker *tracker_free(struct tracker *t)
{
	if (t) {
		sockets_done(&t->sockets);
		task_names_done(&t->tasks);
		free(t);
	}
	return NULL;
}

int tracker_task(struct tracker *t, int32_t pid, int32_t tid, const char *comm)
{
	return task_names_set(&t->tasks, pid, tid, comm);
}

int tracker_fork(struct tracker *t, int32_t parent, int32_t pid, int32_t tid)
{
	const char *comm = task_names_comm(&t->tasks, pid == tid ? parent : pid);

	/* What an earlier task of that number was called is of no use. */
	task_names_exit(&t->tasks, tid);
	return task_names_set(&t->tasks, pid, tid, comm);
}

void tracker_task_exit(struct tracker *t, int32_t tid)
{
	task_names_exit(&t->tasks, tid);
}

static bool is_tcp(const struct tcp_event *e)
{
	return !tcp_event_has(e, TCP_FIELD_PROTOCOL) || e->protocol == TCP_PROTOCOL_TCP ||
	       e->protocol == TCP_PROTOCOL_MPTCP;
}

/* Does its sk name the socket that its addresses and states are of? Not for a packet that a
 * listener got, nor for a request of a listener. */
static bool is_of_socket(const struct tcp_event *e)
{
	switch (e->kind) {
	case TCP_KIND_RETRANSMIT:
	case TCP_KIND_RECEIVE_RESET:
	case TCP_KIND_DESTROY:
	case TCP_KIND_SET_STATE:
	case TCP_KIND_CONG_STATE:
	case TCP_KIND_PROBE:
	case TCP_KIND_SPACE_ADJUST:
	case TCP_KIND_RCVBUF_GROW:
	case TCP_KIND_DATA_READY:
	case TCP_KIND_SEND_LENGTH:
	case TCP_KIND_RECV_LENGTH: return true;
	case TCP_KIND_SEND_RESET:
		return e->state != TCP_STATE_LISTEN && e->state != TCP_STATE_NEW_SYN_RECV &&
		       e->state != TCP_STATE_TIME_WAIT;
	default: return false;
	}
}

/* Is the event enough to start following a socket? */
static bool may_begin(const struct tcp_event *e)
{
	switch (e->kind) {
	case TCP_KIND_SEND_LENGTH:
	case TCP_KIND_RECV_LENGTH:
	case TCP_KIND_DATA_READY:
		return tcp_event_has(e, TCP_FIELD_FAMILY) && tcp_event_has(e, TCP_FIELD_PROTOCOL) &&
		       e->protocol == TCP_PROTOCOL_TCP;
	case TCP_KIND_DESTROY: return false;
	default: return is_of_socket(e) && is_tcp(e);
	}
}

static bool is_birth(const struct tcp_event *e)
{
	if (e->kind != TCP_KIND_SET_STATE)
		return false;
	if (e->oldstate == TCP_STATE_CLOSE)
		return e->newstate == TCP_STATE_SYN_SENT || e->newstate == TCP_STATE_LISTEN;
	return e->oldstate == TCP_STATE_LISTEN && e->newstate == TCP_STATE_SYN_RECV;
}

/* A clone of a listener shows the listener's addresses up to 6.14. */
static bool has_own_addresses(const struct tcp_event *e)
{
	return is_of_socket(e) &&
	       !(e->kind == TCP_KIND_SET_STATE && e->oldstate == TCP_STATE_LISTEN &&
		 e->newstate == TCP_STATE_SYN_RECV && !tcp_event_has(e, TCP_FIELD_RPORT));
}

static void learn_addresses(struct tracked_socket *k, const struct tcp_event *e)
{
	if (tcp_event_has(e, TCP_FIELD_FAMILY))
		k->family = e->family;
	if (tcp_event_has(e, TCP_FIELD_LPORT))
		k->local.port = e->local.port;
	if (tcp_event_has(e, TCP_FIELD_RPORT))
		k->remote.port = e->remote.port;
	if (tcp_event_has(e, TCP_FIELD_RADDR))
		k->remote.addr = e->remote.addr;
	if (tcp_event_has(e, TCP_FIELD_LADDR)) {
		k->local.addr = e->local.addr;
		k->has_local_addr = true;
	}
}

static void fill_addresses(const struct tracked_socket *k, struct tcp_event *e)
{
	if (!tcp_event_has(e, TCP_FIELD_LPORT) && k->local.port) {
		e->local.port = k->local.port;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_LPORT);
	}
	if (!tcp_event_has(e, TCP_FIELD_RPORT) && k->remote.port) {
		e->remote.port = k->remote.port;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_RPORT);
	}
	if (!tcp_event_has(e, TCP_FIELD_LADDR) && k->has_local_addr) {
		e->local.addr = k->local.addr;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_LADDR);
	}
	if (!tcp_event_has(e, TCP_FIELD_RADDR) && k->remote.addr.family) {
		e->remote.addr = k->remote.addr;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_RADDR);
	}
	/* A mapped socket is known to be IPv4 only by its addresses. */
	if (k->remote.addr.family || (!tcp_event_has(e, TCP_FIELD_FAMILY) && k->family)) {
		e->family = k->remote.addr.family ? k->remote.addr.family : k->family;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_FAMILY);
	}
}

static bool is_kernel_worker(const char *comm)
{
	return comm && (!strncmp(comm, "kworker/", 8) || !strncmp(comm, "ksoftirqd/", 10));
}

/* What the event says of its socket's owner, if anything. */
static enum owner_basis basis_of(const struct tcp_event *e)
{
	if (e->kind == TCP_KIND_SEND_LENGTH || e->kind == TCP_KIND_RECV_LENGTH)
		return OWNER_IO;
	if (e->kind != TCP_KIND_SET_STATE)
		return OWNER_NONE;
	switch (e->newstate) {
	case TCP_STATE_SYN_SENT:
	case TCP_STATE_LISTEN: return e->oldstate == TCP_STATE_CLOSE ? OWNER_CONNECT : OWNER_NONE;
	case TCP_STATE_FIN_WAIT1:
	case TCP_STATE_LAST_ACK:
	case TCP_STATE_CLOSE: return OWNER_CLOSE;
	default: return OWNER_NONE;
	}
}

static void learn_owner(struct tracker *t, struct tracked_socket *k, const struct tcp_event *e)
{
	enum owner_basis basis = tcp_event_in_process(e) ? basis_of(e) : OWNER_NONE;
	const struct owner *listener;

	if (basis > k->owner.basis && !is_kernel_worker(e->cpu_comm)) {
		k->owner = (struct owner){
			.pid = e->cpu_pid,
			.comm = e->cpu_comm,
			.basis = basis,
		};
	}
	/* LISTEN to SYN_RECV, or the next event, when that one had the listener's addresses. */
	if (k->owner.basis || e->kind != TCP_KIND_SET_STATE ||
	    (e->oldstate != TCP_STATE_LISTEN && e->oldstate != TCP_STATE_SYN_RECV) ||
	    e->newstate == TCP_STATE_CLOSE)
		return;
	listener = sockets_listener(&t->sockets, &e->local);
	if (listener) {
		k->owner = *listener;
		k->owner.basis = OWNER_LISTENER;
	}
}

static void show_owner(struct tcp_event *e, const struct owner *o, bool is_listener)
{
	if (!o->basis)
		return;
	e->pid = o->pid;
	e->comm = o->comm;
	e->owner = owner_basis_name(is_listener ? OWNER_LISTENER : o->basis);
}

static void learn_state(struct tracker *t, struct tracked_socket *k, const struct tcp_event *e)
{
	if (e->kind == TCP_KIND_CONG_STATE && tcp_event_has(e, TCP_FIELD_CONG_STATE)) {
		k->ca = e->cong_state;
		k->has_ca = true;
		k->has_resent_in_loss = false;
	}
	if (e->kind == TCP_KIND_SET_STATE)
		k->state = e->newstate;
	else if (tcp_event_has(e, TCP_FIELD_STATE) && is_of_socket(e))
		k->state = e->state;
	/* Every socket begins in Open, and most never leave it: no event says so. */
	if (is_birth(e) && t->has_ca_events) {
		k->ca = TCP_CA_STATE_OPEN;
		k->has_ca = true;
	}
}

static int follow(struct tracker *t, struct tracked_socket *k, struct tcp_event *e)
{
	int r = 0;

	if (is_birth(e))
		sockets_renew(&t->sockets, k);
	if (has_own_addresses(e))
		learn_addresses(k, e);
	learn_state(t, k, e);
	learn_owner(t, k, e);
	if (e->kind == TCP_KIND_SET_STATE && e->newstate == TCP_STATE_LISTEN)
		r = sockets_listen(&t->sockets, k);
	if (is_of_socket(e))
		fill_addresses(k, e);
	show_owner(e, &k->owner, k->is_listening);
	return r;
}

/* tcp_destroy_sock ends a socket. Nothing ends an MPTCP connection's main socket but its CLOSE. */
static bool is_end(const struct tcp_event *e)
{
	return e->kind == TCP_KIND_DESTROY ||
	       (e->kind == TCP_KIND_SET_STATE && e->newstate == TCP_STATE_CLOSE &&
		tcp_event_has(e, TCP_FIELD_PROTOCOL) && e->protocol == TCP_PROTOCOL_MPTCP);
}

int tracker_feed(struct tracker *t, struct tcp_event *e)
{
	struct tracked_socket *k = NULL;
	bool is_full = false;
	int r = 0;

	if (e->cpu_tid > 0) {
		e->cpu_pid = task_names_pid(&t->tasks, e->cpu_tid);
		e->cpu_comm = task_names_comm(&t->tasks, e->cpu_tid);
	}
	if (e->kind == TCP_KIND_CONG_STATE)
		t->has_ca_events = true;
	if (tcp_event_has(e, TCP_FIELD_SK) && is_tcp(e)) {
		if (may_begin(e)) {
			k = sockets_get(&t->sockets, e->sk, TRACKER_SOCKETS_MAX, &is_full);
			if (!k && !is_full)
				return -ENOMEM;
		} else {
			k = sockets_find(&t->sockets, e->sk);
		}
	}
	if (k)
		r = follow(t, k, e);
	settle_cause(e, k);
	if (k && is_end(e))
		sockets_remove(&t->sockets, e->sk);
	return r;
}

// SPDX-License-Identifier: MIT
/*
 * Finds the connection of an error report. inet_sk_error_report names no socket, but the kernel
 * function that calls it also closes the socket, on the same CPU and within microseconds: after the
 * report up to 6.9 (tcp_reset, tcp_write_err), and before it from 6.10 on (tcp_done_with_error).
 */
#include <errno.h>
#include <string.h>

#include "base/vec.h"
#include "tcp/names.h"
#include "track/owners.h"
#include "track/tracker-state.h"

#define SAME_CALL_NS 1000000u
#define CPUS_MAX     65536u

int tracker_cpu_note(struct tracker *t, uint32_t cpu, struct cpu_note **ret)
{
	if (cpu >= CPUS_MAX)
		return -EINVAL;
	if (cpu >= t->n_cpus) {
		size_t n = (cpu | 15u) + 1;

		if (vec_reserve(t->cpus, t->cap_cpus, n) < 0)
			return -ENOMEM;
		memset(t->cpus + t->n_cpus, 0, (n - t->n_cpus) * sizeof(*t->cpus));
		t->n_cpus = n;
	}
	*ret = &t->cpus[cpu];
	return 0;
}

int tracker_error(struct tracker *t, struct tcp_event *e)
{
	struct tcp_conn_cold *cold;
	struct cpu_note *n;
	int r;

	if (e->err < 0)
		return 0;
	/* A socket without a peer has been disconnected before, or is a listener. */
	if (!e->remote.port)
		return e->err ? tracker_destroyed_listener(t, e) : 0;
	/* An error of 0 only announces a message in the socket's error queue. */
	if (!e->err)
		return tracker_keeps(t) ? soft_errors_add(&t->soft_errors, e) : 0;
	r = tracker_cpu_note(t, e->cpu, &n);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (n->closed && n->closed->id == n->closed_id && e->ts_ns - n->closed_ns < SAME_CALL_NS &&
	    endpoint_equal(&n->closed->local, &e->local) &&
	    endpoint_equal(&n->closed->remote, &e->remote)) {
		cold = conns_cold(&t->conns, n->closed);
		if (!cold)
			return -ENOMEM;
		cold->err = e->err;
		e->conn = n->closed;
		owners_show(e, n->closed, &t->cgroups);
		return 0;
	}
	n->local = e->local;
	n->remote = e->remote;
	n->err = e->err;
	n->err_ns = e->ts_ns;
	return 0;
}

int tracker_note_close(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e)
{
	struct tcp_conn_cold *cold;
	struct cpu_note *n;
	int r = tracker_cpu_note(t, e->cpu, &n);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (n->err && e->ts_ns - n->err_ns < SAME_CALL_NS && endpoint_equal(&n->local, &c->local) &&
	    endpoint_equal(&n->remote, &c->remote)) {
		cold = conns_cold(&t->conns, c);
		if (!cold)
			return -ENOMEM;
		cold->err = n->err;
	}
	n->err = 0;
	n->closed = c;
	n->closed_id = c->id;
	n->closed_ns = e->ts_ns;
	return 0;
}

struct tcp_conn *tracker_just_closed(struct tracker *t, const struct tcp_event *e)
{
	const struct cpu_note *n = e->cpu < t->n_cpus ? &t->cpus[e->cpu] : NULL;

	if (!n || e->kind != TCP_KIND_SEND_RESET || e->state != TCP_STATE_CLOSE || !n->closed ||
	    n->closed->id != n->closed_id || tcp_conn_is_emitted(n->closed) ||
	    n->closed->sk != e->sk || e->ts_ns - n->closed_ns >= SAME_CALL_NS)
		return NULL;
	return n->closed;
}

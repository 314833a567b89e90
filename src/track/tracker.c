// SPDX-License-Identifier: MIT
/*
 * Finds the connection of each event, and takes the event through the tracker's other files. An
 * event that names no socket (tcp_bad_csum) gets the task on the CPU and nothing else.
 */
#include "track/tracker.h"

#include <errno.h>
#include <stdlib.h>

#include "tcp/names.h"
#include "track/event-socket.h"
#include "track/owners.h"
#include "track/resolve-cause.h"
#include "track/tracker-state.h"

int tracker_new(const struct tracker_options *o, struct tracker **ret, struct fault *fault)
{
	struct tracker *t = calloc(1, sizeof(*t));

	if (!t)
		return fault_no_memory(fault);
	conns_init(&t->conns);
	if (o)
		t->options = *o;
	*ret = t;
	return 0;
}

struct tracker *tracker_free(struct tracker *t)
{
	if (t) {
		conns_done(&t->conns);
		listeners_done(&t->listeners);
		task_names_done(&t->tasks);
		task_cgroups_done(&t->cgroups);
		losses_done(&t->losses);
		rivals_done(&t->rivals);
		soft_errors_done(&t->soft_errors);
		losses_done(&t->held_up);
		pauses_done(&t->pauses);
		map_done(&t->without_final);
		far_ends_done(&t->far_ends);
		groups_done(&t->mains);
		groups_done(&t->wholes);
		groups_done(&t->told);
		free(t->cpus);
		free(t);
	}
	return NULL;
}

void tracker_expect(struct tracker *t, tcp_kinds kinds)
{
	t->expected = kinds;
	t->has_tuples = kinds & TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED);
}

int tracker_loss(struct tracker *t, uint64_t from_ns, uint64_t to_ns)
{
	task_names_forget_exited(&t->tasks);
	return losses_add(&t->losses, from_ns, to_ns);
}

int tracker_held_up(struct tracker *t, uint64_t from_ns, uint64_t to_ns)
{
	return losses_add(&t->held_up, from_ns, to_ns);
}

int tracker_pause(struct tracker *t, uint64_t ts_ns, uint32_t netns, bool is_paused)
{
	t->has_pauses = true;
	return pauses_take(&t->pauses, ts_ns, netns, is_paused);
}

int tracker_task(struct tracker *t, int32_t pid, int32_t tid, const char *comm)
{
	return task_names_set(&t->tasks, pid, tid, comm);
}

int tracker_fork(struct tracker *t, int32_t parent, int32_t pid, int32_t tid)
{
	const char *comm = task_names_comm(&t->tasks, pid == tid ? parent : pid);

	if (task_cgroups_fork(&t->cgroups, parent, pid, tid) < 0)
		return -ENOMEM;
	/* The name of an earlier task with this number goes. */
	task_names_forget(&t->tasks, tid);
	return task_names_set(&t->tasks, pid, tid, comm);
}

int tracker_task_cgroup(struct tracker *t, int32_t tid, const char *path, enum cgroup_basis by)
{
	return task_cgroups_set(&t->cgroups, tid, path, by);
}

const struct owner_cgroup *tracker_cgroup_at(const struct tracker *t, uint32_t number)
{
	return task_cgroups_at(&t->cgroups, number);
}

int tracker_task_exit(struct tracker *t, int32_t tid)
{
	return task_names_exit(&t->tasks, tid);
}

static enum tcp_origin origin_of(const struct tcp_event *e)
{
	if (!event_is_birth(e))
		return TCP_ORIGIN_SEEN;
	if (e->newstate == TCP_STATE_LISTEN)
		return TCP_ORIGIN_LISTEN;
	return e->newstate == TCP_STATE_SYN_SENT ? TCP_ORIGIN_CONNECT : TCP_ORIGIN_ACCEPT;
}

static bool has_io(const struct tracker *t)
{
	const tcp_kinds io =
		TCP_KIND_BIT(TCP_KIND_SEND_LENGTH) | TCP_KIND_BIT(TCP_KIND_RECV_LENGTH);

	return (t->expected & io) == io;
}

static int conn_make(struct tracker *t, const struct tcp_event *e, struct tcp_conn **ret)
{
	struct tcp_conn *c;

	*ret = NULL;
	if (t->conns.n_alive >= TRACKER_SOCKETS_MAX)
		return 0;
	c = conns_make(&t->conns);
	if (!c)
		return -ENOMEM;
	c->origin = origin_of(e);
	c->seen_ns = e->ts_ns;
	c->is_born = c->origin != TCP_ORIGIN_SEEN && e->ts_ns;
	c->is_client = c->origin == TCP_ORIGIN_CONNECT;
	c->has_io = has_io(t);
	c->knows_retrans = t->expected & TCP_KIND_BIT(TCP_KIND_RETRANSMIT);
	/* The main socket of an MPTCP connection is not emitted: its subflows are, and it would be
	 * in the output twice. */
	if (tcp_event_has(e, TCP_FIELD_PROTOCOL) && e->protocol == TCP_PROTOCOL_MPTCP)
		c->phase = CONN_MUTE;
	*ret = c;
	return 0;
}

/* Finds the connection of e's socket, or makes it. *ret is NULL if the socket is not followed. */
static int conn_find(struct tracker *t, const struct tcp_event *e, struct tcp_conn **ret)
{
	struct tcp_conn *c = conns_by_id(&t->conns, e->sk);
	bool is_new = event_is_birth(e);
	int r = 0;

	*ret = c;
	if (c && is_new) {
		tracker_supersede(t, c, e->ts_ns);
		c = NULL;
	}
	if (c)
		return 0;
	*ret = tracker_just_closed(t, e);
	if (*ret)
		return 0;
	if (!is_new)
		c = tracker_from_table(t, e);
	if (!c && event_may_begin(e))
		r = conn_make(t, e, &c);
	if (!r && c)
		r = conns_set_id(&t->conns, c, e->sk);
	*ret = c;
	return r;
}

static int conn_follow(struct tracker *t, struct tcp_conn *c, struct tcp_event *e)
{
	uint16_t old_port = c->local.port;
	int r = 0;

	if (event_has_own_addresses(e))
		r = tracker_learn_addresses(t, c, e);
	if (r < 0)
		return r;
	tracker_learn_state(t, c, e);
	if (e->kind == TCP_KIND_SET_STATE || e->kind == TCP_KIND_DESTROY)
		tracker_note_unaccepted(t, c, e);
	r = owners_learn(&t->conns, c, e, &t->listeners, &t->cgroups);
	if (!r && e->kind == TCP_KIND_SET_STATE && e->newstate == TCP_STATE_LISTEN)
		r = listeners_add(&t->listeners, c);
	/* Where there is no MPTCP, only changes of state can tell of the first. */
	if (!r && (e->kind == TCP_KIND_SET_STATE || t->has_mains))
		r = tracker_subflow(t, c, e);
	if (!r && e->kind == TCP_KIND_SET_STATE)
		r = tracker_attempt(t, c, e, old_port);
	if (!r && tcp_event_has(e, TCP_FIELD_COOKIE) && e->cookie && event_is_of_socket(e))
		r = tracker_learn_cookie(t, c, e->cookie);
	if (event_is_of_socket(e))
		tracker_fill_addresses(c, e);
	owners_show(e, c, &t->cgroups);
	return r;
}

/* There is no tcp_destroy_sock for the main socket of an MPTCP connection. */
static bool is_socket_end(const struct tcp_event *e)
{
	return e->kind == TCP_KIND_DESTROY ||
	       (e->kind == TCP_KIND_SET_STATE && e->newstate == TCP_STATE_CLOSE &&
		tcp_event_has(e, TCP_FIELD_PROTOCOL) && e->protocol == TCP_PROTOCOL_MPTCP);
}

/* Whether the final tcp_info of c can be found by its endpoints only: most events have no cookie,
 * and tcp_destroy_sock, which has one, is not recorded. */
static bool lacks_cookie(const struct tracker *t, const struct tcp_conn *c)
{
	return !c->cookie && c->remote.port && tracker_keeps(t) &&
	       (t->expected & TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL)) &&
	       !(t->expected & TCP_KIND_BIT(TCP_KIND_DESTROY));
}

static int conn_end(struct tracker *t, struct tcp_conn *c, struct tcp_event *e)
{
	int r = 0;

	if (e->kind == TCP_KIND_SET_STATE && e->newstate == TCP_STATE_CLOSE &&
	    e->oldstate != TCP_STATE_CLOSE) {
		tracker_close(t, c, e->ts_ns);
		r = tracker_note_close(t, c, e);
		if (!r && lacks_cookie(t, c))
			r = conns_set_tuple(&t->conns, c);
	}
	if (is_socket_end(e))
		tracker_attempt_destroyed(c, e);
	if (is_socket_end(e) && tracker_destroy(t, c, e->ts_ns))
		e->conn = NULL;
	return r;
}

/* Called for each event. Inlined into the loop that plays a tape, it would be compiled worse: the
 * functions that it calls would not be inlined any more. */
__attribute__((noinline)) int tracker_feed(struct tracker *t, struct tcp_event *e)
{
	struct tcp_conn *c = NULL;
	int r = 0;

	if (e->cpu_tid > 0) {
		e->cpu_pid = task_names_pid(&t->tasks, e->cpu_tid);
		e->cpu_comm = task_names_comm(&t->tasks, e->cpu_tid);
	}
	switch (e->kind) {
	case TCP_KIND_SOCKET_DUMPED: return tracker_dumped(t, e);
	case TCP_KIND_SOCKET_FINAL: return tracker_final(t, e);
	case TCP_KIND_SAMPLE: return tracker_sample(t, e);
	case TCP_KIND_ERROR_REPORT: return tracker_error(t, e);
	case TCP_KIND_CONG_STATE: t->has_ca_events = true; break;
	default: break;
	}
	if (tcp_event_has(e, TCP_FIELD_SK) && e->sk && event_is_tcp(e))
		r = conn_find(t, e, &c);
	if (!r && c)
		r = conn_follow(t, c, e);
	resolve_cause(e, c);
	if (!r)
		r = tracker_count(t, c, e);
	return r || !c ? r : conn_end(t, c, e);
}

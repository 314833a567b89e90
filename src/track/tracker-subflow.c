// SPDX-License-Identifier: MIT
/*
 * Learns which sockets are subflows of MPTCP connections: by the call chain of their birth, by what
 * sock_diag says of them, and by the main socket, whose endpoints are those of its first subflow
 * (mptcp_copy_inaddrs of net/mptcp/protocol.c).
 */
#include <errno.h>

#include "tcp/names.h"
#include "track/event-socket.h"
#include "track/owners.h"
#include "track/tracker-state.h"

/* The most main sockets, and the most connections, that are remembered. */
#define KNOWN_MAX (1u << 16)
/* The most subflows that are remembered until their connections end. */
#define TOLD_MAX (1u << 16)
/* Two events at most this far apart on one CPU may be from one call of a softirq. */
#define SAME_CALL_NS 1000000u

/* A main socket, by the hash of its endpoints; or an MPTCP connection, by its token. */
struct mptcp_known {
	uint64_t key;
	uint64_t ts_ns; /* when it was seen last */
	struct owner owner;
};

/* Finds or makes an item; forgets all where there are too many. NULL: out of memory. */
static struct mptcp_known *known_get(struct groups *g, uint64_t key)
{
	if (g->n >= KNOWN_MAX)
		groups_done(g);
	g->key_size = sizeof(key);
	g->item_size = sizeof(struct mptcp_known);
	return groups_get(g, &key);
}

static const struct mptcp_known *known_find(const struct groups *g, uint64_t key)
{
	return g->n ? groups_find(g, &key) : NULL;
}

/* Remembers when a main socket was seen last with these endpoints, and whose it is. */
static int main_note(struct tracker *t, const struct tcp_conn *main, uint64_t ts_ns)
{
	struct mptcp_known *known;

	t->has_mains = true;
	if (!main->local.port || !main->remote.port)
		return 0;
	known = known_get(&t->mains, conn_tuple_hash(&main->local, &main->remote));
	if (!known)
		return -ENOMEM;
	known->ts_ns = ts_ns;
	known->owner = main->owner;
	return 0;
}

static enum tcp_subflow row_subflow(const struct tcp_event *e)
{
	/* A later recorder may tell more kinds apart. */
	return e->subflow < TCP_SUBFLOW_N ? (enum tcp_subflow)e->subflow : TCP_SUBFLOW_SOME;
}

static void subflow_set(struct tcp_conn *c, enum tcp_subflow s)
{
	if (s && (!c->subflow || c->subflow == TCP_SUBFLOW_SOME))
		c->subflow = s;
}

/*
 * What the birth of an attempt says. Where its call chain is not known, a worker of the kernel that
 * connects a socket while there are MPTCP connections adds a subflow to one of them: the other
 * workers that connect, those of file systems, bind no port, or one below 1024 (xs_bind).
 */
static enum tcp_subflow subflow_of_birth(const struct tracker *t, const struct tcp_event *e)
{
	enum tcp_subflow s = tcp_subflow_of_chain(e->frames, e->n_frames);

	if (s || tcp_chain_tells_fin(e->frames, e->n_frames))
		return s;
	if (t->has_mains && tcp_event_in_process(e) && owners_is_kernel_worker(e->cpu_comm) &&
	    tcp_event_has(e, TCP_FIELD_LPORT) && e->local.port >= 1024)
		return TCP_SUBFLOW_JOIN;
	return TCP_SUBFLOW_NONE;
}

/*
 * A main socket is born just before its first subflow: within connect() (mptcp_connect), or within
 * one call of a softirq (subflow_syn_recv_sock, then tcp_child_process). Notes it for the next
 * event on the CPU; any other event of it ends that.
 */
static int main_born(struct tracker *t, const struct tcp_conn *main, const struct tcp_event *e)
{
	bool is_birth =
		!main->remote.port &&
		((e->oldstate == TCP_STATE_LISTEN && e->newstate == TCP_STATE_ESTABLISHED) ||
		 (e->oldstate == TCP_STATE_CLOSE && e->newstate == TCP_STATE_SYN_SENT));
	struct cpu_note *n;
	int r = tracker_cpu_note(t, e->cpu, &n);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	n->main = is_birth ? (struct conn_ref){conn_store_number(main), main->id}
			   : (struct conn_ref){0};
	n->main_ns = e->ts_ns;
	n->main_tid = e->newstate == TCP_STATE_SYN_SENT ? e->cpu_tid : 0;
	return 0;
}

static bool is_first_of(const struct cpu_note *n, const struct tcp_conn *main,
			const struct tcp_conn *c, const struct tcp_event *e)
{
	if (main->id != n->main.id || e->ts_ns - n->main_ns >= SAME_CALL_NS)
		return false;
	if (n->main_tid)
		return event_is_birth(e) && e->newstate == TCP_STATE_SYN_SENT &&
		       e->cpu_tid == n->main_tid && tcp_event_in_process(e);
	return e->oldstate == TCP_STATE_SYN_RECV && e->newstate == TCP_STATE_ESTABLISHED &&
	       main->local.port == c->local.port && c->remote.port;
}

/* Finds the main socket of c, which may be the first subflow of one that was born just now. */
static int main_take_first(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e)
{
	struct cpu_note *n = e->cpu < t->n_cpus ? &t->cpus[e->cpu] : NULL;
	struct tcp_conn *main = n ? conn_store_at(&t->conns.store, n->main.number) : NULL;
	struct tcp_conn_attempt *a;

	if (!main || !is_first_of(n, main, c, e))
		return 0;
	n->main.number = 0;
	a = conns_attempt(&t->conns, main);
	if (!a)
		return -ENOMEM;
	a->mptcp_first = c->id;
	subflow_set(c, TCP_SUBFLOW_FIRST);
	if (n->main_tid)
		return 0;
	/* The kernel gives the main socket these endpoints without an event. */
	main->local = c->local;
	main->remote = c->remote;
	main->has_local_addr = c->has_local_addr;
	return main_note(t, main, e->ts_ns);
}

int tracker_subflow(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e)
{
	bool is_change = e->kind == TCP_KIND_SET_STATE;
	int r = 0;

	if (tcp_conn_is_mptcp_main(c)) {
		r = is_change ? main_born(t, c, e) : 0;
		return r ? r : main_note(t, c, e->ts_ns);
	}
	if (is_change && t->has_mains)
		r = main_take_first(t, c, e);
	if (is_change && e->newstate == TCP_STATE_SYN_SENT && event_is_birth(e))
		subflow_set(c, subflow_of_birth(t, e));
	else if (is_change && e->oldstate == TCP_STATE_SYN_SENT && e->newstate == TCP_STATE_CLOSE)
		subflow_set(c, tcp_subflow_of_chain(e->frames, e->n_frames));
	return r ? r : tracker_subflow_learn(t, c);
}

/* What a row has said of a subflow whose connection was not found. */
struct subflow_told {
	uint64_t key; /* hash of the endpoints */
	uint64_t ts_ns;
	uint32_t netns, token;
	enum tcp_subflow subflow;
};

static int told_keep(struct tracker *t, const struct tcp_event *e)
{
	uint64_t key = conn_tuple_hash(&e->local, &e->remote);
	struct subflow_told *told;

	if (!e->local.port || !e->remote.port || !tracker_keeps(t))
		return 0;
	if (t->told.n >= TOLD_MAX)
		groups_done(&t->told);
	t->told.key_size = sizeof(told->key);
	t->told.item_size = sizeof(*told);
	told = groups_get(&t->told, &key);
	if (!told)
		return -ENOMEM;
	/* A closed subflow is not told apart from a first one: what was said before stays. */
	if (told->netns != e->netns || told->token != (uint32_t)e->mptcp_token ||
	    e->subflow != TCP_SUBFLOW_SOME)
		told->subflow = row_subflow(e);
	told->ts_ns = e->ts_ns;
	told->netns = e->netns;
	told->token = (uint32_t)e->mptcp_token;
	return 0;
}

static int told_give(struct tracker *t, struct tcp_conn *c, enum tcp_subflow s, uint32_t token)
{
	struct tcp_conn_attempt *a;

	subflow_set(c, s);
	if (!token || tcp_conn_attempt(c)->mptcp_token == token)
		return 0;
	a = conns_attempt(&t->conns, c);
	if (!a)
		return -ENOMEM;
	a->mptcp_token = token;
	return 0;
}

int tracker_subflow_row(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e)
{
	if (!tcp_event_has(e, TCP_FIELD_SUBFLOW) || (c && tcp_conn_is_listener(c)))
		return 0;
	t->has_mains = true;
	return c ? told_give(t, c, row_subflow(e), (uint32_t)e->mptcp_token) : told_keep(t, e);
}

/* Learns what a row has said of the endpoints of c during its life. */
static int told_take(struct tracker *t, struct tcp_conn *c)
{
	uint64_t key = conn_tuple_hash(&c->local, &c->remote);
	const struct subflow_told *told = t->told.n ? groups_find(&t->told, &key) : NULL;

	if (!told || told->ts_ns < c->seen_ns ||
	    (c->netns && told->netns && c->netns != told->netns))
		return 0;
	return told_give(t, c, told->subflow, told->token);
}

/* If c has the endpoints of a main socket, it is the first subflow, and has the same owner, which
 * sends and receives on the main socket. */
static int first_learn(struct tracker *t, struct tcp_conn *c)
{
	const struct mptcp_known *main =
		known_find(&t->mains, conn_tuple_hash(&c->local, &c->remote));

	if (!main || main->ts_ns < c->seen_ns)
		return 0;
	c->subflow = TCP_SUBFLOW_FIRST;
	return main->owner.basis > c->owner.basis ? conns_set_owner(&t->conns, c, &main->owner) : 0;
}

/* All subflows of a connection have the owner of the first one. */
static int owner_share(struct tracker *t, struct tcp_conn *c)
{
	uint32_t token = tcp_conn_attempt(c)->mptcp_token;
	const struct mptcp_known *whole;
	struct mptcp_known *known;

	if (!token)
		return 0;
	if (c->subflow == TCP_SUBFLOW_FIRST && c->owner.basis) {
		known = known_get(&t->wholes, token);
		if (!known)
			return -ENOMEM;
		known->owner = c->owner;
		return 0;
	}
	whole = tcp_conn_is_join(c) ? known_find(&t->wholes, token) : NULL;
	return whole && whole->owner.basis > c->owner.basis
		       ? conns_set_owner(&t->conns, c, &whole->owner)
		       : 0;
}

int tracker_subflow_learn(struct tracker *t, struct tcp_conn *c)
{
	int r = 0;

	if (!t->has_mains || tcp_conn_is_listener(c) || tcp_conn_is_mptcp_main(c))
		return 0;
	if (!tcp_conn_attempt(c)->mptcp_token)
		r = told_take(t, c);
	if (!r && !tcp_conn_is_join(c))
		r = first_learn(t, c);
	return r ? r : owner_share(t, c);
}

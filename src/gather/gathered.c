// SPDX-License-Identifier: MIT
#include "gather/gathered.h"

#include <errno.h>
#include <stdlib.h>

#include "base/units.h"
#include "tcp/conn-data.h"

/* Limit for each enum group_by. Groups first seen after that count in the total only. */
#define GROUPS_MAX 32768u

int gathered_init(struct gathered *in, const struct view_context *context,
		  const struct gather_options *options)
{
	*in = (struct gathered){.context = context};
	for (unsigned int d = 0; d < GROUP_BY_N; d++)
		in->groups[d] = (struct groups){.key_size = sizeof(struct group_key),
						.item_size = sizeof(struct conn_group)};
	in->answered_before = (struct groups){.key_size = sizeof(struct endpoint),
					      .item_size = sizeof(struct endpoint)};
	answers_init(&in->answers);
	if (conn_histories_init(&in->conn_histories) < 0 ||
	    worst_conns_init(&in->worst_conns) < 0 || reset_pairs_init(&in->reset_pairs) < 0)
		return -ENOMEM;
	if (!options)
		return 0;
	in->pick = in->worst_conns.pick = options->pick;
	if (options->limits)
		conn_histories_limit(&in->conn_histories, options->limits);
	return gather_parts_init(&in->parts, options);
}

void gathered_done(struct gathered *in)
{
	for (unsigned int d = 0; d < GROUP_BY_N; d++)
		groups_done(&in->groups[d]);
	groups_done(&in->answered_before);
	gather_parts_done(&in->parts);
	timeline_done(&in->timeline);
	answers_done(&in->answers);
	worst_conns_done(&in->worst_conns, &in->conn_histories);
	conn_histories_done(&in->conn_histories);
	reset_pairs_done(&in->reset_pairs);
	ends_done(&in->ends);
	map_done(&in->bases.by_cookie);
	arena_done(&in->arena);
}

int gathered_begin(struct gathered *in, uint64_t ts_ns)
{
	const struct view_context *c = in->context;
	uint64_t start = tape_clock_start(&c->clock, ts_ns);
	int64_t real_ns;
	bool knows_wall;

	/* The start comes from the tape, so it may be any number. */
	if (start > ts_ns)
		start = ts_ns;
	if (start < c->since_ns)
		start = c->since_ns;
	in->from_ns = start;
	/* A wall clock that shows a time before 1970 is wrong. */
	knows_wall = tape_clock_wall(&c->clock, start, &real_ns) && real_ns >= 0;
	if (timeline_init(&in->timeline, knows_wall ? (uint64_t)real_ns - start : 0) < 0)
		return -ENOMEM;
	timeline_extend(&in->timeline, start);
	return 0;
}

void gathered_note_listening(struct gathered *in, uint16_t port)
{
	in->is_listening[port / 8] |= (uint8_t)(1u << port % 8);
}

bool gathered_is_listening(const struct gathered *in, uint16_t port)
{
	return in->is_listening[port / 8] >> port % 8 & 1;
}

/* True if the peer opened the connection. c may be NULL. */
static bool is_served(const struct gathered *in, const struct tcp_conn *c, uint16_t lport,
		      uint16_t rport)
{
	if (c && (c->origin == TCP_ORIGIN_ACCEPT || c->origin == TCP_ORIGIN_HALF_OPEN))
		return true;
	if (c && tcp_conn_is_attempt(c))
		return false;
	if (gathered_is_listening(in, lport))
		return true;
	/* The lower port is probably the server's. */
	return lport && rport && lport < rport;
}

struct conn_subject gathered_subject_of_conn(const struct gathered *in, const struct tcp_conn *c)
{
	return (struct conn_subject){
		.local = c->local,
		.remote = c->remote,
		.is_served = is_served(in, c, c->local.port, c->remote.port),
		.is_caller = tcp_conn_is_attempt(c),
		.pid = c->owner.pid,
		.comm = c->owner.comm,
		.cgroup = view_cgroup_of(in->context, &c->owner),
		.label = labels_name(gathered_labels(in), &c->remote),
	};
}

struct conn_subject gathered_subject(const struct gathered *in, const struct tcp_event *e)
{
	return (struct conn_subject){
		.local = e->local,
		.remote = e->remote,
		.is_served = is_served(in, e->conn, e->local.port, e->remote.port),
		.is_caller = e->conn && tcp_conn_is_attempt(e->conn),
		.pid = e->pid,
		.comm = e->comm,
		.cgroup = e->cgroup,
		.label = labels_name(gathered_labels(in), &e->remote),
	};
}

/* Finds or makes the group by d of a subject. *ret is NULL when the subject belongs to none, or
 * there are too many groups. */
static int group_of(struct gathered *in, enum group_by d, const struct conn_subject *s,
		    struct conn_group **ret)
{
	struct groups *groups = &in->groups[d];
	size_t n = groups->n;
	struct group_key key;
	int r;

	*ret = NULL;
	if (!group_key_of(d, s, &key))
		return 0;
	*ret = groups_get_up_to(groups, &key, GROUPS_MAX, &r);
	if (r < 0)
		return r;
	if (groups->n > n)
		(*ret)->number = (uint32_t)n;
	in->n_ungrouped[d] += !*ret;
	return 0;
}

int gathered_sets_of(struct gathered *in, const struct conn_subject *s, struct counter_sets *ret)
{
	*ret = (struct counter_sets){.items = {&in->total}, .n = 1};
	for (unsigned int d = 0; d < GROUP_BY_N; d++) {
		struct conn_group *g;

		if (group_of(in, d, s, &g) < 0)
			return -ENOMEM;
		if (!g)
			continue;
		ret->items[ret->n++] = &g->counters;
		if (d == GROUP_BY_PORT)
			group_name_vote(&g->name, s->comm);
		if (d == GROUP_BY_PEER)
			ret->peer = g;
		else if (d == GROUP_BY_DESTINATION)
			ret->destination = &g->counters;
	}
	return 0;
}

int gathered_explain(struct gathered *in, const struct conn_subject *s, const struct counters *x)
{
	struct counter_sets sets;

	if (gathered_sets_of(in, s, &sets) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < sets.n; i++) {
		struct counters *set = sets.items[i];

		if (!set->explained)
			set->explained = arena_alloc(&in->arena, sizeof(*set->explained));
		if (!set->explained)
			return -ENOMEM;
		counters_add_explained(set->explained, x);
	}
	return 0;
}

int gathered_explain_calls(struct gathered *in, const struct endpoint *destination,
			   const struct counters *x)
{
	const struct conn_subject s = {.remote = *destination, .is_caller = true};

	return gathered_explain(in, &s, x);
}

const struct conn_group *gathered_group(const struct gathered *in, enum group_by d,
					const struct conn_subject *s)
{
	struct group_key key;

	return group_key_of(d, s, &key) ? groups_find(&in->groups[d], &key) : NULL;
}

int gathered_note_answered(struct gathered *in, const struct tcp_conn *c)
{
	struct endpoint key = endpoint_key(&c->remote);
	bool is_older = !c->is_born && !c->was_connecting;

	if (!is_older || !c->is_client || !c->was_established ||
	    in->answered_before.n >= GROUPS_MAX)
		return 0;
	return groups_get(&in->answered_before, &key) ? 0 : -ENOMEM;
}

void gathered_join_answered(struct gathered *in)
{
	struct group_walk w = {0};
	struct conn_group *g;

	while ((g = groups_next(&in->groups[GROUP_BY_DESTINATION], &w))) {
		const struct endpoint to = {g->key.addr, g->key.port};
		struct endpoint key = endpoint_key(&to);

		if (groups_find(&in->answered_before, &key))
			g->counters.attempts.has_answered_before = true;
	}
}

int gathered_history(struct gathered *in, const struct tcp_event *e, struct conn_history **ret)
{
	*ret = NULL;
	/* Half-open handshakes get no history: there are many, and they are all alike. */
	if (!e->conn || tcp_conn_is_emitted(e->conn) || e->conn->origin == TCP_ORIGIN_HALF_OPEN)
		return 0;
	return conn_histories_of(&in->conn_histories, e->conn, ret);
}

bool gathered_wants_event(const struct gathered *in, const struct tcp_event *e)
{
	if (!in->pick)
		return true;
	/* The last row of a dump is about no socket. */
	if (!e->conn)
		return e->kind == TCP_KIND_SOCKET_DUMPED;
	return !tcp_conn_is_listener(e->conn) && conn_pick_fit(in->pick, e->conn);
}

int gathered_story_event(struct gathered *in, const struct tcp_event *e)
{
	struct conn_figures *figures;
	struct conn_history *t;

	if (!in->pick)
		return 0;
	if (gathered_history(in, e, &t) < 0)
		return -ENOMEM;
	if (!t || !e->tcp_info || conn_data_is_hidden(e->conn, e->tcp_info))
		return 0;
	figures = conn_histories_figures(&in->conn_histories, t);
	if (!figures)
		return 0;
	figures->last = *e->tcp_info;
	figures->last_ns = e->ts_ns;
	if (e->kind == TCP_KIND_SOCKET_DUMPED && e->dump == SOCKET_DUMP_START)
		figures->base = *e->tcp_info;
	return 0;
}

int gathered_history_event(struct gathered *in, const struct tcp_event *e, struct conn_history *t,
			   enum history_event_kind kind, uint8_t detail, uint32_t value)
{
	const struct history_event m = {
		.ts_ns = e->ts_ns, .kind = kind, .detail = detail, .value = value};

	return t ? conn_histories_add(&in->conn_histories, t, &m) : 0;
}

uint32_t gathered_second(const struct gathered *in, uint64_t ts_ns)
{
	uint64_t at = ts_ns > in->from_ns ? (ts_ns - in->from_ns) / NSEC_PER_SEC : 0;

	return at < GATHERED_SECONDS_MAX ? (uint32_t)at : GATHERED_SECONDS_MAX - 1;
}

// SPDX-License-Identifier: MIT
#include "detect/reset-tally.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "tcp/names.h"
#include "tcp/reset-kind.h"

/* Limit for single peers and ports, because a scan may come from everywhere. RSTs of further peers
 * are counted together. */
#define COUNTS_MAX 32768u
/* A request is at most this long. More data that is not acknowledged is an upload. */
#define REQUEST_MAX_BYTES 16384u
/* A RST on the loopback device arrives within this time. */
#define SAME_WAY_NS (10 * NSEC_PER_MSEC)

int reset_tally_init(void *state)
{
	struct reset_tally *s = state;

	s->counts = (struct groups){.key_size = sizeof(struct reset_key),
				    .item_size = sizeof(struct reset_count)};
	return 0;
}

void reset_tally_done(void *state)
{
	struct reset_tally *s = state;

	groups_done(&s->counts);
	free(s->time_waits);
	free(s->ended);
}

static void note_program(struct reset_costs *r, int32_t pid, const char *comm)
{
	if (!pid || r->has_several_programs)
		return;
	if (r->pid && r->pid != pid) {
		r->has_several_programs = true;
		r->pid = 0;
		return;
	}
	r->pid = pid;
	if (comm)
		snprintf(r->comm, sizeof(r->comm), "%s", comm);
}

static void note_reason(struct reset_costs *r, const char *reason)
{
	if (!reason || !*reason)
		return;
	if (r->reason[0] && strncmp(r->reason, reason, sizeof(r->reason) - 1) != 0)
		r->has_several_reasons = true;
	else
		snprintf(r->reason, sizeof(r->reason), "%s", reason);
}

static void note_age(struct reset_costs *r, uint64_t ns)
{
	if (!r->n_aged++ || ns < r->youngest_ns)
		r->youngest_ns = ns;
	if (ns > r->oldest_ns)
		r->oldest_ns = ns;
}

static void note_time(struct reset_costs *r, uint64_t ts_ns)
{
	gather_span(&r->first_ns, &r->last_ns, ts_ns);
	if (!r->n_burst || ts_ns < r->burst_ns || ts_ns - r->burst_ns > NSEC_PER_SEC) {
		r->burst_ns = ts_ns;
		r->n_burst = 0;
	}
	if (++r->n_burst > r->n_most) {
		r->n_most = r->n_burst;
		r->most_ns = r->burst_ns;
	}
}

static void add_most(struct reset_costs *to, const struct reset_costs *from)
{
	uint64_t apart = to->most_ns > from->most_ns ? to->most_ns - from->most_ns
						     : from->most_ns - to->most_ns;

	if (to->n_most && from->n_most && apart <= NSEC_PER_SEC) {
		to->n_most += from->n_most;
	} else if (from->n_most > to->n_most) {
		to->n_most = from->n_most;
		to->most_ns = from->most_ns;
	}
}

void reset_costs_add(struct reset_costs *to, const struct reset_costs *from)
{
	if (!to->first_ns || from->first_ns < to->first_ns)
		to->first_ns = from->first_ns;
	if (from->last_ns > to->last_ns)
		to->last_ns = from->last_ns;
	add_most(to, from);
	if (from->n_aged) {
		note_age(to, from->youngest_ns);
		note_age(to, from->oldest_ns);
		to->n_aged += from->n_aged - 2;
	}
	to->n_known += from->n_known;
	to->n_used += from->n_used;
	to->n_unacked += from->n_unacked;
	to->unacked_bytes += from->unacked_bytes;
	to->n_bulk += from->n_bulk;
	note_program(to, from->pid, from->comm);
	to->has_several_programs |= from->has_several_programs;
	note_reason(to, from->reason);
	to->has_several_reasons |= from->has_several_reasons;
}

/* The count for a RST of this class and subject. NULL: out of memory. */
static struct reset_count *count_of(struct reset_tally *s, enum reset_class class,
				    const struct conn_subject *subject, bool is_served)
{
	struct reset_key key;

	memset(&key, 0, sizeof(key));
	key.class = (uint8_t) class;
	key.is_served = is_served;
	key.port = is_served ? subject->local.port : subject->remote.port;
	if (s->counts.n < COUNTS_MAX) {
		key.addr.family = subject->remote.addr.family;
		memcpy(key.addr.bytes, subject->remote.addr.bytes, sizeof(key.addr.bytes));
	}
	return groups_get(&s->counts, &key);
}

static void count_add(struct reset_count *count, uint64_t ts_ns, const char *reason)
{
	count->n++;
	note_time(&count->costs, ts_ns);
	note_reason(&count->costs, reason);
}

/* The RST of a listener has no peer. If the peer is on this host, too, its socket gets the RST in
 * the same moment: that event names it. */
static int name_peer(struct reset_tally *s, const struct tcp_event *e)
{
	for (uint32_t i = 0; i < NAMELESS_RESETS; i++) {
		/* The oldest first: RSTs arrive in the order in which they are sent. */
		struct nameless_reset *r = &s->nameless[(s->next_nameless + i) % NAMELESS_RESETS];
		const struct conn_subject subject = {.local = e->remote, .remote = e->local};
		struct reset_count *named;

		if (!r->ts_ns || r->local.port != e->remote.port ||
		    e->ts_ns - r->ts_ns > SAME_WAY_NS)
			continue;
		named = count_of(s, r->count->key.class, &subject, true);
		if (!named)
			return -ENOMEM;
		named->n++;
		r->count->n--;
		reset_costs_add(&named->costs, &r->count->costs);
		r->ts_ns = 0;
		return 0;
	}
	return 0;
}

/* The place of a connection with these ends. NULL: out of memory. */
static struct time_wait *time_wait_of(struct reset_tally *s, const struct endpoint *local,
				      const struct endpoint *remote, uint64_t *ret_hash)
{
	*ret_hash = endpoint_hash(endpoint_hash(0, local), remote) | 1;
	if (!s->time_waits)
		s->time_waits = calloc(TIME_WAITS, sizeof(*s->time_waits));
	return s->time_waits ? &s->time_waits[(*ret_hash >> 1) % TIME_WAITS] : NULL;
}

static void note_conn(struct reset_costs *r, uint64_t born_ns, uint64_t ts_ns, bool is_used)
{
	r->n_known++;
	r->n_used += is_used;
	if (born_ns && ts_ns >= born_ns)
		note_age(r, ts_ns - born_ns);
}

/* Notes a RST of this host, or says in *ret that it only answers a further segment of a connection
 * that this host has sent one for: what was under way when it ended the connection arrives
 * afterwards. 0 or -ENOMEM. */
static int is_afterwards(struct reset_tally *s, const struct tcp_event *e, enum reset_class class,
			 bool *ret)
{
	uint64_t hash = endpoint_hash(endpoint_hash(0, &e->local), &e->remote) | 1, *place;

	*ret = false;
	if (e->kind != TCP_KIND_SEND_RESET || !e->local.port || !e->remote.port)
		return 0;
	if (!s->ended)
		s->ended = calloc(TIME_WAITS, sizeof(*s->ended));
	if (!s->ended)
		return -ENOMEM;
	place = &s->ended[(hash >> 1) % TIME_WAITS];
	*ret = class == RESET_OF_NO_SOCKET && *place == hash;
	if (class != RESET_OF_NO_SOCKET)
		*place = hash;
	return 0;
}

/* A RST of a socket in TIME_WAIT: only its two endpoints tell which connection it was. */
static int join_event(struct reset_tally *s, const struct tcp_event *e, struct reset_count *count)
{
	uint64_t hash;
	struct time_wait *w = time_wait_of(s, &e->local, &e->remote, &hash);

	if (!w)
		return -ENOMEM;
	if (w->hash == hash && !w->waiting) {
		note_program(&count->costs, w->pid, w->comm);
		note_conn(&count->costs, w->is_born ? w->seen_ns : 0, e->ts_ns, w->is_used);
		w->hash = 0;
	} else {
		*w = (struct time_wait){.hash = hash, .seen_ns = e->ts_ns, .waiting = count};
	}
	return 0;
}

static int join_conn(struct reset_tally *s, const struct tcp_conn *c)
{
	uint64_t hash;
	struct time_wait *w;

	if (c->last_state != TCP_STATE_FIN_WAIT2 || tcp_conn_cold(c)->n_resets_sent)
		return 0;
	w = time_wait_of(s, &c->local, &c->remote, &hash);
	if (!w)
		return -ENOMEM;
	if (w->hash == hash && w->waiting && w->seen_ns >= c->seen_ns) {
		note_program(&w->waiting->costs, c->owner.pid, c->owner.comm);
		note_conn(&w->waiting->costs, tcp_conn_born_ns(c), w->seen_ns,
			  reset_conn_was_used(c));
		w->hash = 0;
		return 0;
	}
	*w = (struct time_wait){.hash = hash,
				.seen_ns = c->seen_ns,
				.pid = c->owner.pid,
				.is_born = c->is_born,
				.is_used = reset_conn_was_used(c)};
	if (c->owner.comm)
		snprintf(w->comm, sizeof(w->comm), "%s", c->owner.comm);
	return 0;
}

int reset_tally_event(void *state, const struct gathered *in, const struct gather_event *g)
{
	struct reset_tally *s = state;
	const struct tcp_event *e = g->e;
	const struct conn_subject *subject = &g->subject;
	enum reset_class class;
	struct reset_count *count;
	bool is_after;

	if (e->kind == TCP_KIND_RECEIVE_RESET && name_peer(s, e) < 0)
		return -ENOMEM;
	/* A RST without counters came after both sides had closed (gather_reset()). */
	if (!g->sets.n)
		return 0;
	class = reset_class_of_event(e, subject->is_served);
	if (is_afterwards(s, e, class, &is_after) < 0)
		return -ENOMEM;
	if (class == RESET_OF_NOBODY || is_after)
		return 0;
	count = count_of(s, class, subject, subject->is_served);
	if (!count)
		return -ENOMEM;
	count_add(count, e->ts_ns, e->reason_name);
	note_program(&count->costs, e->pid, e->comm);
	if (reset_state_of(e) == TCP_STATE_TIME_WAIT)
		return join_event(s, e, count);
	if (!e->remote.port && class != RESET_OF_NO_SOCKET)
		s->nameless[s->next_nameless++ % NAMELESS_RESETS] = (struct nameless_reset){
			.ts_ns = e->ts_ns, .local = e->local, .count = count};
	return 0;
}

int reset_tally_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
		     const struct conn_history *history)
{
	const struct tcp_conn_reset *r = &tcp_conn_cold(c)->reset;
	const struct tcp_conn_info *info = tcp_conn_info(c);
	const struct conn_subject subject = gathered_subject_of_conn(in, c);
	enum reset_class class = reset_class_of_conn(c, subject.is_served);
	struct reset_count *count;

	if (class == RESET_OF_NOBODY)
		return join_conn(state, c);
	if (!view_in_window(in->context, r->ts_ns))
		return 0;
	count = count_of(state, class, &subject, subject.is_served);
	if (!count)
		return -ENOMEM;
	count_add(count, r->ts_ns, r->reason);
	note_program(&count->costs, c->owner.pid, c->owner.comm);
	note_conn(&count->costs, tcp_conn_born_ns(c), r->ts_ns, reset_conn_was_used(c));
	if (info->has_unacked && info->unacked_bytes) {
		count->costs.n_unacked++;
		count->costs.unacked_bytes += info->unacked_bytes;
		count->costs.n_bulk += info->unacked_bytes > REQUEST_MAX_BYTES;
	}
	return 0;
}

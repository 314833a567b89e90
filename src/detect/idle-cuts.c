// SPDX-License-Identifier: MIT
#include "detect/idle-cuts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detect/reset-class.h"
#include "gather/stalls.h"

#define SERVICES_MAX 2048u
#define OUTLIERS     20u /* one in so many of those cut may have been so for another reason */

int idle_cuts_init(void *state)
{
	struct idle_cuts *s = state;

	s->by_service = (struct groups){.key_size = sizeof(((struct idle_cuts_at *)0)->key),
					.item_size = sizeof(struct idle_cuts_at)};
	s->silent_at = (struct groups){.key_size = sizeof(struct endpoint),
				       .item_size = sizeof(struct idle_cuts_silent)};
	return 0;
}

void idle_cuts_done(void *state)
{
	struct idle_cuts *s = state;

	groups_done(&s->by_service);
	groups_done(&s->silent_at);
	map_done(&s->silent);
	idle_times_done(&s->times);
}

/* *ret is NULL if there are too many services. 0 or -ENOMEM. */
static int cuts_of(struct idle_cuts *s, const struct conn_subject *subject,
		   struct idle_cuts_at **ret)
{
	struct idle_cuts_at key;
	int r;

	memset(&key, 0, sizeof(key));
	key.key.is_served = subject->is_served;
	key.key.port = subject->is_served ? subject->local.port : subject->remote.port;
	*ret = groups_get_up_to(&s->by_service, &key.key, SERVICES_MAX, &r);
	return r;
}

/* How a connection was cut. */
enum cut_how { CUT_NOT, CUT_RESET, CUT_AT_REST, CUT_SILENT };

struct cut {
	enum cut_how how;
	uint64_t ns;	  /* when it was cut, or used in vain */
	uint64_t idle_ns; /* without traffic until then */
};

/* A RST came. A connection that waits for an answer is not without use. */
static struct cut cut_by_reset(const struct idle_times *t, const struct tcp_conn *c,
			       enum reset_class class)
{
	struct cut cut = {.how = CUT_RESET, .ns = t->sent_ns};

	if (t->sent_ns > t->heard_ns)
		return cut;
	/* The last that came was an answer, and nothing was sent after it. */
	cut.how = class == RESET_OF_PEER && t->data_ns >= t->sent_ns && t->data_ns == t->heard_ns
			  ? CUT_AT_REST
			  : CUT_NOT;
	cut.ns = tcp_conn_cold(c)->reset.ts_ns;
	return cut;
}

/* Nothing came back on this connection, but on another one with the peer, which is not gone. */
static bool is_silent(const struct gathered *in, const struct tcp_conn *c,
		      const struct conn_history *history)
{
	const struct peer_answers *p = answers_of(&in->answers, &c->remote.addr);

	return stall_kind_of(history, c->ending) == STALL_TIMEOUT &&
	       stall_is_for_good(history, c->ending) && !history->run.n_failed && p &&
	       p->last_ns > history->run.first_ns;
}

static struct cut cut_of(const struct gathered *in, const struct idle_times *t,
			 const struct tcp_conn *c, bool is_served,
			 const struct conn_history *history)
{
	enum reset_class class = reset_class_of_conn(c, is_served);
	struct cut cut = {0};

	if (!t->heard_ns)
		return cut;
	if (class == RESET_OF_PEER || class == RESET_OF_LEFT_BUSY) {
		cut = cut_by_reset(t, c, class);
	} else if (!is_served && is_silent(in, c, history)) {
		cut.how = CUT_SILENT;
		cut.ns = history->run.from_ns ? history->run.from_ns : history->run.first_ns;
	}
	cut.idle_ns = idle_between(t->heard_ns, cut.ns);
	return cut;
}

static void note_whose(struct idle_cuts_at *a, const struct tcp_conn *c)
{
	if (!idle_cuts_n(a))
		a->peer = c->remote.addr;
	a->has_several_peers |= !ip_addr_equal(&a->peer, &c->remote.addr);
	if (!c->owner.pid || a->has_several_programs)
		return;
	if (a->pid && a->pid != c->owner.pid) {
		a->has_several_programs = true;
		a->pid = 0;
		return;
	}
	a->pid = c->owner.pid;
	if (c->owner.comm)
		snprintf(a->comm, sizeof(a->comm), "%s", c->owner.comm);
}

static void cuts_add(struct idle_cuts_at *a, const struct tcp_conn *c, const struct cut *cut,
		     bool is_given_up)
{
	if (cut->idle_ns < IDLE_LEAST_NS) {
		a->n_busy++;
		return;
	}
	note_whose(a, c);
	a->n_resets += cut->how == CUT_RESET;
	a->n_at_rest += cut->how == CUT_AT_REST;
	a->n_silent += cut->how == CUT_SILENT;
	a->n_silent_dead += cut->how == CUT_SILENT && is_given_up;
	if (cut->idle_ns > a->longest_ns)
		a->longest_ns = cut->idle_ns;
	if (cut->ns - cut->idle_ns > a->heard_ns)
		a->heard_ns = cut->ns - cut->idle_ns;
	if (!a->first_ns || cut->ns < a->first_ns)
		a->first_ns = cut->ns;
	if (cut->ns > a->last_ns)
		a->last_ns = cut->ns;
	if (a->n_kept < IDLE_CUTS_KEPT)
		a->kept_ns[a->n_kept++] = cut->idle_ns;
}

/* Notes a connection that both ends knew until its end: its FIN was acknowledged. */
static void lived_note(struct idle_cuts_at *a, const struct tcp_conn *c)
{
	uint64_t from = c->established_ns ? c->established_ns : c->seen_ns;

	if ((c->ending != TCP_ENDING_LOCAL_FIN && c->ending != TCP_ENDING_REMOTE_FIN) ||
	    c->n_retrans || tcp_conn_cold(c)->n_resets_received || c->end_ns <= from)
		return;
	if (c->end_ns - from <= a->lived_to_ns - a->lived_from_ns)
		return;
	a->lived_from_ns = from;
	a->lived_to_ns = c->end_ns;
}

/* Remembers a connection that is to be explained. There are no more than have a history. */
static int silent_note(struct idle_cuts *s, const struct tcp_conn *c)
{
	const struct endpoint key = endpoint_key(&c->remote);
	struct idle_cuts_silent *to = groups_get(&s->silent_at, &key);
	uint64_t *port = map_put(&s->silent, c->id, NULL);

	if (!to || !port)
		return -ENOMEM;
	to->n++;
	*port = c->remote.port;
	return 0;
}

int idle_cuts_event(void *state, const struct gathered *in, const struct gather_event *g)
{
	struct idle_cuts *s = state;

	(void)in;
	return idle_times_note(&s->times, g->e);
}

int idle_cuts_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
		   const struct conn_history *history)
{
	const struct conn_subject subject = gathered_subject_of_conn(in, c);
	struct idle_cuts *s = state;
	const struct idle_times times = idle_times_take(&s->times, c->id);
	const struct cut cut = cut_of(in, &times, c, subject.is_served, history);
	uint64_t worked = idle_worked_ns(&times);
	struct idle_cuts_at *a;

	if (cuts_of(s, &subject, &a) < 0)
		return -ENOMEM;
	if (!a)
		return 0;
	if (worked > a->worked_ns)
		a->worked_ns = worked;
	lived_note(a, c);
	if (cut.how == CUT_NOT || !view_in_window(in->context, cut.ns))
		return 0;
	cuts_add(a, c, &cut, cut.how == CUT_SILENT && stall_is_given_up(history, c->ending));
	return cut.how == CUT_SILENT && cut.idle_ns >= IDLE_LEAST_NS ? silent_note(s, c) : 0;
}

const struct idle_cuts_at *idle_cuts_at(const struct idle_cuts *s, uint16_t port, bool is_served)
{
	struct idle_cuts_at key;

	memset(&key, 0, sizeof(key));
	key.key.port = port;
	key.key.is_served = is_served;
	return groups_find(&s->by_service, &key.key);
}

static int by_length(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

uint64_t idle_cuts_shortest_ns(const struct idle_cuts_at *a)
{
	uint64_t sorted[IDLE_CUTS_KEPT];

	if (!a->n_kept)
		return 0;
	memcpy(sorted, a->kept_ns, sizeof(*sorted) * a->n_kept);
	qsort(sorted, a->n_kept, sizeof(*sorted), by_length);
	return sorted[a->n_kept / OUTLIERS];
}

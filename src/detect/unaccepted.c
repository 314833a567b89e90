// SPDX-License-Identifier: MIT
/*
 * unaccepted: a program of this host does not take the connections of its listener with accept(),
 * though its queue has room. The kernel completes handshakes and acknowledges requests all the
 * same, so that nothing is lost, nothing is retransmitted, and nobody answers.
 */
#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "detect/backlog.h"
#include "detect/detector.h"
#include "detect/whose.h"
#include "tcp/names.h"

#define WAITING_MIN 5u
#define AGE_MIN_S   2u
#define NAMED_MAX   5u
#define GROUPS_MAX  4096u

static void unaccepted_rule(struct text *t)
{
	text_printf(t,
		    "at the end of the tape %u or more connections of one listener, established "
		    "%u s ago or earlier, that no process has accepted (sockets without an inode), "
		    "where the queue is not known to be full",
		    WAITING_MIN, AGE_MIN_S);
}

/* The connections of one listener that wait for accept(). */
struct unaccepted_at {
	struct {
		struct endpoint local;
		uint32_t netns;
		int32_t pid; /* 0: unknown */
	} key;
	struct whose whose;
	uint64_t n;	 /* all that wait at the end of the tape */
	uint64_t n_old;	 /* those that have waited for AGE_MIN_S or longer */
	uint64_t n_left; /* those that their clients have closed already */
	uint64_t since_ns;
};

struct unaccepted {
	struct map rows; /* the cookies of unaccepted sockets in the table at the end */
	struct groups by_listener;
};

static int unaccepted_init(void *state)
{
	struct unaccepted *s = state;

	s->by_listener = (struct groups){.key_size = sizeof(((struct unaccepted_at *)0)->key),
					 .item_size = sizeof(struct unaccepted_at)};
	return 0;
}

static void unaccepted_done(void *state)
{
	struct unaccepted *s = state;

	map_done(&s->rows);
	groups_done(&s->by_listener);
}

static bool is_waiting_state(int32_t state)
{
	return state == TCP_STATE_ESTABLISHED || state == TCP_STATE_CLOSE_WAIT;
}

static int unaccepted_event(void *state, const struct gathered *in, const struct gather_event *g)
{
	struct unaccepted *s = state;
	const struct tcp_event *e = g->e;

	if (e->dump != SOCKET_DUMP_END || !is_waiting_state(e->state) || !e->cookie ||
	    !(e->zeros & TCP_FIELD_BIT(TCP_FIELD_INODE)))
		return 0;
	return map_put(&s->rows, e->cookie, NULL) ? 0 : -ENOMEM;
}

static int unaccepted_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
			   const struct conn_history *history)
{
	struct unaccepted *s = state;
	struct unaccepted_at key, *at;
	uint64_t since_ns = c->established_ns ? c->established_ns : in->from_ns;
	int r;

	if (c->ending != TCP_ENDING_OPEN || !is_waiting_state(c->state) || !c->cookie ||
	    !map_count(&s->rows) || !map_get(&s->rows, c->cookie) ||
	    !gathered_subject_of_conn(in, c).is_served)
		return 0;
	memset(&key.key, 0, sizeof(key.key));
	key.key.local = endpoint_key(&c->local);
	key.key.netns = c->netns;
	key.key.pid = c->owner.pid;
	at = groups_get_up_to(&s->by_listener, &key.key, GROUPS_MAX, &r);
	if (!at)
		return r;
	if (!at->n++)
		at->whose = whose_conn(in, c);
	at->n_old += c->end_ns >= since_ns + AGE_MIN_S * NSEC_PER_SEC;
	at->n_left += c->state == TCP_STATE_CLOSE_WAIT;
	if (!at->since_ns || since_ns < at->since_ns)
		at->since_ns = since_ns;
	return 0;
}

static void unaccepted_emit(const struct detector *d, struct findings *f,
			    const struct unaccepted_at *at)
{
	struct finding *x = finding_new(f, d, DOCUMENT_WARNING, at->n);
	struct text t CLEANUP(text_done) = {0};

	if (!whose_text(f->in, &at->whose, &t))
		text_str(&t, "A program here");
	text_str(&t, " does not accept ");
	plural_text(&t, at->n, "connection");
	text_printf(&t, " at port %u, though its queue has room", at->key.local.port);
	finding_title(f, x, &t);
	finding_count(f, x, "unaccepted", "waiting for accept()", at->n);
	finding_some(f, x, "left", "of them closed by their clients", at->n_left);
	finding_duration(f, x, "longest_ns", "waiting for, at least", f->in->to_ns - at->since_ns);
	finding_whose(f, x, "listener", "listener", &at->whose);
	finding_span(x, at->since_ns, f->in->to_ns);
	finding_meaning(x, "The program is stuck, stopped, or busy with something else. The kernel "
			   "completes these connections and takes what is sent on them, so clients "
			   "are connected and get no answer, until they give up; the network has "
			   "no part in it.");
	text_printf(&t, "--lport %u", at->key.local.port);
	finding_command(f, x, "life", text_cstr(&t));
}

static int by_number(const void *a, const void *b)
{
	const struct unaccepted_at *x = *(struct unaccepted_at *const *)a;
	const struct unaccepted_at *y = *(struct unaccepted_at *const *)b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return memcmp(&x->key, &y->key, sizeof(x->key));
}

static void detect_unaccepted(const struct detector *d, struct findings *f)
{
	const struct unaccepted *s = detector_state(d, f);
	struct unaccepted_at **all CLEANUP(free_p) =
		(struct unaccepted_at **)groups_sorted(&s->by_listener, by_number);
	size_t n = 0;

	f->builder->failed |= !all;
	for (size_t i = 0; all && i < s->by_listener.n && n < NAMED_MAX; i++) {
		if (all[i]->n_old < WAITING_MIN || backlog_explains(f, &all[i]->whose.local))
			continue;
		unaccepted_emit(d, f, all[i]);
		n++;
	}
}

const struct detector detector_unaccepted = {
	.id = "unaccepted",
	.place = PLACE_HOST,
	.rule = unaccepted_rule,
	.find = detect_unaccepted,
	.gathers = {.state_size = sizeof(struct unaccepted),
		    .init = unaccepted_init,
		    .kinds = TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED),
		    .event = unaccepted_event,
		    .conn = unaccepted_conn,
		    .done = unaccepted_done},
};

// SPDX-License-Identifier: MIT
/*
 * close-wait: peers have closed their connections, and a program of this host does not close its
 * end. Such sockets stay in CLOSE_WAIT for as long as the program lives, with a file descriptor and
 * memory each; in the end it has none left.
 */
#include <errno.h>

#include "base/units.h"
#include "detect/close-waiters.h"
#include "detect/detector.h"
#include "tcp/names.h"

#define SERVED_MIN 5u  /* connections that peers opened */
#define CALLED_MIN 10u /* connections that this host opened: pools keep a few */
#define NAMED_MAX  5u

static void close_wait_rule(struct text *t)
{
	text_printf(t,
		    "at the end of the tape %u or more connections of one process that peers "
		    "opened, or %u that this host opened to one port, have been in CLOSE_WAIT for "
		    "%u s or more, and %u times longer than any that the process closed meanwhile;"
		    " connections that wait for accept() are not counted",
		    SERVED_MIN, CALLED_MIN, CLOSE_WAIT_AGE_MIN_S, CLOSE_WAIT_TIMES);
}

struct close_wait {
	struct groups by_owner;
	struct map rows; /* cookies of sockets in CLOSE_WAIT in a table: ROW_BEFORE, ... */
	uint64_t start_ns;
};

/* Flags of a socket in the tables. */
enum {
	ROW_BEFORE = 1,	    /* in CLOSE_WAIT when the recording began */
	ROW_UNACCEPTED = 2, /* no process has accepted it */
};

static int close_wait_init(void *state)
{
	struct close_wait *s = state;

	s->by_owner = CLOSE_WAITERS;
	return 0;
}

static void close_wait_done(void *state)
{
	struct close_wait *s = state;

	groups_done(&s->by_owner);
	map_done(&s->rows);
}

static int close_wait_row(struct close_wait *s, const struct tcp_event *e)
{
	uint64_t *flags;

	if (e->dump == SOCKET_DUMP_START && !s->start_ns)
		s->start_ns = e->ts_ns;
	if ((e->dump != SOCKET_DUMP_START && e->dump != SOCKET_DUMP_END) ||
	    e->state != TCP_STATE_CLOSE_WAIT || !e->cookie)
		return 0;
	flags = map_put(&s->rows, e->cookie, NULL);
	if (!flags)
		return -ENOMEM;
	if (e->dump == SOCKET_DUMP_START)
		*flags |= ROW_BEFORE;
	if (e->zeros & TCP_FIELD_BIT(TCP_FIELD_INODE))
		*flags |= ROW_UNACCEPTED;
	else
		*flags &= ~(uint64_t)ROW_UNACCEPTED;
	return 0;
}

static uint64_t flags_of(const struct close_wait *s, const struct tcp_conn *c)
{
	const uint64_t *flags = c->cookie ? map_get(&s->rows, c->cookie) : NULL;

	return flags ? *flags : 0;
}

static int close_wait_event(void *state, const struct gathered *in, const struct gather_event *g)
{
	struct close_wait *s = state;
	const struct tcp_event *e = g->e;
	struct close_waiters *w;
	uint64_t ns;

	if (e->kind == TCP_KIND_SOCKET_DUMPED)
		return close_wait_row(s, e);
	if (e->oldstate != TCP_STATE_CLOSE_WAIT || !e->conn || !gather_event_is_wanted(g))
		return 0;
	if (close_waiters_get(&s->by_owner, in, e->conn, &w) < 0)
		return -ENOMEM;
	if (!w)
		return 0;
	ns = e->has_spent ? e->spent_ns : flags_of(s, e->conn) ? e->ts_ns - s->start_ns : 0;
	w->n_closed++;
	w->longest_closed_ns = ns > w->longest_closed_ns ? ns : w->longest_closed_ns;
	return 0;
}

/* Since when the connection has been in CLOSE_WAIT, at the latest; 0: it is not known. */
static uint64_t waits_since(const struct close_wait *s, const struct tcp_conn *c)
{
	if (c->state_ns)
		return c->state_ns;
	return flags_of(s, c) & ROW_BEFORE ? s->start_ns : 0;
}

static int close_wait_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
			   const struct conn_history *history)
{
	struct close_wait *s = state;
	uint64_t since = waits_since(s, c), flags = flags_of(s, c);
	struct close_waiters *w;

	if (c->ending != TCP_ENDING_OPEN || flags & ROW_UNACCEPTED ||
	    (c->state != TCP_STATE_CLOSE_WAIT && c->state != TCP_STATE_ESTABLISHED))
		return 0;
	if (close_waiters_get(&s->by_owner, in, c, &w) < 0)
		return -ENOMEM;
	if (!w)
		return 0;
	w->n_open++;
	if (c->state != TCP_STATE_CLOSE_WAIT)
		return 0;
	w->n++;
	w->n_before += flags & ROW_BEFORE;
	if (!since || since > c->end_ns)
		return 0;
	close_waiters_add_age(w, since, c->end_ns);
	return 0;
}

static bool is_leak(const struct close_waiters *w)
{
	return close_waiters_forgotten(w) >= (w->key.is_served ? SERVED_MIN : CALLED_MIN);
}

static void close_wait_title(struct findings *f, struct finding *x, const struct close_waiters *w)
{
	struct text t CLEANUP(text_done) = {0};

	if (!whose_text(f->in, &w->whose, &t))
		text_str(&t, "A program here");
	text_str(&t, " does not close ");
	plural_text(&t, w->n, "connection");
	text_printf(&t, w->key.is_served ? " at port %u" : " to port %u", w->key.port);
	text_str(&t, " that peers have closed (CLOSE_WAIT)");
	finding_title(f, x, &t);
}

static void close_wait_put(struct findings *f, struct finding *x, const struct close_waiters *w,
			   bool has_start)
{
	struct text t CLEANUP(text_done) = {0};

	text_printf(&t, "%u", w->key.port);
	finding_words(f, x, w->key.is_served ? "lport" : "rport", "port", text_cstr(&t));
	finding_whose(f, x, NULL, NULL, &w->whose);
	finding_count(f, x, "close_wait", "in CLOSE_WAIT at the end", w->n);
	if (has_start)
		finding_count(f, x, "before", "those that were so when the recording began",
			      w->n_before);
	finding_count(f, x, "open", "of open connections", w->n_open);
	finding_count(f, x, "closed", "closed by the process meanwhile", w->n_closed);
	if (w->longest_closed_ns)
		finding_duration(f, x, "longest_closed_ns", "at the latest after",
				 w->longest_closed_ns);
	finding_duration(f, x, "longest_ns", "waiting for, at least", w->longest_ns);
	finding_span(x, w->since_ns, f->in->to_ns);
}

static void close_wait_emit(const struct detector *d, struct findings *f,
			    const struct close_waiters *w)
{
	const struct close_wait *s = detector_state(d, f);
	struct finding *x = finding_new(f, d, DOCUMENT_WARNING, w->n);
	struct text t CLEANUP(text_done) = {0};

	close_wait_title(f, x, w);
	close_wait_put(f, x, w, s->start_ns);
	finding_meaning(x,
			"The peers have closed, and the program does not: it has forgotten these"
			" connections, or is stuck. Each keeps a file descriptor and memory until"
			" the program ends; the network has no part in it.");
	if (!w->n_closed)
		finding_doubt(x, "likely",
			      "as a program that closes later than this tape lasts looks the same");
	text_printf(&t, w->key.is_served ? "--lport %u" : "--rport %u", w->key.port);
	finding_command(f, x, "states -o", text_cstr(&t));
}

static void detect_close_wait(const struct detector *d, struct findings *f)
{
	const struct close_wait *s = detector_state(d, f);
	struct close_waiters **all CLEANUP(free_p) =
		(struct close_waiters **)groups_sorted(&s->by_owner, close_waiters_by_number);
	size_t n = 0;

	f->builder->failed |= !all;
	for (size_t i = 0; all && i < s->by_owner.n && n < NAMED_MAX; i++) {
		if (!is_leak(all[i]))
			continue;
		close_wait_emit(d, f, all[i]);
		n++;
	}
}

const struct detector detector_close_wait = {
	.id = "close-wait",
	.place = PLACE_HOST,
	.rule = close_wait_rule,
	.find = detect_close_wait,
	.gathers = {.state_size = sizeof(struct close_wait),
		    .init = close_wait_init,
		    .kinds =
			    TCP_KIND_BIT(TCP_KIND_SET_STATE) | TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED),
		    .event = close_wait_event,
		    .conn = close_wait_conn,
		    .done = close_wait_done},
};

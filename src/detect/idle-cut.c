// SPDX-License-Identifier: MIT
/*
 * idle-cut: connections were cut, by a RST or by silence, when they were used again after a time
 * without traffic: a device on the way had forgotten them.
 */
#include "detect/idle-cut.h"

#include <errno.h>

#include "counter/book.h"
#include "detect/detector.h"
#include "detect/idle-cuts.h"
#include "detect/idle-timers.h"

#define CUTS_MIN     3u
#define ALONE_S	     30u /* less than this is no timer if one restart explains it all */
#define BUSY_PERCENT 10u /* of those without traffic: cut in the middle of traffic */
#define TOLD_PERCENT 90u /* of the RSTs of a service */
#define FINDINGS_MAX 3u

static void idle_cut_rule(struct text *t)
{
	text_printf(t,
		    "%u or more connections at a port that were cut by a RST, or got no answer to "
		    "several timeouts in a row, after %u s or more without traffic (by the "
		    "kernel's times of the last acknowledgement and data), where no more than %u "
		    "%% as many were cut in the middle of traffic, and none worked after more time "
		    "without traffic; and where one restart of the peer explains it, after %u s. A "
		    "timer is named where the shortest time is at most %u %% "
		    "longer. Critical where nothing came back",
		    CUTS_MIN, IDLE_LEAST_S, BUSY_PERCENT, ALONE_S, IDLE_TIMER_ABOVE);
}

/* One restart of the peer, or of a device, explains all of it if there is a moment after the last
 * traffic of each, and before each was cut; unless another connection lived on meanwhile. */
static bool is_by_one_event(const struct idle_cuts_at *a)
{
	return a->heard_ns < a->first_ns && a->n_at_rest < idle_cuts_n(a) &&
	       (a->lived_from_ns >= a->heard_ns || a->lived_to_ns <= a->first_ns);
}

static bool is_timer(const struct idle_cuts_at *a)
{
	return !is_by_one_event(a) || idle_timer_of(idle_cuts_shortest_ns(a)) ||
	       idle_cuts_shortest_ns(a) >= ALONE_S * NSEC_PER_SEC;
}

static bool idle_cut_is_found(const struct idle_cuts_at *a)
{
	uint64_t n = idle_cuts_n(a);

	return n >= CUTS_MIN && a->n_busy * 100 <= n * BUSY_PERCENT &&
	       a->worked_ns <= idle_cuts_shortest_ns(a) && is_timer(a);
}

/* "5.0 s", "352 s" */
static void seconds_text(struct text *t, uint64_t ns)
{
	if (ns < 100 * NSEC_PER_SEC)
		text_printf(t, "%.1f s", (double)ns / NSEC_PER_SEC);
	else
		text_printf(t, "%llu s", (unsigned long long)(ns / NSEC_PER_SEC));
}

static void range_text(struct text *t, const struct idle_cuts_at *a)
{
	struct text longest CLEANUP(text_done) = {0}, shortest CLEANUP(text_done) = {0};

	seconds_text(&shortest, idle_cuts_shortest_ns(a));
	seconds_text(&longest, a->longest_ns);
	text_str(t, text_cstr(&shortest));
	if (a->longest_ns * 100 > idle_cuts_shortest_ns(a) * 102) {
		text_str(t, " to ");
		text_str(t, text_cstr(&longest));
	}
}

static void title_text(struct text *t, const struct idle_cuts_at *a)
{
	plural_text(t, idle_cuts_n(a), "connection");
	text_printf(t, " at port %u%s", a->key.port, a->key.is_served ? " of this host" : "");
	if (!a->has_several_peers) {
		text_str(t, a->key.is_served ? " with " : " of ");
		ip_addr_text(t, &a->peer);
	}
	text_str(t, a->n_at_rest == idle_cuts_n(a) ? " were reset after "
						   : " failed when they were used again after ");
	range_text(t, a);
	text_str(t, " without traffic");
}

/* The kernel's keepalive timer, for programs that ask for keepalive and set no time. */
static void keepalive_text(const struct findings *f, struct text *t)
{
	const struct netns_set *in = f->in->called_in.n ? &f->in->called_in : &f->in->served_in;
	const char *value = in->n && f->in->context->counters
				    ? counter_book_setting(f->in->context->counters, in->items[0],
							   "net.ipv4.tcp_keepalive_time")
				    : NULL;

	text_str(t, "Send keepalive probes more often than that (SO_KEEPALIVE with TCP_KEEPIDLE");
	if (value)
		text_printf(t, "; net.ipv4.tcp_keepalive_time is %s s", value);
	text_str(t, "), or give up idle connections earlier.");
}

static void meaning_text(const struct findings *f, struct text *t, const struct idle_cuts_at *a)
{
	const struct idle_timer *timer = idle_timer_of(idle_cuts_shortest_ns(a));

	text_str(t, "A device on the way (a firewall, NAT or balancer) forgets connections that "
		    "carry no traffic for ");
	if (timer)
		text_printf(t, "%u s", timer->s);
	else
		seconds_text(t, idle_cuts_shortest_ns(a));
	text_str(t, timer || a->n_at_rest == idle_cuts_n(a) ? ", and " : " or less, and ");
	text_str(t, a->n_silent == idle_cuts_n(a) ? "drops what comes later. "
		    : a->n_silent		  ? "drops or rejects what comes later. "
		    : a->n_resets		  ? "answers what comes later by RSTs. "
						  : "sends RSTs then. ");
	if (timer && timer->whose) {
		text_str(t, timer->whose);
		text_char(t, ' ');
	}
	if (is_by_one_event(a))
		text_str(t, "Or it, or the peer, was restarted meanwhile, once, and knows no older "
			    "connections: these times do not exclude that. ");
	keepalive_text(f, t);
}

static void idle_cut_evidence(struct findings *f, struct finding *x, const struct idle_cuts_at *a)
{
	const struct idle_timer *timer = idle_timer_of(idle_cuts_shortest_ns(a));
	struct text t CLEANUP(text_done) = {0};

	finding_count(f, x, "connections", "connections", idle_cuts_n(a));
	finding_some(f, x, "resets", "got a RST when used again", a->n_resets);
	finding_some(f, x, "silent", "got nothing back when used again", a->n_silent);
	finding_some(f, x, "resets_at_rest", "got a RST without being used", a->n_at_rest);
	finding_duration(f, x, "idle_min_ns", "without traffic, from", idle_cuts_shortest_ns(a));
	finding_duration(f, x, "idle_max_ns", "to", a->longest_ns);
	if (a->worked_ns)
		finding_duration(f, x, "idle_worked_ns", "after so long others still worked",
				 a->worked_ns);
	if (timer)
		finding_count(f, x, "timer_s", "the timer that fits, in seconds", timer->s);
	if (!a->has_several_peers) {
		ip_addr_text(&t, &a->peer);
		finding_words(f, x, "peer", "peer", text_cstr(&t));
	}
	text_clear(&t);
	if (a->pid) {
		text_printf(&t, "%s[%d]", a->comm[0] ? a->comm : "process", a->pid);
		finding_words(f, x, "process", "process", text_cstr(&t));
	}
}

static void idle_cut_emit(const struct detector *d, struct findings *f,
			  const struct idle_cuts_at *a)
{
	struct finding *x =
		finding_new(f, d, a->n_silent ? DOCUMENT_CRITICAL : DOCUMENT_WARNING, UINT64_MAX);
	struct text t CLEANUP(text_done) = {0};

	title_text(&t, a);
	finding_title(f, x, &t);
	idle_cut_evidence(f, x, a);
	finding_span(x, a->first_ns, a->last_ns);
	meaning_text(f, &t, a);
	finding_meaning(x, document_builder_text(f->builder, &t));
	finding_doubt(x, is_by_one_event(a) ? "possible" : "likely",
		      is_by_one_event(a) ? "as one restart of the peer looks the same"
					 : "as the peer itself may have such a timer");
	text_clear(&t);
	text_printf(&t, "%s %u", a->key.is_served ? "--lport" : "--rport", a->key.port);
	finding_command(f, x, a->n_silent == idle_cuts_n(a) ? "retrans -r" : "resets -w",
			text_cstr(&t));
}

static int by_number(const void *a, const void *b)
{
	const struct idle_cuts_at *x = *(struct idle_cuts_at *const *)a;
	const struct idle_cuts_at *y = *(struct idle_cuts_at *const *)b;

	if (idle_cuts_n(x) != idle_cuts_n(y))
		return idle_cuts_n(x) < idle_cuts_n(y) ? 1 : -1;
	if (x->key.port != y->key.port)
		return (int)x->key.port - (int)y->key.port;
	return (int)x->key.is_served - (int)y->key.is_served;
}

static void detect_idle_cut(const struct detector *d, struct findings *f)
{
	const struct idle_cuts *s = detector_state(d, f);
	struct idle_cuts_at **items CLEANUP(free_p) =
		(struct idle_cuts_at **)groups_sorted(&s->by_service, by_number);
	unsigned int n = 0;

	f->builder->failed |= !items;
	for (size_t i = 0; items && i < s->by_service.n && n < FINDINGS_MAX; i++) {
		if (!idle_cut_is_found(items[i]))
			continue;
		idle_cut_emit(d, f, items[i]);
		n++;
	}
}

/* What a timer has cut off is no stall of another cause. */
static int idle_cut_end(void *state, struct gathered *in)
{
	const struct idle_cuts *s = state;
	const struct idle_cuts_silent *to;
	struct group_walk walk = {0};

	while ((to = groups_next(&s->silent_at, &walk))) {
		const struct idle_cuts_at *a = idle_cuts_at(s, to->at.port, false);
		const struct counters x = {.conns.stalled = to->n};

		if (a && idle_cut_is_found(a) && gathered_explain_calls(in, &to->at, &x) < 0)
			return -ENOMEM;
	}
	for (size_t i = 0; i < in->worst_conns.n; i++) {
		struct worst_conn *c = &in->worst_conns.items[i];
		const uint64_t *port = map_get(&s->silent, c->id);
		const struct idle_cuts_at *a =
			port ? idle_cuts_at(s, (uint16_t)*port, false) : NULL;

		c->is_explained |= a && idle_cut_is_found(a);
	}
	return 0;
}

const struct detector detector_idle_cut = {
	.id = "idle-cut",
	.place = PLACE_NETWORK,
	.rule = idle_cut_rule,
	.find = detect_idle_cut,
	.gathers = {.state_size = sizeof(struct idle_cuts),
		    .init = idle_cuts_init,
		    .kinds = TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED) |
			     TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL),
		    .event = idle_cuts_event,
		    .conn = idle_cuts_conn,
		    .end = idle_cut_end,
		    .done = idle_cuts_done},
};

/* The connections of a service, if nearly all of n RSTs came after a time without traffic. */
static const struct idle_cuts_at *cuts_told(const struct findings *f, uint16_t port, bool is_served,
					    uint64_t n)
{
	const struct idle_cuts *s = detector_state(&detector_idle_cut, f);
	const struct idle_cuts_at *a = idle_cuts_at(s, port, is_served);

	return a && (a->n_resets + a->n_at_rest) * 100 >= n * TOLD_PERCENT ? a : NULL;
}

bool idle_cut_explains_resets(const struct findings *f, uint16_t port, bool is_served, uint64_t n)
{
	const struct idle_cuts_at *a = cuts_told(f, port, is_served, n);

	return a && idle_cut_is_found(a);
}

void idle_cut_add(struct findings *f, struct finding *x, uint16_t port, bool is_served, uint64_t n)
{
	const struct idle_cuts_at *a = cuts_told(f, port, is_served, n);

	if (!a)
		return;
	finding_duration(f, x, "idle_min_ns", "without traffic, from", idle_cuts_shortest_ns(a));
	finding_duration(f, x, "idle_max_ns", "to", a->longest_ns);
	if (a->n_resets * 100 >= n * TOLD_PERCENT && is_by_one_event(a))
		finding_meaning(
			x,
			"They had carried no traffic for a while, and got a RST when they were "
			"used again: the other side did not know them any longer. Either its "
			"program or host was restarted, or a balancer or firewall failed over, "
			"in the meantime; or a device on the way forgets connections that are "
			"idle. One moment explains all of them, so the times do not tell which.");
}

struct idle_cut_stalls idle_cut_stalls(const struct findings *f)
{
	const struct idle_cuts *s = detector_state(&detector_idle_cut, f);
	struct group_walk walk = {0};
	struct idle_cut_stalls sum = {0};
	const struct idle_cuts_at *a;

	while ((a = groups_next(&s->by_service, &walk))) {
		if (!idle_cut_is_found(a))
			continue;
		sum.n += a->n_silent;
		sum.n_dead += a->n_silent_dead;
	}
	return sum;
}

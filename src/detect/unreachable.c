// SPDX-License-Identifier: MIT
/*
 * unreachable: attempts of this host to connect get no answer, not even a refusal.
 */
#include <stdlib.h>

#include "base/units.h"
#include "detect/backlog.h"
#include "detect/detector.h"
#include "detect/mirrors.h"
#include "detect/silence.h"

#define NAMED_MAX 5u

static void unreachable_rule(struct text *t)
{
	text_printf(t,
		    "%u or more attempts without any answer though a SYN was due again (after %u s:"
		    " RFC 6298, 2.1) or the process gave up, %u %% of those to the destination; or "
		    "%u SYNs retransmitted to one that never answers (RFC 1122, 4.2.3.5: R1). %u "
		    "and nothing else: critical. A notice if processes gave up within %u ms or one "
		    "round trip, or within a second and then connected to another address (%u %% "
		    "of them); or if %u or more went to another address after a second",
		    SILENCE_MIN, CONNECT_OVERDUE_MS / 1000, SILENCE_SHARE_PERCENT, SILENCE_MIN,
		    SILENCE_MIN, SILENCE_HASTY_MS, SILENCE_ELSEWHERE_PERCENT, SILENCE_MIN);
}

static int by_unanswered(const void *a, const void *b)
{
	const struct conn_group *x = *(struct conn_group *const *)a;
	const struct conn_group *y = *(struct conn_group *const *)b;
	int x_silent = silence_is_found(&x->counters), y_silent = silence_is_found(&y->counters);

	if (x_silent != y_silent)
		return y_silent - x_silent;
	if (x->counters.attempts.unanswered != y->counters.attempts.unanswered)
		return x->counters.attempts.unanswered < y->counters.attempts.unanswered ? 1 : -1;
	return group_key_compare(&x->key, &y->key);
}

static enum document_level level_of(const struct counters *s)
{
	if (silence_is_hasty(s) || (silence_ends_elsewhere(s) && silence_is_short(s)))
		return DOCUMENT_NOTICE;
	if (silence_ends_elsewhere(s))
		return DOCUMENT_WARNING;
	return silence_patient(s) >= SILENCE_MIN && silence_is_total(s) ? DOCUMENT_CRITICAL
									: DOCUMENT_WARNING;
}

static void unreachable_add_attempts(struct findings *f, struct finding *x,
				     const struct counters *s)
{
	finding_count(f, x, "unanswered", "not answered", s->attempts.unanswered);
	finding_count(f, x, "attempts", "of attempts", s->attempts.n);
	finding_some(f, x, "established", "established", s->attempts.results[CONNECT_OK]);
	finding_count(f, x, "syn_retrans", "SYNs retransmitted", s->attempts.syns);
	finding_some(f, x, "unsent", "SYNs dropped by this host", s->attempts.unsent);
	finding_some(f, x, "unreachable", "others unreachable (ICMP)",
		     s->attempts.results[CONNECT_UNREACHABLE]);
	finding_some(f, x, "given_up", "given up by the process", s->attempts.aborted);
	if (s->attempts.given_up)
		finding_duration(f, x, "given_up_p50_ns", "half of these within",
				 latency_permille(s->attempts.given_up, 500));
	finding_some(f, x, "timed_out", "given up by the kernel",
		     s->attempts.results[CONNECT_TIMEOUT]);
	finding_some(f, x, "pending", "still waiting", s->attempts.results[CONNECT_PENDING]);
	finding_some(f, x, "before", "since before the recording", s->attempts.before);
	finding_time_spread(x, s->attempts.unanswered_times);
}

static const char meaning[] =
	"SYNs get no answer: the host is down, there is no way to it or back, or a firewall drops "
	"them. A closed port would refuse.";

static const char partial_meaning[] =
	"Others were answered: packets are lost on the way, or the other end drops SYNs because "
	"its queue is full or its firewall limits them.";

static const char unsent_meaning[] =
	"The SYNs did not leave this host: its firewall (output hook) or a policy dropped each one "
	"that was retransmitted, so most likely the first ones, too.";

static const char hasty_meaning[] =
	"Their processes closed the sockets before an answer could be expected: a timeout that is "
	"too short, or a program that did not need the connection any more.";

static const char bypassed_meaning[] =
	"This address never answers. Its processes went on to another address of the same name "
	"after they had waited (RFC 8305), so users only felt a delay.";

static const char *meaning_of(const struct counters *s)
{
	if (s->attempts.unsent * 2 > s->attempts.unanswered)
		return unsent_meaning;
	if (silence_is_hasty(s))
		return hasty_meaning;
	return silence_is_total(s) ? meaning : partial_meaning;
}

/* Says who ended how many of the attempts, and what that means. */
static void unreachable_add_meaning(struct findings *f, struct finding *x, const struct counters *s,
				    const char *words)
{
	const struct attempt_counts *a = &s->attempts;
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, words);
	if (a->before) {
		text_char(&t, ' ');
		units_count(&t, a->before);
		text_str(&t, a->before == 1 ? " has waited" : " have waited");
		text_str(&t, " since before the recording began.");
	}
	if (a->aborted) {
		text_char(&t, ' ');
		units_count(&t, a->aborted);
		text_str(&t, a->aborted == 1 ? " was" : " were");
		text_str(&t, " given up by the process");
		if (a->given_up) {
			text_str(&t, a->given_up->count > 1 ? ", half of them within " : " after ");
			units_duration(&t, latency_permille(a->given_up, 500));
		}
		text_char(&t, '.');
	}
	if (a->results[CONNECT_TIMEOUT]) {
		text_char(&t, ' ');
		units_count(&t, a->results[CONNECT_TIMEOUT]);
		text_str(&t, a->results[CONNECT_TIMEOUT] == 1 ? " was" : " were");
		text_str(&t, " given up by the kernel (ETIMEDOUT).");
	}
	if (silence_ends_elsewhere(s))
		text_str(&t, " After each one the process connected to another address.");
	finding_meaning(x, document_builder_text(f->builder, &t));
}

/* True if an ICMP error that does not end an attempt would be on the tape: kernels that have both
 * tracepoints (from 5.19 on) report it to the socket at once (ip_icmp_error), and older ones note
 * it silently (sk_err_soft; tcp_v4_err() of net/ipv4/tcp_ipv4.c). */
static bool has_soft_errors(const struct findings *f)
{
	const tcp_kinds both =
		TCP_KIND_BIT(TCP_KIND_ERROR_REPORT) | TCP_KIND_BIT(TCP_KIND_CONG_STATE);

	return (f->in->context->recorded & both) == both;
}

/* Adds the doubt that unanswered attempts may have got ICMP errors. */
static void unreachable_doubt(struct findings *f, struct finding *x, const struct counters *s)
{
	finding_by_events(f, x);
	if (has_soft_errors(f))
		return;
	if (s->attempts.results[CONNECT_UNREACHABLE])
		finding_doubt(x, "likely",
			      "other attempts got an ICMP error: these may have, too, and this "
			      "tape does not show one after which the kernel goes on trying");
	else if (!x->shown.doubt)
		finding_doubt(x, "certain",
			      "but this tape does not show ICMP errors after which the kernel goes "
			      "on trying");
}

/* SYNs that never left this host, or that it gave up at once, were stopped here. Silence alone does
 * not tell the network from the peer. */
static enum trouble_place place_of(const struct counters *s)
{
	return s->attempts.unsent == s->attempts.unanswered || silence_is_hasty(s) ? PLACE_HOST
										   : PLACE_UNKNOWN;
}

static void unreachable_emit(const struct detector *d, struct findings *f,
			     const struct conn_group *g)
{
	const struct counters *s = &g->counters;
	struct finding *x = finding_new(f, d, level_of(s), s->attempts.unanswered);
	struct text t CLEANUP(text_done) = {0};

	units_count(&t, s->attempts.unanswered);
	text_str(&t, " of ");
	plural_text(&t, s->attempts.n, "connect");
	text_str(&t, " to ");
	group_key_text(GROUP_BY_DESTINATION, &g->key, gathered_labels(f->in), &t);
	text_str(&t, silence_is_hasty(s) ? " were given up at once" : " got no answer");
	finding_title(f, x, &t);
	x->place = place_of(s);
	finding_group(f, x, GROUP_BY_DESTINATION, &g->key);
	x->end = mirrors_caller(f, &g->key, s->attempts.unanswered);
	unreachable_add_attempts(f, x, s);
	unreachable_add_meaning(f, x, s, meaning_of(s));
	unreachable_doubt(f, x, s);
	group_key_options(GROUP_BY_DESTINATION, &g->key, &t);
	finding_command(f, x, "connects", text_cstr(&t));
}

/* Adds a finding about an address that delays every connect, until its process tries another. */
static void bypassed_emit(const struct detector *d, struct findings *f, const struct conn_group *g)
{
	const struct counters *s = &g->counters;
	struct finding *x = finding_new(f, d, DOCUMENT_NOTICE, s->attempts.superseded_late);
	struct text t CLEANUP(text_done) = {0};

	units_count(&t, s->attempts.results[CONNECT_SUPERSEDED]);
	text_str(&t, " of ");
	plural_text(&t, s->attempts.n, "connect");
	text_str(&t, " to ");
	group_key_text(GROUP_BY_DESTINATION, &g->key, gathered_labels(f->in), &t);
	text_str(&t, " were given up for another address");
	finding_title(f, x, &t);
	finding_group(f, x, GROUP_BY_DESTINATION, &g->key);
	finding_count(f, x, "superseded", "given up for another address",
		      s->attempts.results[CONNECT_SUPERSEDED]);
	finding_count(f, x, "superseded_late", "after a second or more",
		      s->attempts.superseded_late);
	finding_count(f, x, "syn_retrans", "SYNs retransmitted", s->attempts.syns);
	finding_meaning(x, bypassed_meaning);
	finding_by_events(f, x);
	group_key_options(GROUP_BY_DESTINATION, &g->key, &t);
	finding_command(f, x, "connects", text_cstr(&t));
}

/* Adds one finding for all destinations that are not named. */
static void unreachable_emit_rest(const struct detector *d, struct findings *f,
				  struct conn_group *const *groups, size_t n)
{
	struct counters sum = {0};
	struct text t CLEANUP(text_done) = {0};
	struct finding *x;

	for (size_t i = 0; i < n; i++) {
		const struct counters *s = &groups[i]->counters;

		sum.attempts.unanswered += s->attempts.unanswered;
		sum.attempts.n += s->attempts.n;
		sum.attempts.failed += s->attempts.failed;
		sum.attempts.fell_back += s->attempts.fell_back;
		sum.attempts.aborted += s->attempts.aborted;
		sum.attempts.before += s->attempts.before;
		sum.attempts.unsent += s->attempts.unsent;
		sum.attempts.syns += s->attempts.syns;
		sum.conns.established += s->conns.established;
		for (unsigned int k = 0; k < CONNECT_RESULTS; k++)
			sum.attempts.results[k] += s->attempts.results[k];
	}
	x = finding_new(f, d, level_of(&sum), sum.attempts.unanswered);
	plural_text(&t, n, "other destination");
	text_str(&t, n == 1 ? " does not answer, either" : " do not answer, either");
	finding_title(f, x, &t);
	finding_count(f, x, "destinations", "destinations", n);
	unreachable_add_attempts(f, x, &sum);
	unreachable_add_meaning(f, x, &sum, meaning);
	unreachable_doubt(f, x, &sum);
	finding_command(f, x, "connects -c", "");
}

/* Leaves out the first destinations whose accept queue explains why they do not answer. Returns how
 * many silent ones there are then at the start of the array. */
static size_t keep_unexplained(const struct findings *f, struct conn_group **groups, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n && silence_is_found(&groups[i]->counters); i++) {
		const struct endpoint at = {groups[i]->key.addr, groups[i]->key.port};

		if (!backlog_explains(f, &at))
			groups[kept++] = groups[i];
	}
	return kept;
}

static void detect_unreachable(const struct detector *d, struct findings *f)
{
	const struct groups *by = &f->in->groups[GROUP_BY_DESTINATION];
	struct conn_group **groups CLEANUP(free_p) =
		(struct conn_group **)groups_sorted(by, by_unanswered);
	size_t n = 0, named;

	f->builder->failed |= !groups;
	if (groups)
		n = keep_unexplained(f, groups, by->n);
	named = n > NAMED_MAX ? NAMED_MAX - 1 : n;
	for (size_t i = 0; i < named; i++)
		unreachable_emit(d, f, groups[i]);
	if (n > named)
		unreachable_emit_rest(d, f, groups + named, n - named);
	for (size_t i = n, more = 0; groups && i < by->n && more < NAMED_MAX; i++) {
		if (silence_is_bypassed(&groups[i]->counters)) {
			bypassed_emit(d, f, groups[i]);
			more++;
		}
	}
}

const struct detector detector_unreachable = {
	.id = "unreachable",
	.rule = unreachable_rule,
	.find = detect_unreachable,
};

// SPDX-License-Identifier: MIT
/*
 * stalled: connections retransmitted the same data again and again, each time after twice as long a
 * timeout, and nothing was acknowledged.
 */
#include <stdlib.h>

#include "base/units.h"
#include "detect/detector.h"
#include "tcp/names.h"

#define NAMED_MAX 3u

static void stalled_rule(struct text *t)
{
	text_printf(t,
		    "%u or more timeouts of an established connection with nothing acknowledged in"
		    " between (RFC 1122, 4.2.3.5: from R1 = %u on IP is to be told); still so at "
		    "the end of the tape, or given up by the kernel: critical",
		    STALL_TIMEOUTS, STALL_TIMEOUTS);
}

/* Counts of connections that stalled and did not recover. */
struct stalled {
	uint64_t n_open; /* connections still stalled at the end of the tape */
	uint64_t n_dead; /* connections that the kernel gave up */
};

static int stalled_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
			const struct conn_history *history)
{
	struct stalled *s = state;

	if (!history || history->worst_run.n < STALL_TIMEOUTS)
		return 0;
	if (c->ending == TCP_ENDING_OPEN && history->run.n >= STALL_TIMEOUTS)
		s->n_open++;
	else if (c->ending == TCP_ENDING_TIMEOUT)
		s->n_dead++;
	return 0;
}

static bool is_stalled(const struct worst_conn *c)
{
	return c->conn_history && c->conn_history->worst_run.n >= STALL_TIMEOUTS;
}

static bool is_open(const struct worst_conn *c)
{
	return c->life.ending == TCP_ENDING_OPEN && c->conn_history->run.n >= STALL_TIMEOUTS;
}

/* Writes the length of each timeout but the first: "0.41, 0.83, 1.70 s". */
static void ladder_text(const struct conn_history *t, struct text *out)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < HISTORY_WAITS && t->worst_run.waits_us[i]; i++)
		text_printf(out, "%s%.2f", n++ ? ", " : "", t->worst_run.waits_us[i] / 1e6);
	if (n)
		text_str(out, " s");
}

/* When the stall began: at the first timeout, or, where that is not on the tape, at the first event
 * of the history. */
static uint64_t stall_from_ns(const struct worst_conn *c)
{
	const struct conn_history *t = c->conn_history;

	if (t->worst_run.from_ns)
		return t->worst_run.from_ns;
	return t->first ? t->first->items[0].ts_ns : c->life.end_ns;
}

/* When the stall ended: at the last timeout, or where the tape or the connection ends. */
static uint64_t stall_to_ns(const struct worst_conn *c)
{
	const struct conn_history *t = c->conn_history;

	return is_open(c) || c->life.ending == TCP_ENDING_TIMEOUT ? c->life.end_ns
								  : t->worst_run.to_ns;
}

static uint64_t stalled_ns(const struct worst_conn *c)
{
	return stall_to_ns(c) > stall_from_ns(c) ? stall_to_ns(c) - stall_from_ns(c) : 0;
}

static const char *outcome_of(const struct worst_conn *c)
{
	if (is_open(c))
		return "still waiting at the end of the tape";
	switch (c->life.ending) {
	case TCP_ENDING_TIMEOUT: return "given up by the kernel (ETIMEDOUT)";
	case TCP_ENDING_OPEN: return "recovered";
	case TCP_ENDING_REMOTE_RESET: return "reset by the peer later";
	case TCP_ENDING_LOCAL_RESET:
	case TCP_ENDING_ABORTED: return "ended by its process";
	case TCP_ENDING_ERROR: return "ended by an error";
	case TCP_ENDING_UNSEEN: return "not known: its end is not on the tape";
	default: return "recovered, or was closed";
	}
}

static void conn_text(const struct worst_conn *c, struct text *t)
{
	if (c->comm[0])
		text_printf(t, "%s[%d] ", c->comm, c->pid);
	endpoint_text(t, &c->local);
	text_str(t, " -> ");
	endpoint_text(t, &c->remote);
}

static const char meaning[] = "Nothing that this host sends on it is acknowledged: the peer, or "
			      "the way to it or back, is gone; "
			      "a firewall or translator on the way has forgotten the connection; "
			      "or packets of this size do "
			      "not get through (path MTU). The program on it hangs meanwhile.";

static const char others_meaning[] = "Nothing that this host sends on it is acknowledged, while "
				     "other connections to this peer work: a "
				     "firewall or translator on the way has forgotten it, packets "
				     "of this size do not get through "
				     "(path MTU), or the peer's queue for new connections is full. "
				     "The program on it hangs meanwhile.";

static const char past_meaning[] =
	"For that time nothing that this host sent on it was acknowledged: the way was cut, or one "
	"segment was lost again and again. The program on it hung meanwhile.";

static const char local_meaning[] =
	"Every retransmission failed on this host itself, so nothing leaves it: a firewall "
	"rule, a "
	"route or an interface here. The program on it hangs meanwhile.";

/* True if the peer has connections that were established and did not stall. */
static bool works_otherwise(const struct gathered *in, const struct ip_addr *peer)
{
	const struct conn_subject s = {.remote.addr = *peer};
	const struct conn_group *g = gathered_group(in, GROUP_BY_PEER, &s);

	return g && g->counters.conns.established > g->counters.conns.stalled;
}

static const char *meaning_of(const struct gathered *in, const struct ip_addr *peer, bool is_bad)
{
	if (!is_bad)
		return past_meaning;
	return peer && works_otherwise(in, peer) ? others_meaning : meaning;
}

static void stalled_put_command(struct findings *f, struct finding *x, const struct worst_conn *c)
{
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "--addr ");
	ip_addr_text(&t, &c->remote.addr);
	text_printf(&t, " --lport %u", c->local.port);
	finding_command(f, x, "retrans -r", text_cstr(&t));
}

static void stalled_emit(const struct detector *d, struct findings *f, const struct worst_conn *c,
			 bool is_example)
{
	bool is_bad = is_open(c) || c->life.ending == TCP_ENDING_TIMEOUT;
	struct finding *x = finding_new(f, d, is_bad ? DOCUMENT_CRITICAL : DOCUMENT_WARNING,
					stalled_ns(c) / NSEC_PER_MSEC);
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, is_open(c) ? "A connection is stuck: " : "A connection was stuck: ");
	conn_text(c, &t);
	text_printf(&t, ", %u timeouts in a row", c->conn_history->worst_run.n);
	finding_title(f, x, &t);
	endpoint_text(&t, &c->local);
	finding_words(f, x, "local", "this host", text_cstr(&t));
	text_clear(&t);
	endpoint_text(&t, &c->remote);
	finding_words(f, x, "remote", "peer", text_cstr(&t));
	finding_count(f, x, "timeouts_in_a_row", "timeouts in a row", c->conn_history->worst_run.n);
	text_clear(&t);
	ladder_text(c->conn_history, &t);
	if (t.len)
		finding_words(f, x, "ladder", "waited", text_cstr(&t));
	if (stalled_ns(c))
		finding_duration(f, x, "stalled_ns", "stuck for", stalled_ns(c));
	finding_words(f, x, "outcome", "outcome", outcome_of(c));
	finding_span(x, stall_from_ns(c), stall_to_ns(c));
	/* The first retransmission may have been sent, and lost on the way. */
	if (c->conn_history->worst_run.n_failed + 1 >= c->conn_history->worst_run.n)
		finding_meaning(x, local_meaning);
	else if (is_example)
		finding_meaning(x, "The one of them that was stuck longest.");
	else
		finding_meaning(x, meaning_of(f->in, &c->remote.addr, is_bad));
	finding_by_events(f, x);
	stalled_put_command(f, x, c);
}

/* Finds the peer of four fifths or more of the stalled connections among the worst; NULL: there is
 * none. *ret_n of these *ret_all stalled connections are with that peer. */
static const struct ip_addr *common_peer(const struct gathered *in, size_t *ret_n, size_t *ret_all)
{
	const struct ip_addr *peer = NULL;
	size_t votes = 0;

	/* The Boyer-Moore majority vote finds the only peer that can have more than half. */
	for (size_t i = 0; i < in->worst_conns.n; i++) {
		const struct ip_addr *own = &in->worst_conns.items[i].remote.addr;

		if (!is_stalled(&in->worst_conns.items[i]))
			continue;
		if (!votes)
			peer = own;
		votes = ip_addr_equal(peer, own) ? votes + 1 : votes - 1;
	}
	*ret_n = *ret_all = 0;
	for (size_t i = 0; i < in->worst_conns.n && peer; i++) {
		if (!is_stalled(&in->worst_conns.items[i]))
			continue;
		++*ret_all;
		*ret_n += ip_addr_equal(peer, &in->worst_conns.items[i].remote.addr);
	}
	return *ret_n * 5 >= *ret_all * 4 ? peer : NULL;
}

static void span_of_all(const struct gathered *in, struct finding *x)
{
	uint64_t since = UINT64_MAX, until = 0;

	for (size_t i = 0; i < in->worst_conns.n; i++) {
		const struct worst_conn *c = &in->worst_conns.items[i];

		if (!is_stalled(c))
			continue;
		since = stall_from_ns(c) < since ? stall_from_ns(c) : since;
		until = stall_to_ns(c) > until ? stall_to_ns(c) : until;
	}
	if (until)
		finding_span(x, since, until);
}

static void stalled_emit_many(const struct detector *d, struct findings *f)
{
	const struct gathered *in = f->in;
	size_t n_there, n_all;
	const struct ip_addr *peer = common_peer(in, &n_there, &n_all);
	const struct stalled *s = detector_state(d, f);
	uint64_t bad = s->n_open + s->n_dead;
	struct finding *x =
		finding_new(f, d, bad ? DOCUMENT_CRITICAL : DOCUMENT_WARNING, UINT64_MAX);
	struct text t CLEANUP(text_done) = {0}, options CLEANUP(text_done) = {0};

	plural_text(&t, in->total.conns.stalled, "connection");
	if (peer) {
		text_str(&t, n_there < n_all ? ", most of them to " : " to ");
		ip_addr_text(&t, peer);
		text_str(&t, n_there < n_all ? "," : "");
		text_str(&options, "--addr ");
		ip_addr_text(&options, peer);
	}
	text_str(&t, bad ? " are stuck, or were: " : " were stuck: ");
	text_printf(&t, "%u or more timeouts in a row", STALL_TIMEOUTS);
	finding_title(f, x, &t);
	finding_count(f, x, "stalled", "connections", in->total.conns.stalled);
	finding_some(f, x, "open", "stuck at the end of the tape", s->n_open);
	finding_some(f, x, "dead", "given up by the kernel", s->n_dead);
	span_of_all(in, x);
	finding_meaning(x, meaning_of(in, peer, bad));
	finding_by_events(f, x);
	finding_command(f, x, "retrans -c", text_cstr(&options));
}

/* Reports each stalled connection if they are few. Of many, or of several to one peer, only the
 * worst is reported as an example, and one finding counts all. */
static void detect_stalled(const struct detector *d, struct findings *f)
{
	const struct gathered *in = f->in;
	size_t n_there, n_all;
	bool is_one = in->total.conns.stalled > NAMED_MAX ||
		      (in->total.conns.stalled > 1 && common_peer(in, &n_there, &n_all));
	size_t named = is_one ? 1 : NAMED_MAX, n = 0;

	for (size_t i = 0; i < in->worst_conns.n && n < named; i++) {
		if (!is_stalled(&in->worst_conns.items[i]))
			continue;
		stalled_emit(d, f, &in->worst_conns.items[i], is_one);
		n++;
	}
	if (in->total.conns.stalled > n)
		stalled_emit_many(d, f);
}

const struct detector detector_stalled = {
	.id = "stalled",
	.rule = stalled_rule,
	.find = detect_stalled,
	.gathers = {.state_size = sizeof(struct stalled), .conn = stalled_conn},
};

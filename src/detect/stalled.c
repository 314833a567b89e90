// SPDX-License-Identifier: MIT
/*
 * stalled: connections retransmitted the same data again and again, each time after twice as long a
 * timeout, and nothing was acknowledged; or the kernel gave them up.
 */
#include "base/units.h"
#include "detect/backlog.h"
#include "detect/detector.h"
#include "detect/idle-cut.h"
#include "detect/mtu-healing.h"
#include "detect/stalled-conns.h"
#include "tcp/names.h"

#define NAMED_MAX 3u

static void stalled_rule(struct text *t)
{
	text_printf(
		t,
		"%u or more timeouts of an established connection with nothing acknowledged in "
		"between, or fewer until the kernel gave it up; or a shut window whose probes "
		"nobody "
		"answers until then. After so many timeouts TCP suspects the path (R1 of RFC 1122, "
		"4.2.3.5). Critical while it lasts at the end of the tape, and if the kernel gave "
		"up; "
		"a notice if all data had arrived and only the FIN was not acknowledged",
		STALL_TIMEOUTS);
}

/* Counts of connections that stalled and did not recover. */
struct stalled {
	uint64_t n_open; /* connections still stalled at the end of the tape */
	uint64_t n_dead; /* connections that the kernel gave up */
	struct mtu_healing healing;
};

static int stalled_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
			const struct conn_history *history)
{
	enum stall_kind kind = stall_kind_of(history, c->ending);
	struct stalled *s = state;

	if ((!c->was_established && !c->established_ns) ||
	    (kind != STALL_TIMEOUT && kind != STALL_WINDOW))
		return 0;
	if (stall_is_given_up(history, c->ending))
		s->n_dead++;
	else if (stall_is_for_good(history, c->ending))
		s->n_open++;
	else if (kind == STALL_TIMEOUT)
		mtu_healing_note(&s->healing, in, c, history);
	return 0;
}

static int stalled_end(void *state, struct gathered *in)
{
	const struct stalled *s = state;

	return mtu_healing_explain(&s->healing, in);
}

/* Stalled connections of which no other detector tells why. */
static uint64_t stalled_count(const struct gathered *in)
{
	return counters_unexplained(&in->total).conns.stalled;
}

/* Writes the length of each timeout but the first: "0.41, 0.83, 1.70 s". */
static void ladder_text(const struct timeout_run *run, struct text *out)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < HISTORY_WAITS && run->waits_us[i]; i++)
		text_printf(out, "%s%.2f", n++ ? ", " : "", run->waits_us[i] / 1e6);
	if (n)
		text_str(out, " s");
}

static void conn_text(const struct worst_conn *c, const struct labels *names, struct text *t)
{
	if (c->comm[0])
		text_printf(t, "%s[%d] ", c->comm, c->pid);
	labels_endpoint_text(names, &c->local, t);
	text_str(t, " -> ");
	labels_endpoint_text(names, &c->remote, t);
}

/* The view that has rows of the stall. Of one that only the kernel's figures tell, the connection
 * itself is all that the tape has. */
static const char *stalled_view(const struct worst_conn *c)
{
	/* What failed here was not sent, so that it is shown only if asked for. */
	if (stall_run(c)->n_failed)
		return "retrans -r -a";
	return stall_run(c)->waits_us[0] ? "retrans -r" : "life -w";
}

static void stalled_put_command(struct findings *f, struct finding *x, const struct worst_conn *c)
{
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "--addr ");
	ip_addr_text(&t, &c->remote.addr);
	text_printf(&t, " --lport %u", c->local.port);
	finding_command(f, x, stalled_view(c), text_cstr(&t));
}

static void stalled_title(struct findings *f, struct finding *x, const struct worst_conn *c,
			  const struct stall_evidence *s)
{
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, stall_is_open(c) ? "A connection is stuck: " : "A connection was stuck: ");
	conn_text(c, gathered_labels(f->in), &t);
	if (stall_kind(c) == STALL_WINDOW) {
		text_str(&t, ", no answer to its window probes");
	} else {
		text_str(&t, ", ");
		plural_text(&t, stall_run(c)->n, "timeout");
		text_str(&t, stall_run(c)->n > 1 ? " in a row" : "");
	}
	text_str(&t, s->is_mtu	    ? ", as large packets are lost (path MTU)"
		     : s->is_healed ? ", until it sent smaller segments (path MTU)"
				    : "");
	text_str(&t, stall_is_older(c) ? ", since before the recording" : "");
	finding_title(f, x, &t);
}

/* Since when it is stuck. The last acknowledgement may be much older, where the connection was idle
 * before. */
static void stalled_put_times(struct findings *f, struct finding *x, const struct worst_conn *c)
{
	uint64_t heard_ns = c->conn_history->figures.heard_ns, to_ns = stall_to_ns(c);

	if (stall_ns(c))
		finding_duration(f, x, "stalled_ns", "stuck for at least", stall_ns(c));
	if (stall_is_lasting(c) && heard_ns && heard_ns < to_ns)
		finding_duration(f, x, "silent_ns", "since the last acknowledgement",
				 to_ns - heard_ns);
	finding_words(f, x, "outcome", "outcome", stall_outcome(c));
	finding_span(x, stall_from_ns(c), to_ns);
}

static void stalled_put_healed(struct findings *f, struct finding *x,
			       const struct stall_evidence *s)
{
	if (s->mss_before)
		finding_count(f, x, "mss_before", "most bytes of data in a segment before",
			      s->mss_before);
	finding_count(f, x, "mss_since", "most bytes of data in a segment since", s->mss_since);
}

static void stalled_conclude(struct findings *f, struct finding *x, const struct stall_evidence *s)
{
	struct text t CLEANUP(text_done) = {0};

	stall_meaning(s, &t);
	finding_meaning(x, document_builder_text(f->builder, &t));
	x->place = stall_place(s);
	if (s->is_mtu)
		finding_doubt(x, "likely", "as the sizes are averages of what was retransmitted");
	else if (s->is_healed && !s->is_mss_seen)
		finding_doubt(x, "likely",
			      "as the kernel counted path MTU probes, but not of which connection");
	finding_by_events(f, x);
}

static void stalled_emit(const struct detector *d, struct findings *f, const struct worst_conn *c,
			 bool is_example)
{
	bool is_bad = stall_is_lasting(c);
	struct finding *x = finding_new(f, d, is_bad ? DOCUMENT_CRITICAL : DOCUMENT_WARNING,
					stall_ns(c) / NSEC_PER_MSEC);
	const struct stall_figures *figures = &c->conn_history->figures;
	struct stall_evidence evidence = stall_evidence_of(f->in, c);
	struct text t CLEANUP(text_done) = {0};

	stalled_title(f, x, c, &evidence);
	finding_endpoint(f, x, "local", "this host", &c->local);
	finding_endpoint(f, x, "remote", "peer", &c->remote);
	finding_some(f, x, "timeouts_in_a_row", "timeouts in a row", stall_run(c)->n);
	finding_some(f, x, "probes", "probes without an answer", figures->probes);
	ladder_text(stall_run(c), &t);
	if (t.len)
		finding_words(f, x, "ladder", "waited", text_cstr(&t));
	if (evidence.is_healed)
		stalled_put_healed(f, x, &evidence);
	else if (figures->segment_bytes)
		finding_size(f, x, "segment_bytes", "bytes in a retransmitted segment",
			     figures->segment_bytes);
	stalled_put_times(f, x, c);
	if (is_example) {
		finding_meaning(x, "The one of them that was stuck longest.");
		x->place = stall_place(&evidence);
		finding_by_events(f, x);
	} else {
		stalled_conclude(f, x, &evidence);
	}
	stalled_put_command(f, x, c);
}

static void stalled_emit_many(const struct detector *d, struct findings *f)
{
	const struct gathered *in = f->in;
	size_t n_there, n_all;
	const struct ip_addr *peer = stalled_conns_peer(in, &n_there, &n_all);
	const struct stalled *s = detector_state(d, f);
	const struct stall_evidence evidence = stalled_conns_evidence(in, peer);
	struct backlog_stalls told = backlog_stalls(f);
	struct idle_cut_stalls cut = idle_cut_stalls(f);
	uint64_t open = s->n_open - told.n_open - (cut.n - cut.n_dead);
	uint64_t dead = s->n_dead - told.n_dead - cut.n_dead, bad = open + dead;
	uint64_t since, until;
	struct finding *x =
		finding_new(f, d, bad ? DOCUMENT_CRITICAL : DOCUMENT_WARNING, UINT64_MAX);
	struct text t CLEANUP(text_done) = {0}, options CLEANUP(text_done) = {0};

	plural_text(&t, stalled_count(in), "connection");
	if (peer) {
		text_str(&t, n_there < n_all ? ", most of them to " : " to ");
		labels_addr_text(gathered_labels(in), peer, &t);
		text_str(&t, n_there < n_all ? "," : "");
		text_str(&options, "--addr ");
		ip_addr_text(&options, peer);
	}
	text_str(&t, bad ? " are stuck, or were" : " were stuck");
	text_str(&t, evidence.is_mtu	  ? ": their large packets are lost (path MTU)"
		     : evidence.is_healed ? " until they sent smaller segments (path MTU)"
					  : ": nothing was acknowledged for several timeouts in a "
					    "row");
	finding_title(f, x, &t);
	finding_count(f, x, "stalled", "connections", stalled_count(in));
	finding_some(f, x, "open", "stuck at the end of the tape", open);
	finding_some(f, x, "dead", "given up by the kernel", dead);
	if (evidence.is_healed)
		stalled_put_healed(f, x, &evidence);
	if (stalled_conns_span(in, &since, &until))
		finding_span(x, since, until);
	stalled_conclude(f, x, &evidence);
	finding_command(f, x, "retrans -c", text_cstr(&options));
}

static void slow_closes_emit(const struct detector *d, struct findings *f, uint64_t n)
{
	struct finding *x = finding_new(f, d, DOCUMENT_NOTICE, n);
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "Only the FIN of ");
	plural_text(&t, n, "closed connection");
	text_str(&t, " was not acknowledged for several timeouts in a row");
	finding_title(f, x, &t);
	finding_count(f, x, "slow_closes", "connections", n);
	finding_meaning(x, "All data had arrived, and the program has closed the connection, so "
			   "nobody waits. The peer was gone already, or FINs or the "
			   "acknowledgements of them were lost on the way.");
	finding_by_events(f, x);
	finding_command(f, x, "retrans -r", "");
}

/* Reports each stalled connection if they are few. Of many, or of several to one peer, only the
 * worst is reported as an example, and one finding counts all. */
static void detect_stalled(const struct detector *d, struct findings *f)
{
	const struct gathered *in = f->in;
	const struct conn_counts *all = &in->total.conns;
	size_t n_there, n_all;
	bool is_one = stalled_count(in) > NAMED_MAX ||
		      (stalled_count(in) > 1 && stalled_conns_peer(in, &n_there, &n_all));
	size_t named = is_one ? 1 : NAMED_MAX, n = 0;

	for (size_t i = 0; i < in->worst_conns.n && n < named; i++) {
		if (!stalled_conns_has(&in->worst_conns.items[i]))
			continue;
		stalled_emit(d, f, &in->worst_conns.items[i], is_one);
		n++;
	}
	if (stalled_count(in) > n)
		stalled_emit_many(d, f);
	if (all->slow_closes)
		slow_closes_emit(d, f, all->slow_closes);
}

const struct detector detector_stalled = {
	.id = "stalled",
	.rule = stalled_rule,
	.find = detect_stalled,
	.gathers = {.state_size = sizeof(struct stalled), .conn = stalled_conn, .end = stalled_end},
};

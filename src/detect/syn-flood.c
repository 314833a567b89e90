// SPDX-License-Identifier: MIT
/*
 * syn-flood: more handshakes began at a listener than its queue of unfinished ones takes, so that
 * the kernel answered SYNs by cookies, or dropped them; or many addresses began a handshake and
 * never went on. Whether it was a flood, or a burst of real clients, is told by how many went on.
 *
 * The kernel's counters are those of tcp_conn_request() and tcp_syn_flood_action() of
 * net/ipv4/tcp_input.c, and of net/ipv4/syncookies.c. With net.ipv4.tcp_syncookies=2 every SYN is
 * answered by a cookie, whether the queue is full or not.
 */
#include "detect/syn-flood.h"

#include <string.h>

#include "base/units.h"
#include "detect/backlog.h"
#include "detect/counted.h"
#include "detect/detector.h"

/* SYNs that found the queue full: they were dropped, or answered by a cookie. */
#define DROPPED "TcpExt.TCPReqQFullDrop"
#define FULL	"TcpExt.TCPReqQFullDoCookies"

#define FULL_MIN      10u /* SYNs that found the queue full */
#define FLOOD_MIN     50u /* SYN cookies, or addresses of handshakes that are not completed */
#define NEVER_PERCENT 50u /* of the SYN cookies did not come back */
#define OPEN_PERCENT  90u /* of the handshakes that were late or not completed, the latter */
#define OPEN_SHARE    1u  /* percent of the connections accepted */

static void syn_flood_rule(struct text *t)
{
	text_printf(t,
		    "%u or more SYN cookies of which %u %% or more did not come back "
		    "(SyncookiesSent, SyncookiesRecv); or %u or more SYNs dropped as the queue of "
		    "unfinished handshakes was full (TCPReqQFullDrop: critical) where more "
		    "handshakes were never completed than late; or handshakes of %u or more "
		    "addresses that were never completed (%u %% of those that were late or not, "
		    "and %u %% of the connections accepted); and in each case most SYN-ACKs that "
		    "were sent again were so by timer, as false addresses do not repeat their SYN. "
		    "Else, %u or more SYNs that found the queue full: a burst of real clients (a "
		    "warning where they were dropped, a notice where cookies answered them)",
		    FLOOD_MIN, NEVER_PERCENT, FULL_MIN, FLOOD_MIN, OPEN_PERCENT, OPEN_SHARE,
		    FULL_MIN);
}

/* What is known of the handshakes that began at listeners of this host. */
struct half_opens {
	uint64_t sent, returned, failed; /* SYN cookies */
	uint64_t full;			 /* SYNs answered by a cookie as the queue was full */
	uint64_t dropped; /* SYNs dropped as the queue was full and there are no cookies */
	struct backlog_handshakes queued; /* those that were in the queue */
};

static uint64_t half_opens_count(const struct findings *f, const struct half_opens *h,
				 const char *name)
{
	struct counter_change c;

	return counted_of(f, h->queued.netns, name, &c) ? c.grew : 0;
}

/* True if cookies are sent whether a queue is full or not. */
static bool are_cookies_for_all(const struct findings *f, uint32_t netns)
{
	const struct netns_set one = {.items = {netns}, .n = 1};
	const struct netns_set *in = netns ? &one : &f->in->served_in;

	for (size_t i = 0; i < in->n; i++) {
		const char *value = counter_book_setting(f->in->context->counters, in->items[i],
							 "net.ipv4.tcp_syncookies");

		if (value && !strcmp(value, "2"))
			return true;
	}
	return false;
}

static struct half_opens half_opens_of(const struct findings *f)
{
	struct half_opens h = {.queued = backlog_handshakes(f)};

	if (!f->in->context->counters)
		return h;
	h.sent = half_opens_count(f, &h, "TcpExt.SyncookiesSent");
	h.returned = half_opens_count(f, &h, "TcpExt.SyncookiesRecv");
	h.failed = half_opens_count(f, &h, "TcpExt.SyncookiesFailed");
	h.dropped = half_opens_count(f, &h, DROPPED);
	if (!are_cookies_for_all(f, h.queued.netns))
		h.full = half_opens_count(f, &h, FULL);
	return h;
}

static uint64_t half_opens_never(const struct half_opens *h)
{
	return h->queued.half_open + (h->sent > h->returned ? h->sent - h->returned : 0);
}

static bool are_cookies_lost(const struct half_opens *h)
{
	return h->sent >= FLOOD_MIN && h->sent > h->returned &&
	       (h->sent - h->returned) * 100 >= h->sent * NEVER_PERCENT;
}

static bool is_queue_held(const struct half_opens *h)
{
	return h->dropped >= FULL_MIN && !h->queued.is_queue_full &&
	       h->queued.half_open >= FULL_MIN && h->queued.half_open > h->queued.slow;
}

static bool are_many_open(const struct findings *f, const struct half_opens *h)
{
	const struct backlog_handshakes *q = &h->queued;

	return q->peers >= FLOOD_MIN && !q->is_queue_full &&
	       q->half_open * 100 >= (q->half_open + q->slow) * OPEN_PERCENT &&
	       q->half_open * 100 >= f->in->total.conns.accepted * OPEN_SHARE;
}

/* A client that does not get the answers repeats its SYN; a false address does not. */
static bool are_syns_repeated(const struct half_opens *h)
{
	return h->queued.by_repeat && h->queued.by_repeat >= h->queued.by_timer;
}

static bool is_flood(const struct findings *f, const struct half_opens *h)
{
	return !are_syns_repeated(h) &&
	       (are_cookies_lost(h) || is_queue_held(h) || are_many_open(f, h));
}

bool syn_flood_explains(const struct findings *f, const struct endpoint *at)
{
	const struct half_opens h = half_opens_of(f);

	return endpoint_equal(&h.queued.at, at) && is_flood(f, &h);
}

static void syn_flood_evidence(struct findings *f, struct finding *x, const struct half_opens *h)
{
	const struct backlog_handshakes *q = &h->queued;
	struct counter_change c;

	finding_some(f, x, "half_open", "handshakes never completed, by their SYN-ACKs",
		     q->half_open);
	finding_some(f, x, "peers", "from so many addresses", q->peers);
	finding_some(f, x, "cookies_sent", "SYN cookies sent (SyncookiesSent)", h->sent);
	finding_some(f, x, "cookies_returned", "of these came back (SyncookiesRecv)", h->returned);
	finding_some(f, x, "cookies_failed", "ACKs that were no valid cookie (SyncookiesFailed)",
		     h->failed);
	finding_some(f, x, "syns_dropped", "SYNs dropped: queue full (TCPReqQFullDrop)",
		     h->dropped);
	finding_some(f, x, "accepted", "connections accepted meanwhile",
		     f->in->total.conns.accepted);
	if (counted_of(f, q->netns, h->dropped ? DROPPED : FULL, &c))
		finding_worst_second(f, x, &c);
}

/* The counters are those of all listeners of the namespace. */
static void syn_flood_doubt(struct findings *f, struct finding *x, const char *sure,
			    const char *doubt)
{
	if (x->end.port || event_filter_is_empty(f->in->context->filter))
		finding_doubt(x, sure, doubt);
	else
		finding_doubt(x, "possible",
			      "as the kernel counts all listeners of the network namespace, also "
			      "those that the filter leaves out");
}

static void flood_emit(const struct detector *d, struct findings *f, const struct half_opens *h)
{
	const struct endpoint *at = &h->queued.at;
	enum document_level level = h->dropped >= FULL_MIN ? DOCUMENT_CRITICAL : DOCUMENT_WARNING;
	struct finding *x = finding_new(f, d, level, half_opens_never(h));
	struct text t CLEANUP(text_done) = {0}, options CLEANUP(text_done) = {0};

	x->place = PLACE_NETWORK;
	text_str(&t, "A SYN flood");
	if (at->port)
		text_printf(&t, " at port %u", at->port);
	text_str(&t, ": ");
	plural_text(&t, half_opens_never(h), "handshake");
	text_str(&t, " began and never went on");
	if (h->dropped >= FULL_MIN) {
		text_str(&t, ", and ");
		plural_text(&t, h->dropped, "SYN");
		text_str(&t, " found no room");
	}
	finding_title(f, x, &t);
	if (at->port) {
		text_printf(&t, "%u", at->port);
		finding_words(f, x, "lport", "port", text_cstr(&t));
		text_printf(&options, "--lport %u", at->port);
		x->end = (struct finding_end){.side = FINDING_LISTENER,
					      .port = at->port,
					      .is_served = true,
					      .n = h->queued.half_open + h->queued.slow};
	}
	if (h->queued.last_ns)
		finding_span(x, h->queued.first_ns, h->queued.last_ns);
	syn_flood_evidence(f, x, h);
	if (at->port)
		backlog_add_listener(f, x, at);
	finding_meaning(
		x, h->dropped >= FULL_MIN
			   ? "Somebody sends SYNs with false addresses, which fill the queue of "
			     "unfinished handshakes; the kernel drops the SYNs of real clients "
			     "then, as SYN cookies are disabled. Set net.ipv4.tcp_syncookies to 1, "
			     "and have the flood filtered before it gets here."
		   : h->sent
			   ? "Somebody sends SYNs with false addresses. SYN cookies keep real "
			     "clients connecting, without window scaling and SACK where they do "
			     "not use TCP timestamps. Have the flood filtered before it gets here."
			   : "Many addresses begin to connect and never go on: somebody sends "
			     "SYNs with false addresses, or the way back to clients leads "
			     "nowhere. The kernel still had room for more handshakes.");
	syn_flood_doubt(f, x, "likely", "as a way back that is broken for many looks the same");
	finding_command(f, x, at->port ? "connects -c" : "host", text_cstr(&options));
}

static bool has_backlog(const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		if (!strcmp(f->items[i]->shown.id, "backlog"))
			return true;
	}
	return false;
}

/* Real clients, more at once than the queue takes. */
static void burst_emit(const struct detector *d, struct findings *f, const struct half_opens *h)
{
	bool is_dropped = h->dropped >= FULL_MIN;
	uint64_t n = is_dropped ? h->dropped : h->full;
	struct finding *x = finding_new(f, d, is_dropped ? DOCUMENT_WARNING : DOCUMENT_NOTICE, n);
	struct text t CLEANUP(text_done) = {0};

	x->hurts_nobody = !is_dropped;
	text_str(&t, is_dropped ? "The kernel dropped " : "The kernel answered ");
	plural_text(&t, n, "SYN");
	text_str(&t, is_dropped ? ": the queue of unfinished handshakes was full"
				: " by cookies: the queue of unfinished handshakes was full");
	finding_title(f, x, &t);
	syn_flood_evidence(f, x, h);
	finding_meaning(
		x,
		is_dropped
			? "More clients came at once than the backlog of a listener takes; "
			  "handshakes that began were completed, so it was no SYN flood. Clients "
			  "whose SYN was dropped send it again after a second or later, and "
			  "wait. Make the backlog and net.core.somaxconn larger, or set "
			  "net.ipv4.tcp_syncookies to 1."
			: "More clients came at once than the backlog of a listener takes; most "
			  "cookies came back, so it was no SYN flood, and nobody waited. "
			  "Without TCP timestamps such connections have no window scaling and "
			  "no SACK. A larger backlog and net.core.somaxconn avoid it.");
	syn_flood_doubt(f, x, "certain",
			"but the kernel does not count which listener of the network namespace it "
			"was");
	finding_command(f, x, "host", "");
}

static void detect_syn_flood(const struct detector *d, struct findings *f)
{
	const struct half_opens h = half_opens_of(f);

	if (is_flood(f, &h))
		flood_emit(d, f, &h);
	/* A full accept queue makes the other one full, too. */
	else if ((h.dropped >= FULL_MIN || h.full >= FULL_MIN) && !has_backlog(f))
		burst_emit(d, f, &h);
}

const struct detector detector_syn_flood = {
	.id = "syn-flood",
	.place = PLACE_HOST,
	.rule = syn_flood_rule,
	.find = detect_syn_flood,
};

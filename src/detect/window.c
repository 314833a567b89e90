// SPDX-License-Identifier: MIT
/*
 * window: data waits because a program does not read it, not because of the network: zero receive
 * windows, and socket buffers of this host at their limits.
 */
#include <errno.h>

#include "base/units.h"
#include "detect/detector.h"
#include "detect/rule-words.h"
#include "detect/whose.h"
#include "gather/stalls.h"
#include "tcp/names.h"

#define PRESSURE_MIN 10u

/* Limit for connections that are kept one by one; those after it are only counted. */
#define ZERO_WINDOWS_MAX 16384u

/* A connection whose receive window, the peer's or this host's, is zero or nearly so. */
struct zero_window {
	uint32_t conn;	/* the key: tcp_conn.id */
	bool is_found;	/* the window was the trouble, and not only zero at the start */
	bool is_older;	/* the window was zero when the recording began */
	bool is_ours;	/* this host's window: the process here does not read */
	bool is_at_end; /* the window was zero where the tape ends */
	uint8_t ending; /* enum tcp_ending, once the connection is over */
	struct whose whose;
	struct endpoint remote;
	uint64_t limited_us;	/* how long the sender waited for the window */
	uint64_t waiting_bytes; /* data that was waiting at the end */
	uint64_t from_ns, to_ns;
};

/* Events of one kind that report a buffer at its limit. */
struct pressure {
	uint64_t n;
	uint64_t first_ns, last_ns;
};

struct window {
	struct pressure exceeded, queue_full; /* sock_exceed_buf_limit, sock_rcvqueue_full */
	struct groups zero;		      /* of struct zero_window */
	uint64_t n_more[2];		      /* without room in `zero`: the peer's, and ours */
};

static int window_init(void *state)
{
	struct window *w = state;

	w->zero = (struct groups){.key_size = sizeof(uint32_t),
				  .item_size = sizeof(struct zero_window)};
	return 0;
}

static void window_done(void *state)
{
	struct window *w = state;

	groups_done(&w->zero);
}

/* The initial window of RFC 6928: segments that even a new connection may send at once. */
#define INITIAL_WINDOW 10u
#define SEGMENT_MAX    1460u
#define LIMITED_US_MIN 1000000u

static void window_rule(struct text *t)
{
	text_printf(t,
		    "the kernel's figures say that a window was zero where the tape ends, the "
		    "peer's with data waiting; or that the sender waited for it for a second or "
		    "more while, on average, less than %s segments (as many as a new connection "
		    "may send at once, RFC 6928) were under way (rate x round-trip time, Little's"
		    " law), unless nobody answered any more; or sock_exceed_buf_limit or "
		    "sock_rcvqueue_full %u times",
		    number_word(INITIAL_WINDOW), PRESSURE_MIN);
}

static uint64_t tcp_info_value(const struct tcp_info_values *f, enum tcp_info_field which)
{
	uint64_t v;

	return tcp_info_get(f, which, &v) ? v : 0;
}

/*
 * True if the receive window was zero or tiny for most of the time that the sender waited for it.
 * Waiting alone is no trouble if the reader is as fast as the network: then a whole window is in
 * flight. By Little's law the data in flight is rate times round-trip time; less than the initial
 * window means a tiny receive window.
 */
static bool was_tiny(const struct tcp_info_values *f, const struct tcp_info_growth *growth)
{
	uint64_t limited_us = growth->rwnd_limited_us;
	uint64_t rtt_us = tcp_info_value(f, TCP_INFO_RTT_US),
		 mss = tcp_info_value(f, TCP_INFO_SND_MSS);
	double bytes = (double)growth->acked_bytes;

	mss = mss < SEGMENT_MAX ? mss : SEGMENT_MAX;
	return limited_us >= LIMITED_US_MIN && mss && rtt_us &&
	       bytes * (double)rtt_us / (double)limited_us < (double)(mss * INITIAL_WINDOW);
}

/* Estimates when waiting for the window began: the whole time waited before the event, but not
 * before the connection or the tape began. */
static uint64_t limited_from_ns(const struct gathered *in, const struct tcp_event *e,
				uint64_t limited_us)
{
	uint64_t ns = limited_us * NSEC_PER_USEC, seen = e->conn->seen_ns;

	if (seen < in->from_ns)
		seen = in->from_ns;
	return limited_us && ns < e->ts_ns && e->ts_ns - ns > seen ? e->ts_ns - ns : seen;
}

/* Finds or makes the item of a connection. *ret is NULL where there is no room. */
static int zero_of(struct window *w, uint32_t conn, struct zero_window **ret)
{
	int r;

	*ret = groups_get_up_to(&w->zero, &conn, ZERO_WINDOWS_MAX, &r);
	return r;
}

/* Whose window a row shows to be zero. */
struct shut {
	bool is_theirs, is_ours;
};

static struct shut shut_of(const struct tcp_event *e)
{
	bool is_open = e->kind == TCP_KIND_SOCKET_DUMPED && e->state == TCP_STATE_ESTABLISHED;
	uint64_t wnd, waiting = tcp_info_value(e->tcp_info, TCP_INFO_NOTSENT_BYTES);

	return (struct shut){
		is_open && waiting && tcp_info_get(e->tcp_info, TCP_INFO_SND_WND, &wnd) && !wnd,
		is_open && tcp_info_get(e->tcp_info, TCP_INFO_RCV_WND, &wnd) && !wnd,
	};
}

/* Notes a window that was zero when the recording began. */
static int window_before(struct window *w, const struct tcp_event *e)
{
	struct shut shut = shut_of(e);
	struct zero_window *z;

	if (!e->conn || (!shut.is_theirs && !shut.is_ours))
		return 0;
	if (zero_of(w, e->conn->id, &z) < 0)
		return -ENOMEM;
	if (z)
		z->is_older = true;
	return 0;
}

static int window_tcp_info(struct window *w, const struct gathered *in,
			   const struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	struct shut shut = shut_of(e);
	struct zero_window *z;

	if (!shut.is_theirs && !shut.is_ours && !was_tiny(e->tcp_info, g->growth))
		return 0;
	if (zero_of(w, e->conn->id, &z) < 0)
		return -ENOMEM;
	if (!z) {
		w->n_more[shut.is_ours && !shut.is_theirs]++;
		return 0;
	}
	z->is_found = true;
	z->is_ours = shut.is_ours && !shut.is_theirs;
	z->is_at_end = shut.is_theirs || shut.is_ours;
	z->whose = whose_conn(in, e->conn);
	z->remote = g->subject.remote;
	z->limited_us = g->growth->rwnd_limited_us;
	z->waiting_bytes = tcp_info_value(e->tcp_info, TCP_INFO_NOTSENT_BYTES);
	z->from_ns = limited_from_ns(in, e, g->growth->rwnd_limited_us);
	z->to_ns = e->ts_ns;
	return 0;
}

/* The time that the sender waited for the window, without that of a stall: in a stall the window is
 * what the peer told last, and says nothing of its reader. */
static uint64_t limited_before_stall_us(const struct zero_window *z, const struct tcp_conn *c,
					const struct conn_history *history)
{
	uint64_t from_ns = history->run.from_ns, stalled_us;

	if (!from_ns || from_ns >= c->end_ns)
		return z->limited_us;
	stalled_us = (c->end_ns - from_ns) / NSEC_PER_USEC;
	return z->limited_us > stalled_us ? z->limited_us - stalled_us : 0;
}

/* What became of the connection decides whether its reader was slow: where nobody answered the
 * probes until the kernel gave up, the peer was gone (detect/stalled.c). */
static int window_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
		       const struct conn_history *history)
{
	struct window *w = state;
	struct zero_window *z = groups_find(&w->zero, &c->id);

	if (!z)
		return 0;
	if (stall_kind_of(history, c->ending) == STALL_WINDOW) {
		z->is_found = false;
	} else if (history && history->run.n && stall_is_for_good(history, c->ending)) {
		z->limited_us = limited_before_stall_us(z, c, history);
		z->is_found &= z->limited_us >= LIMITED_US_MIN;
	}
	z->ending = c->ending;
	if (z->is_found)
		z->whose = whose_conn(in, c);
	return 0;
}

static void window_pressure(struct pressure *p, uint64_t ts_ns)
{
	p->n++;
	gather_span(&p->first_ns, &p->last_ns, ts_ns);
}

static int window_event(void *state, const struct gathered *in, const struct gather_event *g)
{
	struct window *w = state;
	bool is_wanted = gather_event_is_wanted(g);

	if (g->growth)
		return window_tcp_info(w, in, g);
	if (g->e->kind == TCP_KIND_SOCKET_DUMPED && g->e->dump == SOCKET_DUMP_START)
		return window_before(w, g->e);
	if (g->e->kind == TCP_KIND_EXCEED_BUF && is_wanted)
		window_pressure(&w->exceeded, g->e->ts_ns);
	else if (g->e->kind == TCP_KIND_RCVQUEUE_FULL && is_wanted)
		window_pressure(&w->queue_full, g->e->ts_ns);
	return 0;
}

/* The zero windows of one side, which one finding reports together. */
struct zero_window_sum {
	uint64_t n, n_twins, at_end, older, limited_us, waiting_bytes;
	const struct zero_window *worst;
};

/* True if a is worse than b: the longest first, and then the order of the connections. */
static bool is_worse(const struct zero_window *a, const struct zero_window *b)
{
	return a->limited_us != b->limited_us ? a->limited_us > b->limited_us : a->conn < b->conn;
}

static struct zero_window_sum zero_window_sum_of(const struct findings *f, const struct window *w,
						 bool is_ours)
{
	struct zero_window_sum sum = {.n = w->n_more[is_ours]};
	struct group_walk walk = {0};
	const struct zero_window *z;

	while ((z = groups_next(&w->zero, &walk))) {
		if (!z->is_found || z->is_ours != is_ours)
			continue;
		sum.n++;
		sum.n_twins += ends_has_other(&f->in->ends, &z->whose.local, &z->remote);
		sum.at_end += z->is_at_end;
		sum.older += z->is_older;
		sum.limited_us += z->limited_us;
		sum.waiting_bytes += z->waiting_bytes;
		if (!sum.worst || is_worse(z, sum.worst))
			sum.worst = z;
	}
	return sum;
}

static const char our_meaning[] = "Its receive buffer is full, so the peer had to stop: the "
				  "program is busy, blocked or stopped; "
				  "it is not the network.";

static const char their_meaning[] =
	"The peer's receive window is zero or tiny, so this host waits: the program there is busy, "
	"blocked or stopped, or its receive buffer too small; it is not the network.";

static const char *outcome_of(const struct zero_window *z)
{
	switch (z->ending) {
	case TCP_ENDING_TIMEOUT: return "given up (TCP_USER_TIMEOUT), though the peer answered";
	case TCP_ENDING_REMOTE_RESET: return "reset by the peer later";
	case TCP_ENDING_LOCAL_RESET:
	case TCP_ENDING_ABORTED: return "ended by its process";
	default: return NULL;
	}
}

static void zero_window_title(struct findings *f, struct finding *x,
			      const struct zero_window_sum *sum)
{
	const struct zero_window *z = sum->worst;
	struct text t CLEANUP(text_done) = {0}, who CLEANUP(text_done) = {0};

	if (z->is_ours && whose_text(f->in, &z->whose, &who))
		text_printf(&t, "%s reads too slowly, or not at all, what ", text_cstr(&who));
	else if (z->is_ours)
		text_str(&t, "A program here reads too slowly, or not at all, what ");
	endpoint_text(&t, &z->remote);
	text_str(&t, z->is_ours ? " sends" : " reads too slowly, or not at all, what it is sent");
	if (sum->n > 1) {
		text_str(&t, " (");
		plural_text(&t, sum->n, "such connection");
		text_char(&t, ')');
	}
	if (sum->older)
		text_str(&t, ", since before the recording");
	finding_title(f, x, &t);
}

static void zero_window_emit(const struct detector *d, struct findings *f, bool is_ours)
{
	struct zero_window_sum sum = zero_window_sum_of(f, detector_state(d, f), is_ours);
	const struct zero_window *z = sum.worst;
	struct text t CLEANUP(text_done) = {0};
	struct finding *x;

	if (!z)
		return;
	x = finding_new(f, d, DOCUMENT_WARNING, sum.n);
	x->end = (struct finding_end){.side = is_ours ? FINDING_READER : FINDING_WRITER,
				      .knows_why = is_ours,
				      .n = sum.n,
				      .n_twins = sum.n_twins};
	zero_window_title(f, x, &sum);
	finding_count(f, x, "connections", "connections", sum.n);
	finding_some(f, x, "shut_at_end", "window zero where the tape ends", sum.at_end);
	finding_some(f, x, "shut_before", "since before the recording", sum.older);
	endpoint_text(&t, &z->remote);
	finding_words(f, x, "remote", "peer", text_cstr(&t));
	finding_whose(f, x, "local", "this host", &z->whose);
	if (sum.limited_us)
		finding_duration(f, x, "limited_ns", "waited for the window, in all",
				 sum.limited_us * NSEC_PER_USEC);
	if (sum.waiting_bytes)
		finding_size(f, x, "waiting_bytes", "bytes that wait to be sent",
			     sum.waiting_bytes);
	if (outcome_of(z))
		finding_words(f, x, "outcome", "outcome", outcome_of(z));
	finding_span(x, z->from_ns, z->to_ns);
	finding_meaning(x, is_ours ? our_meaning : their_meaning);
	text_clear(&t);
	text_str(&t, "--addr ");
	ip_addr_text(&t, &z->remote.addr);
	text_printf(&t, " --port %u", z->remote.port);
	finding_command(f, x, "life -w", text_cstr(&t));
}

static void pressure_emit(const struct detector *d, struct findings *f, const struct pressure *p,
			  const char *event, const char *title, const char *meaning)
{
	struct text t CLEANUP(text_done) = {0};
	struct finding *x;

	if (p->n < PRESSURE_MIN)
		return;
	x = finding_new(f, d, DOCUMENT_WARNING, p->n);
	text_str(&t, title);
	plural_text(&t, p->n, "time");
	finding_title(f, x, &t);
	finding_words(f, x, "event", "event", event);
	finding_count(f, x, "events", "times", p->n);
	finding_span(x, p->first_ns, p->last_ns);
	finding_meaning(x, meaning);
	finding_by_events(f, x);
	finding_command(f, x, "replay", "");
}

static void detect_window(const struct detector *d, struct findings *f)
{
	const struct window *w = detector_state(d, f);

	zero_window_emit(d, f, false);
	zero_window_emit(d, f, true);
	pressure_emit(
		d, f, &w->exceeded, "sock_exceed_buf_limit",
		"This host's socket memory was at its limit ",
		"The kernel refused memory for socket buffers: the limits of all sockets "
		"(net.ipv4.tcp_mem), of the cgroup or of single ones are reached, and data is "
		"dropped or its senders held back.");
	pressure_emit(
		d, f, &w->queue_full, "sock_rcvqueue_full", "A socket's receive queue was full ",
		"Packets for a socket (mostly of UDP) were dropped because its program did not "
		"read them in time.");
}

const struct detector detector_window = {
	.id = "window",
	.rule = window_rule,
	.find = detect_window,
	.gathers = {.state_size = sizeof(struct window),
		    .init = window_init,
		    .kinds = TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED) |
			     TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL) |
			     TCP_KIND_BIT(TCP_KIND_EXCEED_BUF) |
			     TCP_KIND_BIT(TCP_KIND_RCVQUEUE_FULL),
		    .event = window_event,
		    .conn = window_conn,
		    .done = window_done},
};

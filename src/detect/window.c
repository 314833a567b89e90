// SPDX-License-Identifier: MIT
/*
 * window: data waits because a program does not read it, not because of the network: zero receive
 * windows, and socket buffers of this host at their limits.
 */
#include "base/units.h"
#include "detect/detector.h"
#include "detect/rule-words.h"
#include "tcp/names.h"

#define PRESSURE_MIN 10u

#define ZERO_WINDOWS_MAX 64u

/* A connection whose receive window, the peer's or this host's, is zero or nearly so. */
struct zero_window {
	struct endpoint local, remote;
	bool is_ours;		/* this host's window: the process here does not read */
	bool is_at_end;		/* the window was zero where the tape ends */
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
	struct zero_window zero[ZERO_WINDOWS_MAX];
	size_t n_zero;
};

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
		    " law); or sock_exceed_buf_limit or sock_rcvqueue_full %u times",
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

static void window_tcp_info(struct window *w, const struct gathered *in,
			    const struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	uint64_t wnd, waiting = tcp_info_value(e->tcp_info, TCP_INFO_NOTSENT_BYTES);
	bool is_end = e->kind == TCP_KIND_SOCKET_DUMPED && e->state == TCP_STATE_ESTABLISHED;
	bool is_theirs =
		is_end && waiting && tcp_info_get(e->tcp_info, TCP_INFO_SND_WND, &wnd) && !wnd;
	bool is_ours = is_end && tcp_info_get(e->tcp_info, TCP_INFO_RCV_WND, &wnd) && !wnd;

	if (!is_theirs && !is_ours && !was_tiny(e->tcp_info, g->growth))
		return;
	if (w->n_zero == ZERO_WINDOWS_MAX)
		return;
	w->zero[w->n_zero++] = (struct zero_window){
		.local = g->subject.local,
		.remote = g->subject.remote,
		.is_ours = is_ours && !is_theirs,
		.is_at_end = is_theirs || is_ours,
		.limited_us = g->growth->rwnd_limited_us,
		.waiting_bytes = waiting,
		.from_ns = limited_from_ns(in, e, g->growth->rwnd_limited_us),
		.to_ns = e->ts_ns,
	};
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
		window_tcp_info(w, in, g);
	else if (g->e->kind == TCP_KIND_EXCEED_BUF && is_wanted)
		window_pressure(&w->exceeded, g->e->ts_ns);
	else if (g->e->kind == TCP_KIND_RCVQUEUE_FULL && is_wanted)
		window_pressure(&w->queue_full, g->e->ts_ns);
	return 0;
}

/* The zero windows of one side, which one finding reports together. */
struct zero_window_sum {
	uint64_t n, n_twins, at_end, limited_us, waiting_bytes;
	const struct zero_window *worst;
};

static struct zero_window_sum zero_window_sum_of(const struct findings *f, const struct window *w,
						 bool is_ours)
{
	struct zero_window_sum sum = {0};

	for (size_t i = 0; i < w->n_zero; i++) {
		const struct zero_window *s = &w->zero[i];

		if (s->is_ours != is_ours)
			continue;
		sum.n++;
		sum.n_twins += ends_has_other(&f->in->ends, &s->local, &s->remote);
		sum.at_end += s->is_at_end;
		sum.limited_us += s->limited_us;
		sum.waiting_bytes += s->waiting_bytes;
		if (!sum.worst || s->limited_us > sum.worst->limited_us)
			sum.worst = s;
	}
	return sum;
}

static const char our_meaning[] = "Its receive buffer is full, so the peer had to stop: the "
				  "program is busy, blocked or stopped; "
				  "it is not the network.";

static const char their_meaning[] =
	"The peer's receive window is zero or tiny, so this host waits: the program there is busy, "
	"blocked or stopped, or its receive buffer too small; it is not the network.";

static void zero_window_emit(const struct detector *d, struct findings *f, bool is_ours)
{
	struct zero_window_sum sum = zero_window_sum_of(f, detector_state(d, f), is_ours);
	struct text t CLEANUP(text_done) = {0}, who CLEANUP(text_done) = {0};
	struct finding *x;

	if (!sum.n)
		return;
	x = finding_new(f, d, DOCUMENT_WARNING, sum.n);
	endpoint_text(&who, &sum.worst->remote);
	text_str(&t, is_ours ? "A program here reads too slowly, or not at all, what " : "");
	text_str(&t, text_cstr(&who));
	text_str(&t, is_ours ? " sends" : " reads too slowly, or not at all, what it is sent");
	if (sum.n > 1) {
		text_str(&t, " (");
		plural_text(&t, sum.n, "such connection");
		text_char(&t, ')');
	}
	finding_title(f, x, &t);
	x->end = (struct finding_end){.side = is_ours ? FINDING_READER : FINDING_WRITER,
				      .knows_why = is_ours,
				      .n = sum.n,
				      .n_twins = sum.n_twins};
	finding_count(f, x, "connections", "connections", sum.n);
	finding_some(f, x, "shut_at_end", "window zero where the tape ends", sum.at_end);
	finding_words(f, x, "remote", "peer", text_cstr(&who));
	endpoint_text(&t, &sum.worst->local);
	finding_words(f, x, "local", "this host", text_cstr(&t));
	if (sum.limited_us)
		finding_duration(f, x, "limited_ns", "waited for the window, in all",
				 sum.limited_us * NSEC_PER_USEC);
	if (sum.waiting_bytes)
		finding_size(f, x, "waiting_bytes", "bytes that wait to be sent",
			     sum.waiting_bytes);
	finding_span(x, sum.worst->from_ns, sum.worst->to_ns);
	finding_meaning(x, is_ours ? our_meaning : their_meaning);
	text_clear(&t);
	text_str(&t, "--addr ");
	ip_addr_text(&t, &sum.worst->remote.addr);
	text_printf(&t, " --port %u", sum.worst->remote.port);
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
		    .kinds = TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED) |
			     TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL) |
			     TCP_KIND_BIT(TCP_KIND_EXCEED_BUF) |
			     TCP_KIND_BIT(TCP_KIND_RCVQUEUE_FULL),
		    .event = window_event},
};

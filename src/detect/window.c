// SPDX-License-Identifier: MIT
/*
 * window: data waits because a program does not read it, not because of the network: zero receive
 * windows, and socket buffers of this host at their limits.
 */
#include "base/units.h"
#include "detect/detector.h"
#include "detect/rule-words.h"
#include "detect/zero-windows.h"
#include "tcp/names.h"

#define PRESSURE_MIN 10u

/* Events of one kind that report a buffer at its limit. */
struct pressure {
	uint64_t n;
	uint64_t first_ns, last_ns;
};

struct window {
	struct pressure exceeded, queue_full; /* sock_exceed_buf_limit, sock_rcvqueue_full */
	struct zero_windows zero;
};

static int window_init(void *state)
{
	struct window *w = state;

	zero_windows_init(&w->zero);
	return 0;
}

static void window_done(void *state)
{
	struct window *w = state;

	zero_windows_done(&w->zero);
}

static void window_rule(struct text *t)
{
	text_printf(
		t,
		"the kernel's figures say that a window was zero where the tape ends, the "
		"peer's with data waiting; or that the sender waited for it for a second or "
		"more while, on average, less than %s segments (as many as a new connection "
		"may send at once, RFC 6928) were under way (rate x round-trip time, Little's"
		" law), unless nobody answered any more (on a way of %u ms or more the window is "
		"called small where at least half of it was under way); or sock_exceed_buf_limit "
		"or "
		"sock_rcvqueue_full %u times",
		number_word(ZERO_WINDOW_SEGMENTS), SMALL_WINDOW_RTT_US_MIN / 1000, PRESSURE_MIN);
}

static int window_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
		       const struct conn_history *history)
{
	struct window *w = state;

	zero_windows_end(&w->zero, in, c, history);
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
		return zero_windows_note(&w->zero, in, g);
	if (g->e->kind == TCP_KIND_SOCKET_DUMPED && g->e->dump == SOCKET_DUMP_START)
		return zero_windows_note_before(&w->zero, g->e);
	if (g->e->kind == TCP_KIND_SAMPLE)
		return g->is_in_window ? zero_windows_sample(&w->zero, g->e) : 0;
	if (g->e->kind == TCP_KIND_EXCEED_BUF && is_wanted)
		window_pressure(&w->exceeded, g->e->ts_ns);
	else if (g->e->kind == TCP_KIND_RCVQUEUE_FULL && is_wanted)
		window_pressure(&w->queue_full, g->e->ts_ns);
	return 0;
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
	labels_endpoint_text(gathered_labels(f->in), &z->remote, &t);
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

/* What samples say of the worst connection. */
static void shut_put(struct findings *f, struct finding *x, const struct zero_window *z)
{
	finding_some(f, x, "looks_shut", "samples of this connection that found it shut",
		     z->n_shut);
	if (z->shut_to_ns > z->shut_from_ns)
		finding_duration(f, x, "shut_ns", "from the first of these to the last",
				 z->shut_to_ns - z->shut_from_ns);
}

static void zero_window_emit(const struct detector *d, struct findings *f, bool is_ours)
{
	const struct window *w = detector_state(d, f);
	struct zero_window_sum sum =
		zero_windows_sum(&w->zero, &f->in->ends, is_ours ? WINDOW_OURS : WINDOW_THEIRS);
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
	x->place = is_ours ? PLACE_HOST : PLACE_PEER;
	zero_window_title(f, x, &sum);
	finding_count(f, x, "connections", "connections", sum.n);
	finding_some(f, x, "shut_at_end", "window zero where the tape ends", sum.at_end);
	finding_some(f, x, "shut_before", "since before the recording", sum.older);
	finding_endpoint(f, x, "remote", "peer", &z->remote);
	finding_whose(f, x, "local", "this host", &z->whose);
	if (sum.limited_us)
		finding_duration(f, x, "limited_ns", "waited for the window, in all",
				 sum.limited_us * NSEC_PER_USEC);
	shut_put(f, x, z);
	if (sum.waiting_bytes)
		finding_size(f, x, "waiting_bytes", "bytes that wait to be sent",
			     sum.waiting_bytes);
	if (outcome_of(z))
		finding_words(f, x, "outcome", "outcome", outcome_of(z));
	finding_span(x, z->from_ns, z->to_ns);
	finding_meaning(x, is_ours ? our_meaning : their_meaning);
	text_str(&t, "--addr ");
	ip_addr_text(&t, &z->remote.addr);
	text_printf(&t, " --port %u", z->remote.port);
	finding_command(f, x, "life -w", text_cstr(&t));
}

static const char small_meaning[] =
	"It is open and always used in full, so the program there reads. But in one round trip no "
	"more than a window can be under way: the receive buffer there is too small for so long a "
	"way (SO_RCVBUF, net.ipv4.tcp_rmem, net.ipv4.tcp_window_scaling). It is not the network.";

static void small_window_title(struct findings *f, struct finding *x,
			       const struct zero_window_sum *sum)
{
	const struct zero_window *z = sum->worst;
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "The receive window of ");
	endpoint_text(&t, &z->remote);
	text_str(&t, " is small for the way: ");
	units_size(&t, z->window_bytes);
	text_str(&t, " for a round trip of ");
	units_duration(&t, z->rtt_us * NSEC_PER_USEC);
	if (sum->n > 1) {
		text_str(&t, " (");
		plural_text(&t, sum->n, "such connection");
		text_char(&t, ')');
	}
	finding_title(f, x, &t);
}

/* A window that limits a connection though the peer's program reads. */
static void small_window_emit(const struct detector *d, struct findings *f)
{
	const struct window *w = detector_state(d, f);
	struct zero_window_sum sum = zero_windows_sum(&w->zero, &f->in->ends, WINDOW_SMALL);
	const struct zero_window *z = sum.worst;
	struct text t CLEANUP(text_done) = {0};
	struct finding *x;

	if (!z)
		return;
	x = finding_new(f, d, DOCUMENT_WARNING, sum.n);
	x->place = PLACE_PEER;
	small_window_title(f, x, &sum);
	finding_count(f, x, "connections", "connections", sum.n);
	endpoint_text(&t, &z->remote);
	finding_words(f, x, "remote", "peer", text_cstr(&t));
	finding_whose(f, x, "local", "this host", &z->whose);
	finding_size(f, x, "window_bytes", "its window", z->window_bytes);
	finding_duration(f, x, "round_trip_ns", "round trip", z->rtt_us * NSEC_PER_USEC);
	finding_size(f, x, "rate_bytes", "at most, in a second",
		     z->window_bytes * 1000000 / z->rtt_us);
	finding_duration(f, x, "limited_ns", "waited for the window, in all",
			 sum.limited_us * NSEC_PER_USEC);
	finding_span(x, z->from_ns, z->to_ns);
	finding_meaning(x, small_meaning);
	finding_doubt(x, "likely", "as the window is known only from the end of the connection");
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
	small_window_emit(d, f);
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
	.place = PLACE_HOST,
	.rule = window_rule,
	.find = detect_window,
	.gathers = {.state_size = sizeof(struct window),
		    .init = window_init,
		    .kinds = TCP_KINDS_SYNTHETIC | TCP_KIND_BIT(TCP_KIND_EXCEED_BUF) |
			     TCP_KIND_BIT(TCP_KIND_RCVQUEUE_FULL),
		    .event = window_event,
		    .conn = window_conn,
		    .done = window_done},
};

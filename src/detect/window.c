// SPDX-License-Identifier: MIT
/*
 * window: the network would take more, but the reader does not: a receive window that is shut, and
 * buffers of this host at their limits.
 */
#include <string.h>

#include "base/units.h"
#include "detect/detectors.h"

#define PRESSURE_MIN 10u

/* Of one direction, those that are told together. */
struct shut_sum {
	uint64_t n, open, limited_us, waiting;
	const struct zero_window *worst;
};

static struct shut_sum sum_up(const struct gathered *in, bool is_ours)
{
	struct shut_sum sum = {0};
	uint64_t n = in->n_zero_windows < ZERO_WINDOWS_MAX ? in->n_zero_windows : ZERO_WINDOWS_MAX;

	for (uint64_t i = 0; i < n; i++) {
		const struct zero_window *s = &in->zero_windows[i];

		if (s->is_ours != is_ours)
			continue;
		sum.n++;
		sum.open += s->is_open_end;
		sum.limited_us += s->limited_us;
		sum.waiting += s->waiting_bytes;
		if (!sum.worst || s->limited_us > sum.worst->limited_us)
			sum.worst = s;
	}
	return sum;
}

static const char our_meaning[] = "Its receive buffer is full, so the peer had to stop: the "
				  "program is busy, blocked or stopped; "
				  "it is not the network.";

static const char their_meaning[] =
	"The peer's receive window is shut or tiny, so this host waits: the program there is busy, "
	"blocked or stopped, or its receive buffer too small; it is not the network.";

static void tell_shut(const struct detector *d, struct findings *f, bool is_ours)
{
	struct shut_sum sum = sum_up(f->in, is_ours);
	struct text t CLEANUP(text_done) = {0}, who CLEANUP(text_done) = {0};
	struct finding *x;

	if (!sum.n)
		return;
	x = finding_new(f, d, DOCUMENT_WARNING, sum.n);
	endpoint_text(&who, &sum.worst->subject.remote);
	text_str(&t, is_ours ? "A program here reads too slowly, or not at all, what " : "");
	text_str(&t, text_cstr(&who));
	text_str(&t, is_ours ? " sends" : " reads too slowly, or not at all, what it is sent");
	if (sum.n > 1) {
		text_str(&t, " (");
		plural_text(&t, sum.n, "such connection");
		text_char(&t, ')');
	}
	finding_title(f, x, &t);
	finding_count(f, x, "connections", "connections", sum.n);
	finding_some(f, x, "shut_at_end", "window shut where the tape ends", sum.open);
	finding_words(f, x, "remote", "peer", text_cstr(&who));
	endpoint_text(&t, &sum.worst->subject.local);
	finding_words(f, x, "local", "this host", text_cstr(&t));
	if (sum.limited_us)
		finding_duration(f, x, "limited_ns", "waited for the window, in all",
				 sum.limited_us * NSEC_PER_USEC);
	if (sum.waiting)
		finding_size(f, x, "waiting_bytes", "bytes that wait to be sent", sum.waiting);
	finding_span(x, sum.worst->from_ns, sum.worst->to_ns);
	finding_meaning(x, is_ours ? our_meaning : their_meaning);
	text_clear(&t);
	text_str(&t, "--addr ");
	ip_addr_text(&t, &sum.worst->subject.remote.addr);
	text_printf(&t, " --port %u", sum.worst->subject.remote.port);
	finding_command(f, x, "life -w", text_cstr(&t));
}

static void tell_pressure(const struct detector *d, struct findings *f,
			  const struct gathered_pressure *p, const char *event, const char *title,
			  const char *meaning)
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
	tell_shut(d, f, false);
	tell_shut(d, f, true);
	tell_pressure(
		d, f, &f->in->exceeded, "sock_exceed_buf_limit",
		"This host's socket memory was at its limit ",
		"The kernel refused memory for socket buffers: the limits of all sockets "
		"(net.ipv4.tcp_mem), of the cgroup or of single ones are reached, and data is "
		"dropped or its senders held back.");
	tell_pressure(
		d, f, &f->in->queue_full, "sock_rcvqueue_full",
		"A socket's receive queue was full ",
		"Packets for a socket (mostly of UDP) were dropped because its program did not "
		"read them in time.");
}

const struct detector detector_window = {
	.id = "window",
	.rule = "the kernel's figures say that a window was shut where the tape ends, the "
		"peer's with data waiting; or that the sender waited for it for a second or "
		"more while, on average, less than ten segments (as many as a new connection "
		"may send at once, RFC 6928) were under way (rate x round-trip time, Little's"
		" law); or sock_exceed_buf_limit or sock_rcvqueue_full 10 times",
	.find = detect_window,
};

// SPDX-License-Identifier: MIT
/*
 * record-loop: one epoll set. Every wake-up ends in a drain of all rings; ten a second come from the
 * timer, more from full rings.
 */
#include "record/record-loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "kernel/clock.h"
#include "record/metadata.h"

static int watch(int epoll, int fd, struct fault *fault)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		return fault_errno(fault, -errno, "epoll");
	return 0;
}

static int watch_all(const struct record_loop *p, int epoll, int timer, struct fault *fault)
{
	struct itimerspec period = {
		.it_interval.tv_nsec = RECORD_LOOP_PERIOD_NS,
		.it_value.tv_nsec = RECORD_LOOP_PERIOD_NS,
	};
	const struct events *e = p->drain->events;
	int r;

	if (timerfd_settime(timer, 0, &period, NULL) < 0)
		return fault_errno(fault, -errno, "timerfd");
	r = watch(epoll, timer, fault);
	if (!r)
		r = watch(epoll, p->signals, fault);
	if (!r)
		r = watch(epoll, writer_thread_wake_fd(p->drain->writer_thread), fault);
	for (size_t i = 0; !r && i < e->n_cpus; i++)
		r = watch(epoll, e->cpus[i].owner, fault);
	return r;
}

static void take_signals(struct record_loop *p)
{
	struct signalfd_siginfo info;

	while (read(p->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo != SIGCHLD || child_reap(p->child))
			p->is_stopped = true;
	}
}

static void take_ready(struct record_loop *p, const struct epoll_event *event, int timer)
{
	uint64_t ticks;

	if (event->data.fd == timer) {
		/* Non-blocking: a tick that is gone already is as good. */
		ssize_t n = read(timer, &ticks, sizeof(ticks));

		(void)n;
	} else if (event->data.fd == p->signals) {
		take_signals(p);
	} else if (event->data.fd == writer_thread_wake_fd(p->drain->writer_thread)) {
		writer_thread_wake_clear(p->drain->writer_thread);
	}
}

/* After a whole drain: is the block old enough to go? */
static bool is_block_due(const struct record_loop *p, uint64_t now)
{
	const struct batch *b = p->drain->batch;

	if (!b)
		return false;
	if (p->is_stream || b->clocks.n || b->tallies.n)
		return true;
	/* Losses wait for rows; tasks are no hurry. */
	return now - b->since_ns >=
	       (b->n_rows ? RECORD_LOOP_BLOCK_AGE_NS : RECORD_LOOP_RECORDS_AGE_NS);
}

/* Once a minute: how the clocks run, what was counted. */
static int take_stock(struct record_loop *p, uint64_t now, struct fault *fault)
{
	struct event_count_sums sums;
	struct batch *b;

	/* Rows count as recorded once their block is closed. */
	drain_close_block(p->drain);
	b = drain_batch(p->drain);
	if (!b)
		return 0;
	p->tally_ns = now;
	if (metadata_clock(&b->clocks) < 0)
		return fault_no_memory(fault);
	return event_counts_read(p->drain->event_counts, now, 0, &b->tallies, &sums, fault);
}

static void show_status(struct record_loop *p, uint64_t now)
{
	struct record_status s = {
		.elapsed_ns = now - p->started_ns,
		.events = p->drain->rows,
		.lost = p->drain->lost,
		.tape_bytes = writer_thread_bytes(p->drain->writer_thread),
	};

	s.events_per_s = (uint64_t)((double)(s.events - p->status_rows) * 1e9 /
				    (double)(now - p->status_ns));
	p->status_ns = now;
	p->status_rows = s.events;
	p->options->status(p->options->userdata, &s);
}

/* With a batch, for its age; without, to say up to when there is nothing. */
static bool is_time_to_close(struct record_loop *p, uint64_t now)
{
	if (p->drain->batch)
		return is_block_due(p, now);
	if (!drain_needs_mark(p->drain) &&
	    !(p->is_stream && now - p->given_ns >= RECORD_LOOP_MARK_NS))
		return false;
	return drain_batch(p->drain) != NULL;
}

static int turn(struct record_loop *p, struct fault *fault)
{
	int r = drain_run(p->drain, fault);
	uint64_t now = clock_now();

	if (r < 0)
		return r;
	if (r && now - p->tally_ns >= RECORD_LOOP_TALLY_NS) {
		int e = take_stock(p, now, fault);

		if (!e)
			e = sockets_look_again(p->sockets, fault);

		if (e < 0)
			return e;
	}
	if (r) {
		int e = sockets_turn(p->sockets, fault);

		if (e < 0)
			return e;
	}
	if (r && is_time_to_close(p, now)) {
		drain_close_block(p->drain);
		p->given_ns = now;
	}
	if (p->options->status && now - p->status_ns >= NSEC_PER_SEC)
		show_status(p, now);
	if (p->options->duration_ns && now - p->started_ns >= p->options->duration_ns)
		p->is_stopped = true;
	return 0;
}

/* Milliseconds until the duration is over, at most a second. */
static int wait_ms(const struct record_loop *p)
{
	uint64_t gone = clock_now() - p->started_ns;
	uint64_t left;

	if (sockets_is_busy(p->sockets))
		return 0;
	if (!p->options->duration_ns)
		return 1000;
	left = gone < p->options->duration_ns ? p->options->duration_ns - gone : 0;
	return left >= NSEC_PER_SEC ? 1000 : (int)((left + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC);
}

int record_loop_run(struct record_loop *p, struct fault *fault)
{
	int epoll CLEANUP(close_p) = epoll_create1(EPOLL_CLOEXEC);
	int timer CLEANUP(close_p) = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	int r;

	if (epoll < 0 || timer < 0)
		return fault_errno(fault, -errno, "epoll");
	p->started_ns = p->status_ns = p->tally_ns = clock_now();
	r = watch_all(p, epoll, timer, fault);
	while (!r && !p->is_stopped && !writer_thread_has_failed(p->drain->writer_thread)) {
		struct epoll_event events[16];
		int n = epoll_wait(epoll, events, ARRAY_SIZE(events), wait_ms(p));

		if (n < 0 && errno != EINTR)
			return fault_errno(fault, -errno, "epoll");
		for (int i = 0; i < n; i++)
			take_ready(p, &events[i], timer);
		r = turn(p, fault);
	}
	return r;
}

int record_loop_finish(struct record_loop *p, struct fault *fault)
{
	int drains = 0;

	/* An open drain ends where the rings were; one more takes what came after that. */
	while (drains < 2) {
		struct pollfd wake = {.fd = writer_thread_wake_fd(p->drain->writer_thread),
				      .events = POLLIN};
		int r = drain_run(p->drain, fault);

		if (r < 0)
			return r;
		if (writer_thread_has_failed(p->drain->writer_thread))
			return 0;
		if (r) {
			drains++;
			continue;
		}
		if (poll(&wake, 1, -1) < 0 && errno != EINTR)
			return fault_errno(fault, -errno, "poll");
		writer_thread_wake_clear(p->drain->writer_thread);
	}
	drain_close_block(p->drain);
	return sockets_finish(p->sockets, fault);
}

// SPDX-License-Identifier: MIT
/*
 * record-loop: waits in one epoll set. Every wake-up ends in a drain of all rings. The timer causes
 * ten wake-ups a second; rings that fill cause more.
 */
#include "record/record-loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "kernel/clock.h"
#include "record/signals.h"

static int epoll_watch(int epoll, int fd, struct fault *fault)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		return fault_errno(fault, -errno, "epoll");
	return 0;
}

static int epoll_watch_all(const struct record_loop *l, int epoll, int timer, struct fault *fault)
{
	struct itimerspec period = {
		.it_interval.tv_nsec = RECORD_LOOP_PERIOD_NS,
		.it_value.tv_nsec = RECORD_LOOP_PERIOD_NS,
	};
	const struct events *e = l->drain->events;
	int r;

	if (timerfd_settime(timer, 0, &period, NULL) < 0)
		return fault_errno(fault, -errno, "timerfd");
	r = epoll_watch(epoll, timer, fault);
	if (!r)
		r = epoll_watch(epoll, l->clock_steps->fd, fault);
	if (!r)
		r = epoll_watch(epoll, l->signals, fault);
	if (!r)
		r = epoll_watch(epoll, writer_thread_wake_fd(l->drain->writer_thread), fault);
	for (size_t i = 0; !r && i < e->n_cpus; i++)
		r = e->cpus[i].is_open ? epoll_watch(epoll, e->cpus[i].owner, fault) : 0;
	if (!r && l->cpus->uevents >= 0)
		r = epoll_watch(epoll, l->cpus->uevents, fault);
	l->cpus->epoll = epoll;
	return r;
}

/* The kernel's limit for a thread that runs before all others, or for the whole process. */
static void cpu_limit_take(struct record_loop *l)
{
	if (!l->priority->is_realtime) {
		l->is_stopped = true;
		return;
	}
	priority_end(l->priority);
	record_notice(l->options, "the recorder had no rest for two seconds: it goes on without "
				  "--realtime, for the sake of the host");
}

static void signals_take_all(struct record_loop *l)
{
	int number;

	while ((number = signals_next(l->signals))) {
		if (number == SIGXCPU)
			cpu_limit_take(l);
		else if (number != SIGCHLD || child_reap(l->child))
			l->is_stopped = true;
	}
}

static void descriptor_take(struct record_loop *l, const struct epoll_event *event, int timer)
{
	uint64_t ticks;

	if (event->data.fd == timer) {
		/* The timer does not block; it may have been read already. */
		ssize_t n = read(timer, &ticks, sizeof(ticks));

		(void)n;
	} else if (event->data.fd == l->clock_steps->fd) {
		clock_steps_take(l->clock_steps);
	} else if (event->data.fd == l->signals) {
		signals_take_all(l);
	} else if (event->data.fd == l->cpus->uevents) {
		cpu_watch_hear(l->cpus);
	} else if (event->data.fd == writer_thread_wake_fd(l->drain->writer_thread)) {
		writer_thread_wake_clear(l->drain->writer_thread);
	}
}

/* True if the open block is to be closed; called after a complete drain. */
static bool is_block_due(const struct record_loop *l, uint64_t now)
{
	const struct batch *b = l->drain->batch;

	if (!b)
		return false;
	if (l->is_stream || b->clocks.n || b->tallies.n)
		return true;
	/* A block that has only losses or tasks waits longer for rows. */
	return now - b->since_ns >=
	       (b->n_rows ? RECORD_LOOP_BLOCK_AGE_NS : RECORD_LOOP_RECORDS_AGE_NS);
}

/* Records the clocks and the counts of all events. */
static int counts_record(struct record_loop *l, uint64_t now, struct fault *fault)
{
	struct event_count_sums sums;
	struct batch *b;

	/* Rows count as recorded once their block is closed. */
	drain_close_block(l->drain);
	b = drain_batch(l->drain);
	if (!b)
		return 0;
	l->counts_ns = now;
	if (clock_steps_record(l->clock_steps, b) < 0)
		return fault_no_memory(fault);
	return event_counts_read(l->drain->event_counts, now, 0, &b->tallies, &sums, fault);
}

static void status_report(struct record_loop *l, uint64_t now)
{
	struct record_status s = {
		.elapsed_ns = now - l->started_ns,
		.events = l->drain->rows,
		.lost = l->drain->lost,
		.tape_bytes = writer_thread_bytes(l->drain->writer_thread),
	};

	s.events_per_s = (uint64_t)((double)(s.events - l->status_rows) * 1e9 /
				    (double)(now - l->status_ns));
	l->status_ns = now;
	l->status_rows = s.events;
	l->options->status(l->options->userdata, &s);
}

/* True if a block is to be closed now: the open one because of its age or, if there is none, an
 * empty one, begun here, whose MARK says up to when the tape is complete. */
static bool is_time_to_close(struct record_loop *l, uint64_t now)
{
	if (l->drain->batch)
		return is_block_due(l, now);
	if (!drain_needs_mark(l->drain) &&
	    !(l->is_stream && now - l->closed_ns >= RECORD_LOOP_MARK_NS))
		return false;
	return drain_batch(l->drain) != NULL;
}

/* Does what is due after a complete drain: records counts and sockets, and closes the block. */
static int loop_after_drain(struct record_loop *l, uint64_t now, struct fault *fault)
{
	int r = 0;

	if (now - l->counts_ns >= RECORD_LOOP_COUNTS_NS) {
		r = counts_record(l, now, fault);
		if (!r)
			r = sockets_look_again(l->sockets, fault);
	}
	if (!r)
		r = cpu_watch_turn(l->cpus, now, fault);
	if (!r)
		r = sockets_turn(l->sockets, fault);
	if (!r && l->samples && !sockets_is_busy(l->sockets))
		r = samples_turn(l->samples, clock_now(), fault);
	if (!r)
		r = counter_readings_turn(l->counters, l->drain, now, fault);
	if (r < 0)
		return r;
	if (is_time_to_close(l, now)) {
		drain_close_block(l->drain);
		l->closed_ns = now;
	}
	return 0;
}

/* Records the clocks if one was set. Without a free batch that waits, as all rows do: what is read
 * then is younger than the rows that are on the tape. */
static int clock_step_record(struct record_loop *l, struct fault *fault)
{
	struct batch *b = l->clock_steps->is_due ? drain_batch(l->drain) : NULL;

	if (b && clock_steps_record(l->clock_steps, b) < 0)
		return fault_no_memory(fault);
	return 0;
}

static int loop_turn(struct record_loop *l, struct fault *fault)
{
	int r = clock_step_record(l, fault);
	uint64_t now;

	if (r < 0)
		return r;
	/* A batch that has become free since must not take rows ahead of the clocks. */
	if (!l->clock_steps->is_due)
		r = drain_run(l->drain, fault);
	now = clock_now();
	if (r > 0)
		r = loop_after_drain(l, now, fault);
	if (r < 0)
		return r;
	if (l->options->status && now - l->status_ns >= NSEC_PER_SEC)
		status_report(l, now);
	if (l->options->duration_ns && now - l->started_ns >= l->options->duration_ns)
		l->is_stopped = true;
	return 0;
}

/* How long the loop may sleep: until the duration is over, but no longer than a second, and not at
 * all while a dump is read. */
static int sleep_ms(const struct record_loop *l)
{
	uint64_t elapsed = clock_now() - l->started_ns;
	uint64_t left;

	if (sockets_is_busy(l->sockets))
		return 0;
	if (!l->options->duration_ns)
		return 1000;
	left = elapsed < l->options->duration_ns ? l->options->duration_ns - elapsed : 0;
	return left >= NSEC_PER_SEC ? 1000 : (int)((left + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC);
}

/* Waits for something to do. Returns epoll_wait(2)'s result. */
static int loop_wait(struct record_loop *l, int epoll, struct epoll_event *events, int max)
{
	const struct timespec rest = {.tv_nsec = PRIORITY_REST_NS};
	uint64_t before = l->priority->is_realtime ? clock_now() : 0;
	int n;

	if (priority_needs_rest(l->priority, before))
		nanosleep(&rest, NULL);
	n = epoll_wait(epoll, events, max, sleep_ms(l));
	if (l->priority->is_realtime && clock_now() - before >= PRIORITY_REST_NS)
		priority_rested(l->priority, clock_now());
	return n;
}

int record_loop_run(struct record_loop *l, struct fault *fault)
{
	int epoll CLEANUP(close_p) = epoll_create1(EPOLL_CLOEXEC);
	int timer CLEANUP(close_p) = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	int r;

	if (epoll < 0 || timer < 0)
		return fault_errno(fault, -errno, "epoll");
	l->started_ns = l->status_ns = l->counts_ns = clock_now();
	r = epoll_watch_all(l, epoll, timer, fault);
	while (!r && !l->is_stopped && !writer_thread_has_failed(l->drain->writer_thread)) {
		struct epoll_event events[16];
		int n = loop_wait(l, epoll, events, ARRAY_SIZE(events));

		if (n < 0 && errno != EINTR)
			return fault_errno(fault, -errno, "epoll");
		for (int i = 0; i < n; i++)
			descriptor_take(l, &events[i], timer);
		r = loop_turn(l, fault);
	}
	l->cpus->epoll = -1;
	return r;
}

int record_loop_finish(struct record_loop *l, struct fault *fault)
{
	int drains = 0, r;

	/* A drain that is open ends at the heads that it began with; the next one takes the
	 * rest. */
	while (drains < 2) {
		struct pollfd wake = {.fd = writer_thread_wake_fd(l->drain->writer_thread),
				      .events = POLLIN};

		r = drain_run(l->drain, fault);
		if (r < 0)
			return r;
		if (writer_thread_has_failed(l->drain->writer_thread))
			return 0;
		if (r)
			r = counter_readings_hand_over(l->counters, l->drain, fault);
		if (r < 0)
			return r;
		if (r) {
			drains++;
			continue;
		}
		if (poll(&wake, 1, -1) < 0 && errno != EINTR)
			return fault_errno(fault, -errno, "poll");
		writer_thread_wake_clear(l->drain->writer_thread);
	}
	drain_close_block(l->drain);
	return cpu_watch_finish(l->cpus, clock_now(), fault);
}

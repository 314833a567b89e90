// SPDX-License-Identifier: MIT
/*
 * sockets: in every turn messages about destroyed sockets are read first, because the kernel drops
 * them when its buffer is full; a dump waits in the kernel.
 */
#include "record/sockets.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "kernel/clock.h"
#include "kernel/sock-diag-cost.h"
#include "kernel/sock-diag.h"
#include "record/signals.h"
#include "record/subflow-notices.h"

/* Longest time in one turn that a dump is read while the rings wait. */
#define DUMP_SLICE_NS (5 * NSEC_PER_MSEC)
/* Size of the buffer that dumps and messages share. */
#define BUFFER_BYTES (SOCKET_FINALS_BYTES > SOCK_DIAG_BYTES ? SOCKET_FINALS_BYTES : SOCK_DIAG_BYTES)

void sockets_done(struct sockets *s)
{
	socket_dumper_done(&s->dumper);
	socket_spaces_done(&s->spaces);
	socket_rows_done(&s->rows);
	free(s->buffer);
	*s = (struct sockets){0};
}

static int sockets_open_table(void *userdata, size_t space, int *ret_fd, uint32_t *ret_time_waits)
{
	const struct sockets *s = userdata;

	*ret_time_waits = socket_spaces_time_waits(&s->spaces, space);
	return socket_spaces_open_table(&s->spaces, space, ret_fd);
}

int sockets_look_again(struct sockets *s, struct fault *fault)
{
	int r = s->rows.row ? socket_spaces_find(&s->spaces, fault) : 0;

	/* A dump that is under way counts on its place in the list. */
	if (!r && !s->dumper.is_running)
		socket_spaces_forget(&s->spaces);
	return r;
}

int sockets_open(struct sockets *s, const struct synthetic_rows *synthetic, struct fault *fault)
{
	int r;

	if (!synthetic->tcp_info_len)
		return 0;
	s->spaces.with_final = synthetic->with_final;
	/* Until sockets_begin(): what is destroyed before is of no interest. */
	s->spaces.is_deaf = true;
	s->finals.has_budget = synthetic->with_final && synthetic->has_budget;
	if (s->finals.has_budget)
		figure_budget_init(&s->finals.budget, sock_diag_cost(), clock_now());
	s->open_table = sockets_open_table;
	r = socket_rows_init(&s->rows, synthetic->tcp_info_len, fault);
	if (r < 0)
		return r;
	s->buffer = malloc(BUFFER_BYTES);
	return s->buffer ? sockets_look_again(s, fault) : fault_no_memory(fault);
}

int sockets_begin(struct sockets *s, struct drain *d, const struct tracepoints *t,
		  struct fault *fault)
{
	int r;

	if (!s->rows.row)
		return 0;
	s->rows.drain = d;
	s->rows.cpu = events_first_cpu(d->events);
	s->rows.tracepoint_table = (uint16_t)(t->n - t->n_synthetic);
	s->rows.tracepoint_sample = (uint16_t)(s->rows.tracepoint_table + 1);
	s->rows.tracepoint_destroy = (uint16_t)(t->n - 1);
	socket_dumper_begin(&s->dumper, SOCKET_DUMP_START, s->open_table, s);
	r = socket_rows_find_holders(&s->rows, fault);
	s->finals.spaces = &s->spaces;
	s->finals.rows = &s->rows;
	s->finals.buffer = s->buffer;
	socket_finals_begin(&s->finals, t);
	return r;
}

int sockets_turn(struct sockets *s, struct fault *fault)
{
	uint64_t began = clock_now();
	int r;

	if (!s->rows.row)
		return 0;
	r = subflow_notices_turn(&s->spaces, &s->rows, s->buffer);
	if (r >= 0)
		r = socket_finals_turn(&s->finals);
	while (r >= 0 && s->dumper.is_running) {
		r = socket_dumper_step(&s->dumper, s->spaces.items, s->spaces.n, &s->rows,
				       s->buffer);
		if (r <= 0 || clock_now() - began > DUMP_SLICE_NS)
			break;
	}
	if (r == -ENOTRECOVERABLE)
		return fault_set(fault, r, "cannot return from a network namespace");
	return r < 0 ? fault_errno(fault, r, "rows about sockets") : 0;
}

/* Waits until the writer thread gives a batch back or a signal arrives, a tenth of a second at
 * most. */
static int wait_for_batch(struct drain *d, int signals, struct fault *fault)
{
	struct pollfd wake[] = {
		{.fd = writer_thread_wake_fd(d->writer_thread), .events = POLLIN},
		{.fd = signals, .events = POLLIN},
	};

	if (drain_batch(d))
		return 0;
	if (poll(wake, ARRAY_SIZE(wake), 100) < 0 && errno != EINTR)
		return fault_errno(fault, -errno, "poll");
	writer_thread_wake_clear(d->writer_thread);
	return 0;
}

/* True if somebody wants the recorder to end now. */
static bool is_urged(int signals)
{
	int number;

	while ((number = signals_next(signals))) {
		if (number != SIGCHLD)
			return true;
	}
	return false;
}

int sockets_finish(struct sockets *s, int signals, struct fault *fault)
{
	struct drain *d = s->rows.drain;
	int r;

	if (!s->rows.row)
		return 0;
	r = sockets_look_again(s, fault);
	if (!r)
		r = socket_rows_find_holders(&s->rows, fault);
	if (r < 0)
		return r;
	/* The dump at the end replaces a first dump that is not complete yet: so short a recording
	 * has only one dump. */
	socket_dumper_begin(&s->dumper, SOCKET_DUMP_END, s->open_table, s);
	while (!r && s->dumper.is_running && !writer_thread_has_failed(d->writer_thread)) {
		s->is_given_up = is_urged(signals);
		if (s->is_given_up)
			break;
		r = wait_for_batch(d, signals, fault);
		if (!r)
			r = sockets_turn(s, fault);
	}
	if (!r && socket_finals_end(&s->finals) < 0)
		r = fault_no_memory(fault);
	drain_close_block(d);
	return r;
}

// SPDX-License-Identifier: MIT
/*
 * samples: three jobs take turns, step by step, so that none waits for another one to end, and each
 * step is paid from the budget.
 */
#include "record/samples.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "kernel/clock.h"
#include "kernel/sock-diag-ask.h"
#include "kernel/sock-diag.h"
#include "record/sample-conns.h"

#define BUFFER_BYTES (SAMPLE_CONNS_BYTES > SOCK_DIAG_BYTES ? SAMPLE_CONNS_BYTES : SOCK_DIAG_BYTES)

int samples_begin(struct samples *s, struct sockets *sockets, struct fault *fault)
{
	if (!sockets->rows.row)
		return 0;
	s->buffer = malloc(BUFFER_BYTES);
	if (!s->buffer)
		return fault_no_memory(fault);
	s->rows = &sockets->rows;
	s->list = &sockets->spaces;
	return 0;
}

void samples_done(struct samples *s)
{
	sample_walk_done(&s->walk);
	sample_spaces_done(&s->spaces);
	sample_queues_done(&s->queues);
	troubled_done(&s->troubled);
	free(s->buffer);
	*s = (struct samples)SAMPLES_INIT;
}

/* A job's step returns 1: it goes on; 0: it has ended, or waits for a batch; -errno. */

static int step_conns(struct samples *s, uint64_t now)
{
	struct sample_conns conns = {
		.troubled = &s->troubled,
		.spaces = &s->spaces,
		.rows = s->rows,
		.round = s->round,
		.now = now,
		.buffer = s->buffer,
	};
	uint32_t n;
	int r = sample_conns_step(&conns, &n);

	s->n_rows += n;
	return r;
}

struct listener_taker {
	struct samples *samples;
	struct socket_rows_source source;
	bool has_failed;
};

static int listener_take(void *userdata, const struct sock_diag_socket *socket)
{
	struct listener_taker *t = userdata;
	int r = sample_queues_take(&t->samples->queues, &socket->row);

	if (r > 0) {
		t->samples->n_rows++;
		r = socket_rows_take(&t->source, socket);
	}
	t->has_failed |= r < 0;
	return r;
}

/* Reads a whole dump of listeners: the kernel makes each datagram while it is received. */
static int listeners_receive(struct samples *s, const struct sample_space *space)
{
	struct listener_taker taker = {
		.samples = s,
		.source = {.rows = s->rows,
			   .tracepoint = s->rows->tracepoint_sample,
			   .id = SOCKET_ROW_SAMPLE_ID,
			   .dump = SOCKET_SAMPLE_LISTENER,
			   .netns = space->netns},
	};
	enum sock_diag_end end = SOCK_DIAG_MORE;
	int r = 0;

	while (!r && end == SOCK_DIAG_MORE) {
		ssize_t n = recv(space->fd, s->buffer, SOCK_DIAG_BYTES, MSG_DONTWAIT);

		/* Without room the rows are counted as dropped. */
		(void)drain_room(s->rows->drain, socket_rows_most(SOCK_DIAG_BYTES),
				 s->rows->row_len);
		r = n < 0 ? -errno
			  : sock_diag_parse(s->buffer, (size_t)n, listener_take, &taker, &end);
	}
	return taker.has_failed ? -ENOMEM : 0;
}

static int step_listeners(struct samples *s)
{
	size_t *at = &s->jobs[SAMPLE_JOB_LISTENERS].space;
	const struct sample_space *space;
	int r = 0;

	if (*at >= s->spaces.n) {
		*at = 0;
		s->n_rounds++;
		return 0;
	}
	if (!drain_room(s->rows->drain, socket_rows_most(SOCK_DIAG_BYTES), s->rows->row_len))
		return 0;
	space = &s->spaces.items[(*at)++];
	if (space->fd >= 0 && sock_diag_ask_listeners(space->fd) == 0)
		r = listeners_receive(s, space);
	return r < 0 ? r : 1;
}

/* Says up to when samples were taken, and what was left out. */
static int samples_tell(struct samples *s, uint64_t now)
{
	uint64_t n_left_out = s->troubled.n_left_out - s->n_left_out;
	int r;

	if (!s->n_rows && !n_left_out && s->told_ns && now - s->told_ns < SAMPLES_TELL_QUIET_NS)
		return 0;
	r = socket_rows_put_samples(s->rows, s->n_rounds,
				    n_left_out < UINT32_MAX ? (uint32_t)n_left_out : UINT32_MAX);
	if (r <= 0)
		return r;
	s->told_ns = now;
	s->n_rounds = s->n_rows = 0;
	s->n_left_out = s->troubled.n_left_out;
	return 0;
}

static int job_begin(struct samples *s, enum sample_job job, uint64_t now)
{
	s->jobs[job].is_running = true;
	s->jobs[job].began_ns = now;
	if (job != SAMPLE_JOB_CONNS)
		return 0;
	s->round++;
	troubled_age(&s->troubled, now);
	return samples_tell(s, now);
}

static int job_step(struct samples *s, enum sample_job job, uint64_t now)
{
	switch (job) {
	case SAMPLE_JOB_CONNS: return step_conns(s, now);
	case SAMPLE_JOB_LISTENERS: return step_listeners(s);
	default: return sample_walk_step(&s->walk, s->list, &s->troubled, s->buffer, now);
	}
}

static bool job_is_due(const struct samples *s, enum sample_job job, uint64_t now)
{
	uint64_t period = job == SAMPLE_JOB_WALK ? SAMPLES_WALK_NS : SAMPLES_PERIOD_NS;

	return !s->jobs[job].is_running &&
	       (!s->jobs[job].began_ns || now >= s->jobs[job].began_ns + period);
}

/* Does a step of a job that is running or due, if its budget has something left. */
static int job_turn(struct samples *s, enum sample_job job, uint64_t now)
{
	struct sample_budget *budget = job == SAMPLE_JOB_WALK ? &s->walk_budget : &s->budget;
	bool is_due = job_is_due(s, job, now);
	uint64_t before;
	int r;

	if (!sample_budget_has(budget) || (!is_due && !s->jobs[job].is_running))
		return 0;
	before = clock_thread_cpu();
	r = is_due ? job_begin(s, job, now) : 0;
	if (!r) {
		r = job_step(s, job, now);
		s->jobs[job].is_running = r > 0;
	}
	sample_budget_spend(budget, clock_thread_cpu() - before);
	return r;
}

int samples_turn(struct samples *s, uint64_t now, struct fault *fault)
{
	bool is_busy = true;
	int r;

	if (!s->rows)
		return 0;
	sample_budget_earn(&s->budget, now);
	sample_budget_earn(&s->walk_budget, now);
	r = sample_spaces_follow(&s->spaces, s->list);
	while (r >= 0 && is_busy) {
		is_busy = false;
		for (unsigned int job = 0; r >= 0 && job < SAMPLE_JOB_N; job++) {
			r = job_turn(s, job, now);
			is_busy |= r > 0;
		}
	}
	if (r == -ENOTRECOVERABLE)
		return fault_set(fault, r, "cannot return from a network namespace");
	return r < 0 ? fault_errno(fault, r, "samples of sockets") : 0;
}

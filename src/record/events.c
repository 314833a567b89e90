// SPDX-License-Identifier: MIT
/*
 * events: opens the owners and their rings first, then every tracepoint on every CPU.
 */
#include "record/events.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/cpus.h"
#include "kernel/limits.h"

/* Unread bytes in a ring that wake up the recorder, at most. */
#define WAKEUP_BYTES_MAX (1ull << 20)

uint64_t events_ring_default(size_t n_cpus)
{
	uint64_t bytes = EVENTS_RING_DEFAULT;

	while (bytes > (512ull << 10) && bytes * n_cpus > EVENTS_RINGS_MAX)
		bytes /= 2;
	return bytes;
}

static uint64_t ring_round_up(uint64_t bytes)
{
	uint64_t size = (uint64_t)sysconf(_SC_PAGESIZE);

	while (size < bytes && size < (1ull << 40))
		size *= 2;
	return size;
}

static void rings_close(struct events *e)
{
	for (size_t i = 0; i < e->n_cpus; i++) {
		ring_done(&e->cpus[i].ring);
		if (e->cpus[i].owner >= 0)
			close(e->cpus[i].owner);
		e->cpus[i].owner = -1;
	}
}

static int rings_open(struct events *e, uint64_t bytes, struct fault *fault)
{
	uint64_t wakeup = bytes / 4 < WAKEUP_BYTES_MAX ? bytes / 4 : WAKEUP_BYTES_MAX;

	for (size_t i = 0; i < e->n_cpus; i++) {
		struct event_cpu *c = &e->cpus[i];
		int r = perf_event_open_owner((int)c->cpu, (uint32_t)wakeup, &c->owner, fault);

		if (!r)
			r = ring_map(c->owner, bytes, &c->ring, fault);
		if (r < 0) {
			rings_close(e);
			return r;
		}
	}
	e->ring_bytes = bytes;
	return 0;
}

static int rings_open_default(struct events *e, struct fault *fault)
{
	uint64_t bytes = events_ring_default(e->n_cpus);

	for (;; bytes /= 2) {
		struct fault why = FAULT_INIT;
		int r = rings_open(e, bytes, &why);

		if (!r)
			return 0;
		if ((r != -EPERM && r != -ENOMEM) || bytes / 2 < EVENTS_RING_LEAST)
			return fault_set(fault, r, "%s", why.text);
	}
}

static int tracepoint_open(struct events *e, const struct tracepoints *t, size_t i,
			   struct fault *fault)
{
	const struct tracepoint *tp = &t->items[i];

	for (size_t k = 0; k < e->n_cpus; k++) {
		int *fd = &e->fds[i * e->n_cpus + k];
		struct perf_event_spec spec = {
			.system = tp->system,
			.name = tp->name,
			.id = tp->kernel_id,
			.cpu = (int)e->cpus[k].cpu,
			.with_chain = tp->with_stack,
			.with_lost = e->with_lost,
		};
		int r = perf_event_open_tracepoint(&spec, fd, fault);

		if (!r && tp->filter)
			r = perf_event_filter(*fd, tp->filter, fault);
		if (!r)
			r = perf_event_redirect(*fd, e->cpus[k].owner, fault);
		if (r < 0)
			return r;
	}
	return 0;
}

static int cpus_list(struct events *e, struct fault *fault)
{
	struct cpus online CLEANUP(cpus_done) = {0};
	int r = cpus_online(&online, fault);

	if (r < 0)
		return r;
	e->cpus = calloc(online.n, sizeof(*e->cpus));
	if (!e->cpus)
		return fault_no_memory(fault);
	e->n_cpus = online.n;
	for (size_t i = 0; i < online.n; i++) {
		e->cpus[i].cpu = (uint32_t)online.ids[i];
		e->cpus[i].owner = -1;
	}
	return 0;
}

int events_open(const struct tracepoints *t, uint64_t ring_bytes, struct events *ret,
		struct fault *fault)
{
	struct events e CLEANUP(events_close) = {0};
	size_t n_tracepoints = t->n - t->n_synthetic, n;
	uint64_t limit;
	int r = cpus_list(&e, fault);

	if (r < 0)
		return r;
	n = n_tracepoints * e.n_cpus;
	if (!limits_raise_files(n + e.n_cpus, &limit))
		return fault_set(
			fault, -EMFILE,
			"too many open files: %zu wanted, one for each tracepoint and CPU, "
			"and the limit is %llu: raise it (ulimit -n 65536), or record fewer "
			"tracepoints",
			n + e.n_cpus + LIMITS_FILES_SPARE, (unsigned long long)limit);
	e.fds = malloc(n * sizeof(*e.fds));
	if (!e.fds)
		return fault_no_memory(fault);
	memset(e.fds, 0xff, n * sizeof(*e.fds));
	e.n_tracepoints = n_tracepoints;
	e.with_lost = perf_event_knows_lost();
	r = ring_bytes ? rings_open(&e, ring_round_up(ring_bytes), fault)
		       : rings_open_default(&e, fault);
	for (size_t i = 0; !r && i < n_tracepoints; i++)
		r = tracepoint_open(&e, t, i, fault);
	if (r < 0)
		return r;
	*ret = e;
	e = (struct events){0};
	return 0;
}

void events_close(struct events *e)
{
	for (size_t i = 0; i < e->n_tracepoints * e->n_cpus; i++) {
		if (e->fds[i] >= 0)
			close(e->fds[i]);
	}
	rings_close(e);
	free(e->fds);
	free(e->cpus);
	*e = (struct events){0};
}

int events_enable_tasks(struct events *e, struct fault *fault)
{
	for (size_t i = 0; i < e->n_cpus; i++) {
		int r = perf_event_enable(e->cpus[i].owner, fault);

		if (r < 0)
			return r;
	}
	return 0;
}

int events_enable(struct events *e, struct fault *fault)
{
	for (size_t i = 0; i < e->n_tracepoints * e->n_cpus; i++) {
		int r = perf_event_enable(e->fds[i], fault);

		if (r < 0)
			return r;
	}
	return 0;
}

int events_disable(struct events *e, struct fault *fault)
{
	for (size_t i = 0; i < e->n_tracepoints * e->n_cpus; i++) {
		int r = perf_event_disable(e->fds[i], fault);

		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < e->n_cpus; i++) {
		int r = perf_event_disable(e->cpus[i].owner, fault);

		if (r < 0)
			return r;
	}
	return 0;
}

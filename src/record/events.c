// SPDX-License-Identifier: MIT
/*
 * events: opens the owners and their rings first, then every tracepoint on every CPU that is
 * online.
 */
#include "record/events.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/cpus.h"
#include "kernel/limits.h"
#include "record/event-rings.h"

static int *event_fd(const struct events *e, size_t tracepoint, size_t cpu)
{
	return &e->fds[tracepoint * e->n_cpus + cpu];
}

static int event_open(struct events *e, size_t tracepoint, size_t cpu, struct fault *fault)
{
	const struct tracepoint *tp = &e->tracepoints[tracepoint];
	int *fd = event_fd(e, tracepoint, cpu);
	struct perf_event_spec spec = {
		.system = tp->system,
		.name = tp->name,
		.id = tp->kernel_id,
		.cpu = (int)e->cpus[cpu].cpu,
		.with_chain = tp->with_stack,
		.with_lost = e->with_lost,
		.with_cgroup = e->with_cgroups,
	};
	int r = perf_event_open_tracepoint(&spec, fd, fault);

	if (!r && tp->filter)
		r = perf_event_filter(*fd, tp->filter, fault);
	if (!r)
		r = perf_event_redirect(*fd, e->cpus[cpu].owner, fault);
	return r;
}

static void cpu_close(struct events *e, size_t cpu)
{
	for (size_t i = 0; i < e->n_tracepoints; i++) {
		int *fd = event_fd(e, i, cpu);

		if (*fd >= 0)
			close(*fd);
		*fd = -1;
	}
	event_ring_close(&e->cpus[cpu]);
}

static int tracepoint_open(struct events *e, size_t tracepoint, struct fault *fault)
{
	for (size_t k = 0; k < e->n_cpus; k++) {
		int r = e->cpus[k].is_open ? event_open(e, tracepoint, k, fault) : 0;

		if (r == -ENODEV)
			cpu_close(e, k);
		else if (r < 0)
			return r;
	}
	return 0;
}

static int cpus_list(struct events *e, struct fault *fault)
{
	struct cpus possible CLEANUP(cpus_done) = {0};
	int r = cpus_possible(&possible, fault);

	if (r < 0)
		return r;
	e->cpus = calloc(possible.n, sizeof(*e->cpus));
	if (!e->cpus)
		return fault_no_memory(fault);
	e->n_cpus = possible.n;
	for (size_t i = 0; i < possible.n; i++) {
		e->cpus[i].cpu = (uint32_t)possible.ids[i];
		e->cpus[i].owner = -1;
	}
	return 0;
}

static int fds_make(struct events *e, const struct cpus *online, struct fault *fault)
{
	size_t n = e->n_tracepoints * e->n_cpus;
	size_t more = (e->n_tracepoints + 1) * online->n;
	uint64_t limit;

	if (!limits_raise_files(more, &limit))
		return fault_set(
			fault, -EMFILE,
			"too many open files: %zu wanted, one for each tracepoint and CPU, "
			"and the limit is %llu: raise it (ulimit -n 65536), or record fewer "
			"tracepoints",
			more + LIMITS_FILES_SPARE, (unsigned long long)limit);
	e->fds = malloc(n * sizeof(*e->fds));
	if (!e->fds)
		return fault_no_memory(fault);
	memset(e->fds, 0xff, n * sizeof(*e->fds));
	return 0;
}

int events_open(const struct tracepoints *t, uint64_t ring_bytes, struct events *ret,
		struct fault *fault)
{
	struct events e CLEANUP(events_close) = {.tracepoints = t->items,
						 .n_tracepoints = t->n - t->n_synthetic};
	struct cpus online CLEANUP(cpus_done) = {0};
	int r = cpus_list(&e, fault);

	if (!r)
		r = cpus_online(&online, fault);
	if (!r)
		r = fds_make(&e, &online, fault);
	if (r < 0)
		return r;
	e.with_lost = perf_event_knows_lost();
	e.with_cgroups = perf_event_knows_cgroups();
	for (size_t i = 0; i < e.n_cpus; i++)
		e.cpus[i].with_cgroups = e.with_cgroups;
	r = event_rings_open(e.cpus, e.n_cpus, &online, ring_bytes, &e.ring_bytes, fault);
	for (size_t i = 0; !r && i < e.n_tracepoints; i++)
		r = tracepoint_open(&e, i, fault);
	if (r < 0)
		return r;
	*ret = e;
	e = (struct events){0};
	return 0;
}

void events_close(struct events *e)
{
	for (size_t i = 0; e->fds && i < e->n_cpus; i++)
		cpu_close(e, i);
	event_rings_close(e->cpus, e->n_cpus);
	free(e->fds);
	free(e->closed);
	free(e->cpus);
	*e = (struct events){0};
}

size_t events_n_open(const struct events *e)
{
	size_t n = 0;

	for (size_t i = 0; i < e->n_cpus; i++)
		n += e->cpus[i].is_open;
	return n;
}

uint32_t events_first_cpu(const struct events *e)
{
	size_t i = 0;

	while (i + 1 < e->n_cpus && !e->cpus[i].is_open)
		i++;
	return e->cpus[i].cpu;
}

static int cpu_enable(struct events *e, size_t cpu, struct fault *fault)
{
	int r = perf_event_enable(e->cpus[cpu].owner, fault);

	for (size_t i = 0; !r && i < e->n_tracepoints; i++)
		r = perf_event_enable(*event_fd(e, i, cpu), fault);
	return r;
}

int events_open_cpu(struct events *e, size_t cpu, struct fault *fault)
{
	uint64_t limit;
	int r = event_ring_open(&e->cpus[cpu], e->ring_bytes, fault);

	/* The call that opens one too many says so. */
	(void)limits_raise_files(e->n_tracepoints, &limit);
	for (size_t i = 0; !r && i < e->n_tracepoints; i++)
		r = event_open(e, i, cpu, fault);
	if (!r && e->is_enabled)
		r = cpu_enable(e, cpu, fault);
	if (r < 0)
		cpu_close(e, cpu);
	return r;
}

int events_close_cpu(struct events *e, size_t cpu, struct fault *fault)
{
	if (!e->closed)
		e->closed = calloc(e->n_tracepoints * e->n_cpus, sizeof(*e->closed));
	if (!e->closed)
		return fault_no_memory(fault);
	for (size_t i = 0; i < e->n_tracepoints; i++) {
		struct perf_event_count count;
		int r = events_count(e, i, cpu, &count, fault);

		if (r < 0)
			return r;
		e->closed[i * e->n_cpus + cpu] = count;
	}
	cpu_close(e, cpu);
	return 0;
}

int events_count(const struct events *e, size_t tracepoint, size_t cpu,
		 struct perf_event_count *ret, struct fault *fault)
{
	struct perf_event_count count = {0};
	int fd = *event_fd(e, tracepoint, cpu);
	int r = fd < 0 ? 0 : perf_event_read(fd, e->with_lost, &count, fault);

	if (r < 0)
		return r;
	if (e->closed) {
		count.counted += e->closed[tracepoint * e->n_cpus + cpu].counted;
		count.lost += e->closed[tracepoint * e->n_cpus + cpu].lost;
	}
	*ret = count;
	return 0;
}

/* Calls fn for the owners of all CPUs that are open. */
static int owners_each(struct events *e, int (*fn)(int fd, struct fault *fault),
		       struct fault *fault)
{
	int r = 0;

	for (size_t i = 0; !r && i < e->n_cpus; i++)
		r = e->cpus[i].is_open ? fn(e->cpus[i].owner, fault) : 0;
	return r;
}

/* Calls fn for all tracepoints that are open. */
static int tracepoints_each(struct events *e, int (*fn)(int fd, struct fault *fault),
			    struct fault *fault)
{
	int r = 0;

	for (size_t i = 0; !r && i < e->n_tracepoints * e->n_cpus; i++)
		r = e->fds[i] >= 0 ? fn(e->fds[i], fault) : 0;
	return r;
}

int events_enable_tasks(struct events *e, struct fault *fault)
{
	return owners_each(e, perf_event_enable, fault);
}

int events_enable(struct events *e, struct fault *fault)
{
	e->is_enabled = true;
	return tracepoints_each(e, perf_event_enable, fault);
}

int events_disable(struct events *e, struct fault *fault)
{
	int r = tracepoints_each(e, perf_event_disable, fault);

	e->is_enabled = false;
	return r ? r : owners_each(e, perf_event_disable, fault);
}

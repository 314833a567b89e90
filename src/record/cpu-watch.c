// SPDX-License-Identifier: MIT
/*
 * cpu-watch: reads the list of CPUs that are online ten times a second, and at once when a uevent
 * comes. A uevent also tells of a CPU that was offline between two looks.
 */
#include "record/cpu-watch.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/units.h"
#include "kernel/clock.h"
#include "kernel/cpus.h"
#include "kernel/uevents.h"

/* CPUs of which the user is told on standard error; the tape has all. */
#define TOLD_MAX 20u

int cpu_watch_open(struct cpu_watch *w, struct drain *d, const struct record_options *o,
		   struct fault *fault)
{
	w->drain = d;
	w->options = o;
	w->states = calloc(d->events->n_cpus, sizeof(*w->states));
	if (!w->states)
		return fault_no_memory(fault);
	w->uevents = uevents_open();
	w->looked_ns = clock_now();
	return 0;
}

void cpu_watch_done(struct cpu_watch *w)
{
	if (w->uevents >= 0)
		close(w->uevents);
	free(w->states);
	*w = CPU_WATCH_INIT;
}

void cpu_watch_hear(struct cpu_watch *w)
{
	const struct events *e = w->drain->events;
	enum uevent_cpu what;
	unsigned int cpu;

	while (uevents_next(w->uevents, &what, &cpu)) {
		w->is_due |= what != UEVENT_OTHER;
		for (size_t i = 0; what == UEVENT_CPU_OFFLINE && i < e->n_cpus; i++)
			w->states[i].is_gone |= e->cpus[i].cpu == cpu && e->cpus[i].is_open;
	}
}

static void gap_begin(struct cpu_watch *w, size_t i, uint64_t now)
{
	struct cpu_watch_state *s = &w->states[i];

	s->has_gap = true;
	s->gap_from_ns = s->offline_ns ? s->offline_ns : w->looked_ns;
	s->gap_to_ns = now;
}

/* Puts a gap on the tape, as soon as a batch is free. */
static int gap_write(struct cpu_watch *w, size_t i, struct fault *fault)
{
	struct cpu_watch_state *s = &w->states[i];
	struct loss_record loss = {
		.cpu = w->drain->events->cpus[i].cpu,
		.from_ns = s->gap_from_ns,
		.to_ns = s->gap_to_ns,
	};
	struct batch *b = s->has_gap ? drain_batch(w->drain) : NULL;

	if (!b)
		return 0;
	if (loss_record_encode(&b->losses.records, &loss) < 0)
		return fault_no_memory(fault);
	batch_records_count(&b->losses, loss.to_ns);
	s->has_gap = false;
	return 0;
}

static void tell(struct cpu_watch *w, struct text *line)
{
	if (++w->n_told <= TOLD_MAX && text_cstr(line))
		record_notice(w->options, text_cstr(line));
}

static void tell_opened(struct cpu_watch *w, size_t i)
{
	const struct cpu_watch_state *s = &w->states[i];
	struct text line CLEANUP(text_done) = {0};

	text_printf(&line,
		    "CPU %u came online and is recorded from now on; what happened there in ",
		    w->drain->events->cpus[i].cpu);
	units_duration(&line, s->gap_to_ns - s->gap_from_ns);
	text_str(&line, " before is missing");
	tell(w, &line);
}

static void tell_failed(struct cpu_watch *w, size_t i, const struct fault *why)
{
	struct text line CLEANUP(text_done) = {0};

	text_printf(&line, "CPU %u came online, but is not recorded: %s",
		    w->drain->events->cpus[i].cpu, why->text);
	tell(w, &line);
}

static int owner_watch(const struct cpu_watch *w, int owner)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = owner};

	return w->epoll < 0 ? 0 : epoll_ctl(w->epoll, EPOLL_CTL_ADD, owner, &event);
}

static int cpu_open(struct cpu_watch *w, size_t i, uint64_t now, struct fault *fault)
{
	struct cpu_watch_state *s = &w->states[i];
	struct fault why = FAULT_INIT;
	int r = events_open_cpu(w->drain->events, i, &why);

	if (r == -ENODEV) {
		s->offline_ns = now;
		return 0;
	}
	if (r == -ENOMEM)
		return fault_set(fault, r, "%s", why.text);
	if (r < 0) {
		if (!s->has_failed)
			tell_failed(w, i, &why);
		s->has_failed = true;
		return 0;
	}
	/* Without the watch the ring is drained by the timer only. */
	(void)owner_watch(w, w->drain->events->cpus[i].owner);
	gap_begin(w, i, now);
	s->offline_ns = 0;
	s->has_failed = false;
	tell_opened(w, i);
	return gap_write(w, i, fault);
}

static int cpu_turn(struct cpu_watch *w, size_t i, bool is_online, uint64_t now,
		    struct fault *fault)
{
	struct event_cpu *c = &w->drain->events->cpus[i];
	struct cpu_watch_state *s = &w->states[i];
	int r = gap_write(w, i, fault);

	if (!is_online) {
		s->is_gone |= c->is_open;
		s->offline_ns = now;
	}
	/* Nothing more comes into the ring of a CPU that was offline; what is left there is taken
	 * first. */
	if (!r && s->is_gone && ring_head(&c->ring) == c->ring.at) {
		r = events_close_cpu(w->drain->events, i, fault);
		s->is_gone = false;
	}
	if (!r && is_online && !c->is_open)
		r = cpu_open(w, i, now, fault);
	return r;
}

int cpu_watch_turn(struct cpu_watch *w, uint64_t now, struct fault *fault)
{
	struct cpus online CLEANUP(cpus_done) = {0};
	int r = 0;

	if (!w->states || (!w->is_due && now - w->looked_ns < CPU_WATCH_PERIOD_NS))
		return 0;
	w->is_due = false;
	if (cpus_online(&online, NULL) < 0)
		return 0;
	for (size_t i = 0; !r && i < w->drain->events->n_cpus; i++)
		r = cpu_turn(w, i, cpus_have(&online, (int)w->drain->events->cpus[i].cpu), now,
			     fault);
	w->looked_ns = now;
	return r;
}

int cpu_watch_finish(struct cpu_watch *w, uint64_t now, struct fault *fault)
{
	struct cpus online CLEANUP(cpus_done) = {0};
	int r = 0;

	if (!w->states || cpus_online(&online, NULL) < 0)
		return 0;
	for (size_t i = 0; !r && i < w->drain->events->n_cpus; i++) {
		const struct event_cpu *c = &w->drain->events->cpus[i];

		r = gap_write(w, i, fault);
		if (r || !cpus_have(&online, (int)c->cpu) || (c->is_open && !w->states[i].is_gone))
			continue;
		gap_begin(w, i, now);
		r = gap_write(w, i, fault);
	}
	return r;
}

// SPDX-License-Identifier: MIT
/*
 * session: the order of a recording's steps. Everything that the kernel may refuse is requested
 * before the output file is touched. After its first byte is written, the tape stays readable up to
 * its last whole section, whatever happens.
 */
#include "record/session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kernel/clock.h"
#include "kernel/host.h"
#include "kernel/kallsyms.h"
#include "record/child.h"
#include "record/metadata.h"
#include "record/output.h"
#include "record/plan.h"
#include "record/record-loop.h"
#include "record/sample-notices.h"
#include "record/signals.h"
#include "record/socket-notices.h"
#include "record/tape-end.h"

/* Batches: one for the record loop, one for the writer thread, and those that wait in between while
 * the writer thread gets no CPU. The one that was written last is taken first, so that the memory
 * of most is not touched before that happens. */
#define BATCHES	   12u
#define ZSTD_LEVEL 1

struct session {
	const struct record_options *options;
	struct plan plan;
	struct events events;
	struct event_counts event_counts;
	struct signals signals;
	struct child child;
	struct output output;
	struct sink sink;
	struct tape_writer *writer;
	struct anonymiser *anonymiser;
	struct writer_thread *writer_thread;
	struct drain drain;
	struct sockets sockets;
	struct samples samples;
	struct clock_steps clock_steps;
	struct cpu_watch cpus;
	struct counter_readings counters;
	struct priority priority;
	uint64_t started_ns;
};

static void session_done(struct session *s)
{
	s->writer_thread = writer_thread_free(s->writer_thread);
	drain_done(&s->drain);
	clock_steps_done(&s->clock_steps);
	cpu_watch_done(&s->cpus);
	samples_done(&s->samples);
	counter_readings_done(&s->counters);
	sockets_done(&s->sockets);
	anonymiser_free(s->anonymiser);
	tape_writer_free(s->writer);
	output_done(&s->output);
	child_done(&s->child);
	event_counts_done(&s->event_counts);
	events_close(&s->events);
	plan_done(&s->plan);
	signals_done(&s->signals);
}

static int session_open_events(struct session *s, struct fault *fault)
{
	const struct tracepoints *t = &s->plan.tracepoints;
	int r = events_open(t, s->options->ring_bytes, &s->events, fault);

	if (r < 0)
		return r;
	if (!s->options->ring_bytes &&
	    s->events.ring_bytes < events_ring_default(events_n_open(&s->events))) {
		char line[200];

		snprintf(line, sizeof(line),
			 "rings of only %llu KiB per CPU: the kernel refused more (use sudo or "
			 "CAP_IPC_LOCK, or raise kernel.perf_event_mlock_kb)",
			 (unsigned long long)(s->events.ring_bytes >> 10));
		record_notice(s->options, line);
	}
	return event_counts_init(&s->event_counts, &s->events, t->n_synthetic, fault);
}

static int session_open_tape(struct session *s, struct fault *fault)
{
	const struct record_options *o = s->options;
	struct metadata m = {o, &s->plan.selection, &s->plan.tracepoints, &s->events, &s->sockets};
	bool waits = output_waits(o->output);
	int r;

	if (waits)
		signals_pause(&s->signals);
	r = output_open(o->output, o->output_must_be_new, &s->output, fault);
	if (waits)
		signals_resume(&s->signals);
	if (r < 0)
		return r;
	s->sink =
		sink_fd(s->output.file.fd, strcmp(o->output, "-") ? o->output : "standard output");
	r = tape_writer_new(&s->sink, ZSTD_LEVEL, &s->writer, fault);
	/* Enabled before metadata_write() walks over /proc, so that the rings report the tasks that
	 * begin during that walk. */
	if (!r)
		r = events_enable_tasks(&s->events, fault);
	return r < 0 ? r : metadata_write(s->writer, &m, fault);
}

static int session_start_writer_thread(struct session *s, struct fault *fault)
{
	struct host host;
	struct anonymiser_options anonymiser = {
		.kallsyms = KALLSYMS_PATH,
		.arch = host.arch,
		.raw_pointers = s->options->raw_pointers,
		.dense_max = ANONYMISE_DENSE_MAX,
	};
	struct writer_thread_options writer_thread;
	int r;

	host_read(&host);
	r = anonymiser_new(&anonymiser, &s->anonymiser, fault);
	if (r < 0)
		return r;
	writer_thread = (struct writer_thread_options){
		.block = {.writer = s->writer,
			  .anonymiser = s->anonymiser,
			  .tracepoints = s->plan.tracepoints.places},
		.n_tracepoints = s->plan.tracepoints.n,
		.n_batches = BATCHES,
	};
	r = writer_thread_start(&writer_thread, &s->writer_thread, fault);
	if (r < 0)
		return r;
	s->drain.events = &s->events;
	s->drain.tracepoints = &s->plan.tracepoints;
	s->drain.writer_thread = s->writer_thread;
	s->drain.event_counts = &s->event_counts;
	r = drain_init(&s->drain, fault);
	/* Control groups that are made from now on, the rings report. */
	if (!r && s->events.with_cgroups &&
	    cgroup_names_look(&s->drain.members.names, "/proc/self/mountinfo") < 0)
		r = fault_no_memory(fault);
	return r;
}

static int session_start(struct session *s, struct fault *fault)
{
	int r = priority_check(&s->priority, fault);

	if (!r)
		r = plan_make(s->options, &s->plan, fault);
	if (!r)
		r = session_open_events(s, fault);
	if (!r)
		r = sockets_open(&s->sockets, &s->plan.synthetic, fault);
	if (!r)
		r = signals_take(&s->signals, fault);
	if (!r && s->options->command)
		r = child_fork(&s->child, s->options->command, &s->signals,
			       strcmp(s->options->output, "-"), fault);
	if (!r)
		r = session_open_tape(s, fault);
	/* The command, which is forked already, keeps the nice value of the user. */
	priority_nice(PRIORITY_NICE_WRITER);
	if (!r)
		r = session_start_writer_thread(s, fault);
	priority_nice(PRIORITY_NICE_DRAIN);
	return r;
}

/* A host with very many sockets takes seconds for its last table. A signal gives up the rest of it,
 * and the tape still gets its end. */
static int session_finish_sockets(struct session *s, struct fault *fault)
{
	int r;

	signals_hold(&s->signals);
	r = sockets_finish(&s->sockets, s->signals.fd, fault);
	signals_release(&s->signals);
	return r;
}

/* Records from the first event to the last one. */
static int session_run(struct session *s, struct fault *fault)
{
	struct record_loop record_loop = {
		.drain = &s->drain,
		.sockets = &s->sockets,
		.samples = &s->samples,
		.clock_steps = &s->clock_steps,
		.cpus = &s->cpus,
		.counters = &s->counters,
		.priority = &s->priority,
		.child = &s->child,
		.options = s->options,
		.signals = s->signals.fd,
		.is_stream = s->output.file.is_stream,
	};
	int r, r_disable;

	s->started_ns = clock_now();
	r = cpu_watch_open(&s->cpus, &s->drain, s->options, fault);
	if (!r)
		r = sockets_begin(&s->sockets, &s->drain, &s->plan.tracepoints, fault);
	if (!r)
		r = samples_begin(&s->samples, &s->sockets, fault);
	s->drain.troubled = &s->samples.troubled;
	if (!r && !s->options->no_counters)
		r = counter_readings_begin(&s->counters, fault);
	if (!r)
		r = events_enable(&s->events, fault);
	if (!r)
		r = counter_readings_enabled(&s->counters, clock_now(), fault);
	if (!r && s->options->command)
		r = child_go(&s->child, s->options->command[0], fault);
	if (!r)
		r = output_begin(&s->output, fault);
	if (!r)
		r = priority_begin(&s->priority, clock_now(), fault);
	if (!r)
		r = clock_steps_open(&s->clock_steps, fault);
	if (!r)
		r = record_loop_run(&record_loop, fault);
	priority_end(&s->priority);
	/* From here on a signal ends the process at once, as it does by default: the writer may
	 * wait for a pipe that nobody reads. */
	signals_release(&s->signals);
	if (!r)
		r = counter_readings_disable(&s->counters, fault);
	r_disable = events_disable(&s->events, r < 0 ? NULL : fault);
	if (!r)
		r = r_disable;
	if (!r)
		r = counter_readings_end(&s->counters, fault);
	if (!r)
		r = record_loop_finish(&record_loop, fault);
	if (!r && !writer_thread_has_failed(s->writer_thread))
		r = session_finish_sockets(s, fault);
	drain_close_block(&s->drain);
	socket_notices(&s->sockets, s->options);
	sample_notices(&s->samples, s->options);
	return r;
}

/* Ends the tape, whether recording succeeded or not. r_record is what session_run() returned; its
 * failure takes precedence over a failure to end the tape. */
static int session_finish(struct session *s, int r_record, struct event_count_sums *sums,
			  struct fault *fault)
{
	struct fault why = FAULT_INIT;
	int r = writer_thread_stop(s->writer_thread, &why);

	/* After a failure of the recording the tape still gets its end, if that can be written. */
	if (!r)
		r = tape_end_write(s->writer, &s->event_counts, sums, &why);
	else if (event_counts_read(&s->event_counts, clock_now(), 0, NULL, sums, NULL) < 0)
		*sums = (struct event_count_sums){0};
	if (r < 0)
		output_cut(&s->output, s->sink.written);
	else
		r = output_close(&s->output, &why);
	if (r_record < 0)
		return r_record;
	if (r == -ENOSPC || r == -EDQUOT)
		return fault_set(
			fault, r,
			"%s: the disk is full: recording stopped; everything up to then is "
			"kept (%llu events)",
			s->options->output,
			(unsigned long long)writer_thread_rows(s->writer_thread));
	return r < 0 ? fault_set(fault, r, "%s", why.text) : 0;
}

static void session_fill_result(struct session *s, const struct event_count_sums *sums,
				struct record_result *ret)
{
	*ret = (struct record_result){
		.elapsed_ns = clock_now() - s->started_ns,
		.counted = sums->counted,
		.recorded = sums->recorded,
		.lost = sums->lost,
		.undelivered = sums->undelivered,
		.tape_bytes = s->sink.written,
		.n_tracepoints = (unsigned int)s->plan.tracepoints.n,
		.n_cpus = (unsigned int)events_n_open(&s->events),
		.has_command = child_reap(&s->child),
		.command_status = s->child.status,
	};
	if (s->options->command && !ret->has_command)
		record_notice(s->options,
			      "the command is still running; recording ended before it");
}

int record_run(const struct record_options *o, struct record_result *ret, struct fault *fault)
{
	struct session s CLEANUP(session_done) = {
		.options = o,
		.signals.fd = -1,
		.clock_steps.fd = -1,
		.output = OUTPUT_INIT,
		.cpus = CPU_WATCH_INIT,
		.samples = SAMPLES_INIT,
		.priority.realtime = o->realtime,
	};
	struct event_count_sums sums = {0};
	int r = session_start(&s, fault);

	if (r < 0)
		return r;
	r = session_run(&s, fault);
	r = session_finish(&s, r, &sums, fault);
	session_fill_result(&s, &sums, ret);
	return r;
}

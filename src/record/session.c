// SPDX-License-Identifier: MIT
/*
 * session: the order of things. Everything that can be refused is asked for before the output
 * file is touched; from the first byte on, whatever happens, what is written stays readable.
 */
#include "record/session.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>

#include "kernel/clock.h"
#include "kernel/host.h"
#include "kernel/kallsyms.h"
#include "kernel/sock-diag.h"
#include "kernel/tracefs.h"
#include "record/child.h"
#include "record/metadata.h"
#include "record/output.h"
#include "record/record-loop.h"
#include "record/signals.h"

/* Enough for one in the record loop, one in the writer thread, one between them. */
#define BATCHES	   3u
#define ZSTD_LEVEL 1

struct session {
	const struct record_options *options;
	struct selection selection;
	struct tracepoints tracepoints;
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
	bool with_stacks;
	struct synthetic_rows made; /* from sock_diag */
	uint64_t started_ns;
};

static void session_done(struct session *s)
{
	s->writer_thread = writer_thread_free(s->writer_thread);
	drain_done(&s->drain);
	sockets_done(&s->sockets);
	anonymiser_free(s->anonymiser);
	tape_writer_free(s->writer);
	output_done(&s->output);
	child_done(&s->child);
	event_counts_done(&s->event_counts);
	events_close(&s->events);
	tracepoints_done(&s->tracepoints);
	selection_done(&s->selection);
	signals_done(&s->signals);
}

static void notice(const struct session *s, const char *line)
{
	if (s->options->notice)
		s->options->notice(s->options->userdata, line);
}

/* Stacks without symbols say nothing: better not to pay for them. */
static void decide_stacks(struct session *s)
{
	bool is_readable = true;
	bool is_wanted = false;

	for (size_t i = 0; i < s->selection.n; i++)
		is_wanted |= s->selection.items[i].with_stack;
	s->with_stacks = !s->options->no_stacks;
	if (is_wanted && s->with_stacks) {
		is_readable = kallsyms_is_readable(KALLSYMS_PATH);
		if (!is_readable)
			notice(s,
			       "no call chains: " KALLSYMS_PATH
			       " hides the kernel's addresses (run as root, and: sysctl "
			       "kernel.kptr_restrict=1); causes of retransmits will be less sure");
	}
	s->with_stacks &= is_readable;
	for (size_t i = 0; i < s->selection.n; i++)
		s->selection.items[i].with_stack &= s->with_stacks;
}

/*
 * The kernel's last word on a socket costs some five microseconds where it is closed, and two here.
 * Where every send, receive and retransmission is recorded, its bytes are known without; tcp_probe
 * has the round-trip times.
 */
static bool wants_last(const struct selection *s)
{
	return !selection_has(s, "sock", "sock_send_length") ||
	       !selection_has(s, "sock", "sock_recv_length") ||
	       !selection_has(s, "tcp", "tcp_retransmit_skb") ||
	       !selection_has(s, "tcp", "tcp_probe");
}

static int select_tracepoints(struct session *s, struct fault *fault)
{
	const struct record_options *o = s->options;
	struct tracefs *tracefs CLEANUP(tracefs_close_p) = NULL;
	struct listing listing;
	int r = tracefs_open(&tracefs, fault);

	if (r < 0)
		return r;
	listing = listing_of_tracefs(tracefs);
	r = selection_make(&listing, o->profile || o->n_events ? o->profile : "loss", o->events,
			   o->n_events, &s->selection, fault);
	if (r < 0)
		return r;
	for (size_t i = 0; i < s->selection.n_absent; i++) {
		char line[200];

		snprintf(line, sizeof(line),
			 "this kernel has no tracepoint %s:%s; recording goes on",
			 s->selection.absent[i].system, s->selection.absent[i].name);
		notice(s, line);
	}
	decide_stacks(s);
	s->made.tcp_info_len = o->no_sockets ? 0 : sock_diag_info_len();
	s->made.with_last = s->made.tcp_info_len && wants_last(&s->selection);
	/* Such chains tell what of the last figures is data. */
	if (s->with_stacks && s->made.with_last && selection_divide(&s->selection) < 0)
		return fault_no_memory(fault);
	if (!o->no_sockets && !s->made.tcp_info_len)
		notice(s,
		       "no socket tables: TCP_INFO cannot be had; owners and bytes of connections "
		       "will be less sure");
	return tracepoints_load(tracefs, &s->selection, &o->filter, &s->made, &s->tracepoints,
				fault);
}

static int open_events(struct session *s, struct fault *fault)
{
	int r = events_open(&s->tracepoints, s->options->ring_bytes, &s->events, fault);

	if (r < 0)
		return r;
	if (!s->options->ring_bytes &&
	    s->events.ring_bytes < events_ring_default(s->events.n_cpus)) {
		char line[200];

		snprintf(line, sizeof(line),
			 "rings of only %llu KiB per CPU: the kernel refused more (use sudo or "
			 "CAP_IPC_LOCK, or raise kernel.perf_event_mlock_kb)",
			 (unsigned long long)(s->events.ring_bytes >> 10));
		notice(s, line);
	}
	return event_counts_init(&s->event_counts, &s->events, s->tracepoints.n_synthetic, fault);
}

static int open_tape(struct session *s, struct fault *fault)
{
	const struct record_options *o = s->options;
	struct metadata m = {o, &s->selection, &s->tracepoints, &s->events, &s->sockets};
	int r = output_open(o->output, o->output_must_be_new, &s->output, fault);

	if (r < 0)
		return r;
	s->sink =
		sink_fd(s->output.file.fd, strcmp(o->output, "-") ? o->output : "standard output");
	r = tape_writer_new(&s->sink, ZSTD_LEVEL, &s->writer, fault);
	/* Tasks that begin during the walk over /proc come through the rings. */
	if (!r)
		r = events_enable_tasks(&s->events, fault);
	return r < 0 ? r : metadata_write(s->writer, &m, fault);
}

static int start_writer_thread(struct session *s, struct fault *fault)
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
		.writer = s->writer,
		.anonymiser = s->anonymiser,
		.tracepoints = s->tracepoints.places,
		.n_tracepoints = s->tracepoints.n,
		.n_batches = BATCHES,
	};
	r = writer_thread_start(&writer_thread, &s->writer_thread, fault);
	if (r < 0)
		return r;
	s->drain.events = &s->events;
	s->drain.tracepoints = &s->tracepoints;
	s->drain.writer_thread = s->writer_thread;
	s->drain.event_counts = &s->event_counts;
	return drain_init(&s->drain, fault);
}

static int start(struct session *s, struct fault *fault)
{
	int r = select_tracepoints(s, fault);

	if (!r)
		r = open_events(s, fault);
	if (!r)
		r = sockets_open(&s->sockets, &s->made, fault);
	if (!r)
		r = signals_take(&s->signals, fault);
	if (!r && s->options->command)
		r = child_fork(&s->child, s->options->command, &s->signals, fault);
	if (!r)
		r = open_tape(s, fault);
	if (!r)
		r = start_writer_thread(s, fault);
	return r;
}

static void note_sockets(const struct session *s)
{
	char line[200];

	if (s->sockets.n_missed) {
		snprintf(line, sizeof(line),
			 "%zu network namespace%s could not be entered: exact bytes and owners of "
			 "the connections there are missing (CAP_SYS_ADMIN is needed)",
			 s->sockets.n_missed, s->sockets.n_missed == 1 ? "" : "s");
		notice(s, line);
	}
	if (s->sockets.n_overruns)
		notice(s, "sockets closed faster than the kernel's messages about them were read: "
			  "exact bytes of some connections are missing");
}

/* From the first event to the last one. */
static int run(struct session *s, struct fault *fault)
{
	struct record_loop record_loop = {
		.drain = &s->drain,
		.sockets = &s->sockets,
		.child = &s->child,
		.options = s->options,
		.signals = s->signals.fd,
		.is_stream = s->output.file.is_stream,
	};
	int r, e;

	s->started_ns = clock_now();
	r = sockets_begin(&s->sockets, &s->drain, &s->tracepoints, fault);
	if (!r)
		r = events_enable(&s->events, fault);
	if (!r && s->options->command)
		r = child_go(&s->child, s->options->command[0], fault);
	if (!r)
		r = output_begin(&s->output, fault);
	if (!r)
		r = record_loop_run(&record_loop, fault);
	/* A second signal ends us at once, as it would anybody. */
	signals_release(&s->signals);
	e = events_disable(&s->events, r < 0 ? NULL : fault);
	if (!r)
		r = e;
	if (!r)
		r = record_loop_finish(&record_loop, fault);
	drain_close_block(&s->drain);
	note_sockets(s);
	return r;
}

/* Losses that no later record told of: the ring was full to the end. */
static int find_last_losses(struct session *s, uint64_t now, struct batch_records *ret)
{
	for (size_t cpu = 0; s->events.with_lost && cpu < s->events.n_cpus; cpu++) {
		struct event_cpu *c = &s->events.cpus[cpu];
		struct loss_record loss = {.cpu = c->cpu, .from_ns = c->last_ns, .to_ns = now};
		uint64_t lost = 0;

		for (size_t i = 0; i < s->events.n_tracepoints; i++) {
			struct perf_event_count count;

			if (perf_event_read(s->events.fds[i * s->events.n_cpus + cpu], true, &count,
					    NULL) == 0)
				lost += count.lost;
		}
		if (lost <= c->ring_lost)
			continue;
		loss.count = lost - c->ring_lost;
		if (loss_record_encode(&ret->records, &loss) < 0)
			return -ENOMEM;
		batch_records_count(ret, now);
	}
	return 0;
}

static int write_records(struct session *s, uint16_t kind, const struct batch_records *r,
			 struct fault *fault)
{
	struct section_spec spec = {
		.kind = kind, .count = r->n, .time_from = r->time_from, .time_to = r->time_to};

	if (!r->n)
		return 0;
	return tape_writer_section(s->writer, &spec, r->records.data, r->records.len, fault);
}

static void records_done(struct batch_records *r)
{
	buffer_done(&r->records);
}

/* Behind the last row: LOSS, CLOCK, TALLY, MARK, and the index. */
static int write_end(struct session *s, struct event_count_sums *sums, struct fault *fault)
{
	struct batch_records losses CLEANUP(records_done) = {0};
	struct batch_records clocks CLEANUP(records_done) = {0};
	struct batch_records tallies CLEANUP(records_done) = {0};
	uint64_t now = clock_now();
	int r = event_counts_read(&s->event_counts, now, TALLY_FINAL, &tallies, sums, fault);

	if (r < 0)
		return r;
	if (find_last_losses(s, now, &losses) < 0 || metadata_clock(&clocks) < 0)
		return fault_no_memory(fault);
	r = write_records(s, TAPE_KIND_LOSS, &losses, fault);
	if (!r)
		r = write_records(s, TAPE_KIND_CLOCK, &clocks, fault);
	if (!r)
		r = write_records(s, TAPE_KIND_TALLY, &tallies, fault);
	if (!r)
		r = tape_writer_mark(s->writer, UINT64_MAX, now, fault);
	return r < 0 ? r : tape_writer_finish(s->writer, fault);
}

/* Ends the tape, well or badly; r is what recording came to. */
static int finish(struct session *s, int r, struct event_count_sums *sums, struct fault *fault)
{
	struct fault why = FAULT_INIT;
	int e = writer_thread_stop(s->writer_thread, &why);

	/* A tape that was recorded up to some failure still gets its end, if it can be written. */
	if (!e)
		e = write_end(s, sums, &why);
	else if (event_counts_read(&s->event_counts, clock_now(), 0, NULL, sums, NULL) < 0)
		*sums = (struct event_count_sums){0};
	if (e < 0)
		output_cut(&s->output, s->sink.written);
	else
		e = output_close(&s->output, &why);
	if (r < 0)
		return r;
	if (e == -ENOSPC || e == -EDQUOT)
		return fault_set(
			fault, e,
			"%s: the disk is full: recording stopped; everything up to then is "
			"kept (%llu events)",
			s->options->output,
			(unsigned long long)writer_thread_rows(s->writer_thread));
	return e < 0 ? fault_set(fault, e, "%s", why.text) : 0;
}

static void fill_result(struct session *s, const struct event_count_sums *sums,
			struct record_result *ret)
{
	*ret = (struct record_result){
		.elapsed_ns = clock_now() - s->started_ns,
		.counted = sums->counted,
		.recorded = sums->recorded,
		.lost = sums->lost,
		.undelivered = sums->undelivered,
		.tape_bytes = s->sink.written,
		.n_tracepoints = (unsigned int)s->tracepoints.n,
		.n_cpus = (unsigned int)s->events.n_cpus,
		.has_command = child_reap(&s->child),
		.command_status = s->child.status,
	};
	if (s->options->command && !ret->has_command)
		notice(s, "the command is still running; recording ended before it");
}

int record_run(const struct record_options *o, struct record_result *ret, struct fault *fault)
{
	struct session s CLEANUP(session_done) = {
		.options = o, .signals.fd = -1, .output = OUTPUT_INIT};
	struct event_count_sums sums = {0};
	int r = start(&s, fault);

	if (r < 0)
		return r;
	r = run(&s, fault);
	r = finish(&s, r, &sums, fault);
	fill_result(&s, &sums, ret);
	return r;
}

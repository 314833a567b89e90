// SPDX-License-Identifier: MIT
/*
 * tape-end: reads the counts once more, because the kernel reports the loss of records in a ring
 * only when a later record finds room there.
 */
#include "record/tape-end.h"

#include <errno.h>

#include "kernel/clock.h"
#include "record/metadata.h"

static void records_done(struct batch_records *r)
{
	buffer_done(&r->records);
}

/* Sums the losses that the events of one CPU have counted themselves. */
static uint64_t cpu_lost(const struct events *e, size_t cpu)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < e->n_tracepoints; i++) {
		struct perf_event_count count;

		if (events_count(e, i, cpu, &count, NULL) == 0)
			lost += count.lost;
	}
	return lost;
}

/* Finds the losses that no PERF_RECORD_LOST reported, because the ring was full to the end. */
static int find_last_losses(const struct events *e, uint64_t now, struct batch_records *ret)
{
	for (size_t cpu = 0; e->with_lost && cpu < e->n_cpus; cpu++) {
		const struct event_cpu *c = &e->cpus[cpu];
		struct loss_record loss = {
			.cpu = c->cpu, .from_ns = event_cpu_loss_from(c), .to_ns = now};
		uint64_t lost = cpu_lost(e, cpu);

		if (lost <= c->ring_lost)
			continue;
		loss.count = lost - c->ring_lost;
		if (loss_record_encode(&ret->records, &loss) < 0)
			return -ENOMEM;
		batch_records_count(ret, now);
	}
	return 0;
}

static int write_records(struct tape_writer *w, uint16_t kind, const struct batch_records *r,
			 struct fault *fault)
{
	struct section_spec spec = {
		.kind = kind, .count = r->n, .time_from = r->time_from, .time_to = r->time_to};

	return r->n ? tape_writer_section(w, &spec, r->records.data, r->records.len, fault) : 0;
}

int tape_end_write(struct tape_writer *w, const struct event_counts *counts,
		   struct event_count_sums *ret_sums, struct fault *fault)
{
	struct batch_records losses CLEANUP(records_done) = {0};
	struct batch_records clocks CLEANUP(records_done) = {0};
	struct batch_records tallies CLEANUP(records_done) = {0};
	uint64_t now = clock_now();
	int r = event_counts_read(counts, now, TALLY_FINAL, &tallies, ret_sums, fault);

	if (r < 0)
		return r;
	if (find_last_losses(counts->events, now, &losses) < 0 || metadata_clock(&clocks) < 0)
		return fault_no_memory(fault);
	r = write_records(w, TAPE_KIND_LOSS, &losses, fault);
	if (!r)
		r = write_records(w, TAPE_KIND_CLOCK, &clocks, fault);
	if (!r)
		r = write_records(w, TAPE_KIND_TALLY, &tallies, fault);
	if (!r)
		r = tape_writer_mark(w, UINT64_MAX, now, fault);
	return r < 0 ? r : tape_writer_finish(w, fault);
}

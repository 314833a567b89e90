// SPDX-License-Identifier: MIT
/*
 * event-counts: counts rows by the runs of each batch, and hits by read(2) of each event.
 */
#include "record/event-counts.h"

#include <errno.h>
#include <stdlib.h>

int event_counts_init(struct event_counts *t, const struct events *e, size_t n_synthetic,
		      struct fault *fault)
{
	uint32_t most = 0;

	for (size_t i = 0; i < e->n_cpus; i++)
		most = e->cpus[i].cpu > most ? e->cpus[i].cpu : most;
	t->events = e;
	t->n_synthetic = n_synthetic;
	t->rows = calloc((e->n_tracepoints + n_synthetic) * e->n_cpus, sizeof(*t->rows));
	t->place_of_cpu = calloc((size_t)most + 1, sizeof(*t->place_of_cpu));
	if (!t->rows || !t->place_of_cpu)
		return fault_no_memory(fault);
	for (size_t i = 0; i < e->n_cpus; i++)
		t->place_of_cpu[e->cpus[i].cpu] = (uint32_t)i;
	return 0;
}

void event_counts_done(struct event_counts *t)
{
	free(t->rows);
	free(t->place_of_cpu);
	*t = (struct event_counts){0};
}

void event_counts_add(struct event_counts *t, const struct batch *b)
{
	for (uint32_t i = 0; i < b->n_slots; i++) {
		const struct slot *s = &b->slots[i];
		const struct chunk_run *runs = s->runs.data;
		uint64_t *rows = t->rows + s->tracepoint * t->events->n_cpus;

		for (uint32_t k = 0; k < s->n_runs; k++)
			rows[t->place_of_cpu[runs[k].cpu]] += runs[k].n_rows;
	}
}

uint64_t event_counts_rows(const struct event_counts *t, size_t tracepoint)
{
	uint64_t n = 0;

	for (size_t i = 0; i < t->events->n_cpus; i++)
		n += t->rows[tracepoint * t->events->n_cpus + i];
	return n;
}

/* The hits of a tracepoint on one CPU that have not become rows. */
static uint64_t tally_missing(const struct tally_record *t)
{
	return t->counted > t->recorded ? t->counted - t->recorded : 0;
}

/* Divides the losses of each ring among its events. No event gets more losses than it is missing
 * hits, and all events of a ring together get no more than the ring has lost. */
static void losses_share(const struct events *e, struct tally_record *records)
{
	for (size_t cpu = 0; cpu < e->n_cpus; cpu++) {
		uint64_t lost = e->cpus[cpu].ring_lost, sum = 0;

		for (size_t i = 0; i < e->n_tracepoints; i++)
			sum += tally_missing(&records[i * e->n_cpus + cpu]);
		for (size_t i = 0; i < e->n_tracepoints; i++) {
			struct tally_record *t = &records[i * e->n_cpus + cpu];

			t->lost = tally_missing(t);
			if (sum > lost)
				t->lost = (uint64_t)((double)t->lost * (double)lost / (double)sum);
		}
	}
}

static int tallies_read(const struct event_counts *t, uint8_t flags, struct tally_record *records,
			struct fault *fault)
{
	const struct events *e = t->events;

	for (size_t i = 0; i < e->n_tracepoints; i++) {
		for (size_t cpu = 0; cpu < e->n_cpus; cpu++) {
			size_t at = i * e->n_cpus + cpu;
			struct perf_event_count count;
			int r = events_count(e, i, cpu, &count, fault);

			if (r < 0)
				return r;
			records[at] = (struct tally_record){
				.tracepoint = (uint32_t)i,
				.cpu = e->cpus[cpu].cpu,
				.counted = count.counted,
				.recorded = t->rows[at],
				.lost = count.lost,
				.flags = flags,
			};
		}
	}
	if (!e->with_lost)
		losses_share(e, records);
	/* The kernel does not count synthetic rows: every one of them is recorded. */
	for (size_t i = 0; i < t->n_synthetic * e->n_cpus; i++) {
		size_t at = e->n_tracepoints * e->n_cpus + i;

		records[at] = (struct tally_record){
			.tracepoint = (uint32_t)(e->n_tracepoints + i / e->n_cpus),
			.cpu = e->cpus[i % e->n_cpus].cpu,
			.counted = t->rows[at],
			.recorded = t->rows[at],
			.flags = flags,
		};
	}
	return 0;
}

int event_counts_read(const struct event_counts *t, uint64_t now, uint8_t flags,
		      struct batch_records *out, struct event_count_sums *ret, struct fault *fault)
{
	const size_t n_cpus = t->events->n_cpus;
	size_t n = (t->events->n_tracepoints + t->n_synthetic) * n_cpus;
	struct tally_record *records CLEANUP(free_p) = calloc(n, sizeof(*records));
	struct event_count_sums sums = {0};
	int r;

	if (!records)
		return fault_no_memory(fault);
	if (!t->events->with_lost)
		flags |= TALLY_LOST_SHARED;
	r = tallies_read(t, flags, records, fault);
	if (r < 0)
		return r;
	/* One record for each tracepoint and CPU. Synthetic rows are not events, and are left out
	 * of the sums. A CPU that never was online has nothing to tell. */
	for (size_t i = 0, cpu = 0; i < n; i++, cpu = cpu + 1 < n_cpus ? cpu + 1 : 0) {
		if (i < t->events->n_tracepoints * n_cpus) {
			sums.counted += records[i].counted;
			sums.recorded += records[i].recorded;
			sums.lost += records[i].lost;
		}
		if (!out || !t->events->cpus[cpu].was_open)
			continue;
		if (tally_record_encode(&out->records, &records[i]) < 0)
			return fault_no_memory(fault);
		batch_records_count(out, now);
	}
	if (sums.counted > sums.recorded + sums.lost)
		sums.undelivered = sums.counted - sums.recorded - sums.lost;
	*ret = sums;
	return 0;
}

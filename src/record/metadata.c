// SPDX-License-Identifier: MIT
/*
 * metadata: encodes what the kernel room knows about this host.
 */
#include "record/metadata.h"

#include <errno.h>
#include <stdio.h>

#include "base/walltime.h"
#include "kernel/cgroup.h"
#include "kernel/clock.h"
#include "kernel/host.h"
#include "kernel/tasks.h"
#include "tcp/filter-options.h"

/* Bytes of records that fill a TASKS section; further records go into another section. */
#define TASKS_BYTES (1u << 20)

struct host_writer {
	struct buffer records;
	uint32_t n;
	int r; /* the first failure; later values are ignored */
};

static void host_writer_done(struct host_writer *w)
{
	buffer_done(&w->records);
}

static void host_put(struct host_writer *w, const char *key, const char *value)
{
	struct host_record record = {.key = key, .value = value};

	if (w->r || !value || !value[0])
		return;
	w->r = host_record_encode(&w->records, &record);
	w->n++;
}

static void host_put_number(struct host_writer *w, const char *key, unsigned long long value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", value);
	host_put(w, key, text);
}

static int write_host(struct tape_writer *w, const struct metadata *m, struct fault *fault)
{
	struct host_writer hw CLEANUP(host_writer_done) = {0};
	struct text started CLEANUP(text_done) = {0}, filter CLEANUP(text_done) = {0};
	struct section_spec spec = {.kind = TAPE_KIND_HOST};
	struct host host;

	host_read(&host);
	host_put(&hw, "tcptape_version", TCPTAPE_VERSION);
	host_put(&hw, "tape_id", host.random_id);
	walltime_rfc3339(&started, clock_read_pair().real_ns);
	host_put(&hw, "started", text_cstr(&started));
	host_put(&hw, "command_line", m->options->command_line);
	host_put(&hw, "host", host.name);
	host_put(&hw, "kernel", host.kernel);
	host_put(&hw, "kernel_version", host.version);
	host_put(&hw, "arch", host.arch);
	host_put(&hw, "os", host.machine_os);
	host_put(&hw, "boot_id", host.boot_id);
	host_put(&hw, "os_endian", host.is_big_endian ? "big" : "little");
	host_put_number(&hw, "long_size", host.kernel_long_size);
	host_put_number(&hw, "page_size", host.page_size);
	host_put_number(&hw, "memory_bytes", host.memory_bytes);
	host_put(&hw, "cpus", host.cpus);
	host_put(&hw, "cpus_possible", host.cpus_possible);
	host_put_number(&hw, "cpus_online", host.n_cpus_online);
	host_put_number(&hw, "cpus_configured", host.n_cpus_configured);
	host_put_number(&hw, "cpus_recorded", events_n_open(m->events));
	host_put_number(&hw, "ring_bytes", m->events->ring_bytes);
	host_put_number(&hw, "net_namespaces", m->sockets->spaces.n - m->sockets->spaces.misses.n);
	host_put_number(&hw, "net_namespaces_missed", m->sockets->spaces.misses.n);
	host_put(&hw, "cgroups", m->events->with_cgroups ? "rows" : "proc");
	host_put(&hw, "clock", "monotonic");
	host_put(&hw, "pointers", m->options->raw_pointers ? "raw" : "ids");
	filter_text(&m->options->filter, &filter);
	host_put(&hw, "filter", text_cstr(&filter));
	host_put(&hw, "profile", m->options->profile);
	if (hw.r < 0)
		return fault_no_memory(fault);
	spec.count = hw.n;
	return tape_writer_section(w, &spec, hw.records.data, hw.records.len, fault);
}

int metadata_clock(struct batch_records *records)
{
	struct clock_pair pair = clock_read_pair();
	struct clock_record record = {
		.mono_ns = pair.mono_ns,
		.real_ns = pair.real_ns,
		.window_ns = pair.window_ns,
		.error_ns = pair.error_ns,
	};

	if (clock_record_encode(&records->records, &record) < 0)
		return -ENOMEM;
	batch_records_count(records, pair.mono_ns);
	return 0;
}

static int write_clock(struct tape_writer *w, struct fault *fault)
{
	struct batch_records clocks = {0};
	struct section_spec spec = {.kind = TAPE_KIND_CLOCK};
	int r = metadata_clock(&clocks);

	spec.count = clocks.n;
	spec.time_from = clocks.time_from;
	spec.time_to = clocks.time_to;
	r = r < 0 ? fault_no_memory(fault)
		  : tape_writer_section(w, &spec, clocks.records.data, clocks.records.len, fault);
	buffer_done(&clocks.records);
	return r;
}

static int write_absent(struct tape_writer *w, const struct selected_list *absent,
			struct fault *fault)
{
	struct buffer records CLEANUP(buffer_done) = {0};
	struct section_spec spec = {.kind = TAPE_KIND_ABSENT, .count = (uint32_t)absent->n};

	for (size_t i = 0; i < absent->n; i++) {
		struct absent_record record = {
			.system = absent->items[i].system,
			.name = absent->items[i].name,
			.why = "not in this kernel",
		};
		int r = absent_record_encode(&records, &record);

		if (r < 0)
			return fault_no_memory(fault);
	}
	return absent->n ? tape_writer_section(w, &spec, records.data, records.len, fault) : 0;
}

static int write_formats(struct tape_writer *w, const struct tracepoints *t, struct fault *fault)
{
	for (size_t i = 0; i < t->n; i++) {
		struct buffer records CLEANUP(buffer_done) = {0};
		struct section_spec spec = {
			.kind = TAPE_KIND_FORMAT, .subject = (uint32_t)i, .count = 1};
		struct format_record record = {
			.kernel_id = t->items[i].kernel_id,
			.has_chain = t->items[i].with_stack,
			.system = t->items[i].system,
			.name = t->items[i].name,
			.text = (const char *)t->items[i].format.data,
		};
		int r = format_record_encode(&records, &record);

		if (r < 0)
			return fault_no_memory(fault);
		r = tape_writer_section(w, &spec, records.data, records.len, fault);
		if (r < 0)
			return r;
	}
	return 0;
}

struct task_writer {
	struct tape_writer *tape;
	struct buffer records, cgroups;
	uint32_t n, n_cgroups;
	bool with_cgroups;
	uint64_t now;
	struct fault *fault;
};

static void task_writer_done(struct task_writer *w)
{
	buffer_done(&w->records);
	buffer_done(&w->cgroups);
}

static int tasks_flush(struct task_writer *w)
{
	struct section_spec spec = {
		.kind = TAPE_KIND_TASKS, .count = w->n, .time_from = w->now, .time_to = w->now};
	int r = 0;

	if (w->n)
		r = tape_writer_section(w->tape, &spec, w->records.data, w->records.len, w->fault);
	buffer_clear(&w->records);
	w->n = 0;
	return r;
}

static int cgroup_add(struct task_writer *w, int32_t pid)
{
	char path[CGROUP_PATH_MAX];
	struct cgroup_record record = {.pid = pid, .path = path};
	int r;

	if (cgroup_of("/proc", pid, path) <= 0)
		return 0;
	r = cgroup_record_encode(&w->cgroups, &record);
	w->n_cgroups += !r;
	return r;
}

static int task_add(void *userdata, int32_t pid, int32_t tid, const char *comm)
{
	struct task_writer *w = userdata;
	struct task_record record = {
		.ts_ns = w->now, .what = TASK_SNAPSHOT, .pid = pid, .tid = tid, .comm = comm};
	int r = task_record_encode(&w->records, &record);

	if (!r && w->with_cgroups && pid == tid)
		r = cgroup_add(w, pid);
	if (r < 0)
		return fault_no_memory(w->fault);
	w->n++;
	return w->records.len >= TASKS_BYTES ? tasks_flush(w) : 0;
}

/* One walk gives the names of threads and the control groups of processes. */
static int write_tasks(struct tape_writer *tape, bool with_cgroups, struct fault *fault)
{
	struct task_writer w CLEANUP(task_writer_done) = {
		.tape = tape, .with_cgroups = with_cgroups, .now = clock_now(), .fault = fault};
	struct section_spec spec = {.kind = TAPE_KIND_CGROUPS};
	int r = tasks_walk("/proc", task_add, &w);

	if (!r)
		r = tasks_flush(&w);
	spec.count = w.n_cgroups;
	if (r < 0 || !w.n_cgroups)
		return r;
	return tape_writer_section(tape, &spec, w.cgroups.data, w.cgroups.len, fault);
}

int metadata_write(struct tape_writer *w, const struct metadata *m, struct fault *fault)
{
	int r = write_host(w, m, fault);

	if (!r)
		r = write_clock(w, fault);
	if (!r)
		r = write_absent(w, &m->selection->absent, fault);
	if (!r)
		r = write_formats(w, m->tracepoints, fault);
	if (!r)
		r = write_tasks(w, !m->options->no_sockets, fault);
	return r;
}

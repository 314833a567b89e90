// SPDX-License-Identifier: MIT
/*
 * preflight: one function per thing that recording needs, in one table, in the order in which
 * recording needs them. Each tries the real thing, with the same code that records.
 */
#include "kernel/preflight.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/io.h"
#include "kernel/clock.h"
#include "kernel/cpus.h"
#include "kernel/kallsyms.h"
#include "kernel/perf-event.h"
#include "kernel/ring.h"
#include "kernel/tracefs.h"
#include "tracepoint/catalog.h"
#include "tracepoint/trace-format.h"

#define RING_WANTED (8ull << 20)

struct preflight {
	struct tracefs *tracefs; /* NULL: not to be had */
	struct cpus cpus;
};

#define SAY(item, field, ...) snprintf((item)->field, sizeof((item)->field), __VA_ARGS__)

static void check_tracefs(struct preflight *p, struct preflight_item *item)
{
	struct fault fault = FAULT_INIT;

	if (tracefs_open(&p->tracefs, &fault) == 0) {
		SAY(item, what, "%s, readable", tracefs_dir(p->tracefs));
		return;
	}
	item->verdict = PREFLIGHT_STOPS;
	SAY(item, what, "%.190s", fault.text);
	if (geteuid() != 0)
		SAY(item, fix, "run as root: sudo tcptape ...");
	else
		SAY(item, fix, "mount -t tracefs nodev /sys/kernel/tracing");
}

/* Those that a profile asks for, and a way to ask: an id to open. */
static void check_tracepoints(struct preflight *p, struct preflight_item *item)
{
	size_t wanted = 0, there = 0, len = 0;
	char missing[150] = "";

	if (!p->tracefs) {
		item->verdict = PREFLIGHT_STOPS;
		SAY(item, what, "unknown without tracefs");
		return;
	}
	for (size_t i = 0; i < n_tracepoint_catalog; i++) {
		const struct tracepoint_info *info = &tracepoint_catalog[i];
		int n;

		if (!info->profiles)
			continue;
		wanted++;
		if (tracefs_has_event(p->tracefs, info->system, info->name)) {
			there++;
			continue;
		}
		n = snprintf(missing + len, sizeof(missing) - len, " %s", info->name);
		len += (size_t)n < sizeof(missing) - len ? (size_t)n : 0;
	}
	if (there == wanted) {
		SAY(item, what, "all %zu of the profiles", wanted);
		return;
	}
	item->verdict = there ? PREFLIGHT_WORSE : PREFLIGHT_STOPS;
	SAY(item, what, "%zu of the profiles' %zu; this kernel lacks%s", there, wanted, missing);
	SAY(item, fix, "a newer kernel has them; recording goes on without");
}

static bool some_tracepoint(const struct preflight *p, struct perf_event_spec *ret)
{
	for (size_t i = 0; p->tracefs && i < n_tracepoint_catalog; i++) {
		const struct tracepoint_info *info = &tracepoint_catalog[i];
		struct buffer text CLEANUP(buffer_done) = {0};
		struct trace_format *f CLEANUP(free_p) = malloc(sizeof(*f));

		if (!f || !tracefs_has_event(p->tracefs, info->system, info->name) ||
		    tracefs_event_format(p->tracefs, info->system, info->name, &text, NULL) < 0 ||
		    trace_format_parse((const char *)text.data, text.len, f, NULL) < 0)
			continue;
		ret->system = info->system;
		ret->name = info->name;
		ret->id = f->id;
		return true;
	}
	return false;
}

static void paranoid(char *ret, size_t size)
{
	struct buffer text CLEANUP(buffer_done) = {0};

	ret[0] = 0;
	if (io_read_file("/proc/sys/kernel/perf_event_paranoid", 64, &text) == 0)
		snprintf(ret, size, "%.*s", (int)strcspn((char *)text.data, "\n"),
			 (char *)text.data);
}

static void check_perf(struct preflight *p, struct preflight_item *item)
{
	struct perf_event_spec spec = {.cpu = p->cpus.n ? p->cpus.ids[0] : 0};
	struct fault fault = FAULT_INIT;
	int owner CLEANUP(close_p) = -1;
	int fd CLEANUP(close_p) = -1;
	char level[16];
	int r = perf_event_open_owner(spec.cpu, 1, &owner, &fault);

	paranoid(level, sizeof(level));
	if (!r && some_tracepoint(p, &spec))
		r = perf_event_open_tracepoint(&spec, &fd, &fault);
	if (!r) {
		SAY(item, what, "%s%s%s opens, kernel.perf_event_paranoid is %s",
		    spec.name ? spec.system : "a software event", spec.name ? ":" : "",
		    spec.name ? spec.name : "", level[0] ? level : "not there");
		return;
	}
	item->verdict = PREFLIGHT_STOPS;
	SAY(item, what, "%.150s (paranoid %s)", fault.text, level[0] ? level : "?");
	if (r == -ENOSYS || r == -ENOENT)
		SAY(item, fix, "a kernel with CONFIG_PERF_EVENTS and CONFIG_EVENT_TRACING");
	else if (geteuid() != 0)
		SAY(item, fix,
		    "sudo tcptape ..., or: sudo setcap cap_perfmon,cap_ipc_lock,"
		    "cap_syslog,cap_dac_read_search+ep $(command -v tcptape)");
	else
		SAY(item, fix,
		    "in a container: --cap-add PERFMON and a seccomp profile that allows "
		    "perf_event_open; or record on the host");
}

static void check_rings(struct preflight *p, struct preflight_item *item)
{
	struct fault fault = FAULT_INIT;
	unsigned long long got = 0;
	int r = -EINVAL;

	/* All at once: the limit is on their sum. */
	for (uint64_t bytes = RING_WANTED; bytes >= 65536 && r < 0; bytes /= 2) {
		int *owners CLEANUP(free_p) = calloc(p->cpus.n + 1, sizeof(*owners));
		struct ring *rings CLEANUP(free_p) = calloc(p->cpus.n + 1, sizeof(*rings));
		size_t n = 0;

		r = owners && rings ? 0 : -ENOMEM;
		fault = FAULT_INIT;
		while (!r && n < p->cpus.n) {
			r = perf_event_open_owner(p->cpus.ids[n], 1, &owners[n], &fault);
			if (r < 0)
				break;
			r = ring_map(owners[n], bytes, &rings[n], &fault);
			n++;
		}
		got = bytes >> 10;
		while (n-- > 0) {
			ring_done(&rings[n]);
			close(owners[n]);
		}
	}
	if (!r && got == RING_WANTED >> 10) {
		SAY(item, what, "%llu KiB for each of %zu CPUs", got, p->cpus.n);
		return;
	}
	item->verdict = r < 0 ? PREFLIGHT_STOPS : PREFLIGHT_WORSE;
	if (r < 0)
		SAY(item, what, "%.190s", fault.text);
	else
		SAY(item, what, "no more than %llu KiB for each of %zu CPUs: bursts will be lost",
		    got, p->cpus.n);
	SAY(item, fix, "sudo, or CAP_IPC_LOCK, or: sysctl kernel.perf_event_mlock_kb=%llu",
	    RING_WANTED / 1024 + 4);
}

static void check_symbols(struct preflight *p, struct preflight_item *item)
{
	char restricted[16] = "";
	struct buffer text CLEANUP(buffer_done) = {0};

	if (kallsyms_is_readable(KALLSYMS_PATH)) {
		SAY(item, what, "%s shows addresses", KALLSYMS_PATH);
		return;
	}
	if (io_read_file("/proc/sys/kernel/kptr_restrict", 64, &text) == 0)
		snprintf(restricted, sizeof(restricted), "%.*s",
			 (int)strcspn((char *)text.data, "\n"), (char *)text.data);
	item->verdict = PREFLIGHT_WORSE;
	SAY(item, what,
	    "%s hides addresses (kernel.kptr_restrict is %s): no call chains, so causes of "
	    "retransmits are less sure",
	    KALLSYMS_PATH, restricted[0] ? restricted : "?");
	SAY(item, fix, "run as root (CAP_SYSLOG), and: sysctl kernel.kptr_restrict=1");
}

static void check_files(struct preflight *p, struct preflight_item *item)
{
	struct rlimit limit = {0};
	size_t wanted = 64 + p->cpus.n;
	bool may_raise = geteuid() == 0;

	for (size_t i = 0; i < n_tracepoint_catalog; i++)
		wanted += tracepoint_catalog[i].profiles ? p->cpus.n : 0;
	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_max >= wanted || may_raise) {
		SAY(item, what, "%zu wanted for %zu CPUs, the limit is %llu%s", wanted, p->cpus.n,
		    (unsigned long long)limit.rlim_max,
		    limit.rlim_max < wanted ? ", which root may raise" : "");
		return;
	}
	item->verdict = PREFLIGHT_STOPS;
	SAY(item, what, "%zu wanted for %zu CPUs, but the limit is %llu", wanted, p->cpus.n,
	    (unsigned long long)limit.rlim_max);
	SAY(item, fix, "ulimit -n %zu, or sudo", wanted);
}

static void check_cpus(struct preflight *p, struct preflight_item *item)
{
	struct fault fault = FAULT_INIT;

	if (cpus_online(&p->cpus, &fault) == 0) {
		SAY(item, what, "%zu online", p->cpus.n);
		return;
	}
	item->verdict = PREFLIGHT_STOPS;
	SAY(item, what, "%.190s", fault.text);
	SAY(item, fix, "mount -t sysfs nodev /sys");
}

static void check_clock(struct preflight *p, struct preflight_item *item)
{
	struct clock_pair pair = clock_read_pair();

	if (pair.error_ns != UINT64_MAX) {
		SAY(item, what, "synchronised, the wall clock may be off by %llu us",
		    (unsigned long long)(pair.error_ns / 1000));
		return;
	}
	item->verdict = PREFLIGHT_WORSE;
	SAY(item, what, "not synchronised: tapes of two hosts will not line up");
	SAY(item, fix, "start a time service (chrony, systemd-timesyncd)");
}

struct preflight_check {
	const char *name;
	void (*run)(struct preflight *p, struct preflight_item *item);
};

static const struct preflight_check checks[] = {
	{"CPUs", check_cpus},
	{"tracefs", check_tracefs},
	{"tracepoints", check_tracepoints},
	{"perf events", check_perf},
	{"ring memory", check_rings},
	{"open files", check_files},
	{"kernel symbols", check_symbols},
	{"clock", check_clock},
};

_Static_assert(ARRAY_SIZE(checks) <= PREFLIGHT_MAX, "more checks than items");

size_t preflight_run(struct preflight_item items[PREFLIGHT_MAX])
{
	struct preflight p = {0};

	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		items[i] = (struct preflight_item){.name = checks[i].name};
		checks[i].run(&p, &items[i]);
	}
	tracefs_close(p.tracefs);
	cpus_done(&p.cpus);
	return ARRAY_SIZE(checks);
}

// SPDX-License-Identifier: MIT
/*
 * preflight: a table of checks, one for each thing that recording needs, in the order in which
 * recording needs them. Each check runs the same code that a recording runs.
 */
#include "kernel/preflight.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/io.h"
#include "kernel/clock.h"
#include "kernel/kallsyms.h"
#include "kernel/preflight-checks.h"
#include "tracepoint/catalog.h"

void preflight_read_sysctl(const char *name, char *ret, size_t size)
{
	struct buffer text CLEANUP(buffer_done) = {0};
	char path[64];

	ret[0] = 0;
	snprintf(path, sizeof(path), "/proc/sys/kernel/%s", name);
	if (io_read_file(path, 64, &text) == 0)
		snprintf(ret, size, "%.*s", (int)strcspn((char *)text.data, "\n"),
			 (char *)text.data);
}

static void check_tracefs(struct preflight *p, struct preflight_item *item)
{
	struct fault fault = FAULT_INIT;

	if (tracefs_open(&p->tracefs, &fault) == 0) {
		const char *mounted = tracefs_mounted(p->tracefs);

		SAY(item, what, "%.100s, readable%s%.250s", tracefs_dir(p->tracefs),
		    mounted ? "; " : "", mounted ? mounted : "");
		return;
	}
	item->verdict = PREFLIGHT_STOPS;
	SAY(item, what, "%.190s", fault.text);
	if (geteuid() != 0)
		SAY(item, fix, "run as root: sudo tcptape ...");
	else
		SAY(item, fix, "mount -t tracefs nodev /sys/kernel/tracing");
}

/* Counts the tracepoints of the profiles that this kernel has. */
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

static void check_symbols(struct preflight *p, struct preflight_item *item)
{
	char restricted[16];

	if (kallsyms_is_readable(KALLSYMS_PATH)) {
		SAY(item, what, "%s shows addresses", KALLSYMS_PATH);
		return;
	}
	preflight_read_sysctl("kptr_restrict", restricted, sizeof(restricted));
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
	{"perf events", preflight_check_perf},
	{"ring memory", preflight_check_rings},
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

// SPDX-License-Identifier: MIT
/*
 * preflight: a table of checks, one for each thing that recording needs, in the order in which
 * recording needs them. Each check runs the same code that a recording runs.
 */
#include "kernel/preflight.h"

#include <errno.h>
#include <string.h>

#include "base/io.h"
#include "kernel/clock.h"
#include "kernel/kallsyms.h"
#include "kernel/preflight-checks.h"
#include "kernel/sysctl.h"
#include "tracepoint/catalog.h"

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
	if (fault.code == -EACCES)
		SAY(item, fix,
		    "sudo tcptape ..., or CAP_DAC_READ_SEARCH, or for one group: sudo mount -o "
		    "remount,gid=GROUP,mode=750 /sys/kernel/tracing");
	else
		SAY(item, fix, "sudo mount -t tracefs nodev /sys/kernel/tracing");
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
	sysctl_kernel("kptr_restrict", restricted, sizeof(restricted));
	item->verdict = PREFLIGHT_WORSE;
	SAY(item, what,
	    "%s hides addresses (kernel.kptr_restrict is %s): no call chains, so causes of "
	    "retransmits are less sure",
	    KALLSYMS_PATH, restricted[0] ? restricted : "?");
	SAY(item, fix, "sudo tcptape ..., or CAP_SYSLOG; and: sudo sysctl kernel.kptr_restrict=1");
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
	{"open files", preflight_check_files},
	{"kernel symbols", check_symbols},
	{"processes", preflight_check_processes},
	{"namespaces", preflight_check_namespaces},
	{"socket buffer", preflight_check_socket_buffer},
	{"clock", check_clock},
};

_Static_assert(ARRAY_SIZE(checks) <= PREFLIGHT_MAX, "more checks than items");

size_t preflight_run(struct preflight_item items[PREFLIGHT_MAX])
{
	struct preflight p = {0};

	/* Without memory no namespace is known, and nothing else will work. */
	if (netns_list_find(&p.namespaces, "/proc", "/run") < 0)
		netns_list_done(&p.namespaces);
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		items[i] = (struct preflight_item){.name = checks[i].name};
		checks[i].run(&p, &items[i]);
	}
	tracefs_close(p.tracefs);
	cpus_done(&p.cpus);
	netns_list_done(&p.namespaces);
	return ARRAY_SIZE(checks);
}

// SPDX-License-Identifier: MIT
/*
 * preflight-perf: tries to open perf events and to map their rings.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "kernel/perf-advice.h"
#include "kernel/perf-event.h"
#include "kernel/preflight-checks.h"
#include "kernel/ring.h"
#include "kernel/sysctl.h"
#include "tracepoint/catalog.h"
#include "tracepoint/trace-format.h"

#define RING_WANTED (8ull << 20)

/* Finds a tracepoint that this kernel has, to try to open it. */
static bool find_tracepoint(const struct preflight *p, struct perf_event_spec *ret)
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

void preflight_check_perf(struct preflight *p, struct preflight_item *item)
{
	struct perf_event_spec spec = {.cpu = p->cpus.n ? p->cpus.ids[0] : 0};
	const struct perf_event_owner first = {.cpu = spec.cpu, .wakeup_bytes = 1};
	struct fault fault = FAULT_INIT;
	int owner CLEANUP(close_p) = -1;
	int fd CLEANUP(close_p) = -1;
	char level[16];
	int r = perf_event_open_owner(&first, &owner, &fault);

	sysctl_kernel("perf_event_paranoid", level, sizeof(level));
	if (!r && find_tracepoint(p, &spec))
		r = perf_event_open_tracepoint(&spec, &fd, &fault);
	if (!r) {
		SAY(item, what, "%s%s%s opens, kernel.perf_event_paranoid is %s",
		    spec.name ? spec.system : "a software event", spec.name ? ":" : "",
		    spec.name ? spec.name : "", level[0] ? level : "not there");
		return;
	}
	item->verdict = PREFLIGHT_STOPS;
	SAY(item, what, "%.300s (paranoid %s)", fault.text, level[0] ? level : "?");
	if (r == -EPERM || r == -EACCES)
		SAY(item, fix, "%s", perf_advice_now().fix);
	else if (r == -ENOSYS || r == -ENOENT)
		SAY(item, fix, "a kernel with CONFIG_PERF_EVENTS and CONFIG_EVENT_TRACING");
	else if (r == -EMFILE || r == -ENFILE)
		SAY(item, fix, "ulimit -n 65536");
}

void preflight_check_rings(struct preflight *p, struct preflight_item *item)
{
	struct fault fault = FAULT_INIT;
	unsigned long long got = 0;
	int r = -EINVAL;

	/* All rings are mapped at once, because the limit is on their sum. */
	for (uint64_t bytes = RING_WANTED; bytes >= 65536 && r < 0; bytes /= 2) {
		int *owners CLEANUP(free_p) = calloc(p->cpus.n + 1, sizeof(*owners));
		struct ring *rings CLEANUP(free_p) = calloc(p->cpus.n + 1, sizeof(*rings));
		size_t n = 0;

		r = owners && rings ? 0 : -ENOMEM;
		fault = FAULT_INIT;
		while (!r && n < p->cpus.n) {
			const struct perf_event_owner owner = {.cpu = p->cpus.ids[n],
							       .wakeup_bytes = 1};

			r = perf_event_open_owner(&owner, &owners[n], &fault);
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
	if (r == -EACCES)
		SAY(item, fix, "as for perf events");
	else
		SAY(item, fix, "sudo, or CAP_IPC_LOCK, or: sysctl kernel.perf_event_mlock_kb=%llu",
		    RING_WANTED / 1024 + 4);
}

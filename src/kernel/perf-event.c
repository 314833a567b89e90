// SPDX-License-Identifier: MIT
/*
 * perf-event: fills struct perf_event_attr and explains refusals. attr.size stays at the size that
 * Linux 4.15 knows (VER5), so that one program runs on every kernel since.
 */
#include "kernel/perf-event.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "kernel/perf-advice.h"

#ifndef PERF_FORMAT_LOST
#define PERF_FORMAT_LOST (1U << 4)
#endif

static int open_attr(struct perf_event_attr *attr, int cpu)
{
	long fd = syscall(SYS_perf_event_open, attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int)fd;
}

static struct perf_event_attr base_attr(void)
{
	struct perf_event_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.size = PERF_ATTR_SIZE_VER5;
	attr.disabled = 1;
	attr.sample_id_all = 1;
	attr.sample_type = PERF_SAMPLE_TIME;
	attr.use_clockid = 1;
	attr.clockid = CLOCK_MONOTONIC;
	return attr;
}

static int explain_refusal(struct fault *fault, int code, const char *what, const char *name,
			   int cpu)
{
	switch (code) {
	case -EACCES:
	case -EPERM: {
		struct perf_advice a = perf_advice_now();

		return fault_set(fault, code, "perf events (%s%s): %s: %s", what, name, a.why,
				 a.brief);
	}
	case -EMFILE:
	case -ENFILE:
		return fault_set(fault, code,
				 "too many open files for one event per tracepoint and CPU: raise "
				 "the limit (ulimit -n 65536), or record fewer tracepoints");
	case -ENOSYS:
		return fault_set(fault, code,
				 "this kernel has no perf events (CONFIG_PERF_EVENTS)");
	case -ENODEV:
		return fault_set(fault, code, "CPU %d went offline while its events were opened",
				 cpu);
	case -ENOENT:
		return fault_set(fault, code, "this kernel offers no perf event for %s%s", what,
				 name);
	default: return fault_errno(fault, code, "perf event %s%s on CPU %d", what, name, cpu);
	}
}

int perf_event_open_tracepoint(const struct perf_event_spec *spec, int *ret, struct fault *fault)
{
	struct perf_event_attr attr = base_attr();
	char what[160];
	int fd;

	attr.type = PERF_TYPE_TRACEPOINT;
	attr.config = spec->id;
	attr.sample_period = 1;
	attr.sample_type |= PERF_SAMPLE_RAW;
	if (spec->with_lost)
		attr.read_format = PERF_FORMAT_LOST;
	if (spec->with_cgroup)
		attr.sample_type |= PERF_SAMPLE_CGROUP;
	if (spec->with_chain) {
		attr.sample_type |= PERF_SAMPLE_CALLCHAIN;
		attr.exclude_callchain_user = 1;
		attr.sample_max_stack = PERF_EVENT_STACK_MAX;
	}
	fd = open_attr(&attr, spec->cpu);
	if (fd == -EOVERFLOW) {
		/* sample_max_stack exceeds kernel.perf_event_max_stack (get_callchain_buffers of
		 * kernel/events/callchain.c); 0 asks for as many frames as that sysctl allows. */
		attr.sample_max_stack = 0;
		fd = open_attr(&attr, spec->cpu);
	}
	if (fd < 0) {
		snprintf(what, sizeof(what), "%s:", spec->system);
		return explain_refusal(fault, fd, what, spec->name, spec->cpu);
	}
	*ret = fd;
	return 0;
}

int perf_event_open_owner(const struct perf_event_owner *owner, int *ret, struct fault *fault)
{
	struct perf_event_attr attr = base_attr();
	int fd;

	attr.type = PERF_TYPE_SOFTWARE;
	attr.config = PERF_COUNT_SW_DUMMY;
	attr.comm = 1;
	attr.task = 1;
	attr.watermark = 1;
	attr.wakeup_watermark = owner->wakeup_bytes;
	attr.cgroup = owner->with_cgroups;
	fd = open_attr(&attr, owner->cpu);
	if (fd < 0)
		return explain_refusal(fault, fd, "tasks", "", owner->cpu);
	*ret = fd;
	return 0;
}

/* Whether the kernel takes an event of this process that never counts, with what attr has. */
static bool knows_attr(struct perf_event_attr attr)
{
	int fd CLEANUP(close_p) = -1;

	attr.type = PERF_TYPE_SOFTWARE;
	attr.config = PERF_COUNT_SW_DUMMY;
	attr.exclude_kernel = 1;
	fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	return fd >= 0;
}

bool perf_event_knows_lost(void)
{
	struct perf_event_attr attr = base_attr();

	attr.read_format = PERF_FORMAT_LOST;
	return knows_attr(attr);
}

bool perf_event_knows_cgroups(void)
{
	struct perf_event_attr attr = base_attr();

	attr.sample_type |= PERF_SAMPLE_CGROUP;
	attr.cgroup = 1;
	return knows_attr(attr);
}

int perf_event_filter(int fd, const char *expression, struct fault *fault)
{
	if (ioctl(fd, PERF_EVENT_IOC_SET_FILTER, expression) < 0)
		return fault_errno(fault, -errno, "perf event: filter \"%s\"", expression);
	return 0;
}

int perf_event_redirect(int fd, int owner, struct fault *fault)
{
	if (ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, owner) < 0)
		return fault_errno(fault, -errno, "perf event: sharing a ring");
	return 0;
}

int perf_event_enable(int fd, struct fault *fault)
{
	if (ioctl(fd, PERF_EVENT_IOC_ENABLE, 0) < 0)
		return fault_errno(fault, -errno, "perf event: enabling");
	return 0;
}

int perf_event_disable(int fd, struct fault *fault)
{
	if (ioctl(fd, PERF_EVENT_IOC_DISABLE, 0) < 0)
		return fault_errno(fault, -errno, "perf event: disabling");
	return 0;
}

int perf_event_read(int fd, bool with_lost, struct perf_event_count *ret, struct fault *fault)
{
	uint64_t values[2] = {0, 0};
	size_t want = with_lost ? 16 : 8;
	ssize_t n = read(fd, values, want);

	if (n < 0)
		return fault_errno(fault, -errno, "perf event: reading its count");
	if ((size_t)n != want)
		return fault_set(fault, -EIO, "perf event: its count is %zd bytes, not %zu", n,
				 want);
	ret->counted = values[0];
	ret->lost = values[1];
	return 0;
}

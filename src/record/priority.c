// SPDX-License-Identifier: MIT
#include "record/priority.h"

#include <errno.h>
#include <sched.h>
#include <sys/resource.h>

#include "base/units.h"

void priority_nice(int nice)
{
	/* For Linux who 0 is the calling thread. */
	int now = getpriority(PRIO_PROCESS, 0);

	/* Who has started the recorder with an even lower value wants that. */
	if (now > nice && setpriority(PRIO_PROCESS, 0, nice) < 0)
		return;
}

static int realtime_set(const struct priority *p, struct fault *fault)
{
	struct sched_param param = {.sched_priority = (int)p->realtime};
	int r;

	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param) == 0)
		return 0;
	r = -errno;
	if (r == -EPERM)
		return fault_set(fault, r,
				 "--realtime %u is not allowed here: it needs CAP_SYS_NICE (sudo), "
				 "or ulimit -r %u, and a control group that may use realtime",
				 p->realtime, p->realtime);
	return fault_errno(fault, r, "--realtime %u", p->realtime);
}

static void realtime_unset(void)
{
	struct sched_param param = {0};

	/* The nice value is what it was before. */
	if (sched_setscheduler(0, SCHED_OTHER, &param) < 0)
		return;
}

int priority_check(const struct priority *p, struct fault *fault)
{
	int r = p->realtime ? realtime_set(p, fault) : 0;

	if (!r && p->realtime)
		realtime_unset();
	return r;
}

int priority_begin(struct priority *p, uint64_t now, struct fault *fault)
{
	struct rlimit limit = {.rlim_cur = PRIORITY_LIMIT_US, .rlim_max = PRIORITY_KILL_US};
	int r;

	if (!p->realtime)
		return 0;
	if (setrlimit(RLIMIT_RTTIME, &limit) < 0)
		return fault_errno(fault, -errno, "--realtime: its limit");
	r = realtime_set(p, fault);
	p->is_realtime = !r;
	p->rested_ns = now;
	return r;
}

void priority_end(struct priority *p)
{
	if (p->is_realtime)
		realtime_unset();
	p->is_realtime = false;
}

bool priority_needs_rest(const struct priority *p, uint64_t now)
{
	return p->is_realtime && now - p->rested_ns >= PRIORITY_WORK_NS;
}

// SPDX-License-Identifier: MIT
#include "kernel/perf-advice.h"

#include <stdio.h>
#include <stdlib.h>

#include "kernel/sysctl.h"

#define SAY(field, ...) snprintf((field), sizeof(field), __VA_ARGS__)

#define BIT(capability) (1ull << (capability))
#define IN_A_CONTAINER                                                                             \
	"a seccomp profile that allows perf_event_open (docker: --security-opt seccomp=...)"

/* The process has what the kernel asks for, or cannot have it. */
static void advise_who_cannot(bool is_restricted, struct perf_advice *a)
{
	const char *wanted = is_restricted ? "SYS_ADMIN" : "PERFMON";

	SAY(a->why, "CAP_%s is missing, and nothing that runs here can have it", wanted);
	SAY(a->brief, "add it to the container (--cap-add %s), or record on the host", wanted);
	SAY(a->fix, "docker: --cap-add %s, and " IN_A_CONTAINER "; or record on the host%s", wanted,
	    is_restricted ? ", or there: sysctl kernel.perf_event_paranoid=2 (then PERFMON is "
			    "enough)"
			  : "");
}

static void advise_who_lacks(int paranoid, bool is_restricted, struct perf_advice *a)
{
	if (is_restricted) {
		SAY(a->why, "CAP_PERFMON is missing, or at level %d CAP_SYS_ADMIN", paranoid);
		SAY(a->brief, "use sudo, or: sysctl kernel.perf_event_paranoid=2 and CAP_PERFMON");
		SAY(a->fix,
		    "sudo tcptape ..., or: sudo sysctl kernel.perf_event_paranoid=2 "
		    "&& " PERF_ADVICE_SETCAP
		    " (at level %d: cap_sys_admin in place of cap_perfmon)",
		    paranoid);
		return;
	}
	SAY(a->why, "CAP_PERFMON is missing");
	SAY(a->brief, "use sudo, or CAP_PERFMON, or: sysctl kernel.perf_event_paranoid=-1");
	SAY(a->fix, "sudo tcptape ..., or: " PERF_ADVICE_SETCAP
		    ", or: sudo sysctl kernel.perf_event_paranoid=-1");
}

struct perf_advice perf_advice(int paranoid, const struct capabilities *c)
{
	bool is_restricted = paranoid >= PERF_PARANOID_RESTRICTED;
	bool is_admin = capabilities_have(c, CAPABILITY_SYS_ADMIN);
	bool may_count = is_admin || capabilities_have(c, CAPABILITY_PERFMON);
	uint64_t wanted = BIT(CAPABILITY_SYS_ADMIN) | (is_restricted ? 0 : BIT(CAPABILITY_PERFMON));
	struct perf_advice a = {0};

	if (!c->is_of_host && c->effective & wanted) {
		SAY(a.why, "root of a user namespace has no say in perf events of the host");
		SAY(a.brief, "record on the host");
		SAY(a.fix, "record on the host, or in a container without a user namespace");
	} else if (is_admin || (may_count && !is_restricted)) {
		SAY(a.why, "refused although this process has the capability");
		SAY(a.brief,
		    "in a container allow perf_event_open (seccomp), or record on the host");
		SAY(a.fix, "in a container: " IN_A_CONTAINER "; or record on the host");
	} else if (may_count) {
		SAY(a.why, "at level %d this kernel asks for CAP_SYS_ADMIN, not CAP_PERFMON",
		    paranoid);
		SAY(a.brief, "use sudo, or: sysctl kernel.perf_event_paranoid=2");
		SAY(a.fix, "sudo sysctl kernel.perf_event_paranoid=2, or: sudo tcptape ...");
	} else if (!(c->bounding & wanted)) {
		advise_who_cannot(is_restricted, &a);
	} else {
		advise_who_lacks(paranoid, is_restricted, &a);
	}
	return a;
}

struct perf_advice perf_advice_now(void)
{
	struct capabilities c = capabilities_read();
	char level[16];

	sysctl_kernel("perf_event_paranoid", level, sizeof(level));
	/* 2 is what the kernel is built with. */
	return perf_advice(level[0] ? (int)strtol(level, NULL, 10) : 2, &c);
}

/* SPDX-License-Identifier: MIT */
/*
 * perf-advice: what helps a process whose perf events the kernel refuses. That depends on
 * kernel.perf_event_paranoid and on the capabilities of the process:
 *
 *   -1       tracepoints of the whole host are open to all (perf_allow_tracepoint)
 *   0 to 2   CAP_PERFMON, or CAP_SYS_ADMIN
 *   3, more  the same on most kernels; those of Debian, Ubuntu and Android have a level more, on
 *            which only CAP_SYS_ADMIN counts (CONFIG_SECURITY_PERF_EVENTS_RESTRICT)
 */
#pragma once

#include <stdbool.h>

#include "kernel/capabilities.h"

struct perf_advice {
	char why[100];	 /* what is missing */
	char brief[100]; /* what helps, for a line that says more */
	char fix[400];	 /* the command or setting that helps */
};

/* The lowest level on which some kernels ask for CAP_SYS_ADMIN. */
#define PERF_PARANOID_RESTRICTED 3

/* Says why perf events were refused with EPERM or EACCES. */
struct perf_advice perf_advice(int paranoid, const struct capabilities *c);
/* The same of this process, now. */
struct perf_advice perf_advice_now(void);

/* Capabilities with which a file that is not run by root records all: tracepoints, large rings,
 * symbols, tracefs, and the owners of sockets. For `setcap`. */
#define PERF_ADVICE_SETCAP                                                                         \
	"sudo setcap cap_perfmon,cap_ipc_lock,cap_syslog,cap_dac_read_search,cap_sys_ptrace+ep "   \
	"$(command -v tcptape)"

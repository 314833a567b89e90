/* SPDX-License-Identifier: MIT */
/*
 * sandbox: takes from this process, for good, all that is not needed to read a tape which is open
 * already. A tape may come from anybody; who finds a fault in its reader then finds a process that
 * can read the descriptors it has, write to standard output and error and to the files named here,
 * take memory, start threads, and end.
 *
 * Three walls, each of which holds alone: PR_SET_NO_NEW_PRIVS; Landlock without a rule, where the
 * kernel has it (5.13), so that no path can be opened; a seccomp filter of system calls. The filter
 * has three answers:
 * - What no reader ever does ends the process (SIGSYS): executing, sockets, opening to write,
 *   renaming and removing, other processes, other namespaces, io_uring, perf, BPF.
 * - Opening to read fails with EACCES: the C library does it by itself now and then (a message
 *   catalogue, /sys/devices/system/cpu/online) and goes on without the file.
 * - Everything else fails with ENOSYS, as in a kernel that has no such call, for which the C
 *   library has another way (clone3).
 *
 * A build with AddressSanitizer or for coverage allows what their runtime does at the end of a
 * process, and has no Landlock.
 */
#pragma once

#include "base/fault.h"
#include "sandbox/needs.h"

/*
 * Puts the sandbox on the calling process, and on all threads and processes that it starts later.
 * To be called before the first of these, and only once. What is read lazily, as the time zone is,
 * must have been read. 0; -errno and a fault if there is no seccomp here: the other two walls may
 * stand nevertheless.
 */
int sandbox_enter(const struct sandbox_needs *needs, struct fault *fault) MUST_CHECK;

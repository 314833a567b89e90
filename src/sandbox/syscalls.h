/* SPDX-License-Identifier: MIT */
/*
 * syscalls: the filter of system calls (seccomp), by libseccomp. sandbox.h says what it lets
 * through and what it answers to the rest.
 */
#pragma once

#include "base/fault.h"
#include "sandbox/needs.h"

/* 0; -errno and a fault. Needs PR_SET_NO_NEW_PRIVS. */
int syscalls_limit(const struct sandbox_needs *needs, struct fault *fault) MUST_CHECK;

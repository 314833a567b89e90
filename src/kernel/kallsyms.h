/* SPDX-License-Identifier: MIT */
/*
 * kallsyms: the kernel's functions, by address. Loading reads the whole list (some 100 ms) and
 * keeps the functions only (some 4 MB).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

#define KALLSYMS_PATH "/proc/kallsyms"

struct kallsyms;

/* Does the list show addresses, or zeros (kernel.kptr_restrict, no CAP_SYSLOG)? Cheap. */
bool kallsyms_is_readable(const char *path);

/* -EACCES: the list shows zeros. */
int kallsyms_load(const char *path, struct kallsyms **ret, struct fault *fault) MUST_CHECK;
struct kallsyms *kallsyms_free(struct kallsyms *k);
DEFINE_CLEANUP(struct kallsyms, kallsyms_free);

struct kallsyms_symbol {
	const char *name; /* "tcp_ack", "nf_hook_slow [nf_tables]" */
	uint64_t offset;  /* into the function */
};
/* The function that addr lies in; false: addr is no code. */
bool kallsyms_find(const struct kallsyms *k, uint64_t addr, struct kallsyms_symbol *ret);

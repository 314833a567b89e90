/* SPDX-License-Identifier: MIT */
/*
 * kallsyms: finds the kernel's function at an address. Loading reads the whole list (some 100 ms)
 * and keeps the functions only (some 4 MB).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

#define KALLSYMS_PATH "/proc/kallsyms"

struct kallsyms;

/* True if the list shows addresses. Without CAP_SYSLOG, or where kernel.kptr_restrict forbids it,
 * the kernel shows zeros. Reads only the first 4 KiB of the list. */
bool kallsyms_is_readable(const char *path);

/* Loads the list at path. -EACCES: the list shows zeros. */
int kallsyms_load(const char *path, struct kallsyms **ret, struct fault *fault) MUST_CHECK;
struct kallsyms *kallsyms_free(struct kallsyms *k);
DEFINE_CLEANUP(struct kallsyms, kallsyms_free);

struct kallsyms_symbol {
	const char *name; /* "tcp_ack", "nf_hook_slow [nf_tables]" */
	uint64_t offset;  /* into the function */
};
/* Finds the function that addr lies in; false: addr lies in none. The name belongs to k. */
bool kallsyms_find(const struct kallsyms *k, uint64_t addr, struct kallsyms_symbol *ret);

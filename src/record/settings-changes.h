/* SPDX-License-Identifier: MIT */
/*
 * settings-changes: the kernel's settings at the start of a recording, and those that differ at its
 * end. The settings of network namespaces are those of the recorder's own; of other namespaces
 * there are a few, once.
 */
#pragma once

#include "base/arena.h"
#include "record/batch.h"

/* {0} is valid: nothing was read yet. */
struct settings_changes {
	struct arena arena;
	const char **names; /* and values, at the same index */
	const char **values;
	size_t n, cap_names, cap_values;
};

void settings_changes_done(struct settings_changes *s);
/* Reads all settings, and appends those that are new or have another value than the last time.
 * netns is the inode of the recorder's network namespace. 0 or -ENOMEM. */
int settings_changes_read(struct settings_changes *s, uint32_t netns,
			  struct batch_records *ret) MUST_CHECK;
/* Appends a few settings of the namespace that the thread is in, whose inode is netns. 0 or
 * -ENOMEM. */
int settings_append_few(struct batch_records *ret, uint32_t netns) MUST_CHECK;
/* Appends one setting. 0 or -ENOMEM. */
int setting_append(struct batch_records *ret, uint64_t ts_ns, uint32_t netns, const char *name,
		   const char *value) MUST_CHECK;

// SPDX-License-Identifier: MIT
/*
 * The rights are written as numbers: <linux/landlock.h> of the oldest system that builds this knows
 * only those of its own kernel, while the program runs on newer ones.
 */
#include "sandbox/landlock.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define VERSION_FLAG 1u /* LANDLOCK_CREATE_RULESET_VERSION */

#define SCOPE_SIGNAL 2u /* LANDLOCK_SCOPE_SIGNAL */

/* struct landlock_ruleset_attr. A kernel takes as much of it as its ABI has. */
struct ruleset {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

/* All rights that a version of Landlock's ABI knows, and how long its ruleset is. */
static const struct abi {
	long version;
	struct ruleset rights;
	size_t size;
} abis[] = {
	{6, {0xffff, 3, 3}, 24}, /* 6.12: scopes */
	{5, {0xffff, 3, 0}, 16}, /* 6.10: ioctl of devices */
	{4, {0x7fff, 3, 0}, 16}, /* 6.7: bind and connect of TCP */
	{3, {0x7fff, 0, 0}, 8},	 /* 6.2: truncate */
	{2, {0x3fff, 0, 0}, 8},	 /* 5.19: links across directories */
	{1, {0x1fff, 0, 0}, 8},	 /* 5.13 */
};

static const struct abi *abi_of(long version)
{
	for (size_t i = 0; i < ARRAY_SIZE(abis); i++) {
		if (abis[i].version <= version)
			return &abis[i];
	}
	return NULL;
}

int landlock_deny_all(bool may_signal)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION_FLAG);
	const struct abi *abi = abi_of(version);
	struct ruleset ruleset;
	int fd CLEANUP(close_p) = -1;

	if (version < 0)
		return -errno;
	if (!abi)
		return -EOPNOTSUPP;
	ruleset = abi->rights;
	if (may_signal)
		ruleset.scoped &= ~(uint64_t)SCOPE_SIGNAL;
	fd = (int)syscall(SYS_landlock_create_ruleset, &ruleset, abi->size, 0);
	if (fd < 0)
		return -errno;
	return syscall(SYS_landlock_restrict_self, fd, 0) < 0 ? -errno : 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * capabilities: what this process may do, by its effective capabilities (capabilities(7)). The user
 * id decides nothing: root of a container lacks capabilities, and a file may give them to anyone.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Numbers as in linux/capability.h, which not every system has in this version. */
enum capability {
	CAPABILITY_SYS_PTRACE = 19,
	CAPABILITY_SYS_ADMIN = 21,
	CAPABILITY_PERFMON = 38,
};

struct capabilities {
	uint64_t effective; /* a bit for each number */
	uint64_t bounding;  /* those that any program started from here could have, with sudo too */
	/* What the kernel guards for the whole host asks for capabilities in the first user
	 * namespace: those of root in another one do not count there. */
	bool is_of_host;
};

/* Without /proc the process has none. */
struct capabilities capabilities_read(void);
/* Takes the sets from the text of /proc/PID/status. */
void capabilities_parse(const char *status, struct capabilities *c);

/* True if the process has the capability for the whole host. */
static inline bool capabilities_have(const struct capabilities *c, enum capability which)
{
	return c->is_of_host && (c->effective >> which & 1);
}

// SPDX-License-Identifier: MIT
#include "kernel/capabilities.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"

/* PROC_USER_INIT_INO of include/linux/proc_ns.h: the first user namespace. */
#define USER_NAMESPACE_FIRST 0xEFFFFFFDu

static uint64_t set_parse(const char *status, const char *key)
{
	const char *line = strstr(status, key);

	return line ? strtoull(line + strlen(key), NULL, 16) : 0;
}

void capabilities_parse(const char *status, struct capabilities *c)
{
	c->effective = set_parse(status, "\nCapEff:");
	c->bounding = set_parse(status, "\nCapBnd:");
}

struct capabilities capabilities_read(void)
{
	struct buffer status CLEANUP(buffer_done) = {0};
	struct capabilities c = {0};
	struct stat st;

	if (io_read_file("/proc/self/status", 65536, &status) == 0)
		capabilities_parse((const char *)status.data, &c);
	c.is_of_host =
		stat("/proc/self/ns/user", &st) == 0 && (uint32_t)st.st_ino == USER_NAMESPACE_FIRST;
	return c;
}

// SPDX-License-Identifier: MIT
#include "kernel/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"

int cgroup_of(const char *proc, int32_t pid, char ret[CGROUP_PATH_MAX])
{
	char path[288], text[8192];
	int fd CLEANUP(close_p) = -1;
	size_t longest = 1;
	ssize_t n;

	snprintf(path, sizeof(path), "%s/%d/cgroup", proc, pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : io_read_all(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return -ESRCH;
	text[n] = 0;
	/* cgroup v2 writes "0::/user.slice", v1 writes "4:memory:/docker/...". */
	for (char *line = text, *end; *line; line = end) {
		const char *colon = strchr(line, ':');
		size_t len;

		end = line + strcspn(line, "\n");
		end += *end == '\n';
		colon = colon && colon < end ? strchr(colon + 1, ':') : NULL;
		if (!colon || colon >= end)
			continue;
		len = strcspn(colon + 1, "\n");
		if (len <= longest || len >= CGROUP_PATH_MAX)
			continue;
		longest = len;
		memcpy(ret, colon + 1, len);
		ret[len] = 0;
	}
	return longest > 1;
}

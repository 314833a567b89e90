// SPDX-License-Identifier: MIT
#include "kernel/sysctl.h"

#include <stdio.h>
#include <string.h>

#include "base/io.h"

void sysctl_kernel(const char *name, char *ret, size_t size)
{
	struct buffer text CLEANUP(buffer_done) = {0};
	char path[64];

	ret[0] = 0;
	snprintf(path, sizeof(path), "/proc/sys/kernel/%s", name);
	if (io_read_file(path, 64, &text) == 0)
		snprintf(ret, size, "%.*s", (int)strcspn((char *)text.data, "\n"),
			 (char *)text.data);
}

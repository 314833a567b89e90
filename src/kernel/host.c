// SPDX-License-Identifier: MIT
/*
 * host: asks uname, sysconf, /proc/sys, /sys and /etc/os-release.
 */
#include "kernel/host.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/io.h"

static void read_first_line(const char *path, char *ret, size_t size)
{
	struct buffer text CLEANUP(buffer_done) = {0};

	ret[0] = 0;
	if (io_read_file(path, 65536, &text) < 0)
		return;
	snprintf(ret, size, "%.*s", (int)strcspn((const char *)text.data, "\n"),
		 (const char *)text.data);
}

static void read_os_name(char *ret, size_t size)
{
	struct buffer text CLEANUP(buffer_done) = {0};
	const char *at;

	ret[0] = 0;
	if (io_read_file("/etc/os-release", 65536, &text) < 0)
		return;
	at = strstr((const char *)text.data, "PRETTY_NAME=");
	if (!at)
		return;
	at += strlen("PRETTY_NAME=");
	at += *at == '"';
	snprintf(ret, size, "%.*s", (int)strcspn(at, "\"\n"), at);
}

void host_read(struct host *ret)
{
	struct utsname u;
	long pages = sysconf(_SC_PHYS_PAGES);

	memset(ret, 0, sizeof(*ret));
	if (uname(&u) == 0) {
		snprintf(ret->name, sizeof(ret->name), "%s", u.nodename);
		snprintf(ret->kernel, sizeof(ret->kernel), "%s", u.release);
		snprintf(ret->version, sizeof(ret->version), "%s", u.version);
		snprintf(ret->arch, sizeof(ret->arch), "%s", u.machine);
	}
	read_first_line("/proc/sys/kernel/random/boot_id", ret->boot_id, sizeof(ret->boot_id));
	read_first_line("/proc/sys/kernel/random/uuid", ret->random_id, sizeof(ret->random_id));
	read_first_line("/sys/devices/system/cpu/online", ret->cpus, sizeof(ret->cpus));
	read_first_line("/sys/devices/system/cpu/possible", ret->cpus_possible,
			sizeof(ret->cpus_possible));
	read_os_name(ret->machine_os, sizeof(ret->machine_os));
	ret->page_size = (unsigned int)sysconf(_SC_PAGESIZE);
	ret->memory_bytes = pages > 0 ? (unsigned long long)pages * ret->page_size : 0;
	ret->n_cpus_online = (unsigned int)sysconf(_SC_NPROCESSORS_ONLN);
	ret->n_cpus_configured = (unsigned int)sysconf(_SC_NPROCESSORS_CONF);
	/* A 32-bit program may run on a 64-bit kernel. uname says so, unless `setarch` makes it
	 * report a 32-bit machine. */
	ret->kernel_long_size = sizeof(long);
	if (strstr(ret->arch, "64") || strcmp(ret->arch, "s390x") == 0 ||
	    strcmp(ret->arch, "alpha") == 0)
		ret->kernel_long_size = 8;
	ret->is_big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
}

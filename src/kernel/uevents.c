// SPDX-License-Identifier: MIT
#include "kernel/uevents.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* UEVENT_BUFFER_SIZE of include/linux/kobject.h is 2048. */
#define MESSAGE_MAX 4096
/* The group of the kernel's own messages; udev sends to group 2. */
#define GROUP_KERNEL 1

int uevents_open(void)
{
	struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = GROUP_KERNEL};
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

enum uevent_cpu uevents_parse(const char *message, size_t len, unsigned int *ret_cpu)
{
	static const char path[] = "@/devices/system/cpu/cpu";
	size_t head = strnlen(message, len);
	const char *at = memchr(message, '@', head);
	unsigned long cpu;
	char *end;

	/* Without a NUL the message is not the kernel's. */
	if (head == len || !at || strncmp(at, path, strlen(path)) != 0)
		return UEVENT_OTHER;
	cpu = strtoul(at + strlen(path), &end, 10);
	if (end == at + strlen(path) || *end || cpu > UINT16_MAX)
		return UEVENT_OTHER;
	*ret_cpu = (unsigned int)cpu;
	if (at - message == 7 && !strncmp(message, "offline", 7))
		return UEVENT_CPU_OFFLINE;
	if (at - message == 6 && !strncmp(message, "online", 6))
		return UEVENT_CPU_ONLINE;
	return UEVENT_OTHER;
}

bool uevents_next(int fd, enum uevent_cpu *ret, unsigned int *ret_cpu)
{
	char message[MESSAGE_MAX];
	ssize_t n = recv(fd, message, sizeof(message), MSG_DONTWAIT);

	*ret = UEVENT_OTHER;
	/* After an overrun (ENOBUFS) there are more messages. */
	if (n < 0)
		return errno == ENOBUFS || errno == EINTR;
	*ret = uevents_parse(message, (size_t)n, ret_cpu);
	return true;
}

/* SPDX-License-Identifier: MIT */
/*
 * uevents: the kernel's messages about CPUs that go offline and come online
 * (NETLINK_KOBJECT_UEVENT, lib/kobject_uevent.c). They are hints: in some containers none arrive.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Opens a non-blocking socket for them; -1: it cannot be had. */
int uevents_open(void);

enum uevent_cpu {
	UEVENT_OTHER,
	UEVENT_CPU_OFFLINE,
	UEVENT_CPU_ONLINE,
};
/* What one message says: "offline@/devices/system/cpu/cpu3" and more after a NUL. *ret_cpu is the
 * CPU's number, if it is about one. */
enum uevent_cpu uevents_parse(const char *message, size_t len, unsigned int *ret_cpu);
/* Receives one message. False: there are no more. */
bool uevents_next(int fd, enum uevent_cpu *ret, unsigned int *ret_cpu);

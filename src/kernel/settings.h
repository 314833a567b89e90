/* SPDX-License-Identifier: MIT */
/*
 * settings: the kernel's settings that decide how TCP behaves, out of /proc/sys. Those of a network
 * namespace are the ones of the namespace that the calling thread is in.
 */
#pragma once

#include <stdbool.h>

#include "base/cleanup.h"

/* Gets one setting: its name with dots ("net.ipv4.tcp_rmem"), its first line, and whether it
 * belongs to the network namespace, and not to the whole host. 0, or an error that ends the
 * walk. */
typedef int (*setting_take_fn)(void *userdata, const char *name, const char *value, bool is_of_net);

/* Gives all settings that can be read; `sys` is "/proc/sys", or a test's copy. 0, or what take
 * returned. */
int settings_walk(const char *sys, setting_take_fn take, void *userdata) MUST_CHECK;
/* Gives those settings of the network namespace that decide most about its connections: a few
 * files, as a host may have hundreds of namespaces. */
int settings_walk_few(const char *sys, setting_take_fn take, void *userdata) MUST_CHECK;

/* SPDX-License-Identifier: MIT */
/*
 * cgroup-tree: all control groups of the hierarchy that perf events speak of, with their ids. That
 * is the cgroup v1 hierarchy of the controller perf_event where there is one, else cgroup v2
 * (task_css_check() with perf_event_cgrp_id in perf_prepare_sample of kernel/events/core.c).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "kernel/cgroup.h"

/* Where the hierarchy is mounted. */
struct cgroup_tree {
	char mount[512];	    /* "": nowhere */
	char root[CGROUP_PATH_MAX]; /* the control group that is mounted there; "" for the root */
};

/* Looks for the mount in a file of the form of /proc/self/mountinfo. */
void cgroup_tree_find(struct cgroup_tree *t, const char *mountinfo);

/* Receives one control group; path, from the root of the hierarchy, is borrowed. Returns 0, or
 * -errno to stop the walk. */
typedef int (*cgroup_tree_fn)(void *userdata, uint64_t id, const char *path);

#define CGROUP_TREE_DEPTH 32u /* control groups further down are left out */

/* Calls fn for each control group, the mounted one first. Those that go during the walk, and those
 * that cannot be read, are left out. Returns 0, or the -errno of fn. */
int cgroup_tree_walk(const struct cgroup_tree *t, cgroup_tree_fn fn, void *userdata) MUST_CHECK;

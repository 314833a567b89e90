/* SPDX-License-Identifier: MIT */
/*
 * netns: the network namespaces of this host: our own, those of all processes, and those that files
 * below /run keep: netns/ of `ip netns`, and docker/netns/. A netlink socket belongs to the
 * namespace in which it was opened, and what /proc shows to that of the reading thread;
 * netns_visit() moves the calling thread into another namespace, and back. The list holds no
 * descriptor: a host may have thousands of namespaces.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/map.h"

struct netns {
	uint32_t inode;	   /* its inode of nsfs, as `readlink /proc/PID/ns/net` shows it */
	bool is_own;	   /* the recorder is in it */
	int32_t pid;	   /* a process that was in it when it was last seen; 0: none */
	char *file;	   /* its file below /run, "netns/blue"; NULL: none */
	unsigned int seen; /* n_finds of the last netns_list_find() that found it */
};

/* Namespaces in a list; further ones are left out and counted. */
#define NETNS_MAX 16384u

/* {0} is a valid empty list. */
struct netns_list {
	struct netns *items;
	size_t n, cap;
	struct map places; /* inode -> index in items */
	unsigned int n_finds;
	/* Of the last netns_list_find(): */
	size_t n_processes;
	size_t n_hidden;   /* processes that may not be asked for their namespace */
	size_t n_left_out; /* namespaces beyond NETNS_MAX */
};

void netns_list_done(struct netns_list *l);
/* Looks for all namespaces: appends those that are new, and notes of all that it sees how to get
 * there. proc and run are "/proc" and "/run", or a test's copies of them. 0 or -ENOMEM. */
int netns_list_find(struct netns_list *l, const char *proc, const char *run) MUST_CHECK;
/* Removes a namespace; the last one of the list takes its place. */
void netns_list_remove(struct netns_list *l, size_t i);

typedef int (*netns_visit_fn)(void *userdata, struct fault *fault);
/* Calls visit() inside the namespace, and returns what it returns. -EPERM, -EACCES: entering it is
 * forbidden. -ESTALE: it is gone. -ENOTRECOVERABLE: the thread could not return to its own
 * namespace, and must not go on. */
int netns_visit(const struct netns *ns, const char *proc, const char *run, netns_visit_fn visit,
		void *userdata, struct fault *fault) MUST_CHECK;

typedef int (*netns_open_fn)(int *ret_fd, struct fault *fault);
/* Calls open() inside the namespace: as netns_visit(). */
int netns_open(const struct netns *ns, const char *proc, const char *run, netns_open_fn open,
	       int *ret_fd, struct fault *fault) MUST_CHECK;

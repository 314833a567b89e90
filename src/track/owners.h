/* SPDX-License-Identifier: MIT */
/*
 * owners: which process owns a socket. Only an event in the context of a process that called into
 * the socket shows it. The latest evidence counts, because processes pass sockets on.
 */
#pragma once

#include "track/conns.h"
#include "tcp/event.h"
#include "track/listeners.h"
#include "track/task-cgroups.h"

/* Learns the owner of c from e, an event of its socket. 0 or -ENOMEM. */
int owners_learn(struct conns *s, struct tcp_conn *c, const struct tcp_event *e,
		 const struct listeners *l, const struct task_cgroups *g) MUST_CHECK;
/* Learns from /proc that process pid has the socket of c open, as one of `holders` processes. comm,
 * its name, may be NULL. 0 or -ENOMEM. */
int owners_found(struct conns *s, struct tcp_conn *c, int32_t pid, const char *comm,
		 uint32_t holders) MUST_CHECK;
/* Whether the task is a kernel thread that works for any socket, and so owns none. comm: NULL if
 * unknown. */
bool owners_is_kernel_worker(const char *comm);
/* Copies the owner of c into pid, comm, owner and cgroup of the event. */
void owners_show(struct tcp_event *e, const struct tcp_conn *c, const struct task_cgroups *g);

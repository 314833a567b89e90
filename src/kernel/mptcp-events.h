/* SPDX-License-Identifier: MIT */
/*
 * mptcp-events: the kernel's messages about subflows of MPTCP connections (generic netlink, family
 * "mptcp_pm", group "mptcp_pm_events"; Linux 5.12 and later; linux/mptcp.h). They alone tell which
 * connection a subflow belongs to while it lives, and need CAP_NET_ADMIN. Where no program uses
 * MPTCP, no message comes.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "tcp/subflow.h"

/* A subflow of which the kernel tells. */
struct mptcp_event {
	uint32_t token; /* of the connection, as this host knows it */
	enum tcp_subflow subflow;
	uint16_t family;	      /* AF_INET, AF_INET6 */
	uint16_t sport, dport;	      /* host order */
	uint8_t saddr[16], daddr[16]; /* of AF_INET in the first 4 bytes */
};

typedef int (*mptcp_event_fn)(void *userdata, const struct mptcp_event *e);

/* Opens a non-blocking netlink socket that receives the messages of the network namespace of the
 * calling thread. -ENOENT: this kernel has none. -EPERM: they may not be had. */
int mptcp_events_open(int *ret_fd, struct fault *fault) MUST_CHECK;

#define MPTCP_EVENT_BYTES 512u /* size of a buffer that holds any message */

/* Calls fn for each message about a subflow in one datagram: it was established, or closed. Returns
 * 0; -EBADMSG: the datagram is damaged; or the first return of fn below 0. */
int mptcp_events_parse(const void *data, size_t len, mptcp_event_fn fn, void *userdata) MUST_CHECK;

/* SPDX-License-Identifier: MIT */
/*
 * event-socket: what the socket id (sk) of an event means: whether it is the socket that the event
 * is about, and whether a connection begins with the event.
 */
#pragma once

#include "tcp/event.h"

/* Whether the event is about TCP or MPTCP, or does not have a protocol. */
bool event_is_tcp(const struct tcp_event *e);
/* Whether the event's addresses and states are those of sk. In the events about a packet that a
 * listener received, or about a request to a listener, sk is the listener. */
bool event_is_of_socket(const struct tcp_event *e);
/* Whether the tracker makes a connection for the event, if it does not know the socket yet. */
bool event_may_begin(const struct tcp_event *e);
/* Whether the event is the birth of a connection or a listener. */
bool event_is_birth(const struct tcp_event *e);
/* Whether the event's addresses are those of sk. At LISTEN to SYN_RECV, up to 6.14, the event of a
 * listener's new socket has the addresses of the listener. */
bool event_has_own_addresses(const struct tcp_event *e);

/* SPDX-License-Identifier: MIT */
/*
 * event-socket: what the socket id in an event means.
 */
#pragma once

#include "tcp/event.h"

/* Whether the event is about TCP, or does not say. */
bool event_is_tcp(const struct tcp_event *e);
/* Whether sk is the socket that the event's addresses and states are of. In the events of a packet
 * that a listener got, and of a request to a listener, sk is the listener. */
bool event_is_of_socket(const struct tcp_event *e);
/* Whether a socket that is not known yet is followed from this event on. */
bool event_may_begin(const struct tcp_event *e);
/* Whether a new connection or listener begins with the event. */
bool event_is_birth(const struct tcp_event *e);
/* Whether the addresses are those of sk. A new socket of a listener has the listener's addresses at
 * LISTEN to SYN_RECV, up to 6.14. */
bool event_has_own_addresses(const struct tcp_event *e);

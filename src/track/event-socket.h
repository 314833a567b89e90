/* SPDX-License-Identifier: MIT */
/*
 * event-socket: what the socket id in an event means.
 */
#pragma once

#include "tcp/event.h"

/* Is it about TCP, as far as it says? */
bool event_is_tcp(const struct tcp_event *e);
/* Does its sk name the socket that its addresses and states are of? Not for a packet that a
 * listener got, nor for a request of a listener. */
bool event_is_of_socket(const struct tcp_event *e);
/* Is it enough to start following a socket? */
bool event_may_begin(const struct tcp_event *e);
/* Does a new connection, or a listener, begin with it? */
bool event_is_birth(const struct tcp_event *e);
/* Are the addresses those of its socket? A clone of a listener shows the listener's up to 6.14. */
bool event_has_own_addresses(const struct tcp_event *e);

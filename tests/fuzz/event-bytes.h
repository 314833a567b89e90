/* SPDX-License-Identifier: MIT */
/*
 * event-bytes: an event from a few bytes of a fuzzer, over few sockets, ports and cookies so that
 * they meet.
 */
#pragma once

#include "tcp/event.h"

#define EVENT_BYTES 12u

/* b: EVENT_BYTES. *now goes on; figures are the event's for as long as they are not made again. */
void event_from_bytes(const uint8_t *b, uint64_t *now, struct tcp_info_values *tcp_info,
		      struct tcp_event *e);

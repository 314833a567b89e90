/* SPDX-License-Identifier: MIT */
/*
 * event-columns: getters for columns of rows whose first part is a struct tcp_event.
 */
#pragma once

#include "tcp/event.h"
#include "view/columns.h"

/* 4 or 6: of an end whose address is known, else of the socket. */
struct cell event_family(const void *event);
struct cell event_cause(const void *event);
struct cell event_trigger(const void *event);
struct cell event_cause_by(const void *event);
/* The call chain; absent where there is none. */
struct cell event_stack(const void *event);

/* The place of a column that shows a member of the event. */
#define EVENT(member) .at = offsetof(struct tcp_event, member)

/* SPDX-License-Identifier: MIT */
/*
 * event-columns: getters for columns of rows whose first part is a struct tcp_event.
 */
#pragma once

#include "tcp/event.h"
#include "view/columns.h"

/* 4 or 6: the family of an end whose address is known, else that of the socket. */
struct cell event_family(const void *event);
struct cell event_cause(const void *event);
struct cell event_trigger(const void *event);
struct cell event_cause_by(const void *event);
/* The call chain; absent where there is none. */
struct cell event_stack(const void *event);

/* The offset of a member of the event, for a column that shows it. */
#define EVENT(member) .at = offsetof(struct tcp_event, member)

// SPDX-License-Identifier: MIT
#include "view/event-columns.h"

#include "cells/cells.h"

struct cell event_family(const void *event)
{
	return cell_family(event);
}

struct cell event_cause(const void *event)
{
	const struct tcp_event *e = event;

	return cell_word(tcp_cause_name(e->cause));
}

struct cell event_trigger(const void *event)
{
	const struct tcp_event *e = event;

	return cell_word(tcp_trigger_name(e->trigger));
}

struct cell event_cause_by(const void *event)
{
	const struct tcp_event *e = event;

	return cell_word(tcp_basis_name(e->cause_by));
}

struct cell event_stack(const void *event)
{
	const struct tcp_event *e = event;

	return e->n_frames ? cell_list(e->frames, e->n_frames) : cell_absent();
}

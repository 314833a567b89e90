/* SPDX-License-Identifier: MIT */
/*
 * event-fields: one cell with all fields of an event but its endpoints. The cell points into struct
 * event_fields and is good until the next event.
 */
#pragma once

#include "table/table.h"
#include "tcp/event.h"

#define EVENT_FIELDS_MAX (TCP_FIELD_N + TCP_EXTRAS_MAX + TCP_INFO_N + 8)

struct event_fields {
	struct cell_field fields[EVENT_FIELDS_MAX];
	uint32_t n;
	bool is_text;	 /* for people, with labels; else for programs, with keys */
	char states[64]; /* "SYN_SENT->ESTABLISHED" */
};

/* Makes the cell. where: COLUMN_TEXT gives the fields for people, with labels; COLUMN_JSON and
 * COLUMN_CSV give those for programs, with keys. */
struct cell event_fields_cell(struct event_fields *f, const struct tcp_event *e, uint8_t where);

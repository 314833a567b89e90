/* SPDX-License-Identifier: MIT */
/*
 * event-fields: the fields of any event beyond its ends, as one cell. The cell points into this
 * struct and is good until the next event.
 */
#pragma once

#include "table/table.h"
#include "tcp/event.h"

#define EVENT_FIELDS_MAX (TCP_FIELD_N + TCP_EXTRAS_MAX + TCP_INFO_N + 8)

struct event_fields {
	struct cell_field fields[EVENT_FIELDS_MAX];
	uint32_t n;
	bool is_text;
	char states[64]; /* "SYN_SENT->ESTABLISHED" */
};

/* where: COLUMN_TEXT for what people get, with labels; else what programs get, with keys. */
struct cell event_fields_cell(struct event_fields *f, const struct tcp_event *e, uint8_t where);

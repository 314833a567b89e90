/* SPDX-License-Identifier: MIT */
/*
 * json-cell: writes one cell as a member of a JSON object.
 */
#pragma once

#include "render/timestamp.h"
#include "render/json-writer.h"
#include "table/table.h"

/* Writes key and value, or neither where the cell has no value. The cell must not be CELL_FIELDS.
 * timestamp: made by timestamp_for_data. */
void json_cell(struct json_writer *w, const char *key, const struct column *column,
	       const struct cell *cell, struct timestamp *timestamp);

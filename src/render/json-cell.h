/* SPDX-License-Identifier: MIT */
/*
 * json-cell: one cell as a member of a JSON object.
 */
#pragma once

#include "render/timestamp.h"
#include "render/json-writer.h"
#include "table/table.h"

/* Key and value; neither where the cell is absent. No CELL_FIELDS. face: for data. */
void json_cell(struct json_writer *w, const char *key, const struct column *column,
	       const struct cell *cell, struct timestamp *timestamp);

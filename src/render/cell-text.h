/* SPDX-License-Identifier: MIT */
/*
 * cell-text: writes one cell as plain text, for the renderers that print cells without quotes.
 */
#pragma once

#include "base/text.h"
#include "render/timestamp.h"
#include "table/table.h"

/*
 * Appends the cell: nothing for CELL_ABSENT, and a CELL_LIST with ';' between its entries. With
 * is_terminal strings are made harmless, and fields are written as "label=value" with blanks
 * between them. Without it strings stay as they are, and fields are written as "key=value" with ';'
 * between them.
 */
void cell_text(struct text *t, const struct column *column, const struct cell *cell,
	       struct timestamp *timestamp, bool is_terminal);

/* SPDX-License-Identifier: MIT */
/*
 * cell-text: one cell as plain text, for the renderers that print cells without quoting.
 */
#pragma once

#include "base/text.h"
#include "render/timestamp.h"
#include "table/table.h"

/*
 * Appends the cell; nothing for CELL_ABSENT, entries with ';' between them for CELL_LIST.
 * is_terminal: strings are made harmless, and fields have their labels and blanks between them;
 * else strings stand as they are, and fields have their keys and ';'.
 */
void cell_text(struct text *t, const struct column *column, const struct cell *cell,
	       struct timestamp *timestamp, bool is_terminal);

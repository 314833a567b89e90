/* SPDX-License-Identifier: MIT */
/*
 * cell-text: one cell as plain text, for the renderers that print cells without quoting.
 */
#pragma once

#include "base/text.h"
#include "render/face.h"
#include "table/table.h"

/*
 * Appends the cell; nothing for CELL_ABSENT, and entries with ';' between them for CELL_LIST.
 * is_terminal: strings are made harmless; else they stand as they are.
 */
void cell_text(struct text *t, const struct column *column, const struct cell *cell,
	       struct face *face, bool is_terminal);

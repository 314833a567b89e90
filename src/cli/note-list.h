/* SPDX-License-Identifier: MIT */
/*
 * note-list: a sink that keeps the notes of a view and takes no rows, for a view that emits none
 * (gather/).
 */
#pragma once

#include "base/arena.h"
#include "table/table.h"

/* Must not move while its sink is used. */
struct note_list {
	struct table_sink sink;
	struct arena arena;
	const char **notes;
	size_t n;
	size_t cap;
};

/* Initialises an empty list. */
void note_list_init(struct note_list *l);
void note_list_done(struct note_list *l);

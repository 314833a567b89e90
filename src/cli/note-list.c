// SPDX-License-Identifier: MIT
#include "cli/note-list.h"

#include <errno.h>

#include "base/vec.h"

static int notes_begin(struct table_sink *s, const struct column *columns, size_t n_columns,
		       struct fault *fault)
{
	return 0;
}

static int notes_row(struct table_sink *s, const struct cell *cells, struct fault *fault)
{
	return 0;
}

static int notes_note(struct table_sink *s, const char *line, struct fault *fault)
{
	struct note_list *l = s->self;
	const char *copy = arena_str(&l->arena, line);

	if (!copy || vec_reserve(l->notes, l->cap, l->n + 1) < 0)
		return fault_errno(fault, -ENOMEM, "notes");
	l->notes[l->n++] = copy;
	return 0;
}

static int notes_flush(struct table_sink *s, struct fault *fault)
{
	return 0;
}

static const struct table_ops notes_ops = {
	.begin = notes_begin,
	.row = notes_row,
	.note = notes_note,
	.flush = notes_flush,
};

void note_list_init(struct note_list *l)
{
	*l = (struct note_list){.sink = {.ops = &notes_ops, .self = l}};
}

void note_list_done(struct note_list *l)
{
	arena_done(&l->arena);
	free(l->notes);
}

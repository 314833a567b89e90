/* SPDX-License-Identifier: MIT */
/*
 * out-buffer: collects the output of a renderer of rows, and writes it to a descriptor when it has
 * grown large or when that is asked for. The renderer appends to `text`.
 */
#pragma once

#include "base/fault.h"
#include "base/text.h"

#define OUT_BUFFER_SPILL_BYTES (256u << 10)

struct out_buffer {
	int fd;	     /* for rows */
	int note_fd; /* for notes */
	struct text text;
};

int out_buffer_init(struct out_buffer *o, int fd, int note_fd, struct fault *fault) MUST_CHECK;
void out_buffer_done(struct out_buffer *o);
/* Writes out all of the text. The fault of a failure names the standard output. */
int out_buffer_flush(struct out_buffer *o, struct fault *fault) MUST_CHECK;
/* To be called after each row. */
static inline int out_buffer_row_done(struct out_buffer *o, struct fault *fault)
{
	if (o->text.len < OUT_BUFFER_SPILL_BYTES && !o->text.failed)
		return 0;
	return out_buffer_flush(o, fault);
}
/* Writes a line to note_fd. The line is made safe for a terminal, because note_fd may be one. */
int out_buffer_note(struct out_buffer *o, const char *line, struct fault *fault) MUST_CHECK;

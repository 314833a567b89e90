/* SPDX-License-Identifier: MIT */
/*
 * outlet: the buffer in front of a descriptor that all renderers write into. What is in `text`
 * goes out when it has grown large, or when asked.
 */
#pragma once

#include "base/fault.h"
#include "base/text.h"

#define OUTLET_SPILL_BYTES (256u << 10)

struct outlet {
	int fd;
	int note_fd;
	struct text text;
};

int outlet_init(struct outlet *o, int fd, int note_fd, struct fault *fault) MUST_CHECK;
void outlet_done(struct outlet *o);
/* Writes everything out. A fault names the standard output. */
int outlet_flush(struct outlet *o, struct fault *fault) MUST_CHECK;
/* To be called after each row. */
static inline int outlet_row_done(struct outlet *o, struct fault *fault)
{
	if (o->text.len < OUTLET_SPILL_BYTES && !o->text.failed)
		return 0;
	return outlet_flush(o, fault);
}
/* A line to note_fd. */
int outlet_note(struct outlet *o, const char *line, struct fault *fault) MUST_CHECK;

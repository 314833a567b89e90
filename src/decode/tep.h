/* SPDX-License-Identifier: MIT */
/*
 * tep: the kernel's own print format, by libtraceevent: the same text as `perf script` has behind
 * the event's name. Format files come from strangers, so only what was looked through reaches
 * libtraceevent; everything else is printed field by field.
 */
#pragma once

#include <stdint.h>

#include "base/text.h"
#include "decode/binding.h"
#include "tape/meta.h"

struct printer;

/* Borrows the meta. */
int printer_new(const struct tape_meta *meta, struct printer **ret) MUST_CHECK;
struct printer *printer_free(struct printer *p);
DEFINE_CLEANUP(struct printer, printer_free);

/* Appends the row's text, without a newline. 0 or -ENOMEM. */
int printer_print(struct printer *p, const struct binding *b, const uint8_t *row, size_t len,
		  struct text *t) MUST_CHECK;

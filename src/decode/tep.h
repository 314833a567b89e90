/* SPDX-License-Identifier: MIT */
/*
 * tep: prints rows in the kernel's own print format, by libtraceevent: the text that `perf script`
 * prints after the event's name. Format files may be hostile: only print formats that were checked
 * reach libtraceevent; the rows of others are printed field by field.
 */
#pragma once

#include <stdint.h>

#include "base/text.h"
#include "decode/binding.h"
#include "tape/meta.h"

struct printer;

/* Borrows meta. 0 or -ENOMEM. */
int printer_new(const struct tape_meta *meta, struct printer **ret) MUST_CHECK;
struct printer *printer_free(struct printer *p);
DEFINE_CLEANUP(struct printer, printer_free);

/* Appends the row's text, without a newline. 0 or -ENOMEM. */
int printer_print(struct printer *p, const struct binding *b, const uint8_t *row, size_t len,
		  struct text *t) MUST_CHECK;

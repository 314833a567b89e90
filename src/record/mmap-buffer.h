/* SPDX-License-Identifier: MIT */
/*
 * mmap-buffer: memory that grows without being copied: the pages move by mremap. Pages that were never
 * written cost nothing, so capacity may be generous. {0} is a valid empty one.
 */
#pragma once

#include <stddef.h>

#include "base/cleanup.h"

struct mmap_buffer {
	void *data;
	size_t cap;
};

/* At least cap bytes; new ones are zero. 0 or -ENOMEM, and the old ones stay. */
int mmap_buffer_grow(struct mmap_buffer *r, size_t cap) MUST_CHECK;
void mmap_buffer_done(struct mmap_buffer *r);

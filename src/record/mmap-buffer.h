/* SPDX-License-Identifier: MIT */
/*
 * mmap-buffer: a buffer that grows without copying its bytes, because mremap(2) moves its pages.
 * Pages that were never written cost nothing, so its capacity may be generous. {0} is a valid empty
 * buffer.
 */
#pragma once

#include <stddef.h>

#include "base/cleanup.h"

struct mmap_buffer {
	void *data;
	size_t cap;
};

/* Grows to at least cap bytes; new bytes are zero. 0; -ENOMEM, which changes nothing. */
int mmap_buffer_grow(struct mmap_buffer *b, size_t cap) MUST_CHECK;
void mmap_buffer_done(struct mmap_buffer *b);

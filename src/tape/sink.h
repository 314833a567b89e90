/* SPDX-License-Identifier: MIT */
/*
 * sink: where the bytes of a tape go. Append only. The descriptor or buffer is the caller's.
 */
#pragma once

#include <stdint.h>

#include "base/buffer.h"
#include "base/fault.h"

struct sink {
	int fd; /* -1: memory */
	struct buffer *memory;
	const char *name; /* for faults; borrowed */
	uint64_t written; /* bytes that went through whole */
};

struct sink sink_fd(int fd, const char *name);
struct sink sink_memory(struct buffer *b);
/* All or a fault (-ENOSPC, -EPIPE, ...), in words that say what to do. */
int sink_write(struct sink *s, const void *data, size_t n, struct fault *fault) MUST_CHECK;

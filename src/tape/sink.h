/* SPDX-License-Identifier: MIT */
/*
 * sink: a file descriptor or a buffer to which the bytes of a tape are appended. Both belong to the
 * caller.
 */
#pragma once

#include <stdint.h>

#include "base/buffer.h"
#include "base/fault.h"

struct sink {
	int fd; /* -1: memory */
	struct buffer *memory;
	const char *name; /* of the file, for faults; borrowed */
	uint64_t written; /* bytes of all writes that succeeded */
};

struct sink sink_fd(int fd, const char *name);
struct sink sink_memory(struct buffer *b);
/* Writes all n bytes, or fails (-ENOSPC, -EPIPE, ...) with a fault that says what to do. */
int sink_write(struct sink *s, const void *data, size_t n, struct fault *fault) MUST_CHECK;

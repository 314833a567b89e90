/* SPDX-License-Identifier: MIT */
/*
 * io: whole reads and writes on file descriptors. Interrupted and short calls are continued.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buffer.h"

/* 0, or -errno; -EPIPE like any other. What was written before a failure stays written. */
int io_write_all(int fd, const void *data, size_t n) MUST_CHECK;
/* Bytes read, fewer than n only at the end; or -errno. */
ssize_t io_read_all(int fd, void *data, size_t n) MUST_CHECK;
ssize_t io_pread_all(int fd, void *data, size_t n, uint64_t offset) MUST_CHECK;
/* Appends the whole of a (small, perhaps special) file, with a NUL behind it that len does not
 * count. -EFBIG above max. */
int io_read_file(const char *path, size_t max, struct buffer *ret) MUST_CHECK;

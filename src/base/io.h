/* SPDX-License-Identifier: MIT */
/*
 * io: complete reads and writes on file descriptors, which go on after an interrupted or short
 * call.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buffer.h"

/* Writes n bytes. 0 or -errno. Bytes that were written before a failure stay written. */
int io_write_all(int fd, const void *data, size_t n) MUST_CHECK;
/* The number of bytes read, which is less than n only at the end of the file; or -errno. */
ssize_t io_read_all(int fd, void *data, size_t n) MUST_CHECK;
ssize_t io_pread_all(int fd, void *data, size_t n, uint64_t offset) MUST_CHECK;
/* Appends a whole file, which may be one of /proc, and a NUL that len does not count. 0 or -errno;
 * -EFBIG for a file of more than max bytes. */
int io_read_file(const char *path, size_t max, struct buffer *ret) MUST_CHECK;

/* SPDX-License-Identifier: MIT */
/*
 * source: where the bytes of a tape come from: a file (by pread: a file that shrinks under us is
 * an end, not a SIGBUS), a pipe, or memory. A window moves forward over the bytes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fault.h"

struct source;

/* Opens a file for source_open_fd(). path "-" is standard input, which is opened already, is not to
 * be closed, and is refused if it is a terminal. The descriptor, or -errno. */
int source_descriptor(const char *path, struct fault *fault) MUST_CHECK;
/* A regular file that nothing was read of is seekable; anything else is a stream. */
bool source_is_stream(int fd);
/* Reads an open file, which stays the caller's; several sources may read one that is no stream.
 * Refuses a directory. name: for faults. */
int source_open_fd(int fd, const char *name, struct source **ret, struct fault *fault) MUST_CHECK;
/* Both in one: the source owns the file, unless it is standard input. */
int source_open(const char *path, struct source **ret, struct fault *fault) MUST_CHECK;
/* Borrows the memory. */
int source_open_memory(const void *data, size_t size, struct source **ret) MUST_CHECK;
struct source *source_close(struct source *s);
DEFINE_CLEANUP(struct source, source_close);

const char *source_name(const struct source *s);
/* Position of the window in the tape. */
uint64_t source_at(const struct source *s);
/* Known for files and memory; false for streams. */
bool source_size(const struct source *s, uint64_t *ret);
/*
 * Shows at least `want` bytes at the position, fewer only at the end of the tape (*ret_len tells).
 * Blocks on a pipe until they are there. The bytes are good until the next call. -errno of read.
 * want is at most TAPE_HEADER_LEN + TAPE_STORED_MAX.
 */
int source_peek(struct source *s, size_t want, const uint8_t **ret, size_t *ret_len,
		struct fault *fault) MUST_CHECK;
/* Moves on by n bytes; what was not peeked is skipped (not read, where the source can seek).
 * Moving past the end is no error: the next peek shows nothing. */
int source_skip(struct source *s, uint64_t n, struct fault *fault) MUST_CHECK;
/*
 * Of a stream of which nothing was read yet: all that is read is also written to fd, which the
 * caller keeps open, until there are max bytes or a write fails. A stream can be read once only;
 * this makes a file of it that can be read again.
 */
void source_copy_to(struct source *s, int fd, uint64_t max);
/* Whether all that was read is in the copy. */
bool source_is_copied(const struct source *s);
/* Seekable sources only: -ESPIPE otherwise. */
int source_seek(struct source *s, uint64_t offset, struct fault *fault) MUST_CHECK;
/* Up to n bytes from a place, the position unmoved: how many there are, -errno. Seekable sources
 * only; any thread may call it. */
ssize_t source_read_at(const struct source *s, uint64_t offset, void *to, size_t n);

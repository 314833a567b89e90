// SPDX-License-Identifier: MIT
/*
 * source: a window of bytes that moves forward. For memory the window is the memory itself; for a
 * file it is refilled by pread, a little after a skip and more with every refill in sequence; for
 * a stream by read, as much as is there. The buffer grows to the longest peek and no further.
 */
#include "tape/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

#define READAHEAD_MIN 4096u
#define READAHEAD_MAX (1u << 20)
#define STREAM_READ   (256u << 10)

enum source_kind { SOURCE_MEMORY, SOURCE_FILE, SOURCE_STREAM };

struct source {
	enum source_kind kind;
	int fd;
	bool owns_fd;
	bool has_ended;	 /* of a stream: read said 0 */
	uint64_t offset; /* of the window's start in the tape */
	const uint8_t *window;
	size_t len;	  /* bytes in the window */
	size_t at;	  /* position in it */
	size_t readahead; /* what the next refill of a file reads beyond the need */
	uint8_t *buffer;
	size_t cap;
	uint64_t size;	    /* of memory */
	int copy_fd;	    /* -1: what is read is not copied, or not all of it */
	uint64_t copy_left; /* bytes that the copy may still get */
	char name[];
};

static struct source *source_new(enum source_kind kind, int fd, const char *name)
{
	struct source *s = calloc(1, sizeof(*s) + strlen(name) + 1);

	if (s) {
		s->kind = kind;
		s->fd = fd;
		s->copy_fd = -1;
		s->readahead = READAHEAD_MIN;
		memcpy(s->name, name, strlen(name) + 1);
	}
	return s;
}

int source_descriptor(const char *path, struct fault *fault)
{
	int fd;

	if (!strcmp(path, "-")) {
		if (isatty(STDIN_FILENO))
			return fault_set(fault, -EINVAL,
					 "standard input is a terminal: give a tape, or pipe one "
					 "in");
		return STDIN_FILENO;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fault_errno(fault, -errno, "%s", path);
	return fd;
}

bool source_is_stream(int fd)
{
	struct stat st;

	/* A redirected standard input may stand somewhere inside its file. */
	return fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || lseek(fd, 0, SEEK_CUR) != 0;
}

int source_open_fd(int fd, const char *name, struct source **ret, struct fault *fault)
{
	struct source *s;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fault_errno(fault, -errno, "%s", name);
	if (S_ISDIR(st.st_mode))
		return fault_set(fault, -EISDIR, "%s is a directory: give a tape", name);
	s = source_new(source_is_stream(fd) ? SOURCE_STREAM : SOURCE_FILE, fd, name);
	if (!s)
		return fault_errno(fault, -ENOMEM, "%s", name);
	*ret = s;
	return 0;
}

int source_open(const char *path, struct source **ret, struct fault *fault)
{
	bool is_stdin = !strcmp(path, "-");
	int fd = source_descriptor(path, fault);
	int owned CLEANUP(close_p) = is_stdin ? -1 : fd;
	int r;

	if (fd < 0)
		return fd;
	r = source_open_fd(fd, is_stdin ? "standard input" : path, ret, fault);
	if (r < 0)
		return r;
	(*ret)->owns_fd = !is_stdin;
	owned = -1;
	return 0;
}

int source_open_memory(const void *data, size_t size, struct source **ret)
{
	struct source *s = source_new(SOURCE_MEMORY, -1, "memory");

	if (!s)
		return -ENOMEM;
	s->window = data;
	s->len = size;
	s->size = size;
	*ret = s;
	return 0;
}

struct source *source_close(struct source *s)
{
	if (s) {
		if (s->owns_fd)
			close(s->fd);
		free(s->buffer);
		free(s);
	}
	return NULL;
}

const char *source_name(const struct source *s)
{
	return s->name;
}

uint64_t source_at(const struct source *s)
{
	return s->offset + s->at;
}

bool source_size(const struct source *s, uint64_t *ret)
{
	struct stat st;

	if (s->kind == SOURCE_MEMORY) {
		*ret = s->size;
		return true;
	}
	if (s->kind != SOURCE_FILE || fstat(s->fd, &st) < 0)
		return false;
	*ret = (uint64_t)st.st_size;
	return true;
}

/* Makes room for `need` bytes after those in the window, and for `more` if bytes must be moved. */
static int make_room(struct source *s, size_t need, size_t more, struct fault *fault)
{
	size_t left = s->len - s->at;

	if (s->cap - s->len >= need)
		return 0;
	if (s->at) {
		memmove(s->buffer, s->buffer + s->at, left);
		s->offset += s->at;
		s->at = 0;
		s->len = left;
	}
	if (s->cap - left < need + more) {
		uint8_t *bigger = realloc(s->buffer, left + need + more);

		if (!bigger)
			return fault_errno(fault, -ENOMEM, "%s", s->name);
		s->buffer = bigger;
		s->cap = left + need + more;
	}
	s->window = s->buffer;
	return 0;
}

static int refill_file(struct source *s, size_t want, struct fault *fault)
{
	size_t need = want - (s->len - s->at), room;
	ssize_t n;
	int r = make_room(s, need, s->readahead, fault);

	if (r < 0)
		return r;
	if (s->offset + s->len > (uint64_t)INT64_MAX - s->cap)
		return 0;
	room = s->cap - s->len;
	if (room > need + s->readahead)
		room = need + s->readahead;
	n = io_pread_all(s->fd, s->buffer + s->len, room, s->offset + s->len);
	if (n < 0)
		return fault_errno(fault, (int)n, "%s: cannot read", s->name);
	s->len += (size_t)n;
	if (s->readahead < READAHEAD_MAX)
		s->readahead *= 4;
	return 0;
}

void source_copy_to(struct source *s, int fd, uint64_t max)
{
	s->copy_fd = fd;
	s->copy_left = max;
}

bool source_is_copied(const struct source *s)
{
	return s->copy_fd >= 0;
}

static void source_copy(struct source *s, const void *data, size_t n)
{
	if (s->copy_fd < 0)
		return;
	if (n > s->copy_left || io_write_all(s->copy_fd, data, n) < 0)
		s->copy_fd = -1;
	else
		s->copy_left -= n;
}

/* Never reads again when the need is met: a live stream may have nothing more for a while. */
static int refill_stream(struct source *s, size_t want, struct fault *fault)
{
	int r = 0;

	if (!s->has_ended)
		r = make_room(s, want - (s->len - s->at), STREAM_READ, fault);
	if (r < 0)
		return r;
	while (s->len - s->at < want && !s->has_ended) {
		ssize_t n = read(s->fd, s->buffer + s->len, s->cap - s->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fault_errno(fault, -errno, "%s: cannot read", s->name);
		s->has_ended = n == 0;
		source_copy(s, s->buffer + s->len, (size_t)n);
		s->len += (size_t)n;
	}
	return 0;
}

int source_peek(struct source *s, size_t want, const uint8_t **ret, size_t *ret_len,
		struct fault *fault)
{
	int r = 0;

	if (s->len - s->at < want) {
		if (s->kind == SOURCE_FILE)
			r = refill_file(s, want, fault);
		else if (s->kind == SOURCE_STREAM)
			r = refill_stream(s, want, fault);
	}
	if (r < 0)
		return r;
	*ret_len = s->len - s->at;
	*ret = *ret_len ? s->window + s->at : (const uint8_t *)"";
	return 0;
}

static int skip_stream(struct source *s, uint64_t n, struct fault *fault)
{
	while (n) {
		const uint8_t *data;
		size_t len, step;
		int r = source_peek(s, 1, &data, &len, fault);

		if (r < 0)
			return r;
		if (!len)
			return 0;
		step = n < len ? (size_t)n : len;
		s->at += step;
		n -= step;
	}
	return 0;
}

int source_skip(struct source *s, uint64_t n, struct fault *fault)
{
	if (n <= s->len - s->at) {
		s->at += (size_t)n;
		return 0;
	}
	if (s->kind == SOURCE_STREAM)
		return skip_stream(s, n, fault);
	if (n > INT64_MAX - source_at(s))
		n = INT64_MAX - source_at(s);
	return source_seek(s, source_at(s) + n, fault);
}

int source_seek(struct source *s, uint64_t offset, struct fault *fault)
{
	if (s->kind == SOURCE_STREAM)
		return fault_errno(fault, -ESPIPE, "%s", s->name);
	if (s->kind == SOURCE_MEMORY) {
		s->at = offset < s->size ? (size_t)offset : (size_t)s->size;
	} else if (offset >= s->offset && offset - s->offset <= s->len) {
		s->at = (size_t)(offset - s->offset);
	} else {
		s->offset = offset;
		s->len = 0;
		s->at = 0;
		s->readahead = READAHEAD_MIN;
	}
	return 0;
}

ssize_t source_read_at(const struct source *s, uint64_t offset, void *to, size_t n)
{
	/* And then there may be no place to put it. */
	if (!n)
		return 0;
	switch (s->kind) {
	case SOURCE_MEMORY:
		if (offset >= s->size)
			return 0;
		if (n > s->size - offset)
			n = (size_t)(s->size - offset);
		memcpy(to, s->window + offset, n);
		return (ssize_t)n;
	case SOURCE_FILE:
		return offset <= (uint64_t)INT64_MAX - n ? io_pread_all(s->fd, to, n, offset) : 0;
	case SOURCE_STREAM: break;
	}
	return -ESPIPE;
}

// SPDX-License-Identifier: MIT
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int io_write_all(int fd, const void *data, size_t n)
{
	const uint8_t *at = data;

	while (n) {
		ssize_t r = write(fd, at, n);

		if (r < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		if (!r)
			return -EIO;
		at += r;
		n -= (size_t)r;
	}
	return 0;
}

ssize_t io_read_all(int fd, void *data, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = read(fd, (uint8_t *)data + got, n - got);

		if (r < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		if (!r)
			break;
		got += (size_t)r;
	}
	return (ssize_t)got;
}

ssize_t io_pread_all(int fd, void *data, size_t n, uint64_t offset)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = pread(fd, (uint8_t *)data + got, n - got, (off_t)(offset + got));

		if (r < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		if (!r)
			break;
		got += (size_t)r;
	}
	return (ssize_t)got;
}

int io_read_file(const char *path, size_t max, struct buffer *ret)
{
	int fd CLEANUP(close_p) = open(path, O_RDONLY | O_CLOEXEC);
	size_t start = ret->len;

	if (fd < 0)
		return -errno;
	for (;;) {
		ssize_t n;
		int r = buffer_reserve(ret, 4097);

		if (r < 0)
			return r;
		n = io_read_all(fd, ret->data + ret->len, 4096);
		if (n < 0)
			return (int)n;
		ret->len += (size_t)n;
		ret->data[ret->len] = 0;
		if (ret->len - start > max)
			return -EFBIG;
		if (n < 4096)
			return 0;
	}
}

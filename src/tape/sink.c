// SPDX-License-Identifier: MIT
#include "tape/sink.h"

#include <errno.h>

#include "base/io.h"

struct sink sink_fd(int fd, const char *name)
{
	return (struct sink){.fd = fd, .name = name};
}

struct sink sink_memory(struct buffer *b)
{
	return (struct sink){.fd = -1, .memory = b, .name = "memory"};
}

static int write_fault(const struct sink *s, int code, struct fault *fault)
{
	switch (code) {
	case -ENOSPC:
	case -EDQUOT:
		return fault_set(fault, code,
				 "%s: no space left; the tape is good up to here: free some space "
				 "or write it elsewhere",
				 s->name);
	case -EFBIG:
		return fault_set(fault, code,
				 "%s: the file may not grow further; the tape is good up to here: "
				 "raise the limit (ulimit -f) or write it elsewhere",
				 s->name);
	case -EPIPE:
		return fault_set(fault, code, "%s: whoever was reading the tape went away",
				 s->name);
	default: return fault_errno(fault, code, "%s: cannot write", s->name);
	}
}

int sink_write(struct sink *s, const void *data, size_t n, struct fault *fault)
{
	int r;

	if (s->memory)
		r = buffer_append(s->memory, data, n);
	else
		r = io_write_all(s->fd, data, n);
	if (r < 0)
		return write_fault(s, r, fault);
	s->written += n;
	return 0;
}

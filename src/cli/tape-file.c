// SPDX-License-Identifier: MIT
#include "cli/tape-file.h"

#include <string.h>
#include <unistd.h>

#include "playback/caveats.h"

int tape_file_open(const char *path, struct tape_file *ret, struct fault *fault)
{
	int fd = source_descriptor(path, fault);

	*ret = (struct tape_file){path, fd};
	return fd < 0 ? fd : 0;
}

void tape_file_close(struct tape_file *f)
{
	if (f->path && strcmp(f->path, "-"))
		close_p(&f->fd);
	f->fd = -1;
}

bool tape_file_is_stream(const struct tape_file *f)
{
	return source_is_stream(f->fd);
}

int tape_file_read(const struct tape_file *f, struct tape_reader **ret, struct fault *fault)
{
	return tape_reader_open_fd(f->fd, tape_name(f->path), ret, fault);
}

int tape_file_play(const struct tape_file *f, const struct playback_options *o,
		   struct playback **ret, struct fault *fault)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	struct playback_options options = *o;
	int r = tape_file_read(f, &reader, fault);

	if (r < 0)
		return r;
	options.path = f->path;
	options.reader = reader;
	r = playback_open(&options, ret, fault);
	if (!r)
		TAKE(reader);
	return r;
}

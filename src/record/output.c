// SPDX-License-Identifier: MIT
/*
 * output: a file that base/new-file opens, or standard output, which stays open.
 */
#include "record/output.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int output_open_stdout(struct output *ret, struct fault *fault)
{
	struct stat st;

	if (fstat(STDOUT_FILENO, &st) < 0)
		return fault_errno(fault, -errno, "standard output");
	*ret = OUTPUT_INIT;
	ret->file.fd = STDOUT_FILENO;
	ret->file.is_stream = !S_ISREG(st.st_mode);
	return 0;
}

bool output_waits(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISFIFO(st.st_mode);
}

int output_open(const char *path, bool must_be_new, struct output *ret, struct fault *fault)
{
	struct new_file_options options = {
		.option = "-o", .mode = 0600, .must_be_new = must_be_new};
	int r;

	if (!path[0])
		return fault_set(fault, -EINVAL, "the tape needs a file name: -o FILE");
	if (!strcmp(path, "-"))
		return output_open_stdout(ret, fault);
	r = new_file_open(path, &options, &ret->file, fault);
	ret->is_ours = !r;
	return r;
}

int output_begin(struct output *o, struct fault *fault)
{
	return o->is_ours ? new_file_name(&o->file, fault) : 0;
}

void output_cut(const struct output *o, uint64_t bytes)
{
	/* If ftruncate() fails, a reader still skips the incomplete section at the end. */
	if (!o->file.is_stream && o->is_ours && ftruncate(o->file.fd, (off_t)bytes) < 0)
		return;
}

int output_close(struct output *o, struct fault *fault)
{
	return o->is_ours ? new_file_close(&o->file, fault) : 0;
}

void output_done(struct output *o)
{
	if (o->is_ours)
		new_file_done(&o->file);
	*o = OUTPUT_INIT;
}

// SPDX-License-Identifier: MIT
#include "cli/output-file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/io.h"

/* Signals that end the whole job: the keeper outlives its parent by the removal of the file. */
static void keeper_block_signals(void)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		sigaddset(&set, ends[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* Runs in the child. Waits for a byte, which means that the file is to be kept, or for the end of
 * the parent. */
static void keeper_run(struct new_file *f, int ask, int answer)
{
	struct fault fault = FAULT_INIT;
	char byte;

	if (io_read_all(ask, &byte, 1) == 1) {
		/* The code in the fault tells the parent. */
		if (new_file_name(f, &fault) < 0)
			new_file_done(f);
		if (io_write_all(answer, &fault, sizeof(fault)) < 0)
			_exit(1);
	} else {
		new_file_done(f);
	}
	_exit(0);
}

static int keeper_start(struct output_file *f)
{
	int ask[2], answer[2];
	pid_t child;

	if (pipe2(ask, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(answer, O_CLOEXEC) < 0) {
		close(ask[0]);
		close(ask[1]);
		return -errno;
	}
	child = fork();
	if (child == 0) {
		keeper_block_signals();
		close(ask[1]);
		close(answer[0]);
		/* Whoever reads what the parent writes does not wait for the keeper. */
		close(STDIN_FILENO);
		close(STDOUT_FILENO);
		keeper_run(&f->file, ask[0], answer[1]);
	}
	close(ask[0]);
	close(answer[1]);
	f->ask = ask[1];
	f->answer = answer[0];
	return child < 0 ? -errno : 0;
}

int output_file_open(const char *path, const struct new_file_options *o, struct output_file *ret,
		     struct fault *fault)
{
	int r;

	*ret = OUTPUT_FILE_NONE;
	r = new_file_open(path, o, &ret->file, fault);
	if (r < 0 || !ret->file.is_temporary)
		return r;
	r = keeper_start(ret);
	if (r < 0) {
		new_file_done(&ret->file);
		output_file_done(ret);
		return fault_errno(fault, r, "%s: starting a process that names the file", path);
	}
	/* From now on the keeper removes it. */
	ret->file.is_temporary = false;
	return 0;
}

void output_file_descriptors(const struct output_file *f, int ret[2])
{
	ret[0] = f->file.fd;
	ret[1] = f->ask;
}

static int keeper_ask(struct output_file *f, struct fault *fault)
{
	struct fault said = FAULT_INIT;

	if (io_write_all(f->ask, "k", 1) < 0 ||
	    io_read_all(f->answer, &said, sizeof(said)) != (ssize_t)sizeof(said))
		return fault_set(fault, -EIO, "%s: the process that names it was ended",
				 f->file.path);
	return said.code < 0 ? fault_set(fault, said.code, "%s", said.text) : 0;
}

int output_file_keep(struct output_file *f, struct fault *fault)
{
	int r = f->ask < 0 ? 0 : keeper_ask(f, fault);

	return r < 0 ? r : new_file_close(&f->file, fault);
}

void output_file_done(struct output_file *f)
{
	char byte;

	close_p(&f->ask);
	f->ask = -1;
	/* The keeper says no more, and ends. */
	while (f->answer >= 0 && read(f->answer, &byte, 1) < 0 && errno == EINTR)
		;
	close_p(&f->answer);
	f->answer = -1;
	new_file_done(&f->file);
}

// SPDX-License-Identifier: MIT
/*
 * live: `tcptape record -o - | tcptape VIEW -` in one command: a child process records into a pipe,
 * and the view reads the pipe, a tape like any other.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "cli/commands.h"
#include "cli/run-record.h"
#include "cli/run-view.h"

struct live_options {
	struct view_options view;
	struct run_record_options record;
};

static const struct option_part option_parts[] = {
	{NULL, &view_option_table, offsetof(struct live_options, view)},
	{"Options of recording:", &recording_option_table, offsetof(struct live_options, record)},
	{NULL, &pointer_option_table, offsetof(struct live_options, record)},
};
static const struct option_table live_option_table = {.parts = option_parts,
						      .n_parts = ARRAY_SIZE(option_parts)};

/* The options of the recorder: what the view needs unless the user chose a profile, and only the
 * connections that the view shows. */
static int record_options_for(const struct invocation *inv, struct run_record_options *ret,
			      struct fault *fault)
{
	const struct live_options *o = inv->options;

	*ret = o->record;
	ret->record.output = "-";
	ret->record.filter = o->view.reading.filter;
	ret->record.filter.labels = (struct filter_names){0}; /* the kernel knows no names */
	if (ret->record.profile)
		return 0;
	ret->record.profile = inv->view->live_profile;
	for (const char *const *e = inv->view->live_events; e && *e; e++) {
		int r = record_event_add(&ret->record, *e, inv->arena, fault);

		if (r < 0)
			return r;
	}
	return 0;
}

/* Runs in the child: records into the pipe `out`, and ends the process. */
static void recorder_run(const struct run_record_options *o, const struct invocation *inv, int out)
{
	struct fault fault = FAULT_INIT;
	enum status status;

	/* The recorder must end when the viewer dies: nobody would read its tape. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (dup2(out, STDOUT_FILENO) < 0)
		_exit(STATUS_FAILED);
	close(out);
	status = run_record(o, inv->n_operands ? inv->operands : NULL, inv->line, true, &fault);
	if (fault.text[0])
		print_notice(fault.text);
	_exit((int)status);
}

/* Lets the recorder end its tape properly: the rest of the tape is read and thrown away. */
static enum status recorder_end(pid_t child)
{
	char rest[4096];
	int status = 0;

	kill(child, SIGTERM);
	while (read(STDIN_FILENO, rest, sizeof(rest)) > 0)
		;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status))
		return (enum status)WEXITSTATUS(status);
	/* A recorder that has already ended its tape may be killed by the SIGTERM sent above. */
	return WTERMSIG(status) == SIGTERM ? STATUS_DONE : STATUS_FAILED;
}

/* Starts the recorder, whose pipe becomes standard input. */
static enum status live_open(struct invocation *inv, struct fault *fault)
{
	struct run_record_options record;
	int ends[2];
	pid_t child;

	if (record_options_for(inv, &record, fault) < 0)
		return STATUS_FAILED;
	if (pipe(ends) < 0) {
		fault_errno(fault, -errno, "pipe");
		return STATUS_FAILED;
	}
	child = fork();
	if (child == 0) {
		close(ends[0]);
		recorder_run(&record, inv, ends[1]);
	}
	close(ends[1]);
	if (child < 0 || dup2(ends[0], STDIN_FILENO) < 0) {
		fault_errno(fault, -errno, "starting a recorder");
		return STATUS_FAILED;
	}
	close(ends[0]);
	inv->needs.child = child;
	return tape_file_open("-", inv->tapes, fault) < 0 ? STATUS_FAILED : STATUS_DONE;
}

static enum status live_run(const struct invocation *inv, struct fault *fault)
{
	const struct live_options *o = inv->options;
	enum status shown = run_view(inv->tapes, inv->view, inv->view_options, &o->view, fault);
	enum status recorded = recorder_end(inv->needs.child);

	/* The recorder has printed why it failed. The viewer's fault, a tape without an end, is
	 * only a consequence. */
	if (recorded != STATUS_DONE) {
		*fault = FAULT_INIT;
		return recorded;
	}
	return shown;
}

const struct command command_live = {
	.name = "live",
	.summary = "record and view in one: live retrans, live top, ...",
	.usage = "VIEW",
	.detail =
		"Takes the options of the view and of record, but for -o; where a letter means\n"
		"something to both, it is the view's. Without -p it records what the view needs.\n"
		"An interrupt ends the recording; the view then shows its totals.\n"
		"`tcptape live VIEW --help` lists the options.",
	.options = &live_option_table,
	.options_size = sizeof(struct live_options),
	.reads_tapes = true,
	.max_operands = -1,
	.usage_after_view = "[-- COMMAND...]",
	.open = live_open,
	.run = live_run,
};

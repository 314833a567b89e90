// SPDX-License-Identifier: MIT
/*
 * live: `tcptape record -o - | tcptape VIEW -` in one command: a child records into a pipe, and
 * the view reads it. What passes between them is a tape like any other.
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

enum { GROUP_VIEW, GROUP_VIEWS, GROUP_RECORD, N_GROUPS };

struct live {
	const struct view *view;
	struct option_group groups[N_GROUPS];
	char **command; /* NULL: none */
	const char *line;
};

static bool is_taken(const struct option_group *groups, size_t n, const char *name, char letter)
{
	for (size_t g = 0; g < n; g++) {
		for (size_t i = 0; i < groups[g].n_specs; i++) {
			const struct option_spec *s = &groups[g].specs[i];

			if (name ? !strcmp(s->name, name) : letter && s->letter == letter)
				return true;
		}
	}
	return false;
}

/* Recording's options, without those that the view has under the same name; a letter is the
 * view's when both have it. */
static int record_group(struct live *l, struct arena *arena)
{
	struct option_group *group = &l->groups[GROUP_RECORD];
	struct option_spec *specs = arena_alloc(arena, n_record_specs * sizeof(*specs));
	size_t n = 0;

	if (!specs)
		return -ENOMEM;
	for (size_t i = 0; i < n_record_specs; i++) {
		const struct option_spec *s = &record_specs[i];

		if (!strcmp(s->name, "output") || is_taken(l->groups, GROUP_RECORD, s->name, 0))
			continue;
		specs[n] = *s;
		if (is_taken(l->groups, GROUP_RECORD, NULL, s->letter))
			specs[n].letter = 0;
		n++;
	}
	*group = (struct option_group){
		.title = "Options of recording:",
		.specs = specs,
		.n_specs = n,
		.values = arena_alloc(arena, sizeof(struct run_record_options)),
	};
	return group->values ? 0 : -ENOMEM;
}

static int make_groups(struct live *l, struct arena *arena)
{
	if (view_option_group(l->view, arena, &l->groups[GROUP_VIEW]) < 0)
		return -ENOMEM;
	l->groups[GROUP_VIEWS] = (struct option_group){
		.title = "Options of every view:",
		.specs = view_specs,
		.n_specs = n_view_specs,
		.values = arena_alloc(arena, sizeof(struct run_view_options)),
	};
	return l->groups[GROUP_VIEWS].values ? record_group(l, arena) : -ENOMEM;
}

static int show_help(const struct live *l, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};

	text_printf(&t, "usage: tcptape live %s [OPTIONS] [-- COMMAND...]\n\n%s\n", l->view->name,
		    l->view->summary);
	options_help(&t, l->groups, N_GROUPS);
	return print_out(&t, fault);
}

/* What the view wants, unless the user knows better. The same connections on both sides. */
static int decide_record(const struct live *l, struct arena *arena, struct fault *fault)
{
	const struct run_view_options *v = l->groups[GROUP_VIEWS].values;
	struct run_record_options *c = l->groups[GROUP_RECORD].values;

	c->output = "-";
	c->filter = v->reading.filter;
	if (c->profile)
		return 0;
	c->profile = l->view->live_profile;
	for (const char *const *e = l->view->live_events; e && *e; e++) {
		int r = option_words(&c->events, *e, arena, fault);

		if (r < 0)
			return r;
	}
	return 0;
}

static void record_child(const struct live *l, int out)
{
	struct fault fault = FAULT_INIT;
	enum status status;

	/* Without a reader there is nothing to record for. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (dup2(out, STDOUT_FILENO) < 0)
		_exit(STATUS_FAILED);
	close(out);
	status = run_record(l->groups[GROUP_RECORD].values, l->command, l->line, true, &fault);
	if (fault.text[0])
		print_notice(fault.text);
	_exit((int)status);
}

/* The recorder ends its tape properly, into a pipe that nobody reads any more. */
static enum status end_recorder(pid_t child)
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
	/* Our own signal may come when it has ended its tape already. */
	return WTERMSIG(status) == SIGTERM ? STATUS_DONE : STATUS_FAILED;
}

static enum status run(const struct live *l, struct fault *fault)
{
	enum status shown, recorded;
	int ends[2];
	pid_t child;

	if (pipe(ends) < 0) {
		fault_errno(fault, -errno, "pipe");
		return STATUS_FAILED;
	}
	child = fork();
	if (child == 0) {
		close(ends[0]);
		record_child(l, ends[1]);
	}
	close(ends[1]);
	if (child < 0 || dup2(ends[0], STDIN_FILENO) < 0) {
		fault_errno(fault, -errno, "starting a recorder");
		return STATUS_FAILED;
	}
	close(ends[0]);
	shown = run_view("-", l->view, l->groups[GROUP_VIEW].values, l->groups[GROUP_VIEWS].values,
			 fault);
	recorded = end_recorder(child);
	/* It has said why; that its tape has no end follows from that. */
	if (recorded != STATUS_DONE) {
		*fault = FAULT_INIT;
		return recorded;
	}
	return shown;
}

static int find_view(const char *name, struct live *l, struct fault *fault)
{
	struct command c;
	int r = command_find(name, &c, fault);

	if (r < 0)
		return r;
	if (!c.view)
		return fault_set(fault, -EINVAL, "%s is no view (tcptape help lists them)", name);
	l->view = c.view;
	return 0;
}

static enum status live_run(int argc, char **argv, const char *line, struct fault *fault)
{
	struct arena arena CLEANUP(arena_done) = {0};
	struct live l = {.line = line};
	bool is_help_wanted;
	int first, r;

	if (argc < 2) {
		fault_set(fault, -EINVAL, "VIEW is missing");
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return command_help(&command_live, fault) < 0 ? STATUS_FAILED : STATUS_DONE;
	r = find_view(argv[1], &l, fault);
	if (!r && make_groups(&l, &arena) < 0)
		return fault_errno(fault, -ENOMEM, "options") < 0 ? STATUS_FAILED : STATUS_DONE;
	if (!r)
		r = options_parse(l.groups, N_GROUPS, argc - 1, argv + 1, &arena, &first,
				  &is_help_wanted, fault);
	if (r < 0)
		return r == -ENOMEM ? STATUS_FAILED : STATUS_USAGE;
	if (is_help_wanted)
		return show_help(&l, fault) < 0 ? STATUS_FAILED : STATUS_DONE;
	if (first < argc - 1)
		l.command = argv + 1 + first;
	if (decide_record(&l, &arena, fault) < 0)
		return STATUS_FAILED;
	return run(&l, fault);
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
	.run_words = live_run,
};

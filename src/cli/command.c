// SPDX-License-Identifier: MIT
/*
 * command: parses a command's options by its tables and those of its view, and prints its help.
 */
#include "cli/command.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"

int print_out(struct text *t, struct fault *fault)
{
	int r;

	if (t->failed)
		return fault_errno(fault, -ENOMEM, "output");
	r = io_write_all(STDOUT_FILENO, t->data, t->len);
	return r < 0 ? fault_errno(fault, r, "cannot write to standard output") : 0;
}

void print_notice(const char *line)
{
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "tcptape: ");
	text_safe(&t, line, strlen(line));
	text_char(&t, '\n');
	/* When standard error itself fails, the failure cannot be reported anywhere. */
	if (!t.failed && io_write_all(STDERR_FILENO, t.data, t.len) < 0)
		return;
}

/* Adds the options of commands that read tapes. */
static int guard_group(struct arena *arena, struct command_options *ret)
{
	ret->guard = arena_alloc(arena, sizeof(*ret->guard));
	return ret->guard ? options_flatten(&guard_option_table, "Reading safely:", ret->guard,
					    ret->groups, COMMAND_GROUPS_MAX, &ret->n_groups)
			  : -ENOMEM;
}

/* Adds the group of the view's own options. */
static int view_group(const struct view *v, struct arena *arena, struct command_options *ret)
{
	ret->view_values = arena_alloc(arena, v->options_size + 1);
	if (!ret->view_values)
		return -ENOMEM;
	ret->groups[ret->n_groups++] = (struct option_group){
		.title = "Options of this view:",
		.specs = v->options,
		.n_specs = v->n_options,
		.values = ret->view_values,
	};
	return 0;
}

int command_options(const struct command *c, struct arena *arena, struct command_options *ret)
{
	int r;

	*ret = (struct command_options){.values = arena_alloc(arena, c->options_size + 1)};
	if (!ret->values || (c->view && view_group(c->view, arena, ret) < 0))
		return -ENOMEM;
	/* A command that takes the name of a view has options only once the view is known. */
	if (!c->options || (c->usage_after_view && !c->view))
		return 0;
	r = options_flatten(c->options,
			    c->view ? "Options of every view:" : "Options:", ret->values,
			    ret->groups, COMMAND_GROUPS_MAX, &ret->n_groups);
	if (!r && c->reads_tapes)
		r = guard_group(arena, ret);
	assert(r != -ENOSPC);
	return r;
}

int command_help(const struct command *c, struct fault *fault)
{
	struct arena arena CLEANUP(arena_done) = {0};
	struct text t CLEANUP(text_done) = {0};
	struct command_options options;

	if (command_options(c, &arena, &options) < 0)
		return fault_errno(fault, -ENOMEM, "options");
	text_printf(&t, "usage: tcptape %s", c->name);
	if (c->usage_after_view && c->view)
		text_printf(&t, " %s", c->view->name);
	text_printf(&t, " [OPTIONS]%s%s\n\n%s\n", c->usage[0] ? " " : "", c->usage, c->summary);
	if (c->detail)
		text_printf(&t, "\n%s\n", c->detail);
	options_help(&t, options.groups, options.n_groups);
	if (c->help)
		c->help(&t);
	return print_out(&t, fault);
}

static int operands_check(const struct command *c, int n, char **operands, struct fault *fault)
{
	if (n < c->min_operands)
		return fault_set(fault, -EINVAL, "%s is missing", c->usage);
	if (c->max_operands >= 0 && n > c->max_operands)
		return fault_set(fault, -EINVAL, "%s: one argument too many",
				 operands[c->max_operands]);
	return 0;
}

int command_parse(const struct command *c, int argc, char **argv, struct arena *arena,
		  struct invocation *ret, bool *ret_is_help_wanted, struct fault *fault)
{
	struct command_options options;
	int first, r;

	if (command_options(c, arena, &options) < 0)
		return fault_errno(fault, -ENOMEM, "options");
	r = options_parse(options.groups, options.n_groups, argc, argv, arena, &first,
			  ret_is_help_wanted, fault);
	if (!r && !*ret_is_help_wanted)
		r = operands_check(c, argc - first, argv + first, fault);
	if (r < 0)
		return r;
	*ret = (struct invocation){
		.options = options.values,
		.n_operands = argc - first,
		.operands = argv + first,
		.arena = arena,
		.view = c->view,
		.view_options = options.view_values,
		.guard = options.guard,
	};
	return 0;
}

/* Opens the tapes that the command names, and what it writes, and puts the sandbox on. */
static enum status command_open(const struct command *c, struct invocation *inv,
				struct fault *fault)
{
	struct fault none = FAULT_INIT;
	struct text t CLEANUP(text_done) = {0};
	enum status status = STATUS_DONE;

	for (int i = 0; i < c->n_tapes; i++) {
		if (tape_file_open(inv->operands[i], &inv->tapes[i], fault) < 0)
			return STATUS_FAILED;
	}
	if (c->open)
		status = c->open(inv, fault);
	if (status == STATUS_DONE && guard_put_on(inv->guard, &inv->needs, &none) < 0) {
		text_printf(&t, "note: the tape is read without a sandbox: %s", none.text);
		print_notice(text_cstr(&t));
	}
	return status;
}

/* Runs a command that reads tapes. */
static enum status command_read(const struct command *c, struct invocation *inv,
				struct fault *fault)
{
	struct tape_file tapes[COMMAND_TAPES_MAX] = {{.fd = -1}, {.fd = -1}};
	enum status status;

	assert(c->n_tapes <= COMMAND_TAPES_MAX);
	inv->tapes = tapes;
	status = command_open(c, inv, fault);
	if (status == STATUS_DONE)
		status = c->run(inv, fault);
	for (int i = 0; i < c->n_tapes; i++)
		tape_file_close(&tapes[i]);
	return status;
}

/* Parses argv and runs the command, whose view is already filled in if it takes one. */
static enum status command_run(const struct command *c, int argc, char **argv, const char *line,
			       struct fault *fault)
{
	struct arena arena CLEANUP(arena_done) = {0};
	struct invocation inv = {0};
	bool is_help_wanted;
	int r = command_parse(c, argc, argv, &arena, &inv, &is_help_wanted, fault);

	if (r < 0)
		return r == -EINVAL ? STATUS_USAGE : STATUS_FAILED;
	if (is_help_wanted)
		return command_help(c, fault) < 0 ? STATUS_FAILED : STATUS_DONE;
	inv.line = line;
	return c->reads_tapes ? command_read(c, &inv, fault) : c->run(&inv, fault);
}

enum status command_call(const struct command *c, int argc, char **argv, const char *line,
			 struct fault *fault)
{
	struct command with_view;

	if (!c->usage_after_view)
		return command_run(c, argc, argv, line, fault);
	if (argc < 2) {
		fault_set(fault, -EINVAL, "%s is missing", c->usage);
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return command_help(c, fault) < 0 ? STATUS_FAILED : STATUS_DONE;
	if (command_for_view(c, argv[1], &with_view, fault) < 0)
		return STATUS_USAGE;
	return command_run(&with_view, argc - 1, argv + 1, line, fault);
}

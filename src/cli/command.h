/* SPDX-License-Identifier: MIT */
/*
 * command: a word after `tcptape`. The file of each command ends in its const descriptor;
 * commands.c lists them, and makes one for each view.
 */
#pragma once

#include "base/options.h"
#include "view/view.h"

/* Exit statuses. Scripts rely on the numbers. */
enum status {
	STATUS_DONE = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_DAMAGED = 3,   /* done, but the tape is damaged or cut */
	STATUS_CONDITION = 4, /* done, and a condition of --fail-if is met */
};

/* One call of a command. */
struct invocation {
	const void *options; /* the struct that the command's table has filled */
	int n_operands;
	char **operands;	 /* ends in NULL */
	const char *line;	 /* the whole command line */
	struct arena *arena;	 /* lives as long as the invocation */
	const struct view *view; /* of the commands that are views */
	const void *view_options;
};

struct command {
	const char *name;
	const char *summary;
	const char *usage;	      /* operands, "TAPE" */
	const char *detail;	      /* paragraphs for --help; may be NULL */
	void (*help)(struct text *t); /* appends what --help says after the options; may be NULL */
	const struct option_table *options;
	size_t options_size; /* of the struct that the table fills; zeroed before parsing */
	int min_operands;
	int max_operands; /* -1: any number */
	/* The view whose own options the command has besides. NULL: none (yet). */
	const struct view *view;
	/* The command's first argument is the name of that view; these are its operands after
	 * it. NULL: the command is no such one. */
	const char *usage_after_view;
	/* Returns the status; the fault says what went wrong, for main to print. */
	enum status (*run)(const struct invocation *inv, struct fault *fault);
};

#define COMMAND_GROUPS_MAX 16

/* All options of a command, in groups, with their values in memory of the arena. */
struct command_options {
	struct option_group groups[COMMAND_GROUPS_MAX];
	size_t n_groups;
	void *values;	   /* the command's struct */
	void *view_values; /* the view's struct; NULL: the command has no view */
};
/* 0 or -ENOMEM. */
int command_options(const struct command *c, struct arena *arena,
		    struct command_options *ret) MUST_CHECK;
/* Command number i, in the order of the help. False when there are not so many. */
bool command_at(size_t i, struct command *ret);
/* 0, or -EINVAL and a fault that suggests the nearest one. */
int command_find(const char *name, struct command *ret, struct fault *fault) MUST_CHECK;
/* The command c, which has usage_after_view, for the view of that name. 0, or -EINVAL and a
 * fault. */
int command_for_view(const struct command *c, const char *name, struct command *ret,
		     struct fault *fault) MUST_CHECK;

/* Fills *ret, its line excepted, from argv (argv[0] is the command's name), whose operands it
 * moves to the end. Help that is wanted is the end of it. 0, -EINVAL, -ENOMEM. */
int command_parse(const struct command *c, int argc, char **argv, struct arena *arena,
		  struct invocation *ret, bool *ret_is_help_wanted, struct fault *fault) MUST_CHECK;
/* Parses argv (argv[0] is the command's name) and runs the command. */
enum status command_call(const struct command *c, int argc, char **argv, const char *line,
			 struct fault *fault);
int command_help(const struct command *c, struct fault *fault) MUST_CHECK;
/* Writes all of t to standard output. */
int print_out(struct text *t, struct fault *fault) MUST_CHECK;
/* A line to standard error, "tcptape: " in front of it, made safe for a terminal. */
void print_notice(const char *line);

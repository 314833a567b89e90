/* SPDX-License-Identifier: MIT */
/*
 * command: a subcommand of the program, the first word after `tcptape`. The file of each command
 * ends in its const descriptor; commands.c lists the descriptors, and makes one for each view.
 */
#pragma once

#include "cli/guard.h"
#include "cli/tape-file.h"
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
	struct tape_file *tapes; /* opened: the first n_tapes operands of the command, or its own */
	void *outputs;		 /* what the command's open() has opened or started */
	struct sandbox_needs needs;
	const struct guard_options *guard; /* NULL: the command reads no tape */
	struct arena *arena;		   /* lives as long as the invocation */
	const struct view *view;	   /* the view that the command runs; NULL: none */
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
	bool reads_tapes;    /* in the sandbox, with the options of guard.h */
	int n_tapes; /* operands, from the first on, that are tapes; at most COMMAND_TAPES_MAX */
	int min_operands;
	int max_operands; /* -1: any number */
	/* The view whose own options the command also takes. NULL: none, or not known yet. */
	const struct view *view;
	/* The operands after the name of a view, for a command whose first argument is such a name
	 * (`live`). NULL: the command takes no name of a view. */
	const char *usage_after_view;
	/*
	 * Opens what is written, and starts processes: the last act before the sandbox is put on.
	 * Fills outputs and needs; run() releases them. A status other than STATUS_DONE ends the
	 * command. May be NULL.
	 */
	enum status (*open)(struct invocation *inv, struct fault *fault);
	/* Returns the status; the fault says what went wrong, for main to print. */
	enum status (*run)(const struct invocation *inv, struct fault *fault);
};

#define COMMAND_GROUPS_MAX 16
#define COMMAND_TAPES_MAX  2

/* All options of a command, in groups, with their values in memory of the arena. */
struct command_options {
	struct option_group groups[COMMAND_GROUPS_MAX];
	size_t n_groups;
	void *values;		     /* the command's struct */
	void *view_values;	     /* the view's struct; NULL: the command has no view */
	struct guard_options *guard; /* NULL: the command reads no tape */
};
/* Gives all options of the command. 0 or -ENOMEM. */
int command_options(const struct command *c, struct arena *arena,
		    struct command_options *ret) MUST_CHECK;
/* Gives command number i, in the order of the help. False: there is no command number i. */
bool command_at(size_t i, struct command *ret);
/* Finds a command by its name. 0, or -EINVAL and a fault that suggests the nearest name. */
int command_find(const char *name, struct command *ret, struct fault *fault) MUST_CHECK;
/* Gives a copy of c, which has usage_after_view, with the view of that name filled in. 0, or
 * -EINVAL and a fault. */
int command_for_view(const struct command *c, const char *name, struct command *ret,
		     struct fault *fault) MUST_CHECK;

/* Parses argv (argv[0] is the command's name) into *ret, except for its line, and moves the
 * operands to the end of argv. Where argv asks for help, the operands are not checked. 0, -EINVAL,
 * -ENOMEM. */
int command_parse(const struct command *c, int argc, char **argv, struct arena *arena,
		  struct invocation *ret, bool *ret_is_help_wanted, struct fault *fault) MUST_CHECK;
/* Parses argv (argv[0] is the command's name) and runs the command. */
enum status command_call(const struct command *c, int argc, char **argv, const char *line,
			 struct fault *fault);
int command_help(const struct command *c, struct fault *fault) MUST_CHECK;
/* Writes all of t to standard output. */
int print_out(struct text *t, struct fault *fault) MUST_CHECK;
/* Writes a line to standard error, after "tcptape: " and made safe for a terminal. */
void print_notice(const char *line);

// SPDX-License-Identifier: MIT
/*
 * main: finds the command, runs it, prints what went wrong, and exits with its status.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/status.h"
#include "document/wrap.h"

#define WIDTH 79

static void statuses_text(struct text *t)
{
	struct wrap w = {.text = t, .width = WIDTH};

	wrap_words(&w, "Exit status:");
	for (size_t i = 0; i < n_status_texts; i++) {
		struct text one CLEANUP(text_done) = {0};

		text_printf(&one, "%d %s%s", (int)status_texts[i].status, status_texts[i].text,
			    i + 1 < n_status_texts ? ";" : ".");
		wrap_words(&w, text_cstr(&one));
	}
	wrap_words(&w, "Losses never change it.");
	wrap_end(&w);
}

static int print_usage(struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};
	struct command c;

	text_str(&t,
		 "usage: tcptape COMMAND [OPTIONS] [ARGUMENTS]\n\n"
		 "Records the kernel's TCP tracepoints on a tape, and shows what is on it.\n\n");
	for (size_t i = 0; command_at(i, &c); i++)
		text_printf(&t, "  %-8s %-15s %s\n", c.name, c.usage, c.summary);
	text_str(&t, "  help     COMMAND         the options of a command\n\n"
		     "A TAPE that is - is standard input: every view works on a live stream.\n"
		     "tcptape --version prints the version.\n\n");
	statuses_text(&t);
	return print_out(&t, fault);
}

static int print_version(struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "tcptape " TCPTAPE_VERSION "\n");
	return print_out(&t, fault);
}

static enum status help_run(int argc, char **argv, struct fault *fault)
{
	struct command c;

	if (argc < 2)
		return print_usage(fault) < 0 ? STATUS_FAILED : STATUS_DONE;
	if (command_find(argv[1], &c, fault) < 0)
		return STATUS_USAGE;
	return command_help(&c, fault) < 0 ? STATUS_FAILED : STATUS_DONE;
}

static enum status command_dispatch(int argc, char **argv, const char *line, struct fault *fault)
{
	struct command c;

	if (argc < 2) {
		fault_set(fault, -EINVAL, "a command is missing");
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
		return print_version(fault) < 0 ? STATUS_FAILED : STATUS_DONE;
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return print_usage(fault) < 0 ? STATUS_FAILED : STATUS_DONE;
	if (!strcmp(argv[1], "help"))
		return help_run(argc - 1, argv + 1, fault);
	if (command_find(argv[1], &c, fault) < 0)
		return STATUS_USAGE;
	return command_call(&c, argc - 1, argv + 1, line, fault);
}

/* Prints the fault after "tcptape COMMAND: ", or "tcptape: " when the command itself is not
 * known. */
static void print_fault(const struct fault *fault, enum status status, const char *name)
{
	struct text t CLEANUP(text_done) = {0};
	struct fault ignored = FAULT_INIT;
	struct command c;
	bool is_command = name && !command_find(name, &c, &ignored);

	text_str(&t, "tcptape");
	if (is_command)
		text_printf(&t, " %s", name);
	text_str(&t, ": ");
	text_safe(&t, fault->text, strlen(fault->text));
	if (status == STATUS_USAGE)
		text_printf(&t, " (tcptape %s%s--help shows the usage)", is_command ? name : "",
			    is_command ? " " : "");
	text_char(&t, '\n');
	/* When standard error itself fails, the failure cannot be reported anywhere. */
	if (write(STDERR_FILENO, t.data, t.len) < 0)
		return;
}

int main(int argc, char **argv)
{
	struct fault fault = FAULT_INIT;
	struct text line CLEANUP(text_done) = {0};
	enum status status;

	/* The command line goes on the tape. It is copied before the parser changes the order of
	 * argv. */
	for (int i = 0; i < argc; i++)
		text_printf(&line, "%s%s", i ? " " : "", argv[i]);
	status = command_dispatch(argc, argv, text_cstr(&line), &fault);
	if (fault.text[0])
		print_fault(&fault, status, argc > 1 ? argv[1] : NULL);
	return status;
}

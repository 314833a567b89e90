// SPDX-License-Identifier: MIT
/*
 * make-docs: runs when tcptape is built, and is not installed. Prints a manual page for scdoc, or a
 * script for the completion of a shell, from the tables of the program.
 *
 *   make-docs man COMMAND PART    COMMAND: "retrans"; "tcptape" for the program
 *   make-docs bash
 *   make-docs zsh
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "cli/completion.h"
#include "cli/man-page.h"

static int part_read(const char *path, struct text *ret, struct fault *fault)
{
	FILE *f = fopen(path, "r");
	char line[1024];

	if (!f)
		return fault_errno(fault, -errno, "%s", path);
	while (fgets(line, sizeof(line), f))
		text_str(ret, line);
	fclose(f);
	return ret->failed ? fault_errno(fault, -ENOMEM, "%s", path) : 0;
}

static int man_make(const char *name, const char *path, struct text *t, struct fault *fault)
{
	struct text part CLEANUP(text_done) = {0};
	bool is_program = !strcmp(name, "tcptape");
	struct command c;
	int r = is_program ? 0 : command_find(name, &c, fault);

	if (!r)
		r = part_read(path, &part, fault);
	return r ? r : man_page(is_program ? NULL : &c, text_cstr(&part), t, fault);
}

int main(int argc, char **argv)
{
	struct fault fault = FAULT_INIT;
	struct text t CLEANUP(text_done) = {0};
	int r = -EINVAL;

	if (argc == 4 && !strcmp(argv[1], "man"))
		r = man_make(argv[2], argv[3], &t, &fault);
	else if (argc == 2 && !strcmp(argv[1], "bash"))
		r = completion_bash(&t, &fault);
	else if (argc == 2 && !strcmp(argv[1], "zsh"))
		r = completion_zsh(&t, &fault);
	if (!r)
		r = print_out(&t, &fault);
	if (!r)
		return 0;
	fprintf(stderr, "make-docs: %s\n", fault.text[0] ? fault.text : "wrong arguments");
	return 1;
}

// SPDX-License-Identifier: MIT
/*
 * completion-zsh: writes the completion script of zsh, which calls _arguments for each command.
 */
#include <errno.h>
#include <string.h>

#include "cli/completion.h"

/* Appends s for a place inside single quotes. Characters of `special` get a backslash, and newlines
 * become blanks. */
static void quoted_put(struct text *t, const char *s, const char *special)
{
	for (; *s; s++) {
		if (*s == '\'') {
			text_str(t, "'\\''");
			continue;
		}
		if (strchr(special, *s))
			text_char(t, '\\');
		text_char(t, *s == '\n' ? ' ' : *s);
	}
}

static void option_put(struct text *t, const struct option_group *groups, size_t g, size_t i)
{
	const struct option_spec *s = &groups[g].specs[i];

	text_str(t, "\t\t\t");
	if (s->letter && !options_letter_is_taken(groups, g, i))
		text_printf(t, "'(-%c --%s)'{-%c%s,--%s%s}", s->letter, s->name, s->letter,
			    s->arg ? "+" : "", s->name, s->arg ? "=" : "");
	else
		text_printf(t, "--%s%s", s->name, s->arg ? "=" : "");
	text_str(t, "'[");
	quoted_put(t, s->help, "\\[]");
	text_char(t, ']');
	if (s->arg) {
		text_char(t, ':');
		quoted_put(t, s->arg, "\\:");
		text_char(t, ':');
	}
	if (s->choices) {
		text_char(t, '(');
		s->choices(t);
		t->len -= t->len && !t->failed; /* the blank after the last word */
		text_char(t, ')');
	} else if (completion_is_file(s)) {
		text_str(t, "_files");
	}
	text_str(t, "' \\\n");
}

static void case_put(struct text *t, const char *words, const struct command *c,
		     const struct command_options *o)
{
	text_printf(t, "\t('%s')\n\t\t_arguments -s -S \\\n", words);
	for (size_t g = 0; g < o->n_groups; g++) {
		for (size_t i = 0; i < o->groups[g].n_specs; i++)
			option_put(t, o->groups, g, i);
	}
	text_str(t, "\t\t\t'(-h --help)'{-h,--help}'[this text]'");
	if (completion_takes_tapes(c))
		text_str(t, " \\\n\t\t\t'*:tape:_files'");
	else if (strstr(c->usage, "COMMAND"))
		text_str(t, " \\\n\t\t\t'*::program:_normal'");
	text_str(t, "\n\t\t;;\n");
}

static void names_put(struct text *t)
{
	struct command c;

	text_str(t, "\tlocal -a commands=(\n");
	for (size_t i = 0; command_at(i, &c); i++) {
		text_printf(t, "\t\t'%s:", c.name);
		quoted_put(t, c.summary, "\\");
		text_str(t, "'\n");
	}
	text_str(t, "\t\t'help:the options of a command'\n\t)\n\tlocal -a views=(");
	for (size_t i = 0; i < n_views; i++)
		text_printf(t, "%s%s", i ? " " : "", views[i]->name);
	text_str(t, ")\n");
}

static void view_commands_put(struct text *t)
{
	struct command c;

	for (size_t i = 0; command_at(i, &c); i++) {
		if (c.usage_after_view)
			text_printf(t,
				    "\t(%s)\n"
				    "\t\tif ((CURRENT == 2)); then\n"
				    "\t\t\t_values view $views\n"
				    "\t\t\treturn\n"
				    "\t\tfi\n"
				    "\t\tcommand+=\" $words[2]\"\n"
				    "\t\tshift words\n"
				    "\t\t((CURRENT--))\n"
				    "\t\t;;\n",
				    c.name);
	}
}

int completion_zsh(struct text *t, struct fault *fault)
{
	int r;

	text_str(t, "#compdef tcptape\n\n_tcptape() {\n");
	names_put(t);
	text_str(t, "\tif ((CURRENT == 2)); then\n"
		    "\t\t_describe -t commands 'tcptape command' commands\n"
		    "\t\treturn\n"
		    "\tfi\n"
		    "\tlocal command=$words[2]\n"
		    "\tshift words\n"
		    "\t((CURRENT--))\n"
		    "\tcase $command in\n"
		    "\t(help)\n"
		    "\t\t_describe -t commands 'tcptape command' commands\n"
		    "\t\treturn\n"
		    "\t\t;;\n");
	view_commands_put(t);
	text_str(t, "\tesac\n\tcase $command in\n");
	r = completion_each(t, case_put, fault);
	text_str(t, "\tesac\n}\n\n_tcptape \"$@\"\n");
	if (r < 0)
		return r;
	return t->failed ? fault_errno(fault, -ENOMEM, "completion") : 0;
}

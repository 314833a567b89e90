// SPDX-License-Identifier: MIT
/*
 * completion-bash: writes the completion script of bash: a function that looks at the command, and
 * at the option before the word that is completed.
 */
#include <errno.h>

#include "cli/completion.h"

static void pattern_put(struct text *t, const struct option_group *groups, size_t g, size_t i)
{
	const struct option_spec *s = &groups[g].specs[i];

	text_printf(t, "\t\t--%s", s->name);
	if (s->letter && !options_letter_is_taken(groups, g, i))
		text_printf(t, " | -%c", s->letter);
	text_str(t, ") ");
}

/* Writes what bash completes after an option that takes an argument. */
static void argument_put(struct text *t, const struct option_group *groups, size_t g, size_t i)
{
	const struct option_spec *s = &groups[g].specs[i];

	if (!s->arg)
		return;
	pattern_put(t, groups, g, i);
	if (s->choices) {
		text_str(t, "words='");
		s->choices(t);
		text_str(t, "' ;;\n");
	} else {
		text_str(t, completion_is_file(s) ? "kind=files ;;\n" : "kind=unknown ;;\n");
	}
}

static void case_put(struct text *t, const char *words, const struct command *c,
		     const struct command_options *o)
{
	text_printf(t, "\t'%s')\n\t\tcase $prev in\n", words);
	for (size_t g = 0; g < o->n_groups; g++) {
		for (size_t i = 0; i < o->groups[g].n_specs; i++)
			argument_put(t, o->groups, g, i);
	}
	text_str(t, "\t\t*)\n\t\t\twords='--help");
	for (size_t g = 0; g < o->n_groups; g++) {
		for (size_t i = 0; i < o->groups[g].n_specs; i++)
			text_printf(t, " --%s", o->groups[g].specs[i].name);
	}
	text_str(t, "'\n\t\t\t");
	text_str(t, completion_takes_tapes(c) ? "kind=tapes ;;\n" : "kind=options ;;\n");
	text_str(t, "\t\tesac ;;\n");
}

static void names_put(struct text *t)
{
	struct command c;

	text_str(t, "\tlocal commands='");
	for (size_t i = 0; command_at(i, &c); i++)
		text_printf(t, "%s ", c.name);
	text_str(t, "help' views='");
	for (size_t i = 0; i < n_views; i++)
		text_printf(t, "%s%s", i ? " " : "", views[i]->name);
	text_str(t, "'\n");
}

static void view_commands_put(struct text *t)
{
	struct command c;

	text_str(t, "\tcase $command in\n");
	for (size_t i = 0; command_at(i, &c); i++) {
		if (c.usage_after_view)
			text_printf(t,
				    "\t%s)\n"
				    "\t\t((at > 2)) || words=$views\n"
				    "\t\tcommand+=\" ${line[2]}\" ;;\n",
				    c.name);
	}
	text_str(t, "\thelp) words=$commands ;;\n\tesac\n");
}

int completion_bash(struct text *t, struct fault *fault)
{
	int r;

	text_str(t, "# bash completion for tcptape\n\n"
		    "_tcptape() {\n"
		    "\tlocal cur prev command words= kind= at=0 line=() word\n");
	names_put(t);
	text_str(t, "\n"
		    "\t# Bash splits --format=json into three words: they are two here, as without "
		    "\"=\".\n"
		    "\tfor word in \"${COMP_WORDS[@]:0:COMP_CWORD+1}\"; do\n"
		    "\t\t[[ $word == = ]] || line+=(\"$word\")\n"
		    "\tdone\n"
		    "\t[[ ${COMP_WORDS[COMP_CWORD]} != = ]] || line+=('')\n"
		    "\tat=$((${#line[@]} - 1)) cur=${line[at]} prev=${line[at - 1]} "
		    "command=${line[1]}\n"
		    "\tCOMPREPLY=()\n"
		    "\tif ((at == 1)); then\n"
		    "\t\tmapfile -t COMPREPLY < <(compgen -W \"$commands --help --version\" -- "
		    "\"$cur\")\n"
		    "\t\treturn\n"
		    "\tfi\n");
	view_commands_put(t);
	text_str(t, "\tif [[ $words ]]; then\n"
		    "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
		    "\t\treturn\n"
		    "\tfi\n"
		    "\tfor word in \"${line[@]:2:at - 2}\"; do\n"
		    "\t\t[[ $word != -- ]] || kind=program\n"
		    "\tdone\n"
		    "\t[[ $kind == program ]] || case $command in\n");
	r = completion_each(t, case_put, fault);
	text_str(t, "\tesac\n"
		    "\tcase $kind in\n"
		    "\ttapes) [[ $cur == -* ]] || kind=files ;;\n"
		    "\tprogram) mapfile -t COMPREPLY < <(compgen -c -- \"$cur\") ;;\n"
		    "\tesac\n"
		    "\tif [[ $kind == files ]]; then\n"
		    "\t\tcompopt -o filenames 2>/dev/null\n"
		    "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
		    "\telif [[ $words ]]; then\n"
		    "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
		    "\tfi\n"
		    "}\n"
		    "complete -F _tcptape tcptape\n");
	if (r < 0)
		return r;
	return t->failed ? fault_errno(fault, -ENOMEM, "completion") : 0;
}

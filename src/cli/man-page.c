// SPDX-License-Identifier: MIT
#include "cli/man-page.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/formats.h"
#include "cli/status.h"
#include "detect/metrics.h"

struct man_writer {
	const struct command *command; /* NULL: the page is about the program */
	struct text *out;
};

/* Appends a string of the tables. scdoc's markup characters get a backslash, and newlines become
 * blanks. */
static void man_words(struct text *t, const char *s)
{
	for (; *s; s++) {
		if (*s == '\n') {
			text_char(t, ' ');
			continue;
		}
		if (strchr("\\*_#`[]|+.", *s))
			text_char(t, '\\');
		text_char(t, *s);
	}
}

static void man_strong(struct text *t, const char *s)
{
	text_char(t, '*');
	man_words(t, s);
	text_char(t, '*');
}

/* Appends an entry of a list: a term, and what it means. */
static void man_entry(struct text *t, const char *term, const char *meaning)
{
	man_strong(t, term);
	text_str(t, "\n\t");
	man_words(t, meaning);
	text_str(t, "\n\n");
}

static void head_put(const struct man_writer *w)
{
	const struct command *c = w->command;

	text_printf(w->out, "tcptape-%s(1)\n\n# NAME\n\ntcptape-%s - ", c->name, c->name);
	man_words(w->out, c->summary);
	text_printf(w->out, "\n\n# SYNOPSIS\n\n*tcptape %s*", c->name);
	if (c->usage_after_view) {
		text_printf(w->out, " _%s_ [_OPTIONS_] ", c->usage);
		man_words(w->out, c->usage_after_view);
	} else {
		text_printf(w->out, " [_OPTIONS_]%s", c->usage[0] ? " " : "");
		man_words(w->out, c->usage);
	}
	text_char(w->out, '\n');
}

static void detail_put(const struct man_writer *w)
{
	man_words(w->out, w->command->detail ? w->command->detail : w->command->summary);
	text_char(w->out, '\n');
}

static void option_put(struct text *t, const struct option_spec *s, bool with_letter)
{
	if (with_letter)
		text_printf(t, "*-%c*, ", s->letter);
	text_printf(t, "*--%s*", s->name);
	if (s->arg) {
		text_str(t, " _");
		man_words(t, s->arg);
		text_char(t, '_');
	}
	text_str(t, "\n\t");
	man_words(t, s->help);
	text_str(t, "\n\n");
}

static int options_put(const struct man_writer *w)
{
	struct arena arena CLEANUP(arena_done) = {0};
	struct command_options o;

	if (command_options(w->command, &arena, &o) < 0)
		return -ENOMEM;
	for (size_t g = 0; g < o.n_groups; g++) {
		const struct option_group *group = &o.groups[g];

		if (group->title && group->n_specs && strcmp(group->title, "Options:"))
			text_printf(w->out, "## %.*s\n\n", (int)strcspn(group->title, ":"),
				    group->title);
		for (size_t i = 0; i < group->n_specs; i++) {
			const struct option_spec *s = &group->specs[i];

			option_put(w->out, s,
				   s->letter && !options_letter_is_taken(o.groups, g, i));
		}
	}
	text_str(w->out, "*-h*, *--help*\n\tshows the options, and ends\n");
	return 0;
}

static void formats_put(const struct man_writer *w)
{
	for (size_t i = 0; i < n_formats; i++) {
		const struct format *f = &formats[i];

		man_strong(w->out, f->name);
		text_str(w->out, "\n\t");
		man_words(w->out, f->summary);
		text_str(w->out, !f->rows	? " (*report*, *diff* and *conn*)"
				 : !f->document ? " (every command but these)"
						: "");
		text_str(w->out, "\n\n");
	}
}

static void metrics_put(const struct man_writer *w)
{
	for (size_t i = 0; i < n_report_metrics; i++) {
		const struct report_metric *m = &report_metrics[i];

		man_strong(w->out, m->name);
		text_str(w->out, "\n\t");
		man_words(w->out, m->summary);
		if (m->unit[0]) {
			text_str(w->out, " (");
			man_words(w->out, m->unit);
			text_char(w->out, ')');
		}
		text_str(w->out, "\n\n");
	}
}

static void statuses_put(const struct man_writer *w)
{
	for (size_t i = 0; i < n_status_texts; i++) {
		char number[16];

		snprintf(number, sizeof(number), "%d", (int)status_texts[i].status);
		man_entry(w->out, number, status_texts[i].text);
	}
}

static void commands_put(const struct man_writer *w)
{
	struct command c;

	for (size_t i = 0; command_at(i, &c); i++) {
		text_printf(w->out, "*tcptape-%s*(1)\n\t", c.name);
		man_words(w->out, c.summary);
		text_str(w->out, "\n\n");
	}
}

static int line_put(const struct man_writer *w, const char *name, size_t len)
{
	static const struct {
		const char *name;
		bool needs_command;
		void (*put)(const struct man_writer *w);
	} lines[] = {
		{"@HEAD", true, head_put},	    {"@DETAIL", true, detail_put},
		{"@FORMATS", false, formats_put},   {"@METRICS", false, metrics_put},
		{"@STATUSES", false, statuses_put}, {"@COMMANDS", false, commands_put},
	};
	static const char options[] = "@OPTIONS";

	if (w->command && len == strlen(options) && !memcmp(name, options, len))
		return options_put(w);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		if (len != strlen(lines[i].name) || memcmp(name, lines[i].name, len) ||
		    (lines[i].needs_command && !w->command))
			continue;
		lines[i].put(w);
		return 0;
	}
	return -EINVAL;
}

int man_page(const struct command *c, const char *part, struct text *t, struct fault *fault)
{
	const struct man_writer w = {c, t};

	for (unsigned int number = 1; *part; number++) {
		size_t len = strcspn(part, "\n");
		int r = 0;

		if (*part == '@')
			r = line_put(&w, part, len);
		else
			text_mem(t, part, len);
		if (r == -EINVAL)
			return fault_set(fault, r, "line %u: %.*s is not known here", number,
					 (int)len, part);
		if (r < 0)
			return fault_errno(fault, r, "manual page");
		text_char(t, '\n');
		part += len + (part[len] == '\n');
	}
	return t->failed ? fault_errno(fault, -ENOMEM, "manual page") : 0;
}

// SPDX-License-Identifier: MIT
#include "cli/completion.h"

#include <errno.h>
#include <string.h>

static int command_put(struct text *t, const char *words, const struct command *c,
		       completion_put_fn put)
{
	struct arena arena CLEANUP(arena_done) = {0};
	struct command_options o;

	if (command_options(c, &arena, &o) < 0)
		return -ENOMEM;
	put(t, words, c, &o);
	return 0;
}

/* Calls put once for each view, for a command that takes the name of a view. */
static int views_put(struct text *t, const struct command *c, completion_put_fn put)
{
	int r = 0;

	for (size_t i = 0; !r && i < n_views; i++) {
		struct text words CLEANUP(text_done) = {0};
		struct command with_view;

		r = command_for_view(c, views[i]->name, &with_view, NULL);
		if (r < 0)
			return r;
		text_printf(&words, "%s %s", c->name, views[i]->name);
		r = command_put(t, text_cstr(&words), &with_view, put);
	}
	return r;
}

int completion_each(struct text *t, completion_put_fn put, struct fault *fault)
{
	struct command c;
	int r = 0;

	for (size_t i = 0; !r && command_at(i, &c); i++)
		r = c.usage_after_view ? views_put(t, &c, put) : command_put(t, c.name, &c, put);
	return r < 0 || t->failed ? fault_errno(fault, -ENOMEM, "completion") : 0;
}

bool completion_is_file(const struct option_spec *s)
{
	return s->arg && (!strcmp(s->arg, "FILE") || !strcmp(s->arg, "OUT"));
}

bool completion_takes_tapes(const struct command *c)
{
	return !strncmp(c->usage, "TAPE", 4) || !strcmp(c->usage, "BEFORE AFTER");
}

// SPDX-License-Identifier: MIT
#include "cli/typed-options.h"

#include <assert.h>
#include <errno.h>

#include "cli/shell-word.h"

static int typed_add(struct typed_options *typed, struct text *words, struct arena *arena)
{
	const char *copy;

	if (words->failed)
		return -ENOMEM;
	if (!shell_words_are_plain(text_cstr(words)))
		return 0;
	copy = arena_str(arena, text_cstr(words));
	if (!copy)
		return -ENOMEM;
	assert(typed->n < TYPED_OPTIONS_MAX);
	typed->words[typed->n++] = copy;
	return 0;
}

static int typed_add_time(struct typed_options *typed, const char *name,
			  const struct time_spec *time, struct arena *arena)
{
	struct text t CLEANUP(text_done) = {0};

	if (!time->typed)
		return 0;
	text_printf(&t, "%s %s", name, time->typed);
	return typed_add(typed, &t, arena);
}

/* --labels, and --label, which means nothing without it. */
static int typed_add_labels(struct typed_options *typed, const struct tape_options *o,
			    struct arena *arena)
{
	const struct filter_names *names = &o->filter.labels;
	struct text t CLEANUP(text_done) = {0};
	size_t n = typed->n;
	int r;

	if (!o->labels.path)
		return 0;
	text_printf(&t, "--labels %s", o->labels.path);
	r = typed_add(typed, &t, arena);
	if (r < 0 || typed->n == n || !names->n)
		return r;
	text_clear(&t);
	filter_names_text(&t, "label", names);
	return typed_add(typed, &t, arena);
}

int typed_options_make(const struct tape_options *o, struct arena *arena, struct typed_options *ret)
{
	const struct event_filter *f = &o->filter;
	/* Each filter has one option, so that leaving one out does not drop another. */
	const struct event_filter parts[] = {
		{.port = f->port},   {.lport = f->lport},   {.rport = f->rport},
		{.addrs = f->addrs}, {.family = f->family}, {.pids = f->pids},
		{.comms = f->comms},
	};
	int r = 0;

	*ret = (struct typed_options){0};
	for (size_t i = 0; !r && i < ARRAY_SIZE(parts); i++) {
		struct text t CLEANUP(text_done) = {0};

		filter_text(&parts[i], &t);
		r = typed_add(ret, &t, arena);
	}
	if (!r)
		r = typed_add_labels(ret, o, arena);
	if (!r)
		r = typed_add_time(ret, "--since", &o->since, arena);
	return r ? r : typed_add_time(ret, "--until", &o->until, arena);
}

// SPDX-License-Identifier: MIT
#include "cli/present.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH	  80u
#define WIDTH_MAX 100u

/* Finds a format by its name among those that render documents (is_document), or rows. */
static int format_choose(const char *arg, bool is_document, struct arena *arena,
			 const struct format **ret, struct fault *fault)
{
	const char **names = arena_alloc(arena, n_formats * sizeof(*names));
	size_t n = 0;
	int chosen;

	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < n_formats; i++) {
		if (is_document ? formats[i].document != NULL : formats[i].rows != NULL)
			names[n++] = formats[i].name;
	}
	chosen = option_choice("format", arg, names, n, fault);
	if (chosen < 0)
		return chosen;
	*ret = format_named(names[chosen]);
	return 0;
}

static void row_format_names(struct text *t)
{
	for (size_t i = 0; i < n_formats; i++) {
		if (formats[i].rows)
			text_printf(t, "%s ", formats[i].name);
	}
}

static void document_format_names(struct text *t)
{
	for (size_t i = 0; i < n_formats; i++) {
		if (formats[i].document)
			text_printf(t, "%s ", formats[i].name);
	}
}

static int row_format(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	return format_choose(arg, false, arena, value, fault);
}

static int row_format_json(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	*(const struct format **)value = format_named("json");
	return 0;
}

static int document_format_set(const struct format **chosen, const struct format *f,
			       struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};

	if (!*chosen || *chosen == f) {
		*chosen = f;
		return 0;
	}
	format_option_text(f < *chosen ? f : *chosen, &t);
	text_str(&t, " and ");
	format_option_text(f < *chosen ? *chosen : f, &t);
	return fault_set(fault, -EINVAL, "%s exclude each other", text_cstr(&t));
}

static int document_format(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	const struct format *f;
	int r = format_choose(arg, true, arena, &f, fault);

	return r < 0 ? r : document_format_set(value, f, fault);
}

static int document_format_markdown(void *value, const char *arg, struct arena *arena,
				    struct fault *fault)
{
	return document_format_set(value, format_named("markdown"), fault);
}

static int document_format_json(void *value, const char *arg, struct arena *arena,
				struct fault *fault)
{
	return document_format_set(value, format_named("json"), fault);
}

static const char *const color_words[] = {
	[COLOR_AUTO] = "auto",
	[COLOR_ALWAYS] = "always",
	[COLOR_NEVER] = "never",
};

static void color_names(struct text *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(color_words); i++)
		text_printf(t, "%s ", color_words[i]);
}

static int color_set(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	int i = option_choice("color", arg, color_words, ARRAY_SIZE(color_words), fault);

	if (i < 0)
		return i;
	*(enum color_mode *)value = (enum color_mode)i;
	return 0;
}

#define AT(member) offsetof(struct present_options, member)

static const struct option_spec color_specs[] = {
	{"color", 0, "WHEN", "auto, always or never", color_set, AT(color), color_names},
};
const struct option_table color_option_table = {.specs = color_specs,
						.n_specs = ARRAY_SIZE(color_specs)};

static const struct option_spec row_specs[] = {
	{"format", 0, "FORMAT", "text, json (an object per line) or csv", row_format, AT(format),
	 row_format_names},
	{"json", 0, NULL, "same as --format json", row_format_json, AT(format), NULL},
};
static const struct option_part row_parts[] = {
	{NULL, &color_option_table, 0},
};
const struct option_table present_option_table = {
	.specs = row_specs,
	.n_specs = ARRAY_SIZE(row_specs),
	.parts = row_parts,
	.n_parts = ARRAY_SIZE(row_parts),
};

static const struct option_spec document_specs[] = {
	{"format", 0, "FORMAT", "text, json, markdown or html", document_format, AT(format),
	 document_format_names},
	{"md", 0, NULL, "as Markdown, for a ticket", document_format_markdown, AT(format), NULL},
	{"json", 0, NULL, "as one JSON object", document_format_json, AT(format), NULL},
};
const struct option_table document_option_table = {.specs = document_specs,
						   .n_specs = ARRAY_SIZE(document_specs)};

static bool wants_color(enum color_mode mode)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	if (mode != COLOR_AUTO)
		return mode == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb");
}

static const struct format *format_of(const struct present_options *o)
{
	return o->format ? o->format : format_named("text");
}

bool present_is_json(const struct present_options *o)
{
	return format_of(o) == format_named("json");
}

bool present_is_text(const struct present_options *o)
{
	return format_of(o) == format_named("text");
}

static bool terminal_size(int fd, unsigned int *ret_rows, unsigned int *ret_columns)
{
	struct winsize size;

	if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) < 0 || !size.ws_row || !size.ws_col)
		return false;
	*ret_rows = size.ws_row;
	*ret_columns = size.ws_col;
	return true;
}

/* The width of a line of text: that of the terminal, with a limit because long lines are hard to
 * read. */
static unsigned int line_width(void)
{
	unsigned int rows, columns;

	if (!terminal_size(STDOUT_FILENO, &rows, &columns))
		return WIDTH;
	return columns < WIDTH_MAX ? columns : WIDTH_MAX;
}

static struct render_options render_options_of(const struct present_options *o,
					       enum render_time time,
					       const struct tape_clock *clock)
{
	struct render_options options = {
		.fd = STDOUT_FILENO,
		.note_fd = STDERR_FILENO,
		.time = time,
		.use_color = wants_color(o->color),
		.with_rules = o->with_rules,
		.with_all = o->with_all,
		.size = terminal_size,
	};

	if (clock)
		options.clock = *clock;
	return options;
}

int present_open(const struct present_options *o, enum render_time time,
		 const struct tape_clock *clock, struct table_sink *ret, struct fault *fault)
{
	const struct render_options options = render_options_of(o, time, clock);

	assert(format_of(o)->rows);
	return row_renderer_open(format_of(o)->rows, &options, ret, fault);
}

int present_finish(const struct present_options *o, struct table_sink *sink, struct fault *fault)
{
	return row_renderer_finish(format_of(o)->rows, sink, fault);
}

int present_render(const struct present_options *o, enum render_time time,
		   const struct tape_clock *clock, const struct document *d, struct text *out,
		   struct fault *fault)
{
	const struct render_options options = render_options_of(o, time, clock);

	assert(format_of(o)->document);
	return format_of(o)->document->render(d, &options, line_width(), out, fault);
}

int present_document(const struct present_options *o, enum render_time time,
		     const struct tape_clock *clock, const struct document *d, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};
	int r = present_render(o, time, clock, d, &t, fault);

	return r < 0 ? r : print_out(&t, fault);
}

// SPDX-License-Identifier: MIT
#include "cli/present.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int option_format(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	const char **names = arena_alloc(arena, n_formats * sizeof(*names));
	int i;

	if (!names)
		return -ENOMEM;
	for (size_t k = 0; k < n_formats; k++)
		names[k] = formats[k].name;
	i = option_choice("format", arg, names, n_formats, fault);
	if (i < 0)
		return i;
	*(const struct format **)value = &formats[i];
	return 0;
}

static int option_json(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	*(const struct format **)value = format_named("json");
	return 0;
}

static int option_color(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	static const char *const words[] = {"auto", "always", "never"};
	int i = option_choice("color", arg, words, ARRAY_SIZE(words), fault);

	if (i < 0)
		return i;
	*(enum color_mode *)value = (enum color_mode)i;
	return 0;
}

#define AT(member) offsetof(struct present_options, member)

static const struct option_spec row_specs[] = {
	{"format", 0, "FORMAT", "text, json (an object per line) or csv", option_format,
	 AT(format)},
	{"json", 0, NULL, "same as --format json", option_json, AT(format)},
};
static const struct option_spec color_specs[] = {
	{"color", 0, "WHEN", "auto, always or never", option_color, AT(color)},
};
const struct option_table present_row_option_table = {.specs = row_specs,
						      .n_specs = ARRAY_SIZE(row_specs)};
const struct option_table present_color_option_table = {.specs = color_specs,
							.n_specs = ARRAY_SIZE(color_specs)};
static const struct option_part parts[] = {
	{NULL, &present_row_option_table, 0},
	{NULL, &present_color_option_table, 0},
};
const struct option_table present_option_table = {.parts = parts, .n_parts = ARRAY_SIZE(parts)};

bool present_wants_color(enum color_mode mode)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	if (mode != COLOR_AUTO)
		return mode == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb");
}

static const struct row_renderer *renderer_of(const struct present_options *o)
{
	return o->format ? o->format->rows : &row_text;
}

bool present_is_json(const struct present_options *o)
{
	return renderer_of(o) == &row_json;
}

bool present_is_text(const struct present_options *o)
{
	return renderer_of(o) == &row_text;
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

#define WIDTH	  80u
#define WIDTH_MAX 100u

unsigned int present_width(void)
{
	unsigned int rows, columns;

	if (!terminal_size(STDOUT_FILENO, &rows, &columns))
		return WIDTH;
	return columns < WIDTH_MAX ? columns : WIDTH_MAX;
}

int present_open(const struct present_options *o, enum render_time time,
		 const struct tape_clock *clock, struct table_sink *ret, struct fault *fault)
{
	struct render_options options = {
		.fd = STDOUT_FILENO,
		.note_fd = STDERR_FILENO,
		.time = time,
		.use_color = present_wants_color(o->color),
		.size = terminal_size,
	};

	if (clock)
		options.clock = *clock;
	return row_renderer_open(renderer_of(o), &options, ret, fault);
}

int present_finish(const struct present_options *o, struct table_sink *sink, struct fault *fault)
{
	return row_renderer_finish(renderer_of(o), sink, fault);
}

// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "cli/command.h"
#include "cli/present.h"

struct choice {
	struct present_options options;
	struct fault fault;
	int code;
};

/* Parses the words as options of the table, which fills a struct present_options. */
static struct choice choose(const struct option_table *table, const char *const *words)
{
	struct choice c = {.fault = FAULT_INIT};
	struct arena arena CLEANUP(arena_done) = {0};
	struct option_group groups[4];
	char *argv[8] = {(char *)"command"};
	bool is_help_wanted;
	int argc = 1, first;
	size_t n = 0;

	for (; *words; words++)
		argv[argc++] = (char *)*words;
	assert_int_equal(options_flatten(table, "Options:", &c.options, groups, 4, &n), 0);
	c.code = options_parse(groups, n, argc, argv, &arena, &first, &is_help_wanted, &c.fault);
	return c;
}

#define CHOOSE(table, ...) choose(table, (const char *const[]){__VA_ARGS__, NULL})

static void test_rows_take_the_last_format(void **state)
{
	assert_null(CHOOSE(&present_option_table, "--color=never").options.format);
	assert_ptr_equal(CHOOSE(&present_option_table, "--format", "csv").options.format,
			 format_named("csv"));
	assert_ptr_equal(CHOOSE(&present_option_table, "--format", "csv", "--json").options.format,
			 format_named("json"));
}

static void test_documents_have_one_format(void **state)
{
	struct choice c = CHOOSE(&document_option_table, "--md", "--format", "markdown");

	assert_int_equal(c.code, 0);
	assert_ptr_equal(c.options.format, format_named("markdown"));
	c = CHOOSE(&document_option_table, "--md", "--json");
	assert_int_equal(c.code, -EINVAL);
	assert_string_equal(c.fault.text, "--json and --md exclude each other");
	c = CHOOSE(&document_option_table, "--format=html", "--md");
	assert_string_equal(c.fault.text, "--md and --format html exclude each other");
}

static void test_rows_and_documents_have_formats_of_their_own(void **state)
{
	struct choice c = CHOOSE(&present_option_table, "--format", "elephant");

	assert_string_equal(c.fault.text, "unknown format elephant: there are text, json, csv");
	c = CHOOSE(&document_option_table, "--format", "elephant");
	assert_string_equal(c.fault.text,
			    "unknown format elephant: there are text, json, markdown, html");
}

static bool names(const char *help, const char *word)
{
	const char *at = strstr(help, word);
	size_t n = strlen(word);

	return at && (at == help || at[-1] == ' ') && (!at[n] || strchr(" ,", at[n]));
}

/* The words of --format in the help are written by hand: they must be those of the table. */
static void test_help_names_every_format(void **state)
{
	struct command c;
	size_t n_checked = 0;

	for (size_t i = 0; command_at(i, &c); i++) {
		struct arena arena CLEANUP(arena_done) = {0};
		const char *help = NULL;
		struct command_options o;
		bool is_document = false;

		assert_int_equal(command_options(&c, &arena, &o), 0);
		for (size_t g = 0; g < o.n_groups; g++) {
			for (size_t s = 0; s < o.groups[g].n_specs; s++) {
				const struct option_spec *spec = &o.groups[g].specs[s];

				if (!strcmp(spec->name, "format"))
					help = spec->help;
				is_document |= !strcmp(spec->name, "md");
			}
		}
		if (!help)
			continue;
		n_checked++;
		for (size_t f = 0; f < n_formats; f++)
			assert_int_equal(names(help, formats[f].name),
					 is_document ? formats[f].document != NULL
						     : formats[f].rows != NULL);
	}
	assert_true(n_checked > 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_take_the_last_format),
		cmocka_unit_test(test_documents_have_one_format),
		cmocka_unit_test(test_rows_and_documents_have_formats_of_their_own),
		cmocka_unit_test(test_help_names_every_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

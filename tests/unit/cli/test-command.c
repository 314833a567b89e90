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

static void test_every_command_is_found_by_its_name(void **state)
{
	struct command at, found;

	for (size_t i = 0; command_at(i, &at); i++) {
		struct fault fault = FAULT_INIT;

		assert_int_equal(command_find(at.name, &found, &fault), 0);
		assert_string_equal(found.name, at.name);
		assert_true(found.run == at.run);
	}
	assert_false(command_at(1000, &at));
}

static void test_a_wrong_name_is_corrected(void **state)
{
	struct fault fault = FAULT_INIT;
	struct command c;

	assert_int_equal(command_find("retrnas", &c, &fault), -EINVAL);
	assert_string_equal(fault.text, "unknown command retrnas: did you mean retrans?");
}

/* A name that two options of a command have would hide the second one. */
static void test_no_two_options_share_a_name(void **state)
{
	struct command c;

	for (size_t i = 0; command_at(i, &c); i++) {
		struct arena arena CLEANUP(arena_done) = {0};
		const char *names[64];
		struct command_options o;
		size_t n = 0;

		assert_int_equal(command_options(&c, &arena, &o), 0);
		for (size_t g = 0; g < o.n_groups; g++) {
			for (size_t s = 0; s < o.groups[g].n_specs; s++) {
				const char *name = o.groups[g].specs[s].name;

				for (size_t k = 0; k < n; k++)
					assert_string_not_equal(names[k], name);
				assert_true(n < ARRAY_SIZE(names));
				names[n++] = name;
			}
		}
	}
}

static void expect_live(const char *view)
{
	struct arena arena CLEANUP(arena_done) = {0};
	struct fault fault = FAULT_INIT;
	struct command live, c;
	struct command_options o;
	bool has_duration = false, has_output = false;

	assert_int_equal(command_find("live", &live, &fault), 0);
	assert_int_equal(command_for_view(&live, view, &c, &fault), 0);
	assert_string_equal(c.view->name, view);
	assert_string_equal(c.summary, c.view->summary);
	assert_int_equal(command_options(&c, &arena, &o), 0);
	for (size_t g = 0; g < o.n_groups; g++) {
		for (size_t s = 0; s < o.groups[g].n_specs; s++) {
			has_duration |= !strcmp(o.groups[g].specs[s].name, "duration");
			has_output |= !strcmp(o.groups[g].specs[s].name, "output");
		}
	}
	assert_true(has_duration);
	assert_false(has_output);
}

static void test_live_has_the_options_of_its_view_and_of_recording(void **state)
{
	struct fault fault = FAULT_INIT;
	struct command live, c;

	for (size_t i = 0; i < n_views; i++)
		expect_live(views[i]->name);
	assert_int_equal(command_find("live", &live, &fault), 0);
	assert_int_equal(command_for_view(&live, "info", &c, &fault), -EINVAL);
	assert_string_equal(fault.text, "info is no view (tcptape help lists them)");
}

static int parse(const char *name, int argc, char **argv, struct fault *fault)
{
	struct arena arena CLEANUP(arena_done) = {0};
	struct invocation inv;
	struct command c;
	bool is_help_wanted;

	*fault = FAULT_INIT;
	assert_int_equal(command_find(name, &c, fault), 0);
	return command_parse(&c, argc, argv, &arena, &inv, &is_help_wanted, fault);
}

static void test_operands_are_counted(void **state)
{
	char *one[] = {(char *)"diff", (char *)"a", NULL};
	char *three[] = {(char *)"diff", (char *)"a", (char *)"b", (char *)"c", NULL};
	struct fault fault;

	assert_int_equal(parse("diff", 2, one, &fault), -EINVAL);
	assert_string_equal(fault.text, "BEFORE AFTER is missing");
	assert_int_equal(parse("diff", 3, three, &fault), 0);
	assert_int_equal(parse("diff", 4, three, &fault), -EINVAL);
	assert_string_equal(fault.text, "c: one argument too many");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_command_is_found_by_its_name),
		cmocka_unit_test(test_a_wrong_name_is_corrected),
		cmocka_unit_test(test_no_two_options_share_a_name),
		cmocka_unit_test(test_live_has_the_options_of_its_view_and_of_recording),
		cmocka_unit_test(test_operands_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/options.h"

struct values {
	bool flag;
	uint64_t count;
	const char *name;
	struct option_words words;
	uint64_t duration_ns;
};

static const struct option_spec specs[] = {
	{"flag", 'f', NULL, "a flag", option_flag, offsetof(struct values, flag), NULL},
	{"count", 'c', "N", "a number", option_u64, offsetof(struct values, count), NULL},
	{"name", 0, "NAME", "a name\nin two lines", option_str, offsetof(struct values, name),
	 NULL},
	{"word", 'w', "W,...", "words", option_words, offsetof(struct values, words), NULL},
	{"duration", 'd', "TIME", "a time", option_duration, offsetof(struct values, duration_ns),
	 NULL},
};

struct outcome {
	struct values v;
	struct arena arena;
	struct fault fault;
	int code, first;
	bool is_help_wanted;
	char *argv[16];
	int argc;
};

static void parse(struct outcome *o, const char *const *words)
{
	struct option_group group = {
		.title = "Options:", .specs = specs, .n_specs = ARRAY_SIZE(specs), .values = &o->v};

	memset(o, 0, sizeof(*o));
	o->argv[o->argc++] = (char *)"command";
	for (; *words; words++)
		o->argv[o->argc++] = (char *)*words;
	o->code = options_parse(&group, 1, o->argc, o->argv, &o->arena, &o->first,
				&o->is_help_wanted, &o->fault);
}

#define PARSE(o, ...) parse(o, (const char *const[]){__VA_ARGS__, NULL})

static void test_long_short_and_operands(void **state)
{
	struct outcome o;

	PARSE(&o, "tape", "-fc", "3", "--name=x", "-w", "a,b", "--word", "c", "--", "-f");
	assert_int_equal(o.code, 0);
	assert_true(o.v.flag);
	assert_int_equal(o.v.count, 3);
	assert_string_equal(o.v.name, "x");
	assert_int_equal(o.v.words.n, 3);
	assert_string_equal(o.v.words.words[0], "a");
	assert_string_equal(o.v.words.words[2], "c");
	assert_int_equal(o.argc - o.first, 2);
	assert_string_equal(o.argv[o.first], "tape");
	assert_string_equal(o.argv[o.first + 1], "-f");
	arena_done(&o.arena);
}

static void test_help_stops_parsing(void **state)
{
	struct outcome o;

	PARSE(&o, "--help", "--nonsense");
	assert_int_equal(o.code, 0);
	assert_true(o.is_help_wanted);
	PARSE(&o, "-fh");
	assert_true(o.is_help_wanted);
}

static void expect_refusal(const char *const *words, const char *want)
{
	struct outcome o;

	parse(&o, words);
	assert_int_equal(o.code, -EINVAL);
	assert_string_equal(o.fault.text, want);
	arena_done(&o.arena);
}

#define REFUSED(want, ...) expect_refusal((const char *const[]){__VA_ARGS__, NULL}, want)

static void test_refusals_say_what_was_meant(void **state)
{
	REFUSED("unknown option --flga: did you mean --flag?", "--flga");
	REFUSED("unknown option --zzzzzz", "--zzzzzz=1");
	REFUSED("unknown option -z", "-z");
	REFUSED("unknown option -z", "-fz");
	REFUSED("-c needs N", "-c");
	REFUSED("--count needs N", "--count");
	REFUSED("--flag takes no argument", "--flag=1");
	REFUSED("--count x: not a N", "--count", "x");
	REFUSED("--count -1: not a N", "-c", "-1");
	REFUSED("never: not a time (try 90, 1.5s, 10m, 2h)", "-d", "never");
}

static void test_choice_suggests(void **state)
{
	static const char *const words[] = {"text", "json"};
	struct fault fault = FAULT_INIT;

	assert_int_equal(option_choice("format", "json", words, 2, &fault), 1);
	assert_int_equal(option_choice("format", "jsno", words, 2, &fault), -EINVAL);
	assert_string_equal(fault.text, "unknown format jsno: did you mean json?");
	fault = FAULT_INIT;
	assert_int_equal(option_choice("format", "elephant", words, 2, &fault), -EINVAL);
	assert_string_equal(fault.text, "unknown format elephant: there are text, json");
}

static void test_help_is_the_table(void **state)
{
	struct option_group group = {.title = "Options:", .specs = specs, .n_specs = 3};
	struct text t CLEANUP(text_done) = {0};

	options_help(&t, &group, 1);
	assert_string_equal(text_cstr(&t), "\nOptions:\n"
					   "  -f, --flag              a flag\n"
					   "  -c, --count N           a number\n"
					   "      --name NAME         a name\n"
					   "                          in two lines\n"
					   "\n"
					   "  -h, --help              this text\n");
}

struct outer {
	bool own;
	struct values inner;
};

static const struct option_spec own_specs[] = {
	{"own", 'c', NULL, "an option", option_flag, offsetof(struct outer, own), NULL},
};
/* A flag needs a count. */
static int values_check(const void *values, struct fault *fault)
{
	const struct values *v = values;

	return v->flag && !v->count ? fault_set(fault, -EINVAL, "a flag needs a count") : 0;
}

static const struct option_table inner_table = {
	.specs = specs, .n_specs = ARRAY_SIZE(specs), .check = values_check};
static const struct option_part parts[] = {
	{"More options:", &inner_table, offsetof(struct outer, inner)},
};
static const struct option_table outer_table = {
	.specs = own_specs,
	.n_specs = ARRAY_SIZE(own_specs),
	.parts = parts,
	.n_parts = ARRAY_SIZE(parts),
};

static int check_nested(const char *words[3], struct fault *fault)
{
	char *argv[5] = {(char *)"command"};
	struct option_group groups[2];
	struct arena arena CLEANUP(arena_done) = {0};
	struct outer v = {0};
	bool is_help_wanted;
	size_t n = 0;
	int argc = 1, first;

	for (; argc <= 3 && words[argc - 1]; argc++)
		argv[argc] = (char *)words[argc - 1];
	assert_int_equal(options_flatten(&outer_table, "Options:", &v, groups, 2, &n), 0);
	return options_parse(groups, n, argc, argv, &arena, &first, &is_help_wanted, fault);
}

/* Whatever the order of the options, they are checked when all are known; and not where the help is
 * wanted. */
static void test_options_that_depend_on_each_other(void **state)
{
	struct fault fault = FAULT_INIT;

	assert_int_equal(check_nested((const char *[3]){"-f", "--count", "1"}, &fault), 0);
	assert_int_equal(check_nested((const char *[3]){"-f", "--help"}, &fault), 0);
	assert_int_equal(check_nested((const char *[3]){"-f"}, &fault), -EINVAL);
	assert_string_equal(fault.text, "a flag needs a count");
}

static void test_tables_nest_as_structs_do(void **state)
{
	char *argv[] = {(char *)"command", (char *)"-c", (char *)"--count", (char *)"7", NULL};
	struct outer v = {0};
	struct option_group groups[2];
	struct text t CLEANUP(text_done) = {0};
	struct arena arena CLEANUP(arena_done) = {0};
	struct fault fault = FAULT_INIT;
	bool is_help_wanted;
	size_t n = 0;
	int first;

	assert_int_equal(options_flatten(&outer_table, "Options:", &v, groups, 2, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(options_parse(groups, n, 4, argv, &arena, &first, &is_help_wanted, &fault),
			 0);
	/* The letter that both tables have is the first one's, for the parser and in the help. */
	assert_true(v.own);
	assert_int_equal(v.inner.count, 7);
	options_help(&t, groups, n);
	assert_non_null(strstr(text_cstr(&t), "\nOptions:\n  -c, --own "));
	assert_non_null(strstr(text_cstr(&t), "\nMore options:\n  -f, --flag "));
	assert_non_null(strstr(text_cstr(&t), "\n      --count N "));
	n = 0;
	assert_int_equal(options_flatten(&outer_table, "Options:", &v, groups, 1, &n), -ENOSPC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_short_and_operands),
		cmocka_unit_test(test_help_stops_parsing),
		cmocka_unit_test(test_refusals_say_what_was_meant),
		cmocka_unit_test(test_choice_suggests),
		cmocka_unit_test(test_help_is_the_table),
		cmocka_unit_test(test_tables_nest_as_structs_do),
		cmocka_unit_test(test_options_that_depend_on_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

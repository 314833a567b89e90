// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <string.h>

#include "cli/fail-if.h"

struct parsed {
	struct conditions all;
	struct arena arena;
	struct fault fault;
};

static int setup(void **state)
{
	struct parsed *p = calloc(1, sizeof(*p));

	if (p)
		p->fault = (struct fault)FAULT_INIT;
	*state = p;
	return p ? 0 : -1;
}

static int teardown(void **state)
{
	struct parsed *p = *state;

	arena_done(&p->arena);
	free(p);
	return 0;
}

static void expect(struct parsed *p, const char *typed, const char *metric, enum condition_op op,
		   double value)
{
	const struct condition *c;
	size_t n = p->all.n;

	assert_int_equal(option_fail_if(&p->all, typed, &p->arena, &p->fault), 0);
	assert_int_equal(p->all.n, n + 1);
	c = &p->all.items[n];
	assert_string_equal(c->typed, typed);
	assert_string_equal(c->metric->name, metric);
	assert_int_equal(c->op, op);
	assert_true(fabs(c->value - value) < 1e-9);
}

static void refuse(struct parsed *p, const char *typed, const char *words)
{
	size_t n = p->all.n;

	p->fault = (struct fault)FAULT_INIT;
	assert_int_equal(option_fail_if(&p->all, typed, &p->arena, &p->fault), -EINVAL);
	assert_int_equal(p->all.n, n);
	if (!strstr(p->fault.text, words))
		print_message("%s: %s\n", typed, p->fault.text);
	assert_non_null(strstr(p->fault.text, words));
}

static void test_condition_operators(void **state)
{
	expect(*state, "retrans>5", "retrans", CONDITION_GT, 5);
	expect(*state, "retrans>=5", "retrans", CONDITION_GE, 5);
	expect(*state, "retrans<5", "retrans", CONDITION_LT, 5);
	expect(*state, "retrans<=5", "retrans", CONDITION_LE, 5);
	refuse(*state, "retrans=5", "one of > >= < <= is missing");
	refuse(*state, "retrans==5", "one of > >= < <= is missing");
	refuse(*state, "retrans=>5", "one of > >= < <= is missing");
	refuse(*state, "retrans!=5", "one of > >= < <= is missing");
	refuse(*state, "retrans 5", "one of > >= < <= is missing");
	refuse(*state, "retrans", "one of > >= < <= is missing");
	refuse(*state, "retrans><5", "a number is missing");
}

static void test_condition_units(void **state)
{
	expect(*state, "retrans_rate>1%", "retrans_rate", CONDITION_GT, 1);
	expect(*state, "retrans_rate>1", "retrans_rate", CONDITION_GT, 1);
	expect(*state, "retrans_rate>0.25 %", "retrans_rate", CONDITION_GT, 0.25);
	expect(*state, "connect_p99>300ms", "connect_p99", CONDITION_GT, 300);
	expect(*state, "resets_per_s>=2.5/s", "resets_per_s", CONDITION_GE, 2.5);
	refuse(*state, "retrans_rate>1ms", "retrans_rate is in %");
	refuse(*state, "connect_p99>1s", "connect_p99 is in ms");
	refuse(*state, "retrans>1%", "retrans is a plain number");
	refuse(*state, "retrans>1 2", "retrans is a plain number");
	refuse(*state, "retrans_rate>1%%", "retrans_rate is in %");
}

static void test_condition_blanks(void **state)
{
	expect(*state, " retrans_rate\t> 1 % ", "retrans_rate", CONDITION_GT, 1);
	expect(*state, "retrans <= 3 ", "retrans", CONDITION_LE, 3);
	refuse(*state, "retrans > = 3", "a number is missing");
}

static void test_condition_numbers(void **state)
{
	expect(*state, "retrans>-1", "retrans", CONDITION_GT, -1);
	expect(*state, "retrans>1e3", "retrans", CONDITION_GT, 1000);
	expect(*state, "retrans>.5", "retrans", CONDITION_GT, 0.5);
	refuse(*state, "retrans>", "a number is missing");
	refuse(*state, "retrans>x", "a number is missing");
	refuse(*state, "retrans>nan", "a number is missing");
	refuse(*state, "retrans>inf", "a number is missing");
	refuse(*state, "retrans>-inf", "a number is missing");
	refuse(*state, "retrans>1e999", "a number is missing");
	refuse(*state, "retrans>%", "a number is missing");
}

static void test_condition_unknown_metric(void **state)
{
	refuse(*state, "retrans_rat>1", "did you mean retrans_rate?");
	refuse(*state, "conect_p99>1", "did you mean connect_p99?");
	refuse(*state, "elephants>1", "unknown metric elephants: tcptape report --help lists them");
	refuse(*state, "RETRANS>1", "metric");
}

static void test_condition_junk(void **state)
{
	char name[5000];

	refuse(*state, "", "metric");
	refuse(*state, "   ", "metric");
	refuse(*state, ">1", "metric");
	refuse(*state, "1>retrans", "unknown metric 1");
	refuse(*state, "\xff\033[2J>1", "metric");
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	refuse(*state, name, "metric");
	/* A name must be told, even if there is no such metric. */
	assert_null(strstr(((struct parsed *)*state)->fault.text, "metric :"));
}

/* Every metric can be asked for, with its own unit, and help's list is that of the table. */
static void test_condition_every_metric(void **state)
{
	for (size_t i = 0; i < n_report_metrics; i++) {
		struct text t CLEANUP(text_done) = {0};

		text_printf(&t, "%s>1%s", report_metrics[i].name, report_metrics[i].unit);
		expect(*state, text_cstr(&t), report_metrics[i].name, CONDITION_GT, 1);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(report_metrics[i].name, report_metrics[k].name);
	}
}

static bool two(const struct findings *f, double *ret)
{
	*ret = 2;
	return true;
}

static bool unknown(const struct findings *f, double *ret)
{
	return false;
}

static const struct report_metric metric_two = {"two", "", "", two, NULL};
static const struct report_metric metric_unknown = {"unknown", "", "", unknown, NULL};

static bool of_little(const struct findings *f)
{
	return true;
}

static const struct report_metric metric_little = {"little", "", "", unknown, of_little};

static struct condition is(enum condition_op op, double value)
{
	return (struct condition){"typed", &metric_two, op, value};
}

static void test_conditions_met(void **state)
{
	static const struct {
		enum condition_op op;
		double value;
		bool is_met;
	} cases[] = {{CONDITION_GT, 1.9, true}, {CONDITION_GT, 2, false},
		     {CONDITION_GE, 2, true},	{CONDITION_GE, 2.1, false},
		     {CONDITION_LT, 2.1, true}, {CONDITION_LT, 2, false},
		     {CONDITION_LE, 2, true},	{CONDITION_LE, 1.9, false}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct condition one = is(cases[i].op, cases[i].value);
		const struct conditions c = {&one, 1};
		struct fail_if judged;

		assert_int_equal(fail_if_met(&c, NULL, &judged, NULL), 0);
		assert_ptr_equal(judged.met, cases[i].is_met ? &one : NULL);
		assert_null(judged.of_little);
		if (judged.met)
			assert_true(judged.value > 1.99 && judged.value < 2.01);
	}
}

/* One that is met counts, whatever the tape does not tell of the others. */
static void test_conditions_several(void **state)
{
	struct parsed *p = *state;
	struct condition items[] = {{"a", &metric_unknown, CONDITION_GT, 0},
				    is(CONDITION_GT, 5),
				    is(CONDITION_GT, 1),
				    is(CONDITION_GT, 0)};
	struct fail_if judged;

	assert_int_equal(fail_if_met(&(struct conditions){NULL, 0}, NULL, &judged, &p->fault), 0);
	assert_null(judged.met);
	assert_int_equal(fail_if_met(&(struct conditions){items, 4}, NULL, &judged, &p->fault), 0);
	assert_ptr_equal(judged.met, &items[2]);
	assert_int_equal(fail_if_met(&(struct conditions){items, 2}, NULL, &judged, &p->fault),
			 -ENODATA);
	assert_null(judged.met);
	assert_non_null(strstr(p->fault.text, "does not tell unknown"));
}

/* Too little for a metric: its condition is not met, and that is no failure; the others count. */
static void test_conditions_of_little(void **state)
{
	struct parsed *p = *state;
	struct condition items[] = {{"a", &metric_little, CONDITION_GT, 0},
				    is(CONDITION_GT, 1),
				    {"b", &metric_unknown, CONDITION_GT, 0}};
	struct fail_if judged;

	assert_int_equal(fail_if_met(&(struct conditions){items, 1}, NULL, &judged, &p->fault), 0);
	assert_null(judged.met);
	assert_ptr_equal(judged.of_little, &items[0]);
	assert_int_equal(fail_if_met(&(struct conditions){items, 2}, NULL, &judged, &p->fault), 0);
	assert_ptr_equal(judged.met, &items[1]);
	items[1] = items[2];
	assert_int_equal(fail_if_met(&(struct conditions){items, 2}, NULL, &judged, &p->fault),
			 -ENODATA);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_condition_operators),	     TEST(test_condition_units),
		TEST(test_condition_blanks),	     TEST(test_condition_numbers),
		TEST(test_condition_unknown_metric), TEST(test_condition_junk),
		TEST(test_condition_every_metric),   TEST(test_conditions_met),
		TEST(test_conditions_several),	     TEST(test_conditions_of_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

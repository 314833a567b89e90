// SPDX-License-Identifier: MIT
/*
 * selection: against a kernel that is a list.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <unistd.h>

#include "record/selection.h"
#include "tracepoint/catalog.h"

static const char *const kernel[][2] = {
	{"skb", "consume_skb"},	       {"skb", "kfree_skb"},	    {"sock", "inet_sock_set_state"},
	{"sock", "sk_data_ready"},     {"tcp", "tcp_destroy_sock"}, {"tcp", "tcp_probe"},
	{"tcp", "tcp_retransmit_skb"}, {"tcp", "tcp_send_reset"},
};

static bool has(void *self, const char *system, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kernel); i++) {
		if (!strcmp(kernel[i][0], system) && !strcmp(kernel[i][1], name))
			return true;
	}
	return false;
}

/* column 0: the systems; 1: names of one system */
static int names(const char *system, struct tracefs_names *ret)
{
	ret->names = calloc(ARRAY_SIZE(kernel), sizeof(*ret->names));
	ret->n = 0;
	for (size_t i = 0; i < ARRAY_SIZE(kernel); i++) {
		if (system && strcmp(system, kernel[i][0]) != 0)
			continue;
		if (!system && i && !strcmp(kernel[i][0], kernel[i - 1][0]))
			continue;
		ret->names[ret->n++] = strdup(kernel[i][system ? 1 : 0]);
	}
	return 0;
}

static int systems(void *self, struct tracefs_names *ret, struct fault *fault)
{
	return names(NULL, ret);
}

static int events(void *self, const char *system, struct tracefs_names *ret, struct fault *fault)
{
	int r = names(system, ret);

	if (!ret->n) {
		tracefs_names_done(ret);
		return -ENOENT;
	}
	return r;
}

static const struct listing listing = {.has = has, .systems = systems, .events = events};

static int make(const char *profile, const char *pattern, struct selection *ret,
		struct fault *fault)
{
	return selection_make(&listing, profile, &pattern, pattern ? 1 : 0, ret, fault);
}

static bool selects(const struct selection *s, const char *system, const char *name)
{
	for (size_t i = 0; i < s->n; i++) {
		if (!strcmp(s->items[i].system, system) && !strcmp(s->items[i].name, name))
			return true;
	}
	return false;
}

static void test_selection_profile(void **state)
{
	struct selection s CLEANUP(selection_done) = {0};

	assert_int_equal(make("loss", NULL, &s, NULL), 0);
	assert_true(selects(&s, "tcp", "tcp_retransmit_skb"));
	assert_true(selects(&s, "sock", "inet_sock_set_state"));
	assert_false(selects(&s, "tcp", "tcp_probe"));
	assert_true(s.n_absent > 0);
	for (size_t i = 0; i < s.n; i++)
		assert_int_equal(s.items[i].with_stack,
				 catalog_find(s.items[i].system, s.items[i].name)->with_stack);
	for (size_t i = 0; i < s.n_absent; i++)
		assert_false(has(NULL, s.absent[i].system, s.absent[i].name));
}

static void test_selection_all_and_more(void **state)
{
	struct selection s CLEANUP(selection_done) = {0};

	assert_int_equal(make("all", "skb:k*", &s, NULL), 0);
	assert_int_equal(s.n, 7);
	assert_true(selects(&s, "skb", "kfree_skb"));
	assert_int_equal(s.n_absent, 0);
}

static void test_selection_patterns(void **state)
{
	static const struct {
		const char *pattern;
		size_t n;
	} cases[] = {
		{"tcp:*", 4},	  {"tcp:tcp_probe", 1}, {"*:*_skb", 3},
		{"tcp_probe", 1}, {"s*:*", 4},		{"*", 8},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct selection s CLEANUP(selection_done) = {0};

		assert_int_equal(make(NULL, cases[i].pattern, &s, NULL), 0);
		assert_int_equal(s.n, cases[i].n);
	}
}

static void test_selection_unknown(void **state)
{
	struct selection s = {0};
	struct fault fault = FAULT_INIT;

	assert_int_equal(make("los", NULL, &s, &fault), -EINVAL);
	assert_non_null(strstr(fault.text, "\"loss\""));
	fault = FAULT_INIT;
	assert_int_equal(make(NULL, "tcp:tcp_prbe", &s, &fault), -ENOENT);
	assert_non_null(strstr(fault.text, "\"tcp:tcp_probe\""));
	fault = FAULT_INIT;
	assert_int_equal(make(NULL, "nothing:like_it", &s, &fault), -ENOENT);
	assert_null(strstr(fault.text, "did you mean"));
	/* Known, but not to this kernel: alone it is nothing to record, beside others it is absent. */
	assert_int_equal(make(NULL, "tcp:tcp_bad_csum", &s, NULL), -ENOENT);
	assert_int_equal(make("all", "tcp:tcp_bad_csum", &s, NULL), 0);
	assert_int_equal(s.n_absent, 1);
	selection_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_selection_profile),
		cmocka_unit_test(test_selection_all_and_more),
		cmocka_unit_test(test_selection_patterns),
		cmocka_unit_test(test_selection_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

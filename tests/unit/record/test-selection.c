// SPDX-License-Identifier: MIT
/*
 * selection: profiles and patterns against a kernel whose tracepoints are a table.
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

#include "record/plan.h"
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

/* Lists the systems, or the tracepoints of one system. */
static int list_names(const char *system, struct tracefs_names *ret)
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
	return list_names(NULL, ret);
}

static int events(void *self, const char *system, struct tracefs_names *ret, struct fault *fault)
{
	int r = list_names(system, ret);

	if (!ret->n) {
		tracefs_names_done(ret);
		return -ENOENT;
	}
	return r;
}

static const struct tracepoint_source source = {.has = has, .systems = systems, .events = events};

static int make(const char *profile, const char *pattern, struct selection *ret,
		struct fault *fault)
{
	return selection_make(&source, profile, &pattern, pattern ? 1 : 0, ret, fault);
}

static void test_selection_profile(void **state)
{
	struct selection s CLEANUP(selection_done) = {0};

	assert_int_equal(make("loss", NULL, &s, NULL), 0);
	assert_true(selected_list_has(&s.present, "tcp", "tcp_retransmit_skb"));
	assert_true(selected_list_has(&s.present, "sock", "inet_sock_set_state"));
	assert_false(selected_list_has(&s.present, "tcp", "tcp_probe"));
	assert_true(s.absent.n > 0);
	for (size_t i = 0; i < s.present.n; i++) {
		const struct selected *item = &s.present.items[i];

		assert_int_equal(item->with_stack,
				 catalog_find(item->system, item->name)->with_stack);
	}
	for (size_t i = 0; i < s.absent.n; i++)
		assert_false(has(NULL, s.absent.items[i].system, s.absent.items[i].name));
}

static void test_selection_all_and_more(void **state)
{
	struct selection s CLEANUP(selection_done) = {0};

	assert_int_equal(make("all", "skb:k*", &s, NULL), 0);
	assert_int_equal(s.present.n, 7);
	assert_true(selected_list_has(&s.present, "skb", "kfree_skb"));
	assert_int_equal(s.absent.n, 0);
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
		assert_int_equal(s.present.n, cases[i].n);
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
	/* The catalog knows it, this kernel does not: alone there is nothing to record, beside
	 * others it is absent. */
	assert_int_equal(make(NULL, "tcp:tcp_bad_csum", &s, NULL), -ENOENT);
	assert_int_equal(make("all", "tcp:tcp_bad_csum", &s, NULL), 0);
	assert_int_equal(s.absent.n, 1);
	selection_done(&s);
}

static const char *filter_of(const struct selection *s, const char *name)
{
	for (size_t i = 0; i < s->present.n; i++) {
		if (!strcmp(s->present.items[i].name, name))
			return s->present.items[i].filter;
	}
	fail();
	return NULL;
}

/* Profile "life" leaves out hits that it does not need, and a tracepoint named besides keeps
 * all. */
static void test_selection_filters_of_profiles(void **state)
{
	const struct tracepoint_info *info;
	struct selection life CLEANUP(selection_done) = {0};
	struct selection loss CLEANUP(selection_done) = {0};
	bool has_filter = false;

	assert_int_equal(make("life", NULL, &life, NULL), 0);
	assert_int_equal(make("loss", NULL, &loss, NULL), 0);
	for (size_t i = 0; i < life.present.n; i++) {
		const struct selected *s = &life.present.items[i];

		info = catalog_find(s->system, s->name);
		if (info->life_filter)
			assert_string_equal(s->filter, info->life_filter);
		else
			assert_null(s->filter);
		has_filter |= info->life_filter != NULL;
	}
	assert_true(has_filter);
	for (size_t i = 0; i < loss.present.n; i++)
		assert_null(loss.present.items[i].filter);
}

/* Hits with a call chain get an item of their own; the two filters have no hit in common. */
static void test_selection_divides(void **state)
{
	struct selection s CLEANUP(selection_done) = {0};
	size_t n_divided = 0, n;

	assert_int_equal(make("loss", NULL, &s, NULL), 0);
	n = s.present.n;
	assert_int_equal(selection_divide(&s), 0);
	for (size_t i = 0; i < n; i++) {
		const struct selected *item = &s.present.items[i];
		const struct tracepoint_info *info = catalog_find(item->system, item->name);
		const struct selected *twin = &s.present.items[n + n_divided];

		if (!info->chain_where)
			continue;
		assert_string_equal(twin->name, item->name);
		assert_string_equal(twin->filter, info->chain_where);
		assert_string_equal(item->filter, info->chain_else);
		assert_true(twin->with_stack);
		assert_false(item->with_stack);
		n_divided++;
	}
	assert_true(n_divided > 0);
	assert_int_equal(s.present.n, n + n_divided);
}

static void test_selected_filters_are_joined(void **state)
{
	struct selection s CLEANUP(selection_done) = {0};

	assert_int_equal(make(NULL, "tcp_probe", &s, NULL), 0);
	assert_int_equal(selected_filter_add(&s.present.items[0], "a==1"), 0);
	assert_string_equal(filter_of(&s, "tcp_probe"), "a==1");
	assert_int_equal(selected_filter_add(&s.present.items[0], "b==2||c==3"), 0);
	assert_string_equal(filter_of(&s, "tcp_probe"), "(a==1)&&(b==2||c==3)");
}

/* Without the bytes of each send, receive and retransmission the last tcp_info has to tell them. */
static void test_plan_wants_final_info(void **state)
{
	static const char *const all[][2] = {{"sock", "sock_send_length"},
					     {"sock", "sock_recv_length"},
					     {"tcp", "tcp_retransmit_skb"},
					     {"tcp", "tcp_probe"}};

	for (size_t without = 0; without <= ARRAY_SIZE(all); without++) {
		struct selected_list l CLEANUP(selected_list_done) = {0};

		for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
			if (i != without)
				assert_int_equal(selected_list_add(&l, all[i][0], all[i][1]), 0);
		}
		assert_int_equal(plan_wants_final_info(&l), without < ARRAY_SIZE(all));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_selection_profile),
		cmocka_unit_test(test_selection_all_and_more),
		cmocka_unit_test(test_selection_patterns),
		cmocka_unit_test(test_selection_unknown),
		cmocka_unit_test(test_selection_filters_of_profiles),
		cmocka_unit_test(test_selection_divides),
		cmocka_unit_test(test_selected_filters_are_joined),
		cmocka_unit_test(test_plan_wants_final_info),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

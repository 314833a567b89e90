// SPDX-License-Identifier: MIT
/* Strings of a document are copies, and a failure is remembered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "table/document-builder.h"

static void test_strings_are_copies(void **state)
{
	struct document_builder b CLEANUP(document_builder_done) = {0};
	char own[] = "before";
	const char *copy = document_builder_string(&b, own);

	memset(own, 'x', sizeof(own) - 1);
	assert_string_equal(copy, "before");
	assert_false(b.failed);
}

static void test_a_text_can_be_used_again(void **state)
{
	struct document_builder b CLEANUP(document_builder_done) = {0};
	struct text t CLEANUP(text_done) = {0};
	const char *first, *second;

	text_str(&t, "one");
	first = document_builder_text(&b, &t);
	assert_int_equal(t.len, 0);
	text_str(&t, "two");
	second = document_builder_text(&b, &t);
	assert_string_equal(first, "one");
	assert_string_equal(second, "two");
	assert_string_equal(document_builder_text(&b, &t), "");
	assert_false(b.failed);
}

/* A text that could not grow has lost its end: the document must not be shown. */
static void test_a_failed_text_fails_the_document(void **state)
{
	struct document_builder b CLEANUP(document_builder_done) = {0};
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "half a sen");
	t.failed = true;
	assert_non_null(document_builder_text(&b, &t));
	assert_true(b.failed);
	assert_string_equal(document_builder_string(&b, "more"), "more");
	assert_true(b.failed);
}

static void test_memory_is_zeroed(void **state)
{
	struct document_builder b CLEANUP(document_builder_done) = {0};
	const char zero[100] = {0};
	void *p = document_builder_alloc(&b, sizeof(zero));

	assert_non_null(p);
	assert_memory_equal(p, zero, sizeof(zero));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strings_are_copies),
		cmocka_unit_test(test_a_text_can_be_used_again),
		cmocka_unit_test(test_a_failed_text_fails_the_document),
		cmocka_unit_test(test_memory_is_zeroed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

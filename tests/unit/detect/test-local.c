// SPDX-License-Identifier: MIT
/* Retransmissions that this host itself could not send. */
#include "support/scene.h"

#include <errno.h>

static void failed(void **state, int32_t err, size_t n, int level)
{
	struct scene *s = scene_anew(state);
	struct tcp_event e = scene_event(s, TCP_KIND_RETRANSMIT, scene_call(s, 1, 2, 443));

	e.cause = TCP_CAUSE_FAST;
	e.present = TCP_FIELD_BIT(TCP_FIELD_ERR);
	e.err = err;
	while (n--)
		scene_feed(s, &e);
	scene_expect(s, "local", level);
}

static void test_local(void **state)
{
	failed(state, -EPERM, 2, NOTHING);
	failed(state, -EPERM, 3, DOCUMENT_WARNING);
	failed(state, 1, 3, DOCUMENT_WARNING);
	failed(state, -12345, 3, DOCUMENT_WARNING);
	failed(state, INT32_MIN, 3, DOCUMENT_WARNING);
	failed(state, -EBUSY, 1000, NOTHING);
	/* An error of 0 is success. */
	failed(state, 0, 1000, NOTHING);
}

static void test_local_words(void **state)
{
	failed(state, -EPERM, 7, DOCUMENT_WARNING);
	assert_string_equal(scene_first(*state, "local")->title,
			    "This host itself could not send: 7 retransmissions failed with "
			    "EPERM");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_local),
		TEST(test_local_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

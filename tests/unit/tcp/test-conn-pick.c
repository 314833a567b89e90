// SPDX-License-Identifier: MIT
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "tcp/conn-pick.h"

static struct conn_pick parsed(const char *s)
{
	struct conn_pick p = {0};

	assert_int_equal(conn_pick_parse(s, &p, NULL), 0);
	return p;
}

static void expect_text(const struct conn_pick *p, const char *want)
{
	struct text t CLEANUP(text_done) = {0};

	conn_pick_text(p, &t);
	assert_string_equal(text_cstr(&t), want);
}

static void test_conn_pick_is_typed_in_several_ways(void **state)
{
	static const char *const typed[] = {
		"10.0.0.1:5001-10.0.0.2:80",
		"10.0.0.1:5001 10.0.0.2:80",
		"10.0.0.1:5001->10.0.0.2:80",
		"10.0.0.1:5001 - 10.0.0.2:80",
	};
	struct conn_pick p;

	for (size_t i = 0; i < ARRAY_SIZE(typed); i++) {
		p = parsed(typed[i]);
		assert_int_equal(p.by, CONN_PICK_ENDS);
		expect_text(&p, "10.0.0.1:5001-10.0.0.2:80");
	}
	p = parsed("10.0.0.1:5001");
	assert_int_equal(p.by, CONN_PICK_END);
	expect_text(&p, "10.0.0.1:5001");
	p = parsed("[2001:db8::1]:443-[2001:db8::2]:50000");
	expect_text(&p, "[2001:db8::1]:443-[2001:db8::2]:50000");
	/* A v4-mapped address is that of IPv4, as on the tape. */
	p = parsed("[::ffff:10.0.0.1]:80");
	expect_text(&p, "10.0.0.1:80");
}

static void test_conn_pick_refuses_what_is_none(void **state)
{
	static const char *const typed[] = {
		"",
		"10.0.0.1",
		"10.0.0.1:",
		":80",
		"10.0.0.1:0",
		"10.0.0.1:65536",
		"10.0.0.1:8x",
		"2001:db8::1:443",
		"[2001:db8::1]",
		"[]:80",
		"10.0.0.0/8:80",
		"name:80",
		"10.0.0.1:1-10.0.0.2",
		"10.0.0.1:1-x",
		"[::1:80",
		"10.0.0.1:-80",
		"10.0.0.1: 80",
		"[",
		"]:1",
		"10.0.0.1:1-10.0.0.2:2-10.0.0.3:3",
		"[2001:0db8:0000:0000:0000:0000:0000:0001:0000:0000:0000:0000]:443",
	};
	struct conn_pick p;

	for (size_t i = 0; i < ARRAY_SIZE(typed); i++)
		assert_int_equal(conn_pick_parse(typed[i], &p, NULL), -EINVAL);
}

static void test_conn_pick_fits(void **state)
{
	const uint8_t a[4] = {10, 0, 0, 1}, b[4] = {10, 0, 0, 2};
	struct tcp_conn c = {.id = 3,
			     .sk = 0x1f,
			     .cookie = 77,
			     .local = {ip_addr_v4(a), 5001},
			     .remote = {ip_addr_v4(b), 80}};
	struct conn_pick p = {0};

	assert_int_equal(conn_pick_fit(&p, &c), CONN_PICK_FITS);
	p = parsed("10.0.0.1:5001-10.0.0.2:80");
	assert_int_equal(conn_pick_fit(&p, &c), CONN_PICK_FITS);
	p = parsed("10.0.0.2:80-10.0.0.1:5001");
	assert_int_equal(conn_pick_fit(&p, &c), CONN_PICK_TURNED);
	p = parsed("10.0.0.1:5002-10.0.0.2:80");
	assert_int_equal(conn_pick_fit(&p, &c), CONN_PICK_NOT);
	p = parsed("10.0.0.1:5001");
	assert_int_equal(conn_pick_fit(&p, &c), CONN_PICK_FITS);
	p = parsed("10.0.0.2:80");
	assert_int_equal(conn_pick_fit(&p, &c), CONN_PICK_TURNED);
	p = parsed("10.0.0.2:5001");
	assert_int_equal(conn_pick_fit(&p, &c), CONN_PICK_NOT);
}

static void test_conn_pick_by_number(void **state)
{
	static const struct {
		enum conn_pick_by by;
		uint64_t id;
		const char *text;
	} cases[] = {
		{CONN_PICK_SK, 0x1f, "--sk 0x1f"},
		{CONN_PICK_COOKIE, 77, "--cookie 77"},
		{CONN_PICK_NUMBER, 3, "--number 3"},
	};
	const struct tcp_conn c = {.id = 3, .sk = 0x1f, .cookie = 77}, other = {.id = 4};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct conn_pick p = {.by = cases[i].by, .id = cases[i].id};

		assert_int_equal(conn_pick_fit(&p, &c), CONN_PICK_FITS);
		assert_int_equal(conn_pick_fit(&p, &other), CONN_PICK_NOT);
		expect_text(&p, cases[i].text);
	}
	expect_text(&(struct conn_pick){0}, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conn_pick_is_typed_in_several_ways),
		cmocka_unit_test(test_conn_pick_refuses_what_is_none),
		cmocka_unit_test(test_conn_pick_fits),
		cmocka_unit_test(test_conn_pick_by_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

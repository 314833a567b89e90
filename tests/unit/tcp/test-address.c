// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>

#include "tcp/address.h"

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void assert_text(struct text *t, const char *expected)
{
	assert_string_equal(text_cstr(t), expected);
	text_clear(t);
}

static void test_address_text_equals_inet_ntop(void **state)
{
	struct text t = {0};
	uint32_t seed = 7;

	for (int i = 0; i < 50000; i++) {
		char expected[INET6_ADDRSTRLEN];
		uint8_t bytes[16];
		struct ip_addr a;

		/* Many zero groups, so that runs of all lengths come up. */
		for (int k = 0; k < 16; k += 2) {
			uint32_t r = next_random(&seed);
			bool is_zero = r % 4 < 2;

			bytes[k] = is_zero || r % 4 == 2 ? 0 : r >> 8;
			bytes[k + 1] = is_zero ? 0 : r >> 16;
		}
		bytes[0] |= 0x20; /* inet_ntop shows ::/96 with dots, which RFC 5952 does not */
		a = ip_addr_v6(bytes);
		ip_addr_text(&t, &a);
		assert_text(&t, inet_ntop(AF_INET6, bytes, expected, sizeof(expected)));
		a = ip_addr_v4(bytes);
		ip_addr_text(&t, &a);
		assert_text(&t, inet_ntop(AF_INET, bytes, expected, sizeof(expected)));
	}
	text_done(&t);
}

static void test_address_text_at_the_edges(void **state)
{
	static const char *const texts[] = {"::",
					    "::1",
					    "1::",
					    "2001:db8::1",
					    "1::2:3:0:0:4",
					    "1:0:0:2::3",
					    "::2:0:0:3:0",
					    "1:0:2:3:4:5:6:7",
					    "fe80::ffff:ffff:ffff:ffff"};
	struct text t = {0};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct ip_prefix p;

		assert_int_equal(ip_prefix_parse(texts[i], &p), 0);
		ip_addr_text(&t, &p.addr);
		assert_text(&t, texts[i]);
	}
	text_done(&t);
}

static void test_address_endpoint(void **state)
{
	struct text t = {0};
	struct endpoint e = {.addr = ip_addr_v4((const uint8_t[]){10, 0, 0, 1}), .port = 80};

	endpoint_text(&t, &e);
	assert_text(&t, "10.0.0.1:80");
	e.addr = ip_addr_v6((const uint8_t[16]){0x20, 1, 0xd, 0xb8, [15] = 1});
	endpoint_text(&t, &e);
	assert_text(&t, "[2001:db8::1]:80");
	e = (struct endpoint){0};
	endpoint_text(&t, &e);
	assert_text(&t, "-:-");
	text_done(&t);
}

static void test_address_mapped_is_folded(void **state)
{
	const uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff, [12] = 192, [13] = 168, [15] = 9};
	struct ip_addr a = ip_addr_v6(mapped), b = ip_addr_v4(mapped + 12);

	assert_true(ip_addr_equal(&a, &b));
	assert_int_equal(a.family, 4);
}

static bool has(const char *prefix, const char *addr)
{
	struct ip_prefix p, a;

	assert_int_equal(ip_prefix_parse(prefix, &p), 0);
	assert_int_equal(ip_prefix_parse(addr, &a), 0);
	return ip_prefix_has(&p, &a.addr);
}

static void test_address_prefix(void **state)
{
	static const char *const bad[] = {"",
					  "/8",
					  "10.0.0.0/",
					  "10.0.0.0/33",
					  "10.0.0.0/-1",
					  "10.0.0",
					  "10.0.0.0/8x",
					  "::/129",
					  "::ffff:10.0.0.0/95",
					  "x",
					  "1:2:3:4:5:6:7:8:9",
					  "::ffff:1111:2222:3333:4444:5555:6666.7"};

	assert_true(has("10.0.0.0/8", "10.255.1.2"));
	assert_false(has("10.0.0.0/8", "11.0.0.0"));
	assert_true(has("10.0.0.0/8", "::ffff:10.1.2.3"));
	assert_true(has("::ffff:10.0.0.0/104", "10.9.9.9"));
	assert_true(has("10.9.9.9/8", "10.1.1.1"));
	assert_true(has("0.0.0.0/0", "1.2.3.4"));
	assert_false(has("0.0.0.0/0", "::1"));
	assert_true(has("::/0", "2001:db8::1"));
	assert_true(has("2001:db8::/33", "2001:db8:7fff::1"));
	assert_false(has("2001:db8::/33", "2001:db8:8000::1"));
	assert_true(has("::1", "::1"));
	assert_false(has("::1", "::2"));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(ip_prefix_parse(bad[i], &(struct ip_prefix){0}), -EINVAL);
}

static void test_address_masked(void **state)
{
	static const struct {
		const char *addr;
		unsigned int bits;
		const char *expected;
	} cases[] = {
		{"10.1.2.3", 24, "10.1.2.0"},
		{"10.1.2.255", 31, "10.1.2.254"},
		{"10.1.2.3", 32, "10.1.2.3"},
		{"10.1.2.3", 0, "0.0.0.0"},
		{"255.255.255.255", 9, "255.128.0.0"},
		{"2001:db8:1:2:3:4:5:6", 64, "2001:db8:1:2::"},
		{"2001:db8:1:ffff:3:4:5:6", 49, "2001:db8:1:8000::"},
		{"2001:db8::1", 128, "2001:db8::1"},
	};
	struct text t = {0};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ip_prefix p;
		struct ip_addr a;

		assert_int_equal(ip_prefix_parse(cases[i].addr, &p), 0);
		a = ip_addr_masked(&p.addr, cases[i].bits);
		assert_int_equal(a.family, p.addr.family);
		ip_addr_text(&t, &a);
		assert_text(&t, cases[i].expected);
	}
	text_done(&t);
}

static void test_address_unknown_is_masked_to_itself(void **state)
{
	struct ip_addr unknown = {0}, a = ip_addr_masked(&unknown, ip_addr_group_bits(0));

	assert_true(ip_addr_equal(&a, &unknown));
}

static void test_address_group_bits(void **state)
{
	assert_int_equal(ip_addr_group_bits(4), 24);
	assert_int_equal(ip_addr_group_bits(6), 64);
}

/* The order of ports and addresses is that of the numbers, on every machine. */
static void test_address_order(void **state)
{
	const struct endpoint ordered[] = {
		{.port = 1},
		{ip_addr_v4((const uint8_t[]){9, 0, 0, 2}), 65000},
		{ip_addr_v4((const uint8_t[]){10, 0, 0, 1}), 255},
		{ip_addr_v4((const uint8_t[]){10, 0, 0, 1}), 256},
		{ip_addr_v6((const uint8_t[16]){1}), 1},
	};

	for (size_t i = 0; i < ARRAY_SIZE(ordered); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(ordered); j++) {
			int r = endpoint_compare(&ordered[i], &ordered[j]);

			assert_int_equal((r > 0) - (r < 0), (i > j) - (i < j));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address_order),
		cmocka_unit_test(test_address_text_equals_inet_ntop),
		cmocka_unit_test(test_address_text_at_the_edges),
		cmocka_unit_test(test_address_endpoint),
		cmocka_unit_test(test_address_mapped_is_folded),
		cmocka_unit_test(test_address_prefix),
		cmocka_unit_test(test_address_masked),
		cmocka_unit_test(test_address_unknown_is_masked_to_itself),
		cmocka_unit_test(test_address_group_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

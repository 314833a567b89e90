// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "tcp/label-file.h"

static struct endpoint end(const char *addr, uint16_t port)
{
	struct endpoint e = {.port = port};
	struct ip_prefix p;

	if (*addr) {
		assert_int_equal(ip_prefix_parse(addr, &p), 0);
		e.addr = p.addr;
	}
	return e;
}

static struct labels labels_of(const char *text, struct arena *arena)
{
	struct fault fault = FAULT_INIT;
	struct labels l;

	if (labels_parse(text, strlen(text), "labels", arena, &l, &fault) < 0)
		fail_msg("%s", fault.text);
	return l;
}

static void check(const struct labels *l, const char *addr, uint16_t port, const char *want)
{
	const struct endpoint e = end(addr, port);
	const char *name = labels_name(l, &e);

	if (want && name)
		assert_string_equal(name, want);
	else if (want || name)
		fail_msg("%s:%u is %s", addr, port, name ? name : "unnamed");
}

static void test_longest_prefix_wins(void **state)
{
	struct arena arena CLEANUP(arena_done) = {0};
	const struct labels l = labels_of("10.2.3.4 db-1\n"
					  "10.0.0.0/8 office\n"
					  "0.0.0.0/0 world\n"
					  "10.2.0.0/16 lab\n"
					  "10.2.3.0/24 rack\n"
					  "11.0.0.0/8 other\n",
					  &arena);

	check(&l, "10.2.3.4", 80, "db-1");
	check(&l, "10.2.3.5", 80, "rack");
	/* The network before it in the order is not around it, but one around that one is. */
	check(&l, "10.2.4.1", 80, "lab");
	check(&l, "10.200.0.1", 0, "office");
	check(&l, "11.0.0.1", 0, "other");
	check(&l, "12.0.0.1", 0, "world");
	check(&l, "2001:db8::1", 0, NULL);
	check(&l, "", 80, NULL);
	check(NULL, "10.2.3.4", 80, NULL);
}

static void test_ports(void **state)
{
	struct arena arena CLEANUP(arena_done) = {0};
	const struct labels l = labels_of(":5432 postgres\n"
					  "10.0.0.0/8 office\n"
					  "10.0.0.0/8:443 office web\n"
					  "10.2.3.4 db-1\n"
					  "10.2.3.4:443 console\n",
					  &arena);

	check(&l, "192.0.2.1", 5432, "postgres");
	check(&l, "2001:db8::1", 5432, "postgres");
	check(&l, "", 5432, "postgres");
	check(&l, "192.0.2.1", 5433, NULL);
	/* The longer prefix wins, whatever the port; of equal ones that with the port. */
	check(&l, "10.1.1.1", 5432, "office");
	check(&l, "10.1.1.1", 443, "office web");
	check(&l, "10.1.1.1", 0, "office");
	check(&l, "10.2.3.4", 80, "db-1");
	check(&l, "10.2.3.4", 443, "console");
}

static void test_ipv6_and_mapped(void **state)
{
	struct arena arena CLEANUP(arena_done) = {0};
	const struct labels l = labels_of("2001:db8::/32 lab\n"
					  "[2001:db8::7] seven\n"
					  "[2001:db8::/48]:443 web\n"
					  "::ffff:10.0.0.0/104 office\n"
					  "fe80::/10\tlink\n",
					  &arena);

	check(&l, "2001:db8:1::1", 80, "lab");
	check(&l, "2001:db8::7", 443, "seven");
	check(&l, "2001:db8::8", 443, "web");
	check(&l, "10.1.2.3", 1, "office");
	check(&l, "fe80::1", 0, "link");
	check(&l, "fec0::1", 0, NULL);
}

static void test_comments_blanks_and_ends(void **state)
{
	struct arena arena CLEANUP(arena_done) = {0};
	const struct labels l = labels_of("\xef\xbb\xbf# names\r\n"
					  "\r\n"
					  "  \t # nothing\n"
					  "10.0.0.1 a#1 # the first\r\n"
					  "\t10.0.0.2\t Web  server \t\n"
					  "10.0.0.3 last",
					  &arena);

	check(&l, "10.0.0.1", 0, "a#1");
	check(&l, "10.0.0.2", 0, "Web  server");
	check(&l, "10.0.0.3", 0, "last");
	assert_int_equal(l.n, 3);
	assert_int_equal(labels_of("", &arena).n, 0);
	assert_true(labels_have(&l, "last"));
	assert_false(labels_have(&l, "first"));
}

static void test_equal_names_are_one_pointer(void **state)
{
	struct arena arena CLEANUP(arena_done) = {0};
	const struct labels l = labels_of("10.0.0.0/8 office\n"
					  "172.16.0.0/12 office\n"
					  "10.0.0.0/8 office\n",
					  &arena);
	const struct endpoint a = end("10.1.1.1", 0), b = end("172.16.0.1", 0);

	assert_int_equal(l.n, 2);
	assert_ptr_equal(labels_name(&l, &a), labels_name(&l, &b));
}

static void refuse(const char *text, size_t len, const char *want)
{
	struct arena arena CLEANUP(arena_done) = {0};
	struct fault fault = FAULT_INIT;
	struct labels l;

	assert_int_equal(labels_parse(text, len, "f", &arena, &l, &fault), -EBADMSG);
	if (strncmp(fault.text, want, strlen(want)) != 0)
		fail_msg("%s, not %s", fault.text, want);
}

static void test_faults_name_the_line(void **state)
{
	static const char *const wrong[] = {
		"10.0.0.300 x",	    "10.0.0.0/33 x",  "10.0.0.1:0 x",
		"10.0.0.1:65536 x", "10.0.0.1: x",    ": x",
		"[10.0.0.1]:80 x",  "[2001:db8::1 x", "[::1]80 x",
		"[::1]: x",	    "db-1 10.2.3.4",  "10.0.0.1:80:90 x",
		"2001:db8::/129 x", "10.0.0.1:+80 x", ":http x",
	};
	char name[LABEL_NAME_MAX + 12];

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct text t CLEANUP(text_done) = {0};

		text_printf(&t, "# one\n10.0.0.1 ok\n%s\n", wrong[i]);
		refuse(text_cstr(&t), t.len, "f: line 3: ");
	}
	refuse("\n10.0.0.1\n", 10, "f: line 2: 10.0.0.1 has no name");
	refuse("10.0.0.1 # a\n", 13, "f: line 1: 10.0.0.1 has no name");
	refuse("10.0.0.1 a\0b\n", 13, "f: line 1: a NUL byte");
	refuse("10.0.0.0/8 a\n:1 b\n10.9.9.9/8 c\n", 31, "f: line 3: line 1 has another name");
	memset(name, 'x', sizeof(name));
	memcpy(name, "10.0.0.1 ", 9);
	refuse(name, 9 + LABEL_NAME_MAX + 1, "f: line 1: the name has more than 63 bytes");
}

static void test_texts(void **state)
{
	struct arena arena CLEANUP(arena_done) = {0};
	const struct labels l = labels_of("10.2.3.4 db-1\n:80 web\n", &arena);
	struct text t CLEANUP(text_done) = {0};
	const struct endpoint e = end("10.2.3.4", 5432), web = end("192.0.2.1", 80);

	labels_addr_text(&l, &e.addr, &t);
	assert_string_equal(text_cstr(&t), "db-1 (10.2.3.4)");
	text_clear(&t);
	labels_endpoint_text(&l, &e, &t);
	assert_string_equal(text_cstr(&t), "db-1 (10.2.3.4:5432)");
	text_clear(&t);
	labels_addr_text(&l, &web.addr, &t);
	assert_string_equal(text_cstr(&t), "192.0.2.1");
	text_clear(&t);
	labels_endpoint_text(NULL, &web, &t);
	assert_string_equal(text_cstr(&t), "192.0.2.1:80");
}

/* The name by a look at every label, as a check of the search. */
static const char *slow_name(const struct labels *l, const struct endpoint *e)
{
	const struct label *best = NULL;

	for (size_t i = 0; i < l->n; i++) {
		const struct label *x = &l->items[i];
		struct ip_prefix p = {.addr.family = x->family, .bits = x->bits};

		memcpy(p.addr.bytes, x->bytes, sizeof(p.addr.bytes));
		if (!ip_prefix_has(&p, &e->addr) || (x->port && x->port != e->port))
			continue;
		if (!best || x->bits > best->bits || (x->bits == best->bits && x->port))
			best = x;
	}
	return best ? best->name : NULL;
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static void test_many_labels_agree_with_a_slow_search(void **state)
{
	struct arena arena CLEANUP(arena_done) = {0};
	struct text t CLEANUP(text_done) = {0};
	uint32_t seed = 1;
	struct labels l;

	for (unsigned int i = 0; i < 3000; i++) {
		uint32_t bits = next_random(&seed) % 33, addr = next_random(&seed);
		/* The name follows from the place, so that no place has two. */
		uint32_t port = next_random(&seed) % 4, mask = bits ? UINT32_MAX << (32 - bits) : 0;

		addr = (addr << 8 | i % 7) & 0x0f0f0f0f & mask;
		text_printf(&t, "%u.%u.%u.%u/%u", addr >> 24, addr >> 16 & 255, addr >> 8 & 255,
			    addr & 255, bits);
		if (port)
			text_printf(&t, ":%u", port);
		text_printf(&t, " n%x-%u-%u\n", addr, bits, port);
	}
	l = labels_of(text_cstr(&t), &arena);
	assert_true(l.n > 1000);
	for (unsigned int i = 0; i < 3000; i++) {
		uint32_t addr = htonl((next_random(&seed) << 8) & 0x0f0f0f0f);
		struct endpoint e = {.port = (uint16_t)(next_random(&seed) % 5)};

		e.addr = ip_addr_v4((const uint8_t *)&addr);
		assert_ptr_equal(labels_name(&l, &e), slow_name(&l, &e));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_longest_prefix_wins),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_ipv6_and_mapped),
		cmocka_unit_test(test_comments_blanks_and_ends),
		cmocka_unit_test(test_equal_names_are_one_pointer),
		cmocka_unit_test(test_faults_name_the_line),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_many_labels_agree_with_a_slow_search),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

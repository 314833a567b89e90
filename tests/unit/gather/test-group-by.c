// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "gather/group-by.h"
#include "tcp/label-file.h"

static const uint8_t v4[] = {10, 1, 2, 3}, here[] = {192, 0, 2, 1};

static const struct owner_cgroup docker = {
	.path = "/docker/4f9d",
	.by = CGROUP_BY_EVENT,
	.container = "4f9d1c0a2b7e",
	.unit = "nginx.service",
	.label = "4f9d1c0a2b7e",
};

static struct conn_subject subject(void)
{
	return (struct conn_subject){
		.local = {ip_addr_v4(here), 40000},
		.remote = {ip_addr_v4(v4), 443},
		.is_caller = true,
		.pid = 900,
		.comm = "nginx",
		.cgroup = &docker,
		.label = "office",
	};
}

static void expect(enum group_by d, const struct conn_subject *s, const char *text,
		   const char *options)
{
	struct text t CLEANUP(text_done) = {0};
	struct group_key k;

	assert_true(group_key_of(d, s, &k));
	group_key_text(d, &k, NULL, &t);
	assert_string_equal(text_cstr(&t), text);
	text_clear(&t);
	group_key_options(d, &k, &t);
	assert_string_equal(text_cstr(&t), options);
}

static void test_dimension_of_a_caller(void **state)
{
	const struct conn_subject s = subject();

	expect(GROUP_BY_PEER, &s, "10.1.2.3", "--addr 10.1.2.3");
	expect(GROUP_BY_PREFIX, &s, "10.1.2.0/24", "--addr 10.1.2.0/24");
	expect(GROUP_BY_PORT, &s, "port 443", "--rport 443");
	expect(GROUP_BY_DESTINATION, &s, "10.1.2.3:443", "--addr 10.1.2.3 --rport 443");
	expect(GROUP_BY_PROCESS, &s, "nginx[900]", "--pid 900");
}

/* A process belongs to its container, else to its service; and to neither where only its parent's
 * is known. */
static void test_dimension_container(void **state)
{
	struct owner_cgroup g = {
		.by = CGROUP_BY_START, .unit = "ssh.service", .label = "ssh.service"};
	struct conn_subject s = subject();
	struct group_key k;

	expect(GROUP_BY_CONTAINER, &s, "container 4f9d1c0a2b7e", "");
	s.cgroup = &g;
	expect(GROUP_BY_CONTAINER, &s, "ssh.service", "");
	g = (struct owner_cgroup){.by = CGROUP_BY_PARENT, .container = "4f9d1c0a2b7e"};
	assert_false(group_key_of(GROUP_BY_CONTAINER, &s, &k));
	s.cgroup = NULL;
	assert_false(group_key_of(GROUP_BY_CONTAINER, &s, &k));
}

/* The order is that of the words, as two tapes have different pointers to them. */
static void test_dimension_container_order(void **state)
{
	char a[] = "aaa", again[] = "aaa";
	const struct group_key x = {.container = a}, y = {.container = again};
	const struct group_key later = {.container = "bbb"}, unit = {.unit = "aaa.service"};

	assert_int_equal(group_key_compare(&x, &y), 0);
	assert_true(group_key_compare(&x, &later) < 0);
	assert_true(group_key_compare(&unit, &x) < 0);
	assert_true(group_key_compare(&unit, &(struct group_key){0}) > 0);
}

static void test_dimension_of_a_served_one(void **state)
{
	struct conn_subject s = subject();
	struct group_key k;

	s.is_caller = false;
	s.is_served = true;
	s.local.port = 80;
	expect(GROUP_BY_PORT, &s, "port 80 of this host", "--lport 80");
	assert_false(group_key_of(GROUP_BY_DESTINATION, &s, &k));
}

static void test_dimension_ipv6(void **state)
{
	struct conn_subject s = subject();

	s.remote.addr = (struct ip_addr){
		.family = 6, .bytes = {0x20, 1, 0xd, 0xb8, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6}};
	expect(GROUP_BY_PEER, &s, "2001:db8:1:2:3:4:5:6", "--addr 2001:db8:1:2:3:4:5:6");
	expect(GROUP_BY_PREFIX, &s, "2001:db8:1:2::/64", "--addr 2001:db8:1:2::/64");
	expect(GROUP_BY_DESTINATION, &s, "[2001:db8:1:2:3:4:5:6]:443",
	       "--addr 2001:db8:1:2:3:4:5:6 --rport 443");
}

static void test_dimension_of_the_unknown(void **state)
{
	const struct conn_subject s = {0};
	struct group_key k;

	for (unsigned int d = 0; d < GROUP_BY_N; d++)
		assert_false(group_key_of((enum group_by)d, &s, &k));
}

/* Options come from numbers and addresses: nothing of a comm is in them. */
static void test_dimension_hostile_comm(void **state)
{
	struct conn_subject s = subject();

	s.comm = "$(reboot);'`\n-----------------------";
	expect(GROUP_BY_PROCESS, &s, "$(reboot);'`\n--[900]", "--pid 900");
	s.comm = "";
	expect(GROUP_BY_PROCESS, &s, "process[900]", "--pid 900");
	s.comm = NULL;
	expect(GROUP_BY_PROCESS, &s, "process[900]", "--pid 900");
}

/* Names are for people: the options of a command keep to addresses. */
static void test_dimension_labels(void **state)
{
	static const char names[] = "10.1.2.3 db-1\n10.1.2.0/24 rack\n:443 web\n";
	struct arena arena CLEANUP(arena_done) = {0};
	struct conn_subject s = subject();
	struct text t CLEANUP(text_done) = {0};
	struct labels labels;
	struct group_key k;

	assert_int_equal(labels_parse(names, sizeof(names) - 1, "f", &arena, &labels, NULL), 0);
	expect(GROUP_BY_LABEL, &s, "office", "");
	assert_true(group_key_of(GROUP_BY_PEER, &s, &k));
	group_key_text(GROUP_BY_PEER, &k, &labels, &t);
	assert_string_equal(text_cstr(&t), "db-1 (10.1.2.3)");
	text_clear(&t);
	group_key_options(GROUP_BY_PEER, &k, &t);
	assert_string_equal(text_cstr(&t), "--addr 10.1.2.3");
	text_clear(&t);
	assert_true(group_key_of(GROUP_BY_DESTINATION, &s, &k));
	group_key_text(GROUP_BY_DESTINATION, &k, &labels, &t);
	assert_string_equal(text_cstr(&t), "db-1 (10.1.2.3:443)");
	s.label = NULL;
	assert_false(group_key_of(GROUP_BY_LABEL, &s, &k));
}

/* Groups are found by the bytes of a key: equal subjects, whatever else is in them, equal bytes. */
static void test_dimension_keys_are_plain_bytes(void **state)
{
	struct conn_subject a = subject(), b = subject();
	char comm[] = "nginx\0trash";

	b.comm = comm;
	b.local.port = 41000;
	memset(b.remote.addr.bytes + 4, 0xee, 12);
	for (unsigned int d = 0; d < GROUP_BY_N; d++) {
		struct group_key x, y;

		/* What stands behind the four bytes of an IPv4 address is not looked at. */
		if (d != GROUP_BY_PORT && d != GROUP_BY_PROCESS)
			b.remote.addr = ip_addr_v4(v4);
		memset(&x, 0x55, sizeof(x));
		memset(&y, 0xaa, sizeof(y));
		assert_true(group_key_of((enum group_by)d, &a, &x));
		assert_true(group_key_of((enum group_by)d, &b, &y));
		assert_memory_equal(&x, &y, sizeof(x));
	}
}

static void test_dimension_names(void **state)
{
	assert_string_equal(group_by_name(GROUP_BY_PEER), "peer");
	assert_string_equal(group_by_name(GROUP_BY_PROCESS), "process");
	assert_null(group_by_name(GROUP_BY_N));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dimension_of_a_caller),
		cmocka_unit_test(test_dimension_container),
		cmocka_unit_test(test_dimension_container_order),
		cmocka_unit_test(test_dimension_of_a_served_one),
		cmocka_unit_test(test_dimension_ipv6),
		cmocka_unit_test(test_dimension_of_the_unknown),
		cmocka_unit_test(test_dimension_hostile_comm),
		cmocka_unit_test(test_dimension_keys_are_plain_bytes),
		cmocka_unit_test(test_dimension_labels),
		cmocka_unit_test(test_dimension_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

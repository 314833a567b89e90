// SPDX-License-Identifier: MIT
/*
 * kallsyms: lists of symbols in files that the test writes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <errno.h>
#include <unistd.h>

#include "kernel/kallsyms.h"

static const char list[] = "0000000000000000 A fixed_percpu_data\n"
			   "ffffffff81000000 T _text\n"
			   "ffffffff81000000 T startup_64\n"
			   "ffffffff81000100 t tcp_ack\n"
			   "ffffffff81000400 T tcp_v4_rcv\n"
			   "ffffffff81000800 R __start_rodata\n"
			   "ffffffff81000900 D jiffies\n"
			   "ffffffffc0000000 t nf_hook_slow\t[nf_tables]\n"
			   "ffffffffc0000100 d nf_data\t[nf_tables]\n"
			   "ffffffff82000000 W weak_one\n";

static void write_list(const char *text, char path[32])
{
	FILE *f;
	int fd;

	snprintf(path, 32, "/tmp/test-kallsyms-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	f = fdopen(fd, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void expect(const struct kallsyms *k, uint64_t addr, const char *name, uint64_t offset)
{
	struct kallsyms_symbol s;

	if (!name) {
		assert_false(kallsyms_find(k, addr, &s));
		return;
	}
	assert_true(kallsyms_find(k, addr, &s));
	assert_string_equal(s.name, name);
	assert_int_equal(s.offset, offset);
}

static void test_kallsyms_find(void **state)
{
	struct kallsyms *k CLEANUP(kallsyms_free_p) = NULL;
	char path[32];

	write_list(list, path);
	assert_true(kallsyms_is_readable(path));
	assert_int_equal(kallsyms_load(path, &k, NULL), 0);
	unlink(path);
	expect(k, 0, NULL, 0);
	expect(k, 0xffff888100000000ULL, NULL, 0);
	expect(k, 0xffffffff81000000ULL, "_text", 0);
	expect(k, 0xffffffff810000ffULL, "_text", 0xff);
	expect(k, 0xffffffff81000110ULL, "tcp_ack", 0x10);
	expect(k, 0xffffffff810007ffULL, "tcp_v4_rcv", 0x3ff);
	expect(k, 0xffffffff81000800ULL, NULL, 0);
	expect(k, 0xffffffff81ffffffULL, NULL, 0);
	expect(k, 0xffffffff82000010ULL, "weak_one", 0x10);
	expect(k, 0xffffffff82000000ULL + (1u << 20), NULL, 0);
	expect(k, 0xffffffffc00000ffULL, "nf_hook_slow [nf_tables]", 0xff);
	expect(k, 0xffffffffc0000100ULL, NULL, 0);
	expect(k, UINT64_MAX, NULL, 0);
}

static void test_kallsyms_hidden(void **state)
{
	struct fault fault = FAULT_INIT;
	struct kallsyms *k = NULL;
	char path[32];

	write_list("0000000000000000 T _text\n0000000000000000 t tcp_ack\n", path);
	assert_false(kallsyms_is_readable(path));
	assert_int_equal(kallsyms_load(path, &k, &fault), -EACCES);
	unlink(path);
	assert_false(kallsyms_is_readable("/nonexistent/kallsyms"));
}

static void test_kallsyms_garbage(void **state)
{
	struct kallsyms *k CLEANUP(kallsyms_free_p) = NULL;
	char path[32];

	write_list("\nzz\n12\nffff t\nffffffff81000100 t \nffffffff81000200 T ok\nno newline",
		   path);
	assert_int_equal(kallsyms_load(path, &k, NULL), 0);
	unlink(path);
	expect(k, 0xffffffff81000201ULL, "ok", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kallsyms_find),
		cmocka_unit_test(test_kallsyms_hidden),
		cmocka_unit_test(test_kallsyms_garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

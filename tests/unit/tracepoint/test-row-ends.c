// SPDX-License-Identifier: MIT
/* row-ends: the ends of a connection in the rows of kernels' own format files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "base/buffer.h"
#include "base/io.h"
#include "tracepoint/row-ends.h"

static void load(const char *path, struct trace_format *ret)
{
	struct buffer text CLEANUP(buffer_done) = {0};

	assert_int_equal(io_read_file(path, 65536, &text), 0);
	assert_int_equal(trace_format_parse((const char *)text.data, text.len, ret, NULL), 0);
}

static void test_row_ends_of_retransmissions(void **state)
{
	struct trace_format f;
	struct row_ends r;

	load(FIXTURES "/formats/x86_64-6.1/tcp.tcp_retransmit_skb.format", &f);
	row_ends_find(&f, &r);
	assert_true(r.is_known);
	assert_int_equal(r.sk_size, 8);
	assert_int_equal(r.sk, trace_format_field(&f, "skaddr")->offset);
	assert_int_equal(r.sport, trace_format_field(&f, "sport")->offset);
	assert_int_equal(r.dport, trace_format_field(&f, "dport")->offset);
	assert_int_equal(r.source, trace_format_field(&f, "saddr_v6")->offset);
	assert_int_equal(r.destination, trace_format_field(&f, "daddr_v6")->offset);
	assert_int_equal(r.len, trace_format_field(&f, "daddr_v6")->offset + 16);
}

/* Another shape has its ends elsewhere; without them nothing is known. */
static void test_row_ends_of_others(void **state)
{
	static const char text[] =
		"name: x\nID: 1\nformat:\n"
		"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\n"
		"\tfield:const void * skaddr;\toffset:8;\tsize:4;\tsigned:0;\n"
		"\tfield:__u16 sport;\toffset:12;\tsize:2;\tsigned:0;\n"
		"\tfield:__u16 dport;\toffset:14;\tsize:2;\tsigned:0;\n"
		"\tfield:__u8 saddr_v6[16];\toffset:16;\tsize:16;\tsigned:0;\n"
		"\tfield:__u8 daddr_v6[16];\toffset:32;\tsize:16;\tsigned:0;\n";
	struct trace_format f;
	struct row_ends r;

	assert_int_equal(trace_format_parse(text, strlen(text), &f, NULL), 0);
	row_ends_find(&f, &r);
	assert_true(r.is_known);
	assert_int_equal(r.sk_size, 4);
	f.n_fields--;
	row_ends_find(&f, &r);
	assert_false(r.is_known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_row_ends_of_retransmissions),
		cmocka_unit_test(test_row_ends_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "tracepoint/socket-row.h"
#include "tracepoint/trace-format.h"

/* Kernels' struct tcp_info, 4.15 to 7.0. */
static const uint32_t lengths[] = {192, 200, 224, 232, 240, 248, 280};

static void test_socket_row_has_the_structs_places(void **state)
{
	struct trace_format f;
	struct text t = {0};

	assert_int_equal(sizeof(struct socket_row), SOCKET_ROW_INFO);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		const struct trace_field *cookie, *acked, *rto;

		text_clear(&t);
		socket_row_format(&t, SOCKET_ROW_DESTROY, SOCKET_ROW_DESTROY_ID, lengths[i]);
		assert_int_equal(trace_format_parse(t.data, t.len, &f, NULL), 0);
		assert_string_equal(f.name, "tcp_destroy");
		assert_int_equal(f.id, SOCKET_ROW_DESTROY_ID);
		assert_true(f.record_size <= socket_row_len(lengths[i]));
		cookie = trace_format_field(&f, "sock_cookie");
		assert_int_equal(cookie->offset, offsetof(struct socket_row, sock_cookie));
		acked = trace_format_field(&f, "bytes_acked");
		assert_int_equal(acked->offset, SOCKET_ROW_INFO + 120);
		rto = trace_format_field(&f, "total_rto");
		assert_int_equal(rto != NULL, lengths[i] >= 242);
	}
	text_done(&t);
}

static void test_socket_row_figures_stop_where_tcp_info_does(void **state)
{
	uint8_t info[280], row[512] = {0};

	memset(info, 0xab, sizeof(info));
	socket_row_put_tcp_info(row, 280, info, 130);
	assert_int_equal(row[SOCKET_ROW_INFO + 8], 0xab);   /* rto */
	assert_int_equal(row[SOCKET_ROW_INFO + 120], 0xab); /* bytes_acked */
	assert_int_equal(row[SOCKET_ROW_INFO + 128], 0);    /* bytes_received: not whole */
	assert_int_equal(row[SOCKET_ROW_INFO + 104], 0);    /* pacing_rate: no figure of ours */
	assert_int_equal(row[socket_row_len(280)], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_socket_row_has_the_structs_places),
		cmocka_unit_test(test_socket_row_figures_stop_where_tcp_info_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

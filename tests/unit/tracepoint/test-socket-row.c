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
		cookie = trace_format_field(&f, "sock_cookie");
		assert_int_equal(cookie->offset, offsetof(struct socket_row, sock_cookie));
		acked = trace_format_field(&f, "bytes_acked");
		assert_int_equal(acked->offset, SOCKET_ROW_INFO + 120);
		rto = trace_format_field(&f, "total_rto");
		assert_int_equal(rto != NULL, lengths[i] >= 242);
		assert_int_equal(f.record_size, SOCKET_ROW_INFO + lengths[i]);
		assert_int_equal(socket_row_len(SOCKET_ROW_DESTROY_ID, lengths[i]), f.record_size);
	}
	text_done(&t);
}

/* Only dumps tell more than tcp_info. */
static void test_socket_row_has_details_in_tables(void **state)
{
	const struct trace_field *cgroup, *congestion;
	struct trace_format f;
	struct text t = {0};

	socket_row_format(&t, SOCKET_ROW_TABLE, SOCKET_ROW_TABLE_ID, 276);
	assert_int_equal(trace_format_parse(t.data, t.len, &f, NULL), 0);
	assert_true(f.record_size <= socket_row_len(SOCKET_ROW_TABLE_ID, 276));
	cgroup = trace_format_field(&f, "cgroup_id");
	assert_int_equal(cgroup->offset, SOCKET_ROW_INFO + 280);
	assert_int_equal(cgroup->offset, socket_row_detail_at(276));
	congestion = trace_format_field(&f, "congestion");
	assert_true(congestion->is_array && congestion->is_char);
	assert_int_equal(congestion->offset - cgroup->offset,
			 offsetof(struct socket_detail, congestion));
	text_clear(&t);
	socket_row_format(&t, SOCKET_ROW_DESTROY, SOCKET_ROW_DESTROY_ID, 276);
	assert_int_equal(trace_format_parse(t.data, t.len, &f, NULL), 0);
	assert_null(trace_format_field(&f, "cgroup_id"));
	text_done(&t);
}

/* The fields are in the order of their offsets, and none covers another. */
static void test_tcp_info_fields_are_in_order(void **state)
{
	for (size_t i = 1; i < TCP_INFO_N; i++) {
		const struct tcp_info_field_info *f = &tcp_info_fields[i];

		assert_true(f[-1].offset + f[-1].size <= f->offset);
		assert_int_equal(f->offset % f->size, 0);
	}
}

static void test_socket_row_figures_stop_where_tcp_info_does(void **state)
{
	uint8_t info[280], row[512] = {0};

	memset(info, 0xab, sizeof(info));
	socket_row_put_tcp_info(row, 280, info, 130);
	assert_int_equal(row[SOCKET_ROW_INFO + 8], 0xab);   /* rto */
	assert_int_equal(row[SOCKET_ROW_INFO + 104], 0xab); /* pacing_rate */
	assert_int_equal(row[SOCKET_ROW_INFO + 120], 0xab); /* bytes_acked */
	assert_int_equal(row[SOCKET_ROW_INFO + 128], 0);    /* bytes_received: not whole */
	assert_int_equal(row[SOCKET_ROW_INFO + 136], 0);
	assert_int_equal(row[socket_row_detail_at(280)], 0);
}

/* The bytes of fields that the kernel never fills, or that the row has elsewhere, stay zero. */
static void test_socket_row_takes_the_whole_tcp_info(void **state)
{
	uint8_t info[280], row[512] = {0};

	memset(info, 0xab, sizeof(info));
	socket_row_put_tcp_info(row, 280, info, 280);
	for (size_t i = 0; i < 280; i++) {
		bool is_left_out = i == 0 || (i >= 40 && i < 44) || (i >= 48 && i < 52);

		assert_int_equal(row[SOCKET_ROW_INFO + i], is_left_out ? 0 : 0xab);
	}
	assert_int_equal(row[SOCKET_ROW_INFO + 280], 0);
}

/* What a later kernel adds to its struct travels without a name. */
static void test_socket_row_keeps_what_it_does_not_know(void **state)
{
	uint8_t info[2000], *row = calloc(1, 4096);
	const struct trace_field *rest;
	struct trace_format f;
	struct text t = {0};

	socket_row_format(&t, SOCKET_ROW_DESTROY, SOCKET_ROW_DESTROY_ID, 320);
	assert_int_equal(trace_format_parse(t.data, t.len, &f, NULL), 0);
	rest = trace_format_field(&f, SOCKET_ROW_REST);
	assert_non_null(rest);
	assert_int_equal(rest->offset, SOCKET_ROW_INFO + 276);
	assert_int_equal(rest->size, 320 - 276);
	memset(info, 0xab, sizeof(info));
	socket_row_put_tcp_info(row, 320, info, 320);
	assert_int_equal(row[SOCKET_ROW_INFO + 319], 0xab);
	/* A row has a limit. */
	assert_int_equal(socket_row_detail_at(2000), SOCKET_ROW_INFO + SOCKET_ROW_INFO_MAX);
	socket_row_put_tcp_info(row, 2000, info, 2000);
	assert_int_equal(row[SOCKET_ROW_INFO + SOCKET_ROW_INFO_MAX], 0);
	free(row);
	text_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_socket_row_has_the_structs_places),
		cmocka_unit_test(test_socket_row_has_details_in_tables),
		cmocka_unit_test(test_tcp_info_fields_are_in_order),
		cmocka_unit_test(test_socket_row_figures_stop_where_tcp_info_does),
		cmocka_unit_test(test_socket_row_takes_the_whole_tcp_info),
		cmocka_unit_test(test_socket_row_keeps_what_it_does_not_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <limits.h>

#include "tcp/names.h"
#include "tracepoint/catalog.h"
#include "tracepoint/fields.h"

static void test_names_of_numbers(void **state)
{
	assert_string_equal(tcp_state_name(TCP_STATE_ESTABLISHED), "ESTABLISHED");
	assert_string_equal(tcp_state_name(12), "NEW_SYN_RECV");
	assert_null(tcp_state_name(0));
	assert_null(tcp_state_name(13));
	assert_null(tcp_state_name(-1));
	assert_string_equal(tcp_ca_name(4), "Loss");
	assert_null(tcp_ca_name(5));
	assert_string_equal(tcp_protocol_name(262), "mptcp");
	assert_null(tcp_protocol_name(17));
	assert_string_equal(tcp_errno_name(-111), "ECONNREFUSED");
	assert_string_equal(tcp_errno_name(16), "EBUSY");
	assert_null(tcp_errno_name(0));
	assert_null(tcp_errno_name(INT_MIN));
	assert_null(tcp_errno_name(INT_MAX));
	for (int e = 1; e < 140; e++) {
		if (tcp_errno_name(e))
			assert_string_equal(tcp_errno_name(e), strerrorname_np(e));
	}
}

static void test_fields_reach_every_member(void **state)
{
	struct tcp_event e = {.present = (TCP_FIELD_BIT(TCP_FIELD_N) - 1),
			      .family = 6,
			      .local = {.port = 22},
			      .cookie = 9,
			      .state = 1,
			      .err = -113,
			      .reason = 4,
			      .reason_name = "TOO_OLD",
			      .snd_cwnd = UINT32_MAX};

	for (int i = 0; i < TCP_FIELD_N; i++) {
		assert_non_null(tcp_fields[i].key);
		assert_non_null(tcp_fields[i].label);
		assert_true(tcp_fields[i].offset < sizeof(e));
		for (int k = 0; k < i; k++) {
			assert_string_not_equal(tcp_fields[i].key, tcp_fields[k].key);
			assert_int_not_equal(tcp_fields[i].offset, tcp_fields[k].offset);
		}
	}
	assert_int_equal(tcp_field_value(&e, TCP_FIELD_FAMILY), 6);
	assert_int_equal(tcp_field_value(&e, TCP_FIELD_LPORT), 22);
	assert_int_equal(tcp_field_value(&e, TCP_FIELD_COOKIE), 9);
	assert_int_equal((int64_t)tcp_field_value(&e, TCP_FIELD_ERR), -113);
	assert_int_equal(tcp_field_value(&e, TCP_FIELD_SND_CWND), UINT32_MAX);
	assert_string_equal(tcp_field_word(&e, TCP_FIELD_STATE), "ESTABLISHED");
	assert_string_equal(tcp_field_word(&e, TCP_FIELD_CONG_STATE), "Open");
	assert_string_equal(tcp_field_word(&e, TCP_FIELD_ERR), "EHOSTUNREACH");
	assert_string_equal(tcp_field_word(&e, TCP_FIELD_REASON), "TOO_OLD");
	assert_null(tcp_field_word(&e, TCP_FIELD_MARK));
	e.present = 0;
	assert_int_equal(tcp_field_value(&e, TCP_FIELD_ERR), 0);
	assert_null(tcp_field_word(&e, TCP_FIELD_STATE));
}

static void test_fields_by_the_kernels_names(void **state)
{
	assert_int_equal(tcp_field_named("skaddr"), TCP_FIELD_SK);
	assert_int_equal(tcp_field_named("sk"), TCP_FIELD_SK);
	assert_int_equal(tcp_field_named("rx_sk"), TCP_FIELD_SK);
	assert_int_equal(tcp_field_named("skb"), TCP_FIELD_SKB);
	assert_int_equal(tcp_field_named("error"), TCP_FIELD_ERR);
	assert_int_equal(tcp_field_named("srtt"), TCP_FIELD_SRTT_US);
	assert_int_equal(tcp_field_named("pid"), TCP_FIELD_HOLDER);
	/* Parts of a name, and words of ours that the kernel does not use. */
	assert_int_equal(tcp_field_named(""), TCP_FIELD_N);
	assert_int_equal(tcp_field_named("rx"), TCP_FIELD_N);
	assert_int_equal(tcp_field_named("sk rx_sk"), TCP_FIELD_N);
	assert_int_equal(tcp_field_named("cookie"), TCP_FIELD_N);
	assert_int_equal(tcp_field_named("laddr"), TCP_FIELD_N);
}

static void test_catalog_profile_loss(void **state)
{
	static const char *const names[] = {
		"tcp_retransmit_skb",	 "tcp_retransmit_synack", "tcp_send_reset",
		"tcp_receive_reset",	 "tcp_destroy_sock",	  "inet_sock_set_state",
		"tcp_cong_state_set",	 "inet_sk_error_report",  "tcp_bad_csum",
		"sock_exceed_buf_limit", "sock_rcvqueue_full",
	};
	size_t n = 0;

	for (size_t i = 0; i < n_tracepoint_catalog; i++)
		n += !!(tracepoint_catalog[i].profiles & 1u << TCP_PROFILE_LOSS);
	assert_int_equal(n, ARRAY_SIZE(names));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct tracepoint_info *info = catalog_find("tcp", names[i]);

		info = info ? info : catalog_find("sock", names[i]);
		assert_non_null(info);
		assert_true(info->profiles & 1u << TCP_PROFILE_LOSS);
	}
	assert_string_equal(tcp_profiles[TCP_PROFILE_LOSS].name, "loss");
}

static void test_catalog_rows_are_whole(void **state)
{
	for (size_t i = 0; i < n_tracepoint_catalog; i++) {
		const struct tracepoint_info *info = &tracepoint_catalog[i];

		assert_ptr_equal(catalog_find(info->system, info->name), info);
		assert_non_null(info->summary);
		assert_non_null(info->shapes[0]);
		assert_int_not_equal(info->kind, TCP_KIND_OTHER);
		assert_int_equal(info->with_stack,
				 info->kind == TCP_KIND_RETRANSMIT ||
					 info->kind == TCP_KIND_RETRANSMIT_SYNACK);
	}
	assert_null(catalog_find("tcp", "inet_sock_set_state"));
	assert_null(catalog_find("sched", "sched_switch"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_of_numbers),
		cmocka_unit_test(test_fields_reach_every_member),
		cmocka_unit_test(test_fields_by_the_kernels_names),
		cmocka_unit_test(test_catalog_profile_loss),
		cmocka_unit_test(test_catalog_rows_are_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

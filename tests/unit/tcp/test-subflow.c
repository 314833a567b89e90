// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "tcp/subflow.h"

#define CHAIN_MAX 14

/* Chains as 6.18 was seen to give them, innermost first. */
static void test_subflow_of_known_chains(void **state)
{
	static const struct {
		const char *frames[CHAIN_MAX];
		enum tcp_subflow subflow;
	} cases[] = {
		{{"inet_sk_state_store+0x5", "tcp_v4_connect", "__inet_stream_connect",
		  "inet_stream_connect", "__sys_connect"},
		 TCP_SUBFLOW_NONE},
		{{"inet_sk_state_store", "tcp_v4_connect", NULL, "mptcp_connect+0x11",
		  "__inet_stream_connect"},
		 TCP_SUBFLOW_FIRST},
		{{"inet_sk_state_store", "tcp_v4_connect", "mptcp_stream_connect.part.0"},
		 TCP_SUBFLOW_FIRST},
		{{"inet_sk_state_store", "tcp_v4_connect", "__inet_stream_connect",
		  "inet_stream_connect", "kernel_connect", "__mptcp_subflow_connect",
		  "mptcp_pm_nl_add_addr_received", "mptcp_worker", "process_one_work"},
		 TCP_SUBFLOW_JOIN},
		{{"inet_sk_state_store", "tcp_disconnect", "__mptcp_close_ssk", "mptcp_close"},
		 TCP_SUBFLOW_SOME},
		/* The segment of another socket is delivered while an MPTCP one connects. */
		{{"inet_sk_set_state", "tcp_v4_rcv", "ip_protocol_deliver_rcu", "mptcp_connect"},
		 TCP_SUBFLOW_NONE},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(tcp_subflow_of_chain(cases[i].frames, CHAIN_MAX),
				 cases[i].subflow);
}

static void test_subflow_names(void **state)
{
	assert_null(tcp_subflow_name(TCP_SUBFLOW_NONE));
	assert_string_equal(tcp_subflow_name(TCP_SUBFLOW_JOIN), "join");
	assert_null(tcp_subflow_name(TCP_SUBFLOW_N));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_subflow_of_known_chains),
		cmocka_unit_test(test_subflow_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

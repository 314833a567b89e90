// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "tcp/closer.h"

#define CHAIN_MAX 14

/* Chains of SYN_SENT to CLOSE as 6.1 and 6.18 were seen to give them, innermost first. */
static void test_closer_of_known_chains(void **state)
{
	static const struct {
		const char *frames[CHAIN_MAX];
		enum tcp_closer closer;
	} cases[] = {
		{{"inet_sk_state_store+0x5", "tcp_v4_connect+0x3c1", "__inet_stream_connect",
		  "inet_stream_connect", "__sys_connect"},
		 TCP_CLOSER_CONNECT},
		{{"tcp_set_state", "tcp_v4_connect", "tcp_v6_connect", "__inet_stream_connect"},
		 TCP_CLOSER_CONNECT},
		{{"inet_sk_state_store", "tcp_v6_connect+0x1", "__inet_stream_connect"},
		 TCP_CLOSER_CONNECT},
		{{"inet_sk_state_store", "__tcp_close", "tcp_close", "inet_release", "sock_close",
		  "__fput", "__x64_sys_close"},
		 TCP_CLOSER_PROCESS},
		{{"inet_sk_state_store", NULL, "tcp_disconnect.part.0+0x7", "inet_shutdown",
		  "__sys_shutdown"},
		 TCP_CLOSER_PROCESS},
		{{"inet_sk_state_store", "__tcp_close", "tcp_close", "inet_release", "sock_close",
		  "__fput", "task_work_run", "do_exit", "do_group_exit", "get_signal"},
		 TCP_CLOSER_EXIT},
		{{"inet_sk_state_store", "tcp_done", "tcp_done_with_error", "tcp_abort",
		  "tcp_diag_destroy"},
		 TCP_CLOSER_ADMIN},
		/* The RST waited in the backlog until connect() released the socket. */
		{{"inet_sk_state_store", "tcp_done", "tcp_done_with_error", "tcp_rcv_state_process",
		  "tcp_v4_do_rcv", "__release_sock", "release_sock", "__inet_stream_connect"},
		 TCP_CLOSER_KERNEL},
		{{"inet_sk_state_store", "tcp_done", "tcp_v4_err", "icmp_unreach"},
		 TCP_CLOSER_KERNEL},
		{{"inet_sk_state_store", "tcp_done", "tcp_write_err", "tcp_retransmit_timer"},
		 TCP_CLOSER_KERNEL},
		/* The interrupt came while another socket was connected, or a process ended. */
		{{"inet_sk_state_store", "tcp_done", "handle_softirqs", "do_softirq.part.0",
		  "tcp_v4_connect"},
		 TCP_CLOSER_KERNEL},
		{{"inet_sk_state_store", "tcp_done", "call_timer_fn", "do_exit"},
		 TCP_CLOSER_KERNEL},
		/* A subflow that the kernel's worker closes. */
		{{"inet_sk_state_store", "__tcp_close", "__mptcp_close_ssk", "mptcp_worker",
		  "process_one_work"},
		 TCP_CLOSER_KERNEL},
		{{"inet_sk_state_store", "do_exit"}, TCP_CLOSER_UNKNOWN},
		{{"__traceiter_inet_sock_set_state+0x3c", NULL}, TCP_CLOSER_UNKNOWN},
		{{"tcp_closed"}, TCP_CLOSER_UNKNOWN},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(tcp_closer_of_chain(cases[i].frames, CHAIN_MAX), cases[i].closer);
	assert_int_equal(tcp_closer_of_chain(NULL, 0), TCP_CLOSER_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_closer_of_known_chains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

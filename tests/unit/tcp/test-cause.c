// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "tcp/cause.h"

#define CHAIN_MAX 12

static struct tcp_chain_cause cause_of(const char *const *frames, bool is_synack)
{
	size_t n = 0;

	while (frames[n])
		n++;
	return tcp_cause_of_chain(frames, n, is_synack);
}

/* Chains as kernels from 5.10 to 7.3 were seen to give them, innermost first. */
static void test_cause_of_known_chains(void **state)
{
	static const struct {
		const char *frames[CHAIN_MAX];
		bool is_synack;
		const char *cause;
		const char *trigger;
	} rows[] = {
		{{"__tcp_retransmit_skb+0x10", "tcp_retransmit_skb+0x5b",
		  "tcp_retransmit_timer+0x1", "tcp_write_timer_handler+0x3", "tcp_write_timer+0x4",
		  "call_timer_fn+0x2"},
		 false,
		 "rto",
		 "timer"},
		{{"__tcp_retransmit_skb", "tcp_retransmit_skb", "tcp_retransmit_timer",
		  "tcp_write_timer", "call_timer_fn", "tcp_send_loss_probe"},
		 false,
		 "rto",
		 "timer"},
		{{"__tcp_retransmit_skb.part.0+0x9", "tcp_send_loss_probe.part.0+0x3",
		  "tcp_write_timer"},
		 false,
		 "tlp",
		 "timer"},
		{{"__tcp_retransmit_skb", "tcp_xmit_retransmit_queue.part.0+0x2",
		  "tcp_rack_reo_timeout+0x1", "tcp_write_timer"},
		 false,
		 "recovery",
		 "rack-timer"},
		{{"__traceiter_tcp_retransmit_skb", "__tcp_retransmit_skb", "tcp_retransmit_skb",
		  "tcp_xmit_retransmit_queue.part.0", "tcp_ack", "tcp_rcv_established",
		  "tcp_v4_do_rcv", "tcp_v4_rcv", "tcp_release_cb"},
		 false,
		 "recovery",
		 "ack"},
		{{"__tcp_retransmit_skb", "tcp_xmit_retransmit_queue", "tcp_ack",
		  "tcp_rcv_state_process", "tcp_v6_do_rcv"},
		 false,
		 "recovery",
		 "ack"},
		{{"__tcp_retransmit_skb", "tcp_xmit_retransmit_queue", "tcp_tsq_write.part.0",
		  "tcp_tsq_handler", "tcp_pace_kick", "__hrtimer_run_queues"},
		 false,
		 "recovery",
		 "tsq"},
		{{"__tcp_retransmit_skb", "tcp_xmit_retransmit_queue", "tcp_tsq_workfn",
		  "process_one_work"},
		 false,
		 "recovery",
		 "tsq"},
		{{"__tcp_retransmit_skb", "tcp_xmit_retransmit_queue", "tcp_tasklet_func",
		  "tasklet_action_common"},
		 false,
		 "recovery",
		 "tsq"},
		{{"__tcp_retransmit_skb", "tcp_xmit_retransmit_queue", "tcp_tsq_write",
		  "tcp_release_cb", "release_sock"},
		 false,
		 "recovery",
		 "tsq"},
		{{"tcp_rtx_synack.part.0", "inet_rtx_syn_ack", "reqsk_timer_handler",
		  "call_timer_fn"},
		 true,
		 "synack",
		 "timer"},
		{{"tcp_rtx_synack", "tcp_check_req", "tcp_v4_rcv"}, true, "synack", "dup-syn"},
		{{"tcp_rtx_synack", "tcp_check_req", "tcp_rcv_state_process", "tcp_v6_do_rcv"},
		 true,
		 "synack",
		 "dup-syn"},
		{{"tcp_rtx_synack", "tcp_retransmit_timer", "tcp_write_timer", "call_timer_fn"},
		 true,
		 "synack",
		 "timer"},
		{{"tcp_rtx_synack", "something_new"}, true, "unknown", NULL},
		{{"__tcp_retransmit_skb", "tcp_rcv_state_process", "tcp_v4_do_rcv"},
		 false,
		 "tfo",
		 NULL},
		{{"__tcp_retransmit_skb", "tcp_xmit_retransmit_queue", "tcp_rcv_fastopen_synack"},
		 false,
		 "tfo",
		 NULL},
		{{"__tcp_retransmit_skb", "tcp_xmit_retransmit_queue", "tcp_v4_err", "icmp_unreach",
		  "icmp_rcv", "ip_protocol_deliver_rcu"},
		 false,
		 "pmtu",
		 "icmp"},
		{{"tcp_xmit_retransmit_queue", "tcp_v6_err", "icmpv6_notify"},
		 false,
		 "pmtu",
		 "icmp"},
		{{"tcp_xmit_retransmit_queue", "tcp_release_cb", "release_sock", "tcp_sendmsg"},
		 false,
		 "deferred",
		 NULL},
		{{"tcp_xmit_retransmit_queue", "tcp_simple_retransmit", "tcp_v4_mtu_reduced",
		  "tcp_release_cb", "release_sock"},
		 false,
		 "pmtu",
		 "icmp"},
		{{"tcp_retransmit_skb", "tcp_retransmit_timer", "tcp_v4_err", "icmp_unreach"},
		 false,
		 "rto",
		 "icmp"},
		{{"tcp_retransmit_skb", "tcp_retransmit_timer", "tcp_write_timer_handler",
		  "tcp_release_cb", "release_sock"},
		 false,
		 "rto",
		 "timer"},
		{{"tcp_send_loss_probe", "tcp_write_timer_handler", "tcp_release_cb"},
		 false,
		 "tlp",
		 "timer"},
		{{"__tcp_retransmit_skb", "handle_softirqs", "tcp_ack"}, false, "unknown", NULL},
		{{"__tcp_retransmit_skb", "tcp_ackx", "xtcp_ack", "tcp_ac"},
		 false,
		 "unknown",
		 NULL},
		{{"tcp_ack [mod]", "x"}, false, "recovery", "ack"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct tcp_chain_cause c = cause_of(rows[i].frames, rows[i].is_synack);
		const char *trigger = tcp_trigger_name(c.trigger);

		assert_string_equal(tcp_cause_name(c.cause), rows[i].cause);
		if (rows[i].trigger)
			assert_string_equal(trigger, rows[i].trigger);
		else
			assert_null(trigger);
	}
}

static void test_cause_boundaries_end_the_chain(void **state)
{
	static const char *const boundaries[] = {
		"call_timer_fn",
		"__hrtimer_run_queues",
		"handle_softirqs",
		"__do_softirq",
		"__softirqentry_text_start",
		"do_softirq",
		"net_rx_action",
		"ip_protocol_deliver_rcu",
		"ip6_protocol_deliver_rcu",
		"tcp_v4_rcv",
		"tcp_v6_rcv",
		"process_one_work",
		"tasklet_action_common",
	};

	for (size_t i = 0; i < ARRAY_SIZE(boundaries); i++) {
		const char *frames[] = {"tcp_retransmit_skb", boundaries[i], "tcp_ack", NULL};

		assert_int_equal(cause_of(frames, false).cause, TCP_CAUSE_UNKNOWN);
	}
}

static void test_cause_passes_over_frames_without_symbol(void **state)
{
	const char *const frames[] = {NULL, "tcp_ack+0x1", NULL};

	assert_int_equal(tcp_cause_of_chain(frames, 3, false).cause, TCP_CAUSE_RECOVERY);
	assert_int_equal(tcp_cause_of_chain(NULL, 0, false).cause, TCP_CAUSE_UNKNOWN);
}

/* A change to CLOSE: who called for it, and whether the chain goes so far. */
static void test_chains_that_tell_of_a_fin(void **state)
{
	static const struct {
		const char *frames[6];
		bool tells, has;
	} cases[] = {
		{{NULL}, false, false},
		{{"__traceiter_inet_sock_set_state+0x3c"}, false, false},
		{{"__traceiter_inet_sock_set_state", "inet_sk_state_store.part.0", "tcp_set_state",
		  "tcp_done", "tcp_time_wait"},
		 false,
		 false},
		{{"perf_trace_run_bpf_submit", "trace_event_raw_event_x"}, false, false},
		{{"tcp_set_state", "tcp_done", "tcp_time_wait", "tcp_rcv_state_process"},
		 true,
		 false},
		{{"tcp_set_state", "tcp_time_wait", "tcp_fin+0x10"}, true, true},
		{{"tcp_time_wait", "tcp_data_queue.isra.0"}, true, true},
		/* The name must be the whole one. */
		{{"tcp_done_with_error"}, true, false},
		{{"tcp_don"}, true, false},
		{{"tcp_set_state", "call_timer_fn", "tcp_fin"}, true, false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		/* Frames without a symbol stand at the end, as those of a cut chain do. */
		assert_int_equal(tcp_chain_tells_fin(cases[i].frames, 6), cases[i].tells);
		assert_int_equal(tcp_chain_has_fin(cases[i].frames, 6), cases[i].has);
	}
}

static void test_cause_words(void **state)
{
	assert_null(tcp_cause_name(TCP_CAUSE_NONE));
	assert_null(tcp_trigger_name(TCP_TRIGGER_NONE));
	assert_null(tcp_basis_name(TCP_BASIS_NONE));
	assert_null(tcp_cause_name(TCP_CAUSE_N));
	for (int i = 1; i < TCP_CAUSE_N; i++)
		assert_non_null(tcp_cause_name(i));
	for (int i = 1; i < TCP_TRIGGER_N; i++)
		assert_non_null(tcp_trigger_name(i));
	for (int i = 1; i < TCP_BASIS_N; i++)
		assert_non_null(tcp_basis_name(i));
	assert_string_equal(tcp_basis_name(TCP_BASIS_CA_STATE), "ca_state");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cause_of_known_chains),
		cmocka_unit_test(test_cause_boundaries_end_the_chain),
		cmocka_unit_test(test_cause_passes_over_frames_without_symbol),
		cmocka_unit_test(test_chains_that_tell_of_a_fin),
		cmocka_unit_test(test_cause_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

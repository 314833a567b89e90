// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "track/figures.h"

static void test_figures_leave_out_what_was_never_measured(void **state)
{
	struct tcp_info_values f = {.present = TCP_INFO_BIT(TCP_INFO_RTT_US) |
					       TCP_INFO_BIT(TCP_INFO_MIN_RTT_US) |
					       TCP_INFO_BIT(TCP_INFO_RTO_US)};
	struct tcp_conn_info info = {0};
	struct tcp_conn c = {.tcp_info = &info};
	struct conns conns;

	conns_init(&conns);
	f.values[TCP_INFO_MIN_RTT_US] = UINT32_MAX; /* tcp_init_sock: no sample yet */
	assert_int_equal(figures_take(&conns, &c, &f, false), 0);
	assert_false(info.has_rtt || info.has_min_rtt || info.has_rto || info.has_bytes);
	assert_false(info.has_total_retrans || c.has_final);
	f.values[TCP_INFO_RTT_US] = 300;
	f.values[TCP_INFO_MIN_RTT_US] = 200;
	f.values[TCP_INFO_RTO_US] = 201000;
	assert_int_equal(figures_take(&conns, &c, &f, true), 0);
	assert_true(info.has_rtt && info.has_min_rtt && info.has_rto && c.has_final);
	assert_int_equal(info.min_rtt_us, 200);
	assert_int_equal(figures_take(&conns, &c, NULL, true), 0);
	conns_done(&conns);
}

/* Of a connection whose figures the kernel has cleared, nothing is known: what is in them is what
 * tcp_disconnect() sets. */
static void test_figures_that_the_kernel_has_cleared(void **state)
{
	struct tcp_info_values f = {.present = UINT64_MAX};
	struct tcp_conn_info info = {.tx_bytes = 5, .has_bytes = true, .has_rtt = true};
	struct tcp_conn c = {.tcp_info = &info, .is_born = true, .was_established = true};
	struct conns conns;

	conns_init(&conns);
	f.values[TCP_INFO_RTO_US] = 1000000;
	assert_int_equal(figures_take(&conns, &c, &f, true), 0);
	assert_true(info.is_cleared && c.has_final);
	assert_false(info.has_bytes || info.has_rtt || info.has_rto || info.has_total_retrans);
	/* An attempt that was never established carried no data; the rest is not known. */
	c.was_established = false;
	assert_int_equal(figures_take(&conns, &c, &f, true), 0);
	assert_true(info.has_bytes && !info.tx_bytes && !info.rx_bytes);
	assert_false(info.has_rto || info.has_total_retrans);
	conns_done(&conns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_figures_leave_out_what_was_never_measured),
		cmocka_unit_test(test_figures_that_the_kernel_has_cleared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

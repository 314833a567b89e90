// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "pages/history-costs.h"
#include "tcp/names.h"

static struct history_event event(uint64_t ts_ns, enum history_event_kind kind, uint8_t detail)
{
	return (struct history_event){
		.ts_ns = ts_ns, .until_ns = ts_ns, .n = 1, .kind = kind, .detail = detail};
}

#define NEVER (-1)

/* Expects that progress is seen so long after an event of `cause`, which `second` and `third`
 * follow after 10 and 20. */
static void expect(enum tcp_cause cause, struct history_event second, struct history_event third,
		   int64_t want)
{
	const struct history_event items[] = {event(100, HISTORY_RETRANSMIT, (uint8_t)cause),
					      second, third};
	struct history_cost costs[ARRAY_SIZE(items)];

	history_costs(items, ARRAY_SIZE(items), costs);
	assert_int_equal(costs[0].has_progress, want != NEVER);
	if (want != NEVER)
		assert_int_equal(costs[0].progress_ns, want);
}

static struct history_event ca(uint64_t ts_ns, enum tcp_ca state)
{
	return event(ts_ns, HISTORY_CONGESTION, state);
}

static void test_progress_after_a_timeout(void **state)
{
	const struct history_event acked = event(110, HISTORY_ACKED, 0);
	const struct history_event closed = event(110, HISTORY_STATE, TCP_STATE_FIN_WAIT2);
	const struct history_event closing = event(110, HISTORY_STATE, TCP_STATE_FIN_WAIT1);

	expect(TCP_CAUSE_RTO, ca(110, TCP_CA_STATE_LOSS), ca(120, TCP_CA_STATE_OPEN), 20);
	expect(TCP_CAUSE_RTO, ca(110, TCP_CA_STATE_LOSS), ca(120, TCP_CA_STATE_LOSS), NEVER);
	expect(TCP_CAUSE_RTO, ca(110, TCP_CA_STATE_RECOVERY), ca(120, TCP_CA_STATE_OPEN), 10);
	expect(TCP_CAUSE_RTO, acked, ca(120, TCP_CA_STATE_OPEN), 10);
	expect(TCP_CAUSE_RTO, closed, ca(120, TCP_CA_STATE_LOSS), 10);
	expect(TCP_CAUSE_RTO, closing, ca(120, TCP_CA_STATE_LOSS), NEVER);
	expect(TCP_CAUSE_TLP, ca(110, TCP_CA_STATE_CWR), ca(120, TCP_CA_STATE_OPEN), 10);
}

/* Recovery begins with an acknowledgement, and the first segment is still missing. */
static void test_progress_after_a_fast_retransmission(void **state)
{
	const struct history_event acked = event(110, HISTORY_ACKED, 0);

	expect(TCP_CAUSE_FAST, ca(110, TCP_CA_STATE_RECOVERY), ca(120, TCP_CA_STATE_OPEN), 20);
	expect(TCP_CAUSE_FAST, ca(110, TCP_CA_STATE_LOSS), ca(120, TCP_CA_STATE_RECOVERY), NEVER);
	expect(TCP_CAUSE_FAST, acked, ca(120, TCP_CA_STATE_OPEN), 10);
}

static void test_progress_after_a_syn(void **state)
{
	const struct history_event opened = event(110, HISTORY_STATE, TCP_STATE_ESTABLISHED);

	expect(TCP_CAUSE_SYN, opened, ca(120, TCP_CA_STATE_OPEN), 10);
	expect(TCP_CAUSE_SYNACK, opened, ca(120, TCP_CA_STATE_OPEN), 10);
	expect(TCP_CAUSE_SYN, ca(110, TCP_CA_STATE_OPEN), ca(120, TCP_CA_STATE_OPEN), NEVER);
}

/* The cost of several that became one counts from the last of them. */
static void test_progress_after_several(void **state)
{
	struct history_event items[] = {event(100, HISTORY_RETRANSMIT, TCP_CAUSE_FAST),
					ca(150, TCP_CA_STATE_OPEN)};
	struct history_cost costs[2];

	items[0].until_ns = 130;
	history_costs(items, 2, costs);
	assert_int_equal(costs[0].progress_ns, 20);
	assert_false(costs[1].has_progress);
	items[0].until_ns = 200;
	history_costs(items, 2, costs);
	assert_false(costs[0].has_progress);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_progress_after_a_timeout),
		cmocka_unit_test(test_progress_after_a_fast_retransmission),
		cmocka_unit_test(test_progress_after_a_syn),
		cmocka_unit_test(test_progress_after_several),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tcp/names.h"
#include "track/resolve-cause.h"

/* A retransmission on a socket in congestion state ca; -1: the state is not known. */
static struct tcp_conn conn_in(int ca)
{
	return (struct tcp_conn){.has_ca = ca >= 0, .ca = ca < 0 ? 0 : (uint8_t)ca};
}

static struct tcp_event resolved(struct tcp_conn *c, enum tcp_cause chain, enum tcp_trigger trigger,
				 bool has_err)
{
	struct tcp_event e = {.kind = TCP_KIND_RETRANSMIT, .chain = {chain, trigger}};

	e.present = has_err ? TCP_FIELD_BIT(TCP_FIELD_ERR) : 0;
	resolve_cause(&e, c);
	return e;
}

static void assert_cause(const struct tcp_event *e, enum tcp_cause cause, enum tcp_trigger trigger,
			 enum tcp_basis basis)
{
	assert_int_equal(e->cause, cause);
	assert_int_equal(e->trigger, trigger);
	assert_int_equal(e->cause_by, basis);
}

/* tcp_release_cb: the path's MTU shrank (tcp_simple_retransmit enters Loss), unless an earlier
 * attempt in Loss failed, which only kernels with `err` show (6.17). */
static void test_deferred_is_pmtu_only_where_err_is_recorded(void **state)
{
	struct tcp_conn c = conn_in(TCP_CA_STATE_LOSS);
	struct tcp_event e = resolved(&c, TCP_CAUSE_DEFERRED, TCP_TRIGGER_NONE, true);

	assert_cause(&e, TCP_CAUSE_PMTU, TCP_TRIGGER_ICMP, TCP_BASIS_CA_STATE);
	/* Not the first in this Loss: some other work was deferred. */
	e = resolved(&c, TCP_CAUSE_DEFERRED, TCP_TRIGGER_NONE, true);
	assert_cause(&e, TCP_CAUSE_DEFERRED, TCP_TRIGGER_NONE, TCP_BASIS_STACK);
	c = conn_in(TCP_CA_STATE_LOSS);
	e = resolved(&c, TCP_CAUSE_DEFERRED, TCP_TRIGGER_NONE, false);
	assert_cause(&e, TCP_CAUSE_DEFERRED, TCP_TRIGGER_NONE, TCP_BASIS_STACK);
}

/* tcp_tsq_write continues what the queue held up. */
static void test_deferred_in_recovery_is_fast(void **state)
{
	struct tcp_conn c = conn_in(TCP_CA_STATE_RECOVERY);
	struct tcp_event e = resolved(&c, TCP_CAUSE_DEFERRED, TCP_TRIGGER_NONE, false);

	assert_cause(&e, TCP_CAUSE_FAST, TCP_TRIGGER_TSQ, TCP_BASIS_CA_STATE);
	c = conn_in(TCP_CA_STATE_OPEN);
	e = resolved(&c, TCP_CAUSE_DEFERRED, TCP_TRIGGER_NONE, true);
	assert_cause(&e, TCP_CAUSE_DEFERRED, TCP_TRIGGER_NONE, TCP_BASIS_STACK);
	e = resolved(NULL, TCP_CAUSE_DEFERRED, TCP_TRIGGER_NONE, true);
	assert_cause(&e, TCP_CAUSE_DEFERRED, TCP_TRIGGER_NONE, TCP_BASIS_STACK);
}

/* The chain does not tell fast retransmission from recovery after a timeout; the state does. */
static void test_recovery_is_divided_by_congestion_state(void **state)
{
	static const struct {
		int ca;
		enum tcp_cause cause;
		enum tcp_basis basis;
	} cases[] = {
		{TCP_CA_STATE_RECOVERY, TCP_CAUSE_FAST, TCP_BASIS_CA_STATE},
		{TCP_CA_STATE_LOSS, TCP_CAUSE_LOSS, TCP_BASIS_CA_STATE},
		{TCP_CA_STATE_OPEN, TCP_CAUSE_RECOVERY, TCP_BASIS_STACK},
		{-1, TCP_CAUSE_RECOVERY, TCP_BASIS_STACK},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct tcp_conn c = conn_in(cases[i].ca);
		struct tcp_event e = resolved(&c, TCP_CAUSE_RECOVERY, TCP_TRIGGER_ACK, false);

		assert_cause(&e, cases[i].cause, TCP_TRIGGER_ACK, cases[i].basis);
	}
}

/* Without a chain, the first retransmission after the entry into Loss is the timer's
 * (tcp_enter_loss, from tcp_retransmit_timer), the later ones repair the rest. */
static void test_without_a_chain_the_first_in_loss_is_the_timers(void **state)
{
	struct tcp_conn c = conn_in(TCP_CA_STATE_LOSS);
	struct tcp_event e = resolved(&c, TCP_CAUSE_NONE, TCP_TRIGGER_NONE, false);

	assert_cause(&e, TCP_CAUSE_RTO, TCP_TRIGGER_NONE, TCP_BASIS_CA_STATE);
	e = resolved(&c, TCP_CAUSE_NONE, TCP_TRIGGER_NONE, false);
	assert_cause(&e, TCP_CAUSE_LOSS, TCP_TRIGGER_NONE, TCP_BASIS_CA_STATE);
	c = conn_in(TCP_CA_STATE_OPEN);
	e = resolved(&c, TCP_CAUSE_NONE, TCP_TRIGGER_NONE, false);
	assert_cause(&e, TCP_CAUSE_TLP, TCP_TRIGGER_NONE, TCP_BASIS_CA_STATE);
	c = conn_in(TCP_CA_STATE_DISORDER);
	e = resolved(&c, TCP_CAUSE_NONE, TCP_TRIGGER_NONE, false);
	assert_cause(&e, TCP_CAUSE_UNKNOWN, TCP_TRIGGER_NONE, TCP_BASIS_NONE);
}

/* An unwinder that stops in the tracepoint's own code, or functions of other names: the states tell
 * as if there were no chain, and the basis says that they did. */
static void test_a_chain_that_tells_nothing_is_none(void **state)
{
	static const struct {
		int ca;
		enum tcp_cause cause;
		enum tcp_basis basis;
	} cases[] = {
		{TCP_CA_STATE_OPEN, TCP_CAUSE_TLP, TCP_BASIS_CA_STATE},
		{TCP_CA_STATE_RECOVERY, TCP_CAUSE_FAST, TCP_BASIS_CA_STATE},
		{TCP_CA_STATE_LOSS, TCP_CAUSE_RTO, TCP_BASIS_CA_STATE},
		{TCP_CA_STATE_DISORDER, TCP_CAUSE_UNKNOWN, TCP_BASIS_NONE},
		{-1, TCP_CAUSE_UNKNOWN, TCP_BASIS_NONE},
	};
	struct tcp_conn syn = {.state = TCP_STATE_SYN_SENT};
	struct tcp_event e;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct tcp_conn c = conn_in(cases[i].ca);

		e = resolved(&c, TCP_CAUSE_UNKNOWN, TCP_TRIGGER_NONE, false);
		assert_cause(&e, cases[i].cause, TCP_TRIGGER_NONE, cases[i].basis);
	}
	e = resolved(&syn, TCP_CAUSE_UNKNOWN, TCP_TRIGGER_NONE, false);
	assert_cause(&e, TCP_CAUSE_SYN, TCP_TRIGGER_NONE, TCP_BASIS_STATE);
	e = resolved(NULL, TCP_CAUSE_UNKNOWN, TCP_TRIGGER_NONE, false);
	assert_cause(&e, TCP_CAUSE_UNKNOWN, TCP_TRIGGER_NONE, TCP_BASIS_NONE);
}

static void test_timers_of_syns(void **state)
{
	struct tcp_conn c = {.state = TCP_STATE_SYN_SENT};
	struct tcp_event e = resolved(&c, TCP_CAUSE_RTO, TCP_TRIGGER_TIMER, false);

	assert_cause(&e, TCP_CAUSE_SYN, TCP_TRIGGER_TIMER, TCP_BASIS_STACK);
	/* The event's own state counts more than what is remembered. */
	e = (struct tcp_event){.kind = TCP_KIND_RETRANSMIT,
			       .chain = {TCP_CAUSE_RTO, TCP_TRIGGER_TIMER},
			       .state = TCP_STATE_ESTABLISHED,
			       .present = TCP_FIELD_BIT(TCP_FIELD_STATE)};
	resolve_cause(&e, &c);
	assert_cause(&e, TCP_CAUSE_RTO, TCP_TRIGGER_TIMER, TCP_BASIS_STACK);
}

static void test_synacks_and_other_kinds(void **state)
{
	struct tcp_event e = {.kind = TCP_KIND_RETRANSMIT_SYNACK,
			      .chain = {TCP_CAUSE_SYNACK, TCP_TRIGGER_DUP_SYN}};

	resolve_cause(&e, NULL);
	assert_cause(&e, TCP_CAUSE_SYNACK, TCP_TRIGGER_DUP_SYN, TCP_BASIS_STACK);
	e.chain = (struct tcp_chain_cause){TCP_CAUSE_UNKNOWN, TCP_TRIGGER_TIMER};
	resolve_cause(&e, NULL);
	assert_cause(&e, TCP_CAUSE_SYNACK, TCP_TRIGGER_NONE, TCP_BASIS_STATE);
	e = (struct tcp_event){.kind = TCP_KIND_DESTROY,
			       .chain = {TCP_CAUSE_RTO, TCP_TRIGGER_TIMER}};
	resolve_cause(&e, NULL);
	assert_cause(&e, TCP_CAUSE_NONE, TCP_TRIGGER_NONE, TCP_BASIS_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_deferred_is_pmtu_only_where_err_is_recorded),
		cmocka_unit_test(test_deferred_in_recovery_is_fast),
		cmocka_unit_test(test_recovery_is_divided_by_congestion_state),
		cmocka_unit_test(test_without_a_chain_the_first_in_loss_is_the_timers),
		cmocka_unit_test(test_a_chain_that_tells_nothing_is_none),
		cmocka_unit_test(test_timers_of_syns),
		cmocka_unit_test(test_synacks_and_other_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>

#include "scene.h"
#include "tcp/names.h"

/* inet_sk_error_report and tcp_send_reset name no socket that is alive: what a CPU did just before
 * tells whose they are. And what is counted of a connection. */
#define TUPLE "10.0.0.1:4000 10.0.0.2:80 connect "

static void report(struct scene *s, uint16_t lport, uint32_t cpu)
{
	struct tcp_event e = scene_event(TCP_KIND_ERROR_REPORT, 0, lport, 80);

	e.err = ETIMEDOUT;
	e.cpu = cpu;
	scene_feed(s, &e);
}

static void test_errors_before_and_after_close(void **state)
{
	struct scene *s = *state;

	/* Up to 6.9 (tcp_write_err) the report comes first. */
	scene_connect(s, 1, 4000);
	report(s, 4000, 0);
	scene_change(s, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, 0);
	scene_destroy(s, 1, 0);
	/* From 6.10 on (tcp_done_with_error) it comes second. */
	scene_connect(s, 1, 4000);
	scene_change(s, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, 0);
	report(s, 4000, 0);
	scene_destroy(s, 1, 0);
	scene_finish(s, TUPLE "timeout 2ms connect:100 err=110\n" TUPLE
			      "timeout 2ms connect:100 err=110\n");
}

/* The same function, so the same CPU, the same endpoints, and within microseconds. */
static void test_errors_of_other_calls(void **state)
{
	struct scene *s = *state;

	scene_connect(s, 1, 4000);
	report(s, 4000, 1);
	report(s, 4001, 0);
	scene_change(s, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, 0);
	report(s, 4001, 0);
	report(s, 4000, 1);
	scene_wait_ms(s, 1);
	report(s, 4000, 0);
	scene_destroy(s, 1, 0);
	scene_finish(s, TUPLE "aborted 2ms connect:100\n");
}

static void send_reset(struct scene *s, uint64_t sk, unsigned int after_ms)
{
	struct tcp_event e = scene_event(TCP_KIND_SEND_RESET, sk, 4000, 80);

	e.state = TCP_STATE_CLOSE;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_STATE);
	scene_wait_ms(s, after_ms);
	scene_feed(s, &e);
}

/* tcp_disconnect and tcp_close send the RST after CLOSE, when the socket may have been
 * destroyed. */
static void test_reset_after_the_socket_is_destroyed(void **state)
{
	struct scene *s = *state;

	scene_expect_diag(s);
	scene_connect(s, 1, 4000);
	scene_change(s, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, CLIENT);
	scene_destroy(s, 1, 0);
	send_reset(s, 1, 0);
	scene_finish(s, TUPLE "local-reset 2ms close:100\n");
}

static void test_reset_that_is_not_of_the_closed_socket(void **state)
{
	struct scene *s = *state;

	scene_expect_diag(s);
	scene_connect(s, 1, 4000);
	scene_change(s, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, CLIENT);
	scene_destroy(s, 1, 0);
	send_reset(s, 2, 0);
	send_reset(s, 1, 1);
	scene_finish(s, TUPLE "aborted 2ms close:100\n");
}

static void call(struct scene *s, enum tcp_kind kind, int32_t ret, int32_t flags)
{
	struct tcp_event e = scene_event(kind, 1, 4000, 80);

	e.ret = ret;
	e.flags = flags;
	scene_feed(s, &e);
}

/* MSG_PEEK leaves the bytes in the queue: the next call reads them again. */
static void test_count_does_not_count_peeked_bytes(void **state)
{
	struct scene *s = *state;

	tracker_expect(s->tracker, TRACKER_CONN_KINDS & ~TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL));
	scene_connect(s, 1, 4000);
	call(s, TCP_KIND_RECV_LENGTH, 100, 2);
	call(s, TCP_KIND_RECV_LENGTH, 100, 0x40);
	call(s, TCP_KIND_RECV_LENGTH, -EAGAIN, 0);
	call(s, TCP_KIND_SEND_LENGTH, 30, 2); /* flags of a send call mean something else */
	call(s, TCP_KIND_SEND_LENGTH, -EPIPE, 0);
	scene_finish(s, TUPLE "open 2ms tx=30 rx=100 connect:100\n");
}

static struct tcp_event timeout(struct scene *s, unsigned int after_ms, enum tcp_trigger trigger,
				int32_t err)
{
	struct tcp_event e = scene_event(TCP_KIND_RETRANSMIT, 1, 4000, 80);

	e.state = TCP_STATE_ESTABLISHED;
	e.err = err;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_STATE) | TCP_FIELD_BIT(TCP_FIELD_ERR);
	e.chain = (struct tcp_chain_cause){TCP_CAUSE_RTO, trigger};
	scene_wait_ms(s, after_ms);
	scene_feed(s, &e);
	return e;
}

static void test_count_measures_timeouts_of_a_series(void **state)
{
	struct scene *s = *state;
	struct tcp_event e;

	scene_connect(s, 1, 4000);
	/* From when the first one counts is not known. */
	assert_int_equal(timeout(s, 300, TCP_TRIGGER_TIMER, 0).rto_us, 0);
	assert_int_equal(timeout(s, 400, TCP_TRIGGER_TIMER, 0).rto_us, 400000);
	/* An attempt that failed in the stack is a timeout that expired. */
	e = timeout(s, 800, TCP_TRIGGER_TIMER, -EBUSY);
	assert_int_equal(e.rto_us, 800000);
	assert_int_equal(e.old_rto_us, 400000);
	/* A drop in a queue of this host (NET_XMIT_DROP) is followed by a quick attempt. */
	assert_int_equal(timeout(s, 1600, TCP_TRIGGER_TIMER, 1).rto_us, 1600000);
	assert_int_equal(timeout(s, 500, TCP_TRIGGER_TIMER, 0).rto_us, 0);
	/* tcp_ld_RTO_revert retransmits before the timer would have. */
	assert_int_equal(timeout(s, 10, TCP_TRIGGER_ICMP, 0).rto_us, 0);
	assert_int_equal(timeout(s, 400, TCP_TRIGGER_TIMER, 0).rto_us, 0);
	/* TCP_RTO_MAX is two minutes: in a longer time one was missed. */
	assert_int_equal(timeout(s, 140000, TCP_TRIGGER_TIMER, 0).rto_us, 140000000);
	assert_int_equal(timeout(s, 140001, TCP_TRIGGER_TIMER, 0).rto_us, 0);
	/* And where events were lost, one may have been missed. */
	assert_int_equal(tracker_loss(s->tracker, s->now + 1, s->now + 2), 0);
	assert_int_equal(timeout(s, 400, TCP_TRIGGER_TIMER, 0).rto_us, 0);
	assert_int_equal(tcp_conn_cold(e.conn)->n_failed, 2);
	assert_int_equal(tcp_conn_cold(e.conn)->n_timeouts, 8);
	assert_int_equal(e.conn->n_retrans, 8);
}

/* A state of congestion control other than Loss restarts the timer, and so does a change of
 * state. */
static void test_count_ends_a_series(void **state)
{
	struct scene *s = *state;
	struct tcp_event e = scene_event(TCP_KIND_CONG_STATE, 1, 4000, 80);

	scene_connect(s, 1, 4000);
	(void)timeout(s, 300, TCP_TRIGGER_TIMER, 0);
	e.present |= TCP_FIELD_BIT(TCP_FIELD_CONG_STATE);
	e.cong_state = TCP_CA_STATE_LOSS;
	scene_feed(s, &e);
	assert_int_equal(timeout(s, 400, TCP_TRIGGER_TIMER, 0).rto_us, 400000);
	e.cong_state = TCP_CA_STATE_OPEN;
	scene_feed(s, &e);
	assert_int_equal(timeout(s, 400, TCP_TRIGGER_TIMER, 0).rto_us, 0);
	scene_change(s, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, 0);
	assert_int_equal(timeout(s, 400, TCP_TRIGGER_TIMER, 0).rto_us, 0);
}

/* Probes and failed attempts are no retransmissions of lost data. */
static void test_count_keeps_probes_apart(void **state)
{
	struct scene *s = *state;
	struct tcp_event e = scene_event(TCP_KIND_RETRANSMIT, 1, 4000, 80);

	scene_connect(s, 1, 4000);
	e.chain = (struct tcp_chain_cause){TCP_CAUSE_TLP, TCP_TRIGGER_TIMER};
	scene_feed(s, &e);
	assert_int_equal(tcp_conn_cold(e.conn)->n_probes, 1);
	assert_int_equal(e.conn->n_retrans, 0);
	e.chain = (struct tcp_chain_cause){TCP_CAUSE_RECOVERY, TCP_TRIGGER_ACK};
	scene_feed(s, &e);
	assert_int_equal(e.conn->n_retrans, 1);
}

#define COUNTS_TEST(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		COUNTS_TEST(test_errors_before_and_after_close),
		COUNTS_TEST(test_errors_of_other_calls),
		COUNTS_TEST(test_reset_after_the_socket_is_destroyed),
		COUNTS_TEST(test_reset_that_is_not_of_the_closed_socket),
		COUNTS_TEST(test_count_does_not_count_peeked_bytes),
		COUNTS_TEST(test_count_measures_timeouts_of_a_series),
		COUNTS_TEST(test_count_ends_a_series),
		COUNTS_TEST(test_count_keeps_probes_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

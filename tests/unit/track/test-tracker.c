// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "tcp/names.h"
#include "track/tracker.h"

#define SOFTIRQ 0x10

enum { CLIENT = 100, SERVER = 200, WORKER = 300, KWORKER = 40 };

static struct tracker *tracker;

static int setup(void **state)
{
	assert_int_equal(tracker_new(NULL, &tracker, NULL), 0);
	assert_int_equal(tracker_task(tracker, CLIENT, CLIENT, "curl"), 0);
	assert_int_equal(tracker_task(tracker, CLIENT, CLIENT + 1, "curl-io"), 0);
	assert_int_equal(tracker_task(tracker, SERVER, SERVER, "nginx"), 0);
	assert_int_equal(tracker_task(tracker, WORKER, WORKER, "other"), 0);
	assert_int_equal(tracker_task(tracker, KWORKER, KWORKER, "kworker/0:1"), 0);
	return 0;
}

static int teardown(void **state)
{
	tracker = tracker_free(tracker);
	return 0;
}

static struct tcp_event event(enum tcp_kind kind, uint64_t sk, int32_t tid, uint8_t flags)
{
	return (struct tcp_event){
		.kind = kind,
		.sk = sk,
		.present = TCP_FIELD_BIT(TCP_FIELD_SK),
		.cpu_tid = tid,
		.common_flags = flags,
	};
}

static void set_ends(struct tcp_event *e, uint16_t lport, uint8_t peer, uint16_t rport)
{
	const uint64_t bits[] = {TCP_FIELD_BIT(TCP_FIELD_LPORT), TCP_FIELD_BIT(TCP_FIELD_RPORT)};

	e->family = 4;
	e->local = (struct endpoint){ip_addr_v4((const uint8_t[]){10, 0, 0, 1}), lport};
	e->present |= TCP_FIELD_BIT(TCP_FIELD_FAMILY) | TCP_FIELD_BIT(TCP_FIELD_LADDR) |
		      (lport ? bits[0] : 0);
	if (!rport)
		return;
	e->remote = (struct endpoint){ip_addr_v4((const uint8_t[]){10, 0, 0, peer}), rport};
	e->present |= TCP_FIELD_BIT(TCP_FIELD_RADDR) | bits[1];
}

static struct tcp_event transition(uint64_t sk, int from, int to, int32_t tid, uint8_t flags)
{
	struct tcp_event e = event(TCP_KIND_SET_STATE, sk, tid, flags);

	e.oldstate = from;
	e.newstate = to;
	e.protocol = TCP_PROTOCOL_TCP;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_OLDSTATE) | TCP_FIELD_BIT(TCP_FIELD_NEWSTATE) |
		     TCP_FIELD_BIT(TCP_FIELD_PROTOCOL);
	return e;
}

static void feed(struct tcp_event *e)
{
	assert_int_equal(tracker_feed(tracker, e), 0);
}

static void feed_transition(uint64_t sk, int from, int to, int32_t tid, uint8_t flags)
{
	struct tcp_event e = transition(sk, from, to, tid, flags);

	feed(&e);
}

static void feed_ca(uint64_t sk, int ca)
{
	struct tcp_event e = event(TCP_KIND_CONG_STATE, sk, 0, SOFTIRQ);

	e.cong_state = ca;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_CONG_STATE);
	feed(&e);
}

static struct tcp_event retransmit(uint64_t sk, int state, enum tcp_cause chain,
				   enum tcp_trigger trigger)
{
	struct tcp_event e = event(TCP_KIND_RETRANSMIT, sk, WORKER, SOFTIRQ);

	e.state = state;
	e.present |= state ? TCP_FIELD_BIT(TCP_FIELD_STATE) : 0;
	e.chain = (struct tcp_chain_cause){chain, trigger};
	feed(&e);
	return e;
}

static void assert_cause(const struct tcp_event *e, enum tcp_cause cause, enum tcp_basis basis)
{
	assert_int_equal(e->cause, cause);
	assert_int_equal(e->cause_by, basis);
}

static void test_tracker_connect_names_owner_and_ports(void **state)
{
	struct tcp_event e = transition(1, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT + 1, 0x80);

	set_ends(&e, 0, 2, 80);
	feed(&e);
	assert_int_equal(e.pid, CLIENT);
	assert_string_equal(e.comm, "curl-io");
	assert_string_equal(e.owner, "connect");
	assert_int_equal(e.cpu_pid, CLIENT);
	e = transition(1, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, WORKER, SOFTIRQ);
	set_ends(&e, 5555, 2, 80);
	feed(&e);
	assert_int_equal(e.pid, CLIENT);
	assert_int_equal(e.cpu_pid, WORKER);
	assert_string_equal(e.cpu_comm, "other");
	/* After tcp_disconnect() the tuple is gone, but the socket is known. */
	e = event(TCP_KIND_DESTROY, 1, CLIENT, 0);
	feed(&e);
	assert_int_equal(e.local.port, 5555);
	assert_int_equal(e.remote.port, 80);
	assert_int_equal(e.remote.addr.bytes[3], 2);
	assert_true(tcp_event_has(&e, TCP_FIELD_RADDR));
	assert_true(tcp_event_has(&e, TCP_FIELD_LADDR));
	assert_int_equal(e.family, 4);
	/* The address is used again. */
	e = event(TCP_KIND_CONG_STATE, 1, 0, SOFTIRQ);
	feed(&e);
	assert_int_equal(e.pid, 0);
	assert_null(e.owner);
	assert_false(tcp_event_has(&e, TCP_FIELD_LPORT));
}

static void test_tracker_rebirth_without_destroy(void **state)
{
	struct tcp_event e = transition(1, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT, 0);

	set_ends(&e, 1234, 2, 80);
	feed(&e);
	e = transition(1, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, WORKER, 0);
	feed(&e);
	assert_int_equal(e.pid, WORKER);
	assert_false(tcp_event_has(&e, TCP_FIELD_LPORT));
	assert_false(tcp_event_has(&e, TCP_FIELD_RADDR));
}

static void listen_on(uint64_t sk, uint16_t port, int32_t tid)
{
	struct tcp_event e = transition(sk, TCP_STATE_CLOSE, TCP_STATE_LISTEN, tid, 0);

	set_ends(&e, port, 0, 0);
	e.local.addr = ip_addr_v4((const uint8_t[4]){0});
	feed(&e);
	assert_string_equal(e.owner, "listener");
}

static struct tcp_event accept_on(uint64_t sk, uint16_t port)
{
	struct tcp_event e = transition(sk, TCP_STATE_LISTEN, TCP_STATE_SYN_RECV, CLIENT, SOFTIRQ);

	e.local.port = port;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_LPORT);
	feed(&e);
	return e;
}

static void test_tracker_child_has_the_listeners_owner(void **state)
{
	struct tcp_event e;

	listen_on(10, 80, SERVER);
	e = accept_on(11, 80);
	assert_int_equal(e.pid, SERVER);
	assert_string_equal(e.comm, "nginx");
	assert_string_equal(e.owner, "listener");
	assert_false(tcp_event_has(&e, TCP_FIELD_LADDR));
	/* Whoever really uses it is a better answer. */
	e = event(TCP_KIND_RECV_LENGTH, 11, WORKER, 0);
	feed(&e);
	assert_int_equal(e.pid, WORKER);
	assert_string_equal(e.owner, "io");
	e = transition(11, TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1, SERVER, 0);
	feed(&e);
	assert_string_equal(e.owner, "io");
	e = accept_on(12, 81);
	assert_int_equal(e.pid, 0);
}

static void test_tracker_two_listeners_name_nobody(void **state)
{
	struct tcp_event e;

	listen_on(10, 80, SERVER);
	listen_on(11, 80, WORKER);
	e = accept_on(12, 80);
	assert_int_equal(e.pid, 0);
	e = event(TCP_KIND_DESTROY, 10, SERVER, 0);
	feed(&e);
	e = event(TCP_KIND_DESTROY, 11, WORKER, 0);
	feed(&e);
	listen_on(13, 80, WORKER);
	e = accept_on(14, 80);
	assert_int_equal(e.pid, WORKER);
}

static void test_tracker_close_names_the_owner(void **state)
{
	struct tcp_event e = transition(1, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, CLIENT, 0);

	feed(&e);
	assert_null(e.owner);
	feed_transition(1, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, KWORKER, 0);
	e = transition(1, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, CLIENT, SOFTIRQ);
	feed(&e);
	assert_null(e.owner);
	e = transition(1, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, CLIENT, 0x80);
	feed(&e);
	assert_string_equal(e.owner, "close");
	assert_int_equal(e.pid, CLIENT);
}

static void test_tracker_cause_by_stack(void **state)
{
	struct tcp_event e;

	e = retransmit(1, TCP_STATE_SYN_SENT, TCP_CAUSE_RTO, TCP_TRIGGER_TIMER);
	assert_cause(&e, TCP_CAUSE_SYN, TCP_BASIS_STACK);
	e = retransmit(1, TCP_STATE_ESTABLISHED, TCP_CAUSE_RTO, TCP_TRIGGER_TIMER);
	assert_cause(&e, TCP_CAUSE_RTO, TCP_BASIS_STACK);
	assert_int_equal(e.trigger, TCP_TRIGGER_TIMER);
	e = retransmit(1, TCP_STATE_ESTABLISHED, TCP_CAUSE_RECOVERY, TCP_TRIGGER_ACK);
	assert_cause(&e, TCP_CAUSE_RECOVERY, TCP_BASIS_STACK);
	feed_ca(1, TCP_CA_STATE_RECOVERY);
	e = retransmit(1, TCP_STATE_ESTABLISHED, TCP_CAUSE_RECOVERY, TCP_TRIGGER_ACK);
	assert_cause(&e, TCP_CAUSE_FAST, TCP_BASIS_CA_STATE);
	feed_ca(1, TCP_CA_STATE_LOSS);
	e = retransmit(1, TCP_STATE_ESTABLISHED, TCP_CAUSE_RECOVERY, TCP_TRIGGER_TSQ);
	assert_cause(&e, TCP_CAUSE_LOSS, TCP_BASIS_CA_STATE);
	assert_int_equal(e.trigger, TCP_TRIGGER_TSQ);
	feed_ca(1, TCP_CA_STATE_OPEN);
	e = retransmit(1, TCP_STATE_ESTABLISHED, TCP_CAUSE_RECOVERY, TCP_TRIGGER_RACK_TIMER);
	assert_cause(&e, TCP_CAUSE_RECOVERY, TCP_BASIS_STACK);
	e = retransmit(1, TCP_STATE_ESTABLISHED, TCP_CAUSE_UNKNOWN, TCP_TRIGGER_NONE);
	assert_cause(&e, TCP_CAUSE_TLP, TCP_BASIS_CA_STATE);
}

static void test_tracker_cause_without_stack(void **state)
{
	struct tcp_event e;

	e = retransmit(1, TCP_STATE_SYN_SENT, TCP_CAUSE_NONE, TCP_TRIGGER_NONE);
	assert_cause(&e, TCP_CAUSE_SYN, TCP_BASIS_STATE);
	e = retransmit(1, TCP_STATE_ESTABLISHED, TCP_CAUSE_NONE, TCP_TRIGGER_NONE);
	assert_cause(&e, TCP_CAUSE_UNKNOWN, TCP_BASIS_NONE);
	feed_ca(1, TCP_CA_STATE_OPEN);
	e = retransmit(1, TCP_STATE_ESTABLISHED, TCP_CAUSE_NONE, TCP_TRIGGER_NONE);
	assert_cause(&e, TCP_CAUSE_TLP, TCP_BASIS_CA_STATE);
	feed_ca(1, TCP_CA_STATE_LOSS);
	e = retransmit(1, TCP_STATE_ESTABLISHED, TCP_CAUSE_NONE, TCP_TRIGGER_NONE);
	assert_cause(&e, TCP_CAUSE_RTO, TCP_BASIS_CA_STATE);
	e = retransmit(1, TCP_STATE_ESTABLISHED, TCP_CAUSE_NONE, TCP_TRIGGER_NONE);
	assert_cause(&e, TCP_CAUSE_LOSS, TCP_BASIS_CA_STATE);
	feed_ca(1, TCP_CA_STATE_RECOVERY);
	e = retransmit(1, TCP_STATE_ESTABLISHED, TCP_CAUSE_NONE, TCP_TRIGGER_NONE);
	assert_cause(&e, TCP_CAUSE_FAST, TCP_BASIS_CA_STATE);
	/* A socket that was born while recording began in Open, if the tape has such events. */
	feed_transition(2, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT, 0);
	feed_transition(2, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, CLIENT, SOFTIRQ);
	e = retransmit(2, 0, TCP_CAUSE_NONE, TCP_TRIGGER_NONE);
	assert_cause(&e, TCP_CAUSE_TLP, TCP_BASIS_CA_STATE);
}

static void test_tracker_state_is_remembered_where_the_event_has_none(void **state)
{
	struct tcp_event e;

	feed_transition(1, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT, 0);
	e = retransmit(1, 0, TCP_CAUSE_RTO, TCP_TRIGGER_TIMER);
	assert_cause(&e, TCP_CAUSE_SYN, TCP_BASIS_STACK);
}

static void test_tracker_synack(void **state)
{
	struct tcp_event e = event(TCP_KIND_RETRANSMIT_SYNACK, 10, CLIENT, SOFTIRQ);

	listen_on(10, 80, SERVER);
	e.chain = (struct tcp_chain_cause){TCP_CAUSE_SYNACK, TCP_TRIGGER_DUP_SYN};
	set_ends(&e, 80, 7, 4444);
	feed(&e);
	assert_cause(&e, TCP_CAUSE_SYNACK, TCP_BASIS_STACK);
	assert_int_equal(e.trigger, TCP_TRIGGER_DUP_SYN);
	assert_int_equal(e.pid, SERVER);
	e = event(TCP_KIND_RETRANSMIT_SYNACK, 10, CLIENT, SOFTIRQ);
	feed(&e);
	assert_cause(&e, TCP_CAUSE_SYNACK, TCP_BASIS_STATE);
	/* The listener did not take on the address of a client. */
	e = event(TCP_KIND_DESTROY, 10, SERVER, 0);
	feed(&e);
	assert_false(tcp_event_has(&e, TCP_FIELD_RPORT));
	assert_int_equal(e.local.port, 80);
	assert_true(tcp_event_has(&e, TCP_FIELD_LADDR));
}

static void test_tracker_tasks(void **state)
{
	struct tcp_event e = event(TCP_KIND_PROBE, 1, 999, 0);

	feed(&e);
	assert_int_equal(e.cpu_pid, 999);
	assert_null(e.cpu_comm);
	assert_int_equal(tracker_fork(tracker, SERVER, 999, 999), 0);
	assert_int_equal(tracker_fork(tracker, 999, 999, 1000), 0);
	e = event(TCP_KIND_PROBE, 1, 1000, 0);
	feed(&e);
	assert_int_equal(e.cpu_pid, 999);
	assert_string_equal(e.cpu_comm, "nginx");
	assert_int_equal(tracker_task(tracker, 999, 999, "a name that is far too long"), 0);
	e = event(TCP_KIND_PROBE, 1, 999, 0);
	feed(&e);
	assert_string_equal(e.cpu_comm, "a name that is ");
	/* The files of a process are closed after its exit. */
	assert_int_equal(tracker_task_exit(tracker, 1000), 0);
	assert_int_equal(tracker_task_exit(tracker, 999), 0);
	e = event(TCP_KIND_PROBE, 1, 1000, 0);
	feed(&e);
	assert_int_equal(e.cpu_pid, 999);
	assert_string_equal(e.cpu_comm, "nginx");
	/* Another process gets the number, and has the name of its parent. */
	assert_int_equal(tracker_fork(tracker, CLIENT, 999, 999), 0);
	e = event(TCP_KIND_PROBE, 1, 999, 0);
	feed(&e);
	assert_string_equal(e.cpu_comm, "curl");
	/* Nothing is known of the parent of the next one. */
	assert_int_equal(tracker_fork(tracker, 555, 999, 999), 0);
	e = event(TCP_KIND_PROBE, 1, 999, 0);
	feed(&e);
	assert_null(e.cpu_comm);
	assert_int_equal(tracker_task(tracker, 999, 999, "curl"), 0);
	/* Where records were lost, a number may be used again without notice. */
	assert_int_equal(tracker_task_exit(tracker, 999), 0);
	assert_int_equal(tracker_loss(tracker, 5, 6), 0);
	e = event(TCP_KIND_PROBE, 1, 999, 0);
	feed(&e);
	assert_null(e.cpu_comm);
	e = event(TCP_KIND_PROBE, 1, 0, 0);
	feed(&e);
	assert_int_equal(e.cpu_pid, 0);
}

static void test_tracker_follows_a_bounded_number(void **state)
{
	struct tcp_event e;

	for (uint64_t sk = 1; sk <= TRACKER_SOCKETS_MAX + 100; sk++)
		feed_transition(sk << 6, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT, 0);
	e = transition(5, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT, 0);
	feed(&e);
	assert_null(e.owner);
	assert_int_equal(e.cpu_pid, CLIENT);
	e = event(TCP_KIND_DESTROY, 64, 0, 0);
	feed(&e);
	assert_string_equal(e.owner, "connect");
	e = transition(5, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT, 0);
	feed(&e);
	assert_string_equal(e.owner, "connect");
}

static void test_tracker_leaves_other_protocols_alone(void **state)
{
	struct tcp_event e = transition(1, TCP_STATE_CLOSE, TCP_STATE_LISTEN, SERVER, 0);

	e.protocol = 132;
	feed(&e);
	assert_null(e.owner);
	/* The main socket of an MPTCP connection ends with its CLOSE. */
	e = transition(2, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT, 0);
	e.protocol = TCP_PROTOCOL_MPTCP;
	feed(&e);
	assert_string_equal(e.owner, "connect");
	e = transition(2, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, 0, SOFTIRQ);
	e.protocol = TCP_PROTOCOL_MPTCP;
	feed(&e);
	assert_string_equal(e.owner, "connect");
	e = event(TCP_KIND_CONG_STATE, 2, 0, SOFTIRQ);
	feed(&e);
	assert_null(e.owner);
}

#define TRACKER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRACKER_TEST(test_tracker_connect_names_owner_and_ports),
		TRACKER_TEST(test_tracker_rebirth_without_destroy),
		TRACKER_TEST(test_tracker_child_has_the_listeners_owner),
		TRACKER_TEST(test_tracker_two_listeners_name_nobody),
		TRACKER_TEST(test_tracker_close_names_the_owner),
		TRACKER_TEST(test_tracker_cause_by_stack),
		TRACKER_TEST(test_tracker_cause_without_stack),
		TRACKER_TEST(test_tracker_state_is_remembered_where_the_event_has_none),
		TRACKER_TEST(test_tracker_synack),
		TRACKER_TEST(test_tracker_tasks),
		TRACKER_TEST(test_tracker_follows_a_bounded_number),
		TRACKER_TEST(test_tracker_leaves_other_protocols_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

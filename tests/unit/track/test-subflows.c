// SPDX-License-Identifier: MIT
/* Which sockets the tracker takes for subflows of MPTCP connections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "tcp/connect-result.h"
#include "tcp/names.h"
#include "track/tracker.h"

#define SOFTIRQ 0x10
#define MS	1000000u
#define TOKEN	0x97a2fccbu

enum { CLIENT = 100, KWORKER = 40 };
enum { MAIN = 1, FIRST = 2, JOIN = 3 };

struct told {
	struct tracker *tracker;
	uint64_t now_ns;
	unsigned int n;
	struct {
		uint16_t lport;
		uint8_t subflow;
		uint32_t token;
		enum connect_result result;
	} conns[8];
};

static int tell(void *userdata, const struct tcp_conn *c, struct fault *fault)
{
	struct told *t = userdata;

	assert_true(t->n < 8);
	t->conns[t->n].lport = c->local.port;
	t->conns[t->n].subflow = c->subflow;
	t->conns[t->n].token = tcp_conn_attempt(c)->mptcp_token;
	t->conns[t->n].result = connect_result_of(c);
	t->n++;
	return 0;
}

static int setup(void **state)
{
	struct told *t = calloc(1, sizeof(*t));
	struct tracker_options options = {.ended = tell, .userdata = t};

	assert_non_null(t);
	t->now_ns = 1000 * (uint64_t)MS;
	assert_int_equal(tracker_new(&options, &t->tracker, NULL), 0);
	assert_int_equal(tracker_task(t->tracker, CLIENT, CLIENT, "curl"), 0);
	assert_int_equal(tracker_task(t->tracker, KWORKER, KWORKER, "kworker/0:1"), 0);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct told *t = *state;

	tracker_free(t->tracker);
	free(t);
	return 0;
}

static struct tcp_event event(struct told *t, enum tcp_kind kind, uint16_t lport, uint16_t rport)
{
	struct tcp_event e = {.kind = kind, .ts_ns = t->now_ns, .family = 4};

	t->now_ns += 1000;
	e.present = TCP_FIELD_BIT(TCP_FIELD_FAMILY);
	if (lport) {
		e.local = (struct endpoint){ip_addr_v4((const uint8_t[]){10, 0, 0, 1}), lport};
		e.present |= TCP_FIELD_BIT(TCP_FIELD_LADDR) | TCP_FIELD_BIT(TCP_FIELD_LPORT);
	}
	if (rport) {
		e.remote = (struct endpoint){ip_addr_v4((const uint8_t[]){10, 0, 0, 2}), rport};
		e.present |= TCP_FIELD_BIT(TCP_FIELD_RADDR) | TCP_FIELD_BIT(TCP_FIELD_RPORT);
	}
	return e;
}

static struct tcp_event change_of(struct told *t, uint64_t sk, int from, int to, uint16_t lport,
				  uint16_t rport)
{
	struct tcp_event e = event(t, TCP_KIND_SET_STATE, lport, rport);

	e.sk = sk;
	e.oldstate = from;
	e.newstate = to;
	e.protocol = sk == MAIN ? TCP_PROTOCOL_MPTCP : TCP_PROTOCOL_TCP;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_SK) | TCP_FIELD_BIT(TCP_FIELD_OLDSTATE) |
		     TCP_FIELD_BIT(TCP_FIELD_NEWSTATE) | TCP_FIELD_BIT(TCP_FIELD_PROTOCOL);
	return e;
}

static void change(struct told *t, uint64_t sk, int from, int to, uint16_t lport, uint16_t rport,
		   int32_t tid)
{
	struct tcp_event e = change_of(t, sk, from, to, lport, rport);

	e.cpu_tid = tid;
	e.common_flags = tid ? 0 : SOFTIRQ;
	assert_int_equal(tracker_feed(t->tracker, &e), 0);
}

/* A row about a subflow that was established or closed. */
static void row(struct told *t, uint16_t lport, uint16_t rport, enum tcp_subflow s)
{
	struct tcp_event e = event(t, TCP_KIND_SAMPLE, lport, rport);

	e.dump = SOCKET_SAMPLE_SUBFLOW;
	e.mptcp_token = TOKEN;
	e.subflow = (uint8_t)s;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_DUMP) | TCP_FIELD_BIT(TCP_FIELD_SUBFLOW) |
		     TCP_FIELD_BIT(TCP_FIELD_MPTCP_TOKEN);
	assert_int_equal(tracker_feed(t->tracker, &e), 0);
}

/* The kernel's worker connects a socket that it has bound. n_frames 0: no call chain is known. */
static void worker_connects(struct told *t, uint16_t lport, const char *const *frames, size_t n)
{
	struct tcp_event e = change_of(t, JOIN, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, lport, 80);

	e.cpu_tid = KWORKER;
	e.frames = frames;
	e.n_frames = n;
	assert_int_equal(tracker_feed(t->tracker, &e), 0);
}

static void finish(struct told *t)
{
	assert_int_equal(tracker_finish(t->tracker, t->now_ns, NULL), 0);
}

/* A program connects: the main socket, then the first subflow. */
static void connect_main(struct told *t)
{
	change(t, MAIN, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, 0, 0, CLIENT);
	change(t, FIRST, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, 0, 80, CLIENT);
	change(t, FIRST, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, 4000, 80, 0);
	change(t, MAIN, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, 4000, 80, CLIENT);
}

static void test_subflows_first_has_the_ends_of_the_main_socket(void **state)
{
	struct told *t = *state;

	connect_main(t);
	change(t, 9, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, 0, 80, CLIENT);
	change(t, 9, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, 4001, 80, 0);
	finish(t);
	assert_int_equal(t->n, 2);
	assert_int_equal(t->conns[0].subflow, TCP_SUBFLOW_FIRST);
	assert_int_equal(t->conns[0].result, CONNECT_OK);
	/* Another connection of the process is none. */
	assert_int_equal(t->conns[1].subflow, TCP_SUBFLOW_NONE);
}

/* A later connection with the same ends is not the first subflow of the earlier one. */
static void test_subflows_ends_that_are_used_again(void **state)
{
	struct told *t = *state;

	connect_main(t);
	change(t, MAIN, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, 4000, 80, CLIENT);
	change(t, FIRST, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, 4000, 80, CLIENT);
	t->now_ns += 5 * (uint64_t)MS;
	change(t, 9, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, 0, 80, CLIENT);
	change(t, 9, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, 4000, 80, 0);
	finish(t);
	assert_int_equal(t->n, 2);
	assert_int_equal(t->conns[0].subflow, TCP_SUBFLOW_FIRST);
	assert_int_equal(t->conns[1].subflow, TCP_SUBFLOW_NONE);
}

static void test_subflows_join_is_no_connect_of_a_process(void **state)
{
	static const char *const frames[] = {"inet_sk_state_store",	"tcp_v4_connect",
					     "__inet_stream_connect",	"kernel_connect",
					     "__mptcp_subflow_connect", "mptcp_worker"};
	struct told *t = *state;

	worker_connects(t, 5000, frames, 6);
	change(t, JOIN, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, 5000, 80, CLIENT);
	finish(t);
	assert_int_equal(t->n, 1);
	assert_int_equal(t->conns[0].subflow, TCP_SUBFLOW_JOIN);
	assert_int_equal(t->conns[0].result, CONNECT_NOT_JOINED);
}

/* Without a call chain, a worker that connects while there is MPTCP adds a subflow. */
static void test_subflows_of_workers_without_chains(void **state)
{
	static const char *const other[] = {"inet_sk_state_store", "tcp_v4_connect",
					    "kernel_connect", "xs_tcp_setup_socket"};
	struct told *t = *state;

	worker_connects(t, 5000, NULL, 0); /* no MPTCP was seen yet */
	change(t, JOIN, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, 5000, 80, 0);
	connect_main(t);
	worker_connects(t, 5001, NULL, 0);
	change(t, JOIN, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, 5001, 80, 0);
	change(t, JOIN, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, 5001, 80, 0);
	worker_connects(t, 900, NULL, 0); /* a file system's */
	change(t, JOIN, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, 900, 80, 0);
	worker_connects(t, 5002, other, 4); /* the chain says otherwise */
	change(t, JOIN, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, 5002, 80, 0);
	finish(t);
	assert_int_equal(t->n, 5);
	assert_int_equal(t->conns[0].subflow, TCP_SUBFLOW_NONE);
	assert_int_equal(t->conns[1].lport, 5001);
	assert_int_equal(t->conns[1].subflow, TCP_SUBFLOW_JOIN);
	assert_int_equal(t->conns[1].result, CONNECT_JOINED);
	assert_int_equal(t->conns[2].subflow, TCP_SUBFLOW_NONE);
	assert_int_equal(t->conns[3].subflow, TCP_SUBFLOW_NONE);
}

/* The main socket of an accepted connection is born without a peer; its first subflow is
 * established next on the same CPU. */
static void test_subflows_of_accepted_connections(void **state)
{
	struct told *t = *state;

	change(t, FIRST, TCP_STATE_LISTEN, TCP_STATE_SYN_RECV, 80, 4000, 0);
	change(t, MAIN, TCP_STATE_LISTEN, TCP_STATE_ESTABLISHED, 80, 0, 0);
	change(t, FIRST, TCP_STATE_SYN_RECV, TCP_STATE_ESTABLISHED, 80, 4000, 0);
	change(t, 8, TCP_STATE_LISTEN, TCP_STATE_SYN_RECV, 80, 4001, 0);
	change(t, 8, TCP_STATE_SYN_RECV, TCP_STATE_ESTABLISHED, 80, 4001, 0);
	row(t, 80, 4001, TCP_SUBFLOW_JOIN);
	row(t, 80, 4000, TCP_SUBFLOW_FIRST);
	row(t, 80, 4001, TCP_SUBFLOW_SOME); /* it was closed */
	finish(t);
	assert_int_equal(t->n, 2);
	assert_int_equal(t->conns[0].subflow, TCP_SUBFLOW_FIRST);
	assert_int_equal(t->conns[0].token, TOKEN);
	assert_int_equal(t->conns[1].subflow, TCP_SUBFLOW_JOIN);
	assert_int_equal(t->conns[1].token, TOKEN);
}

/* What was said of earlier connections with the same ends is not about this one. */
static void test_subflows_rows_hold_for_the_life_of_a_connection(void **state)
{
	struct told *t = *state;

	row(t, 80, 4000, TCP_SUBFLOW_JOIN);
	change(t, 8, TCP_STATE_LISTEN, TCP_STATE_SYN_RECV, 80, 4000, 0);
	change(t, 8, TCP_STATE_SYN_RECV, TCP_STATE_ESTABLISHED, 80, 4000, 0);
	finish(t);
	assert_int_equal(t->conns[0].subflow, TCP_SUBFLOW_NONE);
	assert_int_equal(t->conns[0].token, 0);
}

/* The main socket has the calls, and is not told as a connection of its own. */
static void test_subflows_bytes_of_calls_are_of_the_main_socket(void **state)
{
	const tcp_kinds io =
		TCP_KIND_BIT(TCP_KIND_SEND_LENGTH) | TCP_KIND_BIT(TCP_KIND_RECV_LENGTH);
	struct tcp_conn c = {.is_born = true, .has_io = true};
	struct told *t = *state;
	uint64_t tx, rx;

	tracker_expect(t->tracker, io);
	connect_main(t);
	finish(t);
	assert_int_equal(t->n, 1);
	assert_int_equal(tcp_conn_bytes(&c, &tx, &rx), TCP_BYTES_IO);
	c.subflow = TCP_SUBFLOW_FIRST;
	assert_int_equal(tcp_conn_bytes(&c, &tx, &rx), TCP_BYTES_UNKNOWN);
}

#define SUBFLOWS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUBFLOWS_TEST(test_subflows_first_has_the_ends_of_the_main_socket),
		SUBFLOWS_TEST(test_subflows_ends_that_are_used_again),
		SUBFLOWS_TEST(test_subflows_join_is_no_connect_of_a_process),
		SUBFLOWS_TEST(test_subflows_of_workers_without_chains),
		SUBFLOWS_TEST(test_subflows_of_accepted_connections),
		SUBFLOWS_TEST(test_subflows_rows_hold_for_the_life_of_a_connection),
		SUBFLOWS_TEST(test_subflows_bytes_of_calls_are_of_the_main_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

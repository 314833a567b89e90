// SPDX-License-Identifier: MIT
/* What RSTs, and the close of a listener, tell of connections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>

#include "scene.h"
#include "tcp/names.h"
#include "tcp/reset-kind.h"

#define EST TCP_STATE_ESTABLISHED

/* Emits "lport ending" and the kind of the RST that was kept. */
static int reset_ended(void *userdata, const struct tcp_conn *c, struct fault *fault)
{
	struct scene *s = userdata;
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);

	text_printf(&s->told, "%u:%u %s", c->local.port, c->remote.port,
		    tcp_ending_name(c->ending));
	if (cold->n_resets_sent + cold->n_resets_received)
		text_printf(&s->told, " %s %u/%u", reset_kind_name(cold->reset.kind),
			    cold->n_resets_sent, cold->n_resets_received);
	text_char(&s->told, '\n');
	return 0;
}

static struct scene *scene_of_resets(void **state)
{
	struct scene *s = *state;
	const struct tracker_options options = {.ended = reset_ended, .userdata = s};

	tracker_free(s->tracker);
	assert_int_equal(tracker_new(&options, &s->tracker, NULL), 0);
	assert_int_equal(tracker_task(s->tracker, SERVER, SERVER, "nginx"), 0);
	assert_int_equal(tracker_task(s->tracker, WORKER, WORKER, "worker"), 0);
	scene_expect_diag(s);
	return s;
}

static void accept_one(struct scene *s, uint64_t sk, uint16_t rport)
{
	scene_change(s, sk, 80, rport, TCP_STATE_LISTEN, TCP_STATE_SYN_RECV, 0);
	scene_change(s, sk, 80, rport, TCP_STATE_SYN_RECV, EST, 0);
}

static void send_reset(struct scene *s, uint64_t sk, uint16_t rport, int state, int32_t pid)
{
	struct tcp_event e = scene_event(TCP_KIND_SEND_RESET, sk, 80, rport);

	e.state = state;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_STATE);
	e.cpu_tid = pid;
	e.common_flags = pid ? 0 : SOFTIRQ;
	scene_feed(s, &e);
}

/* The close of a connection with data unread, or by inet_csk_listen_stop. */
static void cut(struct scene *s, uint64_t sk, uint16_t rport, int32_t pid)
{
	scene_change(s, sk, 80, rport, EST, TCP_STATE_CLOSE, pid);
	scene_destroy(s, sk, 0);
	send_reset(s, sk, rport, TCP_STATE_CLOSE, pid);
}

static void destroy(struct scene *s, uint64_t sk, int32_t pid)
{
	struct tcp_event e = scene_event(TCP_KIND_DESTROY, sk, 0, 0);

	e.cpu_tid = pid;
	e.common_flags = 0;
	scene_feed(s, &e);
}

/* Between LISTEN to CLOSE and the destruction of the listener, its thread resets what nobody has
 * accepted; what the process closes after that, it had accepted. */
static void test_reset_of_what_nobody_accepted(void **state)
{
	struct scene *s = scene_of_resets(state);

	scene_change(s, 1, 80, 0, TCP_STATE_CLOSE, TCP_STATE_LISTEN, SERVER);
	for (unsigned int i = 0; i < 5; i++)
		accept_one(s, 2 + i, (uint16_t)(5000 + i));
	scene_change(s, 1, 80, 0, TCP_STATE_LISTEN, TCP_STATE_CLOSE, SERVER);
	cut(s, 2, 5000, SERVER);
	/* Another thread closes a connection of its own meanwhile. */
	cut(s, 3, 5001, WORKER);
	cut(s, 4, 5002, SERVER);
	destroy(s, 1, SERVER);
	cut(s, 5, 5003, SERVER);
	scene_finish(s, "80:0 aborted\n"
			"80:5000 local-reset unaccepted 1/0\n"
			"80:5001 local-reset abort 1/0\n"
			"80:5002 local-reset unaccepted 1/0\n"
			"80:5003 local-reset abort 1/0\n"
			"80:5004 open\n");
}

/* A process that has read from a connection had accepted it; and a long pause ends the call. */
static void test_reset_of_what_was_accepted(void **state)
{
	struct scene *s = scene_of_resets(state);
	struct tcp_event read = scene_event(TCP_KIND_RECV_LENGTH, 2, 80, 5000);

	scene_change(s, 1, 80, 0, TCP_STATE_CLOSE, TCP_STATE_LISTEN, SERVER);
	accept_one(s, 2, 5000);
	accept_one(s, 3, 5001);
	read.ret = 1;
	read.cpu_tid = SERVER;
	read.common_flags = 0;
	scene_feed(s, &read);
	scene_change(s, 1, 80, 0, TCP_STATE_LISTEN, TCP_STATE_CLOSE, SERVER);
	cut(s, 2, 5000, SERVER);
	scene_wait_ms(s, 101);
	cut(s, 3, 5001, SERVER);
	scene_finish(s, "80:0 aborted\n"
			"80:5000 local-reset abort 1/0\n"
			"80:5001 local-reset abort 1/0\n");
}

/* tcp_abort resets what waits in the queue of the listener, and reports its error. */
static void test_reset_of_a_listener_that_is_destroyed(void **state)
{
	struct scene *s = scene_of_resets(state);
	struct tcp_event e = scene_event(TCP_KIND_ERROR_REPORT, 0, 80, 0);

	scene_change(s, 1, 80, 0, TCP_STATE_CLOSE, TCP_STATE_LISTEN, SERVER);
	accept_one(s, 2, 5000);
	scene_change(s, 1, 80, 0, TCP_STATE_LISTEN, TCP_STATE_CLOSE, WORKER);
	cut(s, 2, 5000, WORKER);
	e.err = ECONNABORTED;
	e.cpu_tid = WORKER;
	e.common_flags = 0;
	scene_feed(s, &e);
	assert_non_null(e.conn);
	scene_finish(s, "80:0 destroyed\n"
			"80:5000 local-reset unaccepted 1/0\n");
}

/* Data after close(): tcp_rcv_state_process resets the socket as if a RST had come, and sends
 * one. */
static void test_reset_that_was_not_received(void **state)
{
	struct scene *s = scene_of_resets(state);

	accept_one(s, 1, 5000);
	scene_change(s, 1, 80, 5000, EST, TCP_STATE_FIN_WAIT1, SERVER);
	scene_plain(s, TCP_KIND_RECEIVE_RESET, 1, 80, 5000);
	scene_change(s, 1, 80, 5000, TCP_STATE_FIN_WAIT1, TCP_STATE_CLOSE, 0);
	scene_destroy(s, 1, 0);
	send_reset(s, 1, 5000, TCP_STATE_CLOSE, 0);
	/* A RST that the peer sent, and nothing more. */
	accept_one(s, 2, 5001);
	scene_change(s, 2, 80, 5001, EST, TCP_STATE_FIN_WAIT1, SERVER);
	scene_plain(s, TCP_KIND_RECEIVE_RESET, 2, 80, 5001);
	scene_change(s, 2, 80, 5001, TCP_STATE_FIN_WAIT1, TCP_STATE_CLOSE, 0);
	scene_destroy(s, 2, 0);
	scene_finish(s, "80:5000 local-reset late-data 1/0\n"
			"80:5001 remote-reset after-fin 0/1\n");
}

/* The first RST ended the connection: one that comes after it says nothing of why. */
static void test_reset_that_came_second(void **state)
{
	struct scene *s = scene_of_resets(state);

	accept_one(s, 1, 5000);
	scene_change(s, 1, 80, 5000, EST, TCP_STATE_CLOSE, SERVER);
	send_reset(s, 1, 5000, TCP_STATE_CLOSE, SERVER);
	scene_plain(s, TCP_KIND_RECEIVE_RESET, 1, 80, 5000);
	scene_destroy(s, 1, 0);
	accept_one(s, 2, 5001);
	scene_plain(s, TCP_KIND_RECEIVE_RESET, 2, 80, 5001);
	scene_change(s, 2, 80, 5001, EST, TCP_STATE_CLOSE, 0);
	send_reset(s, 2, 5001, TCP_STATE_CLOSE, SERVER);
	scene_destroy(s, 2, 0);
	scene_finish(s, "80:5000 remote-reset abort 1/1\n"
			"80:5001 remote-reset midstream 1/1\n");
}

#define RESET_TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RESET_TEST(test_reset_of_what_nobody_accepted),
		RESET_TEST(test_reset_of_what_was_accepted),
		RESET_TEST(test_reset_of_a_listener_that_is_destroyed),
		RESET_TEST(test_reset_that_was_not_received),
		RESET_TEST(test_reset_that_came_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

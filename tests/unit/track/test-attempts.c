// SPDX-License-Identifier: MIT
/* Attempts to connect: who ended each, and what came of its rivals. Each becomes a line of text. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "scene.h"
#include "tcp/connect-result.h"
#include "tcp/names.h"

static int told(void *userdata, const struct tcp_conn *c, struct fault *fault)
{
	struct scene *s = userdata;
	enum connect_result r = connect_result_of(c);
	const char *why = connect_why(c, r);

	if (!tcp_conn_is_attempt(c))
		return 0;
	endpoint_text(&s->told, &c->remote);
	text_printf(&s->told, " %s", connect_result_name(r));
	if (why)
		text_printf(&s->told, " (%s)", why);
	if (connect_syns(c))
		text_printf(&s->told, " syns=%u", connect_syns(c));
	if (tcp_conn_cold(c)->err)
		text_printf(&s->told, " err=%d", tcp_conn_cold(c)->err);
	if (tcp_conn_attempt(c)->rival_ns) {
		text_str(&s->told, " instead=");
		ip_addr_text(&s->told, &tcp_conn_attempt(c)->rival);
	}
	text_str(&s->told, c->is_born ? "\n" : " before\n");
	return 0;
}

static int setup(void **state)
{
	const struct tracker_options o = {.ended = told};
	struct tracker_options mine = o;
	struct scene *s;

	scene_setup(state);
	s = *state;
	tracker_free(s->tracker);
	s->ended = told;
	mine.userdata = s;
	assert_int_equal(tracker_new(&mine, &s->tracker, NULL), 0);
	return 0;
}

/* Between 10.0.0.1:lport and port 80 of 10.0.0.host, or of fd00::host above 100. */
static struct tcp_event event(enum tcp_kind kind, uint64_t sk, uint8_t host, uint16_t lport)
{
	struct tcp_event e = scene_event(kind, sk, lport, 80);
	const uint8_t v6[16] = {0xfd, [15] = host};

	e.remote.addr = host > 100 ? ip_addr_v6(v6) : ip_addr_v4((const uint8_t[]){10, 0, 0, host});
	return e;
}

static void change(struct scene *s, uint64_t sk, uint8_t host, uint16_t lport, int from, int to,
		   int32_t pid, const char *frame)
{
	struct tcp_event e = event(TCP_KIND_SET_STATE, sk, host, lport);
	const char *frames[] = {"tcp_set_state", frame};

	e.oldstate = from;
	e.newstate = to;
	e.protocol = TCP_PROTOCOL_TCP;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_OLDSTATE) | TCP_FIELD_BIT(TCP_FIELD_NEWSTATE) |
		     TCP_FIELD_BIT(TCP_FIELD_PROTOCOL);
	if (pid) {
		e.cpu_tid = pid;
		e.common_flags = 0;
	}
	if (frame) {
		e.frames = frames;
		e.n_frames = 2;
	}
	scene_feed(s, &e);
}

static void begin(struct scene *s, uint64_t sk, uint8_t host)
{
	change(s, sk, host, 0, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT, NULL);
}

static void win(struct scene *s, uint64_t sk, uint8_t host)
{
	change(s, sk, host, (uint16_t)(4000 + sk), TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, 0,
	       NULL);
}

static void give_up(struct scene *s, uint64_t sk, uint8_t host)
{
	change(s, sk, host, (uint16_t)(4000 + sk), TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, CLIENT,
	       "tcp_close");
	scene_destroy(s, sk, 0);
}

static void report(struct scene *s, uint8_t host, uint16_t lport, int32_t err)
{
	struct tcp_event e = event(TCP_KIND_ERROR_REPORT, 0, host, lport);

	e.err = err;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_ERR);
	scene_feed(s, &e);
}

static void destroy_in(struct scene *s, uint64_t sk, int32_t pid)
{
	struct tcp_event e = scene_event(TCP_KIND_DESTROY, sk, 0, 0);

	e.cpu_tid = pid;
	e.common_flags = 0;
	scene_feed(s, &e);
}

/* By the call chain of its CLOSE. */
static void test_attempts_by_chain(void **state)
{
	struct scene *s = *state;

	begin(s, 1, 2);
	change(s, 1, 2, 0, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, CLIENT, "tcp_v4_connect");
	/* A port was found, and the SYN could not be sent. */
	begin(s, 2, 2);
	change(s, 2, 2, 4002, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, CLIENT, "tcp_v4_connect");
	/* The socket has its port already: bound, or from the attempt before. */
	change(s, 3, 2, 4003, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT, NULL);
	change(s, 3, 2, 4003, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, CLIENT, "tcp_v4_connect");
	begin(s, 4, 2);
	give_up(s, 4, 2);
	scene_finish(s, "10.0.0.2:80 local (no local port) err=99\n"
			"10.0.0.2:80 local (connect() failed here)\n"
			"10.0.0.2:80 local (no local port) err=99\n"
			"10.0.0.2:80 aborted (closed by its process)\n");
}

/* Without call chains: by the time since the SYN, and whether the socket went at once. */
static void test_attempts_without_chain(void **state)
{
	struct scene *s = *state;

	begin(s, 1, 2);
	change(s, 1, 2, 0, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, CLIENT, NULL);
	destroy_in(s, 1, CLIENT);
	begin(s, 2, 2);
	change(s, 2, 2, 4002, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, CLIENT, NULL);
	scene_wait_ms(s, 1);
	destroy_in(s, 2, CLIENT);
	begin(s, 3, 2);
	change(s, 3, 2, 4003, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, CLIENT, NULL);
	destroy_in(s, 3, CLIENT);
	begin(s, 4, 2);
	scene_wait_ms(s, 1);
	change(s, 4, 2, 4004, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, CLIENT, NULL);
	/* The kernel reports the error after CLOSE. */
	begin(s, 5, 2);
	change(s, 5, 2, 4005, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, CLIENT, NULL);
	report(s, 2, 4005, EHOSTUNREACH);
	scene_finish(s, "10.0.0.2:80 local (no local port) err=99\n"
			"10.0.0.2:80 local (connect() failed here)\n"
			"10.0.0.2:80 aborted (closed by its process)\n"
			"10.0.0.2:80 aborted (closed by its process)\n"
			"10.0.0.2:80 unreachable (ICMP error) err=113\n");
}

/* An error report of 0 tells of an ICMP error that the kernel has only noted. */
static void test_attempts_with_a_soft_error(void **state)
{
	struct scene *s = *state;

	begin(s, 1, 2);
	report(s, 2, 4001, 0);
	give_up(s, 1, 2);
	/* That of an earlier attempt with the same ports. */
	scene_wait_ms(s, 1);
	begin(s, 1, 2);
	give_up(s, 1, 2);
	/* It does not matter where the attempt succeeds. */
	begin(s, 2, 2);
	report(s, 2, 4002, 0);
	win(s, 2, 2);
	scene_finish(s, "10.0.0.2:80 unreachable (ICMP error)\n"
			"10.0.0.2:80 aborted (closed by its process)\n"
			"10.0.0.2:80 ok\n");
}

/* A race: the second address answers, and the process closes the attempt to the first. */
static void test_attempts_race(void **state)
{
	struct scene *s = *state;

	begin(s, 1, 102);
	scene_wait_ms(s, 250);
	begin(s, 2, 2);
	scene_wait_ms(s, 1);
	win(s, 2, 2);
	give_up(s, 1, 102);
	/* The first of three wins; the others are given up. */
	begin(s, 3, 3);
	scene_wait_ms(s, 100);
	begin(s, 4, 4);
	scene_wait_ms(s, 100);
	begin(s, 5, 105);
	win(s, 3, 3);
	give_up(s, 4, 4);
	give_up(s, 5, 105);
	scene_finish(s, "[fd00::66]:80 superseded (connected elsewhere) instead=10.0.0.2\n"
			"10.0.0.4:80 superseded (connected elsewhere) instead=10.0.0.3\n"
			"[fd00::69]:80 superseded (connected elsewhere) instead=10.0.0.3\n"
			"10.0.0.2:80 ok\n"
			"10.0.0.3:80 ok\n");
}

/* The process gives up before it tries the next address. Over the same family that may be any other
 * server, and a refusal stays one. */
static void test_attempts_one_after_the_other(void **state)
{
	struct scene *s = *state;

	begin(s, 1, 102);
	scene_wait_ms(s, 250);
	give_up(s, 1, 102);
	begin(s, 2, 2);
	scene_wait_ms(s, 1);
	win(s, 2, 2);
	begin(s, 3, 3);
	scene_wait_ms(s, 250);
	give_up(s, 3, 3);
	begin(s, 4, 4);
	scene_wait_ms(s, 1);
	win(s, 4, 4);
	begin(s, 5, 105);
	scene_plain(s, TCP_KIND_RECEIVE_RESET, 5, 4005, 80);
	change(s, 5, 105, 4005, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, 0, "tcp_rcv_state_process");
	begin(s, 6, 2);
	scene_wait_ms(s, 1);
	win(s, 6, 2);
	scene_finish(s, "[fd00::66]:80 superseded (connected elsewhere) instead=10.0.0.2\n"
			"10.0.0.3:80 aborted (closed by its process) instead=10.0.0.4\n"
			"[fd00::69]:80 refused (RST) instead=10.0.0.2\n"
			"10.0.0.2:80 ok\n"
			"10.0.0.4:80 ok\n"
			"10.0.0.2:80 ok\n");
}

/* No rivals: the same address again, another process, or too late. */
static void test_attempts_without_a_rival(void **state)
{
	struct scene *s = *state;

	begin(s, 1, 102);
	begin(s, 2, 102);
	win(s, 2, 102);
	give_up(s, 1, 102);
	begin(s, 3, 103);
	change(s, 4, 4, 0, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, WORKER, NULL);
	win(s, 4, 4);
	give_up(s, 3, 103);
	scene_wait_ms(s, 501);
	begin(s, 5, 5);
	win(s, 5, 5);
	scene_finish(s, "[fd00::66]:80 aborted (closed by its process)\n"
			"[fd00::67]:80 aborted (closed by its process)\n"
			"[fd00::66]:80 ok\n"
			"10.0.0.4:80 ok\n"
			"10.0.0.5:80 ok\n");
}

/* A server that does not answer is given up after two seconds, while others are connected. */
static void test_attempts_of_a_proxy(void **state)
{
	struct scene *s = *state;

	begin(s, 1, 9);
	for (uint64_t sk = 2; sk < 22; sk++) {
		begin(s, sk, (uint8_t)(sk % 2 ? 2 : 3));
		win(s, sk, (uint8_t)(sk % 2 ? 2 : 3));
		scene_wait_ms(s, 100);
	}
	give_up(s, 1, 9);
	s->told.len = 0;
	scene_wait_ms(s, 3000);
	begin(s, 30, 2);
	assert_int_equal(strncmp(s->told.data, "10.0.0.9:80 aborted ", 20), 0);
}

/* In SYN_SENT in the table at the start: an attempt like any other. */
static void test_attempts_before_the_tape(void **state)
{
	struct scene *s = *state;
	struct tcp_event e = event(TCP_KIND_SOCKET_DUMPED, 0, 2, 4001);
	struct tcp_info_values f = {.present = 1u << TCP_INFO_TOTAL_RETRANS};

	scene_expect_diag(s);
	e.state = TCP_STATE_SYN_SENT;
	e.dump = SOCKET_DUMP_START;
	e.cookie = 77;
	e.tcp_info = &f;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_STATE) | TCP_FIELD_BIT(TCP_FIELD_COOKIE);
	f.values[TCP_INFO_TOTAL_RETRANS] = 3;
	scene_feed(s, &e);
	/* One that the tape shows by a retransmitted SYN. */
	e = event(TCP_KIND_RETRANSMIT, 2, 3, 4002);
	e.state = TCP_STATE_SYN_SENT;
	e.cause = TCP_CAUSE_SYN;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_STATE);
	scene_feed(s, &e);
	/* And one by its end. */
	change(s, 3, 4, 4003, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, 0, NULL);
	/* A connection is no attempt. */
	change(s, 4, 5, 4004, TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1, CLIENT, NULL);
	scene_wait_ms(s, 10);
	scene_finish(s, "10.0.0.2:80 pending (no answer since before the recording) syns=3 before\n"
			"10.0.0.3:80 pending (no answer since before the recording) syns=1 before\n"
			"10.0.0.4:80 ok before\n");
}

/* Two namespaces have the same endpoints: only the cookie tells which row is the socket's. */
static void test_attempts_of_two_namespaces(void **state)
{
	struct scene *s = *state;
	struct tcp_event e = event(TCP_KIND_SOCKET_DUMPED, 0, 2, 4001);
	struct tcp_info_values f = {.present = 1u << TCP_INFO_TOTAL_RETRANS};

	scene_expect_diag(s);
	e.state = TCP_STATE_SYN_SENT;
	e.dump = SOCKET_DUMP_START;
	e.tcp_info = &f;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_STATE) | TCP_FIELD_BIT(TCP_FIELD_COOKIE);
	for (e.cookie = 77; e.cookie < 79; e.cookie++) {
		f.values[TCP_INFO_TOTAL_RETRANS] = e.cookie - 73;
		scene_feed(s, &e);
	}
	e = event(TCP_KIND_RETRANSMIT, 2, 2, 4001);
	e.state = TCP_STATE_SYN_SENT;
	e.cause = TCP_CAUSE_SYN;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_STATE);
	scene_feed(s, &e);
	change(s, 2, 2, 4001, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, CLIENT, "tcp_close");
	scene_destroy(s, 2, 78);
	scene_wait_ms(s, 10);
	scene_finish(s,
		     "10.0.0.2:80 aborted (closed by its process) syns=6 before\n"
		     "10.0.0.2:80 pending (no answer since before the recording) syns=4 before\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_attempts_by_chain),
		TEST(test_attempts_without_chain),
		TEST(test_attempts_with_a_soft_error),
		TEST(test_attempts_race),
		TEST(test_attempts_one_after_the_other),
		TEST(test_attempts_without_a_rival),
		TEST(test_attempts_of_a_proxy),
		TEST(test_attempts_before_the_tape),
		TEST(test_attempts_of_two_namespaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

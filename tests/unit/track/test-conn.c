// SPDX-License-Identifier: MIT
/* Whole connections: what the tracker gives out, as one line of text each. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "base/text.h"
#include "tcp/names.h"
#include "tracepoint/socket-row.h"
#include "track/tracker.h"

#define SOFTIRQ 0x10
#define MS	1000000u

enum { CLIENT = 100, SERVER = 200, WORKER = 300 };

struct scene {
	struct tracker *tracker;
	struct text told;
	uint64_t now;
};

static int tell(void *userdata, const struct tcp_conn *c, struct fault *fault)
{
	struct scene *s = userdata;
	uint64_t tx, rx, ns;
	struct text *t = &s->told;

	endpoint_text(t, &c->local);
	text_char(t, ' ');
	endpoint_text(t, &c->remote);
	text_printf(t, " %s %s", tcp_origin_name(c->origin), tcp_ending_name(c->ending));
	if (tcp_conn_duration(c, &ns))
		text_printf(t, " %llums", (unsigned long long)ns / MS);
	if (tcp_conn_bytes(c, &tx, &rx))
		text_printf(t, " tx=%llu rx=%llu", (unsigned long long)tx, (unsigned long long)rx);
	if (c->owner.basis)
		text_printf(t, " %s:%d", owner_basis_name(c->owner.basis), c->owner.pid);
	if (c->n_retrans)
		text_printf(t, " retrans=%u", c->n_retrans);
	if (tcp_conn_cold(c)->err)
		text_printf(t, " err=%d", tcp_conn_cold(c)->err);
	text_str(t, c->has_loss ? " loss\n" : "\n");
	return 0;
}

static int setup(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	struct tracker_options o = {.ended = tell, .userdata = s};

	assert_non_null(s);
	assert_int_equal(tracker_new(&o, &s->tracker, NULL), 0);
	assert_int_equal(tracker_task(s->tracker, CLIENT, CLIENT, "curl"), 0);
	assert_int_equal(tracker_task(s->tracker, SERVER, SERVER, "nginx"), 0);
	assert_int_equal(tracker_task(s->tracker, WORKER, WORKER, "worker"), 0);
	s->now = 1000 * (uint64_t)MS;
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;

	tracker_free(s->tracker);
	text_done(&s->told);
	free(s);
	return 0;
}

static void feed(struct scene *s, struct tcp_event *e)
{
	e->ts_ns = s->now;
	assert_int_equal(tracker_advance(s->tracker, s->now, NULL), 0);
	assert_int_equal(tracker_feed(s->tracker, e), 0);
}

static void wait_ms(struct scene *s, unsigned int ms)
{
	s->now += (uint64_t)ms * MS;
}

static void set_ends(struct tcp_event *e, uint16_t lport, uint16_t rport)
{
	e->family = 4;
	e->local = (struct endpoint){ip_addr_v4((const uint8_t[]){10, 0, 0, 1}), lport};
	e->present |= TCP_FIELD_BIT(TCP_FIELD_FAMILY) | TCP_FIELD_BIT(TCP_FIELD_LADDR);
	if (lport)
		e->present |= TCP_FIELD_BIT(TCP_FIELD_LPORT);
	if (!rport)
		return;
	e->remote = (struct endpoint){ip_addr_v4((const uint8_t[]){10, 0, 0, 2}), rport};
	e->present |= TCP_FIELD_BIT(TCP_FIELD_RADDR) | TCP_FIELD_BIT(TCP_FIELD_RPORT);
}

static struct tcp_event event(enum tcp_kind kind, uint64_t sk, uint16_t lport, uint16_t rport)
{
	struct tcp_event e = {.kind = kind, .sk = sk, .common_flags = SOFTIRQ};

	e.present = sk ? TCP_FIELD_BIT(TCP_FIELD_SK) : 0;
	set_ends(&e, lport, rport);
	return e;
}

/* pid 0: in an interrupt. */
static void change(struct scene *s, uint64_t sk, uint16_t lport, uint16_t rport, int from, int to,
		   int32_t pid)
{
	struct tcp_event e = event(TCP_KIND_SET_STATE, sk, lport, rport);

	e.oldstate = from;
	e.newstate = to;
	e.protocol = TCP_PROTOCOL_TCP;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_OLDSTATE) | TCP_FIELD_BIT(TCP_FIELD_NEWSTATE) |
		     TCP_FIELD_BIT(TCP_FIELD_PROTOCOL);
	if (pid) {
		e.cpu_tid = pid;
		e.common_flags = 0;
	}
	feed(s, &e);
}

static void destroy(struct scene *s, uint64_t sk, uint64_t cookie)
{
	struct tcp_event e = event(TCP_KIND_DESTROY, sk, 0, 0);

	e.cookie = cookie;
	e.present |= cookie ? TCP_FIELD_BIT(TCP_FIELD_COOKIE) : 0;
	feed(s, &e);
}

static void plain(struct scene *s, enum tcp_kind kind, uint64_t sk, uint16_t lport, uint16_t rport)
{
	struct tcp_event e = event(kind, sk, lport, rport);

	feed(s, &e);
}

/* A row of sock_diag: acked, received, sent. */
struct row {
	enum tcp_kind kind;
	enum socket_dump listing;
	int state;
	uint16_t lport, rport;
	uint64_t cookie;
	int32_t holder;
	uint32_t holders;
	uint64_t acked, received, sent;
};

static void diag(struct scene *s, struct row r)
{
	struct tcp_event e = event(r.kind, 0, r.lport, r.rport);
	struct tcp_info_values f = {0};

	f.values[TCP_INFO_BYTES_ACKED] = r.acked;
	f.values[TCP_INFO_BYTES_RECEIVED] = r.received;
	f.values[TCP_INFO_BYTES_SENT] = r.sent;
	f.present = 1u << TCP_INFO_BYTES_ACKED | 1u << TCP_INFO_BYTES_RECEIVED |
		    1u << TCP_INFO_BYTES_SENT | 1u << TCP_INFO_BYTES_RETRANS |
		    1u << TCP_INFO_UNACKED;
	e.tcp_info = &f;
	e.dump = r.listing;
	e.state = r.state;
	e.cookie = r.cookie;
	e.holder = r.holder;
	e.holders = r.holders;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_STATE) | TCP_FIELD_BIT(TCP_FIELD_COOKIE) |
		     (r.holder ? TCP_FIELD_BIT(TCP_FIELD_HOLDER) : 0);
	feed(s, &e);
}

static void expect_diag(struct scene *s)
{
	tracker_expect(s->tracker, TRACKER_CONN_KINDS & ~(TCP_KIND_BIT(TCP_KIND_SEND_LENGTH)));
}

static void finish(struct scene *s, const char *told)
{
	assert_int_equal(tracker_finish(s->tracker, s->now, NULL), 0);
	assert_string_equal(text_cstr(&s->told), told);
}

static void connect_to(struct scene *s, uint64_t sk, uint16_t lport)
{
	change(s, sk, 0, 80, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	wait_ms(s, 2);
	change(s, sk, lport, 80, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, 0);
}

static void test_conn_closed_here(void **state)
{
	struct scene *s = *state;

	expect_diag(s);
	connect_to(s, 1, 4000);
	wait_ms(s, 10);
	change(s, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1, CLIENT);
	change(s, 1, 4000, 80, TCP_STATE_FIN_WAIT1, TCP_STATE_FIN_WAIT2, 0);
	wait_ms(s, 3);
	change(s, 1, 4000, 80, TCP_STATE_FIN_WAIT2, TCP_STATE_CLOSE, 0);
	destroy(s, 1, 77);
	wait_ms(s, 1);
	assert_null(s->told.data);
	/* SYN and FIN are in bytes_acked, the peer's FIN in bytes_received. */
	diag(s, (struct row){.kind = TCP_KIND_SOCKET_FINAL,
			     .state = TCP_STATE_CLOSE,
			     .lport = 4000,
			     .rport = 80,
			     .cookie = 77,
			     .acked = 502,
			     .received = 901,
			     .sent = 500});
	finish(s, "10.0.0.1:4000 10.0.0.2:80 connect local-fin 15ms tx=500 rx=900 close:100\n");
}

static void test_conn_closed_there(void **state)
{
	struct scene *s = *state;

	change(s, 9, 80, 0, TCP_STATE_CLOSE, TCP_STATE_LISTEN, SERVER);
	/* Up to 6.14 a new one shows the listener's endpoints first. */
	change(s, 2, 80, 0, TCP_STATE_LISTEN, TCP_STATE_SYN_RECV, 0);
	change(s, 2, 80, 4000, TCP_STATE_SYN_RECV, TCP_STATE_ESTABLISHED, 0);
	wait_ms(s, 5);
	change(s, 2, 80, 4000, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, 0);
	wait_ms(s, 5);
	change(s, 2, 80, 4000, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, WORKER);
	change(s, 2, 80, 4000, TCP_STATE_LAST_ACK, TCP_STATE_CLOSE, 0);
	destroy(s, 2, 0);
	finish(s, "10.0.0.1:80 10.0.0.2:4000 accept remote-fin 10ms close:300\n"
		  "10.0.0.1:80 -:- listen open 10ms connect:200\n");
}

static void test_conn_resets_and_errors(void **state)
{
	struct scene *s = *state;
	struct tcp_event e;

	tracker_expect(s->tracker, TCP_KIND_BIT(TCP_KIND_DESTROY));
	/* Refused. */
	change(s, 1, 4000, 81, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	plain(s, TCP_KIND_RECEIVE_RESET, 1, 4000, 81);
	change(s, 1, 4000, 81, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, 0);
	/* From 6.10 on the report comes behind. */
	e = event(TCP_KIND_ERROR_REPORT, 0, 4000, 81);
	e.err = ECONNREFUSED;
	feed(s, &e);
	destroy(s, 1, 0);
	/* Given up; here the report comes first. */
	change(s, 2, 4001, 82, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	e = event(TCP_KIND_ERROR_REPORT, 0, 4001, 82);
	e.err = ETIMEDOUT;
	feed(s, &e);
	change(s, 2, 4001, 82, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, 0);
	destroy(s, 2, 0);
	/* Closed with unread data. */
	connect_to(s, 3, 4002);
	change(s, 3, 4002, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, CLIENT);
	e = event(TCP_KIND_SEND_RESET, 3, 4002, 80);
	e.state = TCP_STATE_CLOSE;
	feed(s, &e);
	destroy(s, 3, 0);
	finish(s, "10.0.0.1:4000 10.0.0.2:81 connect remote-reset 0ms connect:100 err=111\n"
		  "10.0.0.1:4001 10.0.0.2:82 connect timeout 0ms connect:100 err=110\n"
		  "10.0.0.1:4002 10.0.0.2:80 connect local-reset 2ms close:100\n");
}

static void test_conn_open_before_and_after(void **state)
{
	struct scene *s = *state;

	expect_diag(s);
	diag(s, (struct row){.kind = TCP_KIND_SOCKET_DUMPED,
			     .state = TCP_STATE_ESTABLISHED,
			     .lport = 4000,
			     .rport = 80,
			     .cookie = 7,
			     .holder = CLIENT,
			     .holders = 1});
	diag(s, (struct row){.kind = TCP_KIND_SOCKET_DUMPED,
			     .state = TCP_STATE_ESTABLISHED,
			     .lport = 4001,
			     .rport = 80,
			     .cookie = 8,
			     .holder = CLIENT,
			     .holders = 1});
	diag(s, (struct row){.kind = TCP_KIND_SOCKET_DUMPED,
			     .state = TCP_STATE_ESTABLISHED,
			     .lport = 4002,
			     .rport = 80,
			     .cookie = 9});
	diag(s, (struct row){.kind = TCP_KIND_SOCKET_DUMPED, .listing = SOCKET_DUMP_START_DONE});
	/* One of them ends; the event brings the socket id that the table has not. */
	wait_ms(s, 4);
	change(s, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, 0);
	change(s, 1, 4000, 80, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, WORKER);
	change(s, 1, 4000, 80, TCP_STATE_LAST_ACK, TCP_STATE_CLOSE, 0);
	destroy(s, 1, 7);
	diag(s, (struct row){.kind = TCP_KIND_SOCKET_FINAL,
			     .state = TCP_STATE_CLOSE,
			     .lport = 4000,
			     .rport = 80,
			     .cookie = 7,
			     .acked = 11,
			     .received = 21,
			     .sent = 10});
	wait_ms(s, 4);
	diag(s, (struct row){.kind = TCP_KIND_SOCKET_DUMPED,
			     .listing = SOCKET_DUMP_END,
			     .state = TCP_STATE_ESTABLISHED,
			     .lport = 4001,
			     .rport = 80,
			     .cookie = 8,
			     .holder = WORKER,
			     .holders = 1,
			     .acked = 6,
			     .received = 3,
			     .sent = 5});
	diag(s, (struct row){.kind = TCP_KIND_SOCKET_DUMPED, .listing = SOCKET_DUMP_END_DONE});
	finish(s, "10.0.0.1:4000 10.0.0.2:80 before remote-fin tx=10 rx=20 close:300\n"
		  "10.0.0.1:4002 10.0.0.2:80 before unseen\n"
		  "10.0.0.1:4001 10.0.0.2:80 before open tx=5 rx=3 table:300\n");
}

static void test_conn_same_endpoints_twice(void **state)
{
	struct scene *s = *state;

	/* Two containers with the same addresses: only a cookie can tell. */
	expect_diag(s);
	diag(s, (struct row){.kind = TCP_KIND_SOCKET_DUMPED,
			     .state = TCP_STATE_ESTABLISHED,
			     .lport = 4000,
			     .rport = 80,
			     .cookie = 7,
			     .holder = CLIENT,
			     .holders = 1});
	diag(s, (struct row){.kind = TCP_KIND_SOCKET_DUMPED,
			     .state = TCP_STATE_ESTABLISHED,
			     .lport = 4000,
			     .rport = 80,
			     .cookie = 8,
			     .holder = WORKER,
			     .holders = 1});
	diag(s, (struct row){.kind = TCP_KIND_SOCKET_DUMPED, .listing = SOCKET_DUMP_START_DONE});
	change(s, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, 0);
	change(s, 1, 4000, 80, TCP_STATE_CLOSE_WAIT, TCP_STATE_CLOSE, 0);
	destroy(s, 1, 8);
	diag(s, (struct row){.kind = TCP_KIND_SOCKET_FINAL,
			     .state = TCP_STATE_CLOSE,
			     .lport = 4000,
			     .rport = 80,
			     .cookie = 8,
			     .acked = 1,
			     .received = 1});
	finish(s, "10.0.0.1:4000 10.0.0.2:80 before aborted tx=0 rx=0 table:300\n"
		  "10.0.0.1:4000 10.0.0.2:80 before open table:100\n");
}

static void test_conn_address_is_used_again(void **state)
{
	struct scene *s = *state;

	tracker_expect(s->tracker, TCP_KIND_BIT(TCP_KIND_DESTROY));
	for (uint16_t i = 0; i < 3; i++) {
		if (i == 1)
			assert_int_equal(tracker_loss(s->tracker, s->now, s->now + 1), 0);
		connect_to(s, 1, 4000 + i);
		wait_ms(s, 1);
		change(s, 1, 4000 + i, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, 0);
		if (i == 0)
			continue; /* its CLOSE was lost */
		change(s, 1, 4000 + i, 80, TCP_STATE_LAST_ACK, TCP_STATE_CLOSE, 0);
		if (i == 1)
			destroy(s, 1, 0);
	}
	finish(s, "10.0.0.1:4000 10.0.0.2:80 connect unseen 3ms connect:100 loss\n"
		  "10.0.0.1:4001 10.0.0.2:80 connect remote-fin 3ms connect:100 loss\n"
		  "10.0.0.1:4002 10.0.0.2:80 connect remote-fin 3ms connect:100\n");
}

static void test_conn_half_open(void **state)
{
	struct scene *s = *state;

	tracker_expect(s->tracker, TCP_KIND_BIT(TCP_KIND_DESTROY));
	change(s, 9, 80, 0, TCP_STATE_CLOSE, TCP_STATE_LISTEN, SERVER);
	plain(s, TCP_KIND_RETRANSMIT_SYNACK, 9, 80, 4000);
	plain(s, TCP_KIND_RETRANSMIT_SYNACK, 9, 80, 4001);
	plain(s, TCP_KIND_RETRANSMIT_SYNACK, 9, 80, 4000);
	change(s, 2, 80, 4000, TCP_STATE_LISTEN, TCP_STATE_SYN_RECV, 0);
	change(s, 2, 80, 4000, TCP_STATE_SYN_RECV, TCP_STATE_ESTABLISHED, 0);
	finish(s, "10.0.0.1:80 10.0.0.2:4001 half-open unseen listener:200 retrans=1\n"
		  "10.0.0.1:80 -:- listen open 0ms connect:200\n"
		  "10.0.0.1:80 10.0.0.2:4000 accept open 0ms listener:200 retrans=2\n");
}

static void test_conn_last_word_without_events(void **state)
{
	struct scene *s = *state;

	/* CLOSE and tcp_destroy_sock were never delivered; the table at the end lacks it. */
	expect_diag(s);
	diag(s, (struct row){.kind = TCP_KIND_SOCKET_DUMPED, .listing = SOCKET_DUMP_START_DONE});
	connect_to(s, 1, 4000);
	wait_ms(s, 6);
	diag(s, (struct row){.kind = TCP_KIND_SOCKET_FINAL,
			     .state = TCP_STATE_CLOSE,
			     .lport = 4000,
			     .rport = 80,
			     .cookie = 7,
			     .acked = 6,
			     .received = 3,
			     .sent = 5});
	wait_ms(s, 6);
	diag(s, (struct row){.kind = TCP_KIND_SOCKET_DUMPED,
			     .listing = SOCKET_DUMP_END,
			     .state = TCP_STATE_LISTEN,
			     .lport = 22,
			     .cookie = 1});
	diag(s, (struct row){.kind = TCP_KIND_SOCKET_DUMPED, .listing = SOCKET_DUMP_END_DONE});
	finish(s, "10.0.0.1:4000 10.0.0.2:80 connect unseen 8ms tx=5 rx=3 connect:100\n"
		  "10.0.0.1:22 -:- listen open\n");
}

static void test_conn_timeouts(void **state)
{
	struct scene *s = *state;
	const struct {
		unsigned int after_ms;
		uint32_t rto_us, old_rto_us;
	} syns[] = {{1000, 1000000, 0}, {2000, 2000000, 1000000}, {4000, 4000000, 2000000}};

	change(s, 1, 4000, 80, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	for (size_t i = 0; i < 3; i++) {
		struct tcp_event e = event(TCP_KIND_RETRANSMIT, 1, 4000, 80);

		e.state = TCP_STATE_SYN_SENT;
		e.present |= TCP_FIELD_BIT(TCP_FIELD_STATE);
		e.chain = (struct tcp_chain_cause){TCP_CAUSE_RTO, TCP_TRIGGER_TIMER};
		wait_ms(s, syns[i].after_ms);
		feed(s, &e);
		assert_int_equal(e.rto_us, syns[i].rto_us);
		assert_int_equal(e.old_rto_us, syns[i].old_rto_us);
		assert_int_equal(tcp_conn_cold(e.conn)->n_timeouts, i + 1);
	}
}

#define CONN_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONN_TEST(test_conn_closed_here),
		CONN_TEST(test_conn_closed_there),
		CONN_TEST(test_conn_resets_and_errors),
		CONN_TEST(test_conn_open_before_and_after),
		CONN_TEST(test_conn_same_endpoints_twice),
		CONN_TEST(test_conn_address_is_used_again),
		CONN_TEST(test_conn_half_open),
		CONN_TEST(test_conn_last_word_without_events),
		CONN_TEST(test_conn_timeouts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

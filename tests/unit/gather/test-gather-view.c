// SPDX-License-Identifier: MIT
/* What the gather view counts of RSTs and of struct tcp_info. */
#include "support/scene.h"

#include "base/units.h"
#include "tcp/names.h"

static void feed_reset(struct scene *s, struct tcp_conn *c, enum tcp_kind kind, int32_t state)
{
	struct tcp_event e = scene_event(s, kind, c);

	c->state = (uint8_t)state;
	e.state = state;
	e.present = kind == TCP_KIND_SEND_RESET ? TCP_FIELD_BIT(TCP_FIELD_STATE) : 0;
	scene_feed(s, &e);
}

/* A RST after both sides have closed cuts nothing. */
static void test_resets_that_cut_something(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_serve(s, 1, 2, 80);

	feed_reset(s, c, TCP_KIND_RECEIVE_RESET, TCP_STATE_LAST_ACK);
	assert_int_equal(counters_resets(&s->in.total, REPORT_RECEIVED), 0);
	feed_reset(s, c, TCP_KIND_SEND_RESET, TCP_STATE_ESTABLISHED);
	assert_int_equal(counters_resets(&s->in.total, REPORT_SENT), 1);
	assert_int_equal(counters_resets(&s->in.total, REPORT_RECEIVED), 0);
}

/* Data after close(): the kernel traces one RST as received and as sent, and sends it. */
static void test_resets_that_were_not_received(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_serve(s, 1, 2, 80);

	feed_reset(s, c, TCP_KIND_RECEIVE_RESET, TCP_STATE_FIN_WAIT2);
	assert_int_equal(counters_resets(&s->in.total, REPORT_RECEIVED), 1);
	scene_cold(s, c)->reset = (struct tcp_conn_reset){
		.ts_ns = s->now_ns, .is_sent = true, .undoes_received = true};
	feed_reset(s, c, TCP_KIND_SEND_RESET, TCP_STATE_CLOSE);
	assert_int_equal(counters_resets(&s->in.total, REPORT_RECEIVED), 0);
	assert_int_equal(counters_resets(&s->in.total, REPORT_SENT), 1);
}

/* The kernel counts SYNs among the segments and the timeouts: they are left out. */
static void test_tcp_info_without_handshake(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	scene_cold(s, c)->n_syns = 2;
	scene_final(s, c, &(struct tcp_info_growth){.retrans_segs = 10, .timeouts = 3});
	assert_int_equal(s->in.total.tcp_info.retrans_segs, 8);
	assert_int_equal(s->in.total.tcp_info.timeouts, 1);
}

static struct scene *slow_handshake(void **state, uint64_t ns, uint32_t events,
				    const struct tcp_info_growth *growth)
{
	struct scene *s = scene_anew(state);
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	c->established_ns = c->seen_ns + ns;
	c->n_retrans = events;
	scene_cold(s, c)->n_timeouts = events < growth->timeouts ? events : growth->timeouts;
	scene_final(s, c, growth);
	return s;
}

/* Where events are missing, SYNs may be among them: as many as the handshake had time for, one a
 * second (RFC 6298, 2.1; net.ipv4.tcp_syn_linear_timeouts), and no more than the kernel counts
 * beyond the events. The number of timeouts is unknown then. */
static void test_tcp_info_of_a_slow_handshake(void **state)
{
	const struct tcp_info_growth ten = {
		.retrans_segs = 10, .timeouts = 5, .has_timeouts = true};
	struct scene *s = slow_handshake(state, 3 * NSEC_PER_SEC, 0, &ten);

	assert_int_equal(s->in.total.tcp_info.retrans_segs, 7);
	assert_int_equal(s->in.total.tcp_info.timeouts, 2);
	assert_int_equal(s->in.total.tcp_info.with_timeouts, 0);
	s = slow_handshake(state, 3 * NSEC_PER_SEC - 1, 0, &ten);
	assert_int_equal(s->in.total.tcp_info.retrans_segs, 8);
	s = slow_handshake(state, 3 * NSEC_PER_SEC, 9, &ten);
	assert_int_equal(s->in.total.tcp_info.retrans_segs, 9);
}

/* A handshake that took long without a SYN sent again, on a long way or for a slow server, takes
 * nothing from the timeouts of data. */
static void test_tcp_info_of_a_long_way(void **state)
{
	struct scene *s = slow_handshake(
		state, 3 * NSEC_PER_SEC, 10,
		&(struct tcp_info_growth){.retrans_segs = 10, .timeouts = 5, .has_timeouts = true});

	assert_int_equal(s->in.total.tcp_info.retrans_segs, 10);
	assert_int_equal(s->in.total.tcp_info.timeouts, 5);
	assert_int_equal(s->in.total.tcp_info.with_timeouts, 1);
}

/* The kernel counts the timers of a request among the timeouts of the connection that comes of it,
 * also where nothing was retransmitted (TCP_DEFER_ACCEPT). Of an accepted connection the events
 * count, if they were recorded. */
static void test_tcp_info_without_request_timers(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_serve(s, 1, 2, 80);

	scene_final(s, c, &(struct tcp_info_growth){.timeouts = 2, .timeouts_ms = 4000});
	assert_int_equal(s->in.total.tcp_info.timeouts, 0);
	assert_int_equal(s->in.total.tcp_info.timeouts_ms, 0);
	/* A fast retransmission does not make a timeout of the request's. */
	c = scene_serve(s, 1, 2, 80);
	c->knows_retrans = true;
	scene_final(s, c, &(struct tcp_info_growth){.timeouts = 2, .retrans_segs = 3});
	assert_int_equal(s->in.total.tcp_info.timeouts, 0);
	c = scene_serve(s, 1, 2, 80);
	c->knows_retrans = true;
	scene_cold(s, c)->n_timeouts = 1;
	scene_final(s, c, &(struct tcp_info_growth){.timeouts = 2, .retrans_segs = 3});
	assert_int_equal(s->in.total.tcp_info.timeouts, 1);
	/* Where events were not recorded, there are at most as many as segments. */
	c = scene_serve(s, 1, 2, 80);
	scene_final(s, c, &(struct tcp_info_growth){.timeouts = 5, .retrans_segs = 3});
	assert_int_equal(s->in.total.tcp_info.timeouts, 1 + 3);
}

/* A connection that was never established has sent nothing but its handshake. */
static void test_tcp_info_of_an_attempt(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	c->was_established = false;
	c->established_ns = 0;
	scene_final(s, c, &(struct tcp_info_growth){.retrans_segs = 6, .timeouts = 6});
	assert_int_equal(s->in.total.tcp_info.retrans_segs, 0);
	assert_int_equal(s->in.total.tcp_info.timeouts, 0);
}

/* A row of the socket table at the start, or what comes after its last row. */
static void feed_start(struct scene *s, const struct tcp_conn *c, uint8_t dump,
		       const struct tcp_info_values *values, uint32_t holders)
{
	struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_DUMPED, c);

	e.dump = dump;
	e.state = TCP_STATE_ESTABLISHED;
	e.cookie = 77;
	e.tcp_info = values;
	e.holders = holders;
	scene_feed(s, &e);
}

/* Feeds last figures of 1,000 bytes for a connection that the tape did not see begin. */
static void final_of_old(struct scene *s, uint64_t cookie)
{
	struct tcp_info_values values = {.present = TCP_INFO_BIT(TCP_INFO_BYTES_SENT)};
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_FINAL, c);

	c->is_born = false;
	values.values[TCP_INFO_BYTES_SENT] = 1000;
	c->cookie = e.cookie = cookie;
	e.tcp_info = &values;
	scene_feed(s, &e);
}

/* What was sent before the tape does not count. */
static void test_tcp_info_less_the_first_table(void **state)
{
	struct tcp_info_values values = {.present = TCP_INFO_BIT(TCP_INFO_BYTES_SENT)};
	struct scene *s = *state;

	values.values[TCP_INFO_BYTES_SENT] = 600;
	feed_start(s, scene_call(s, 1, 2, 443), SOCKET_DUMP_START, &values, 0);
	final_of_old(s, 77);
	assert_int_equal(s->in.total.tcp_info.sent_bytes, 400);
	assert_int_equal(s->in.total.tcp_info.conns, 1);
}

/* A socket that the first table lacks came later, if that table was whole; else it may have been
 * there, and how much of its figures is from before the tape is not known. */
static void test_tcp_info_of_a_socket_that_no_table_has(void **state)
{
	struct scene *s = *state;

	final_of_old(s, 78);
	assert_int_equal(s->in.total.tcp_info.conns, 0);
	feed_start(s, scene_call(s, 1, 2, 443), SOCKET_DUMP_START_DONE, NULL, 1);
	final_of_old(s, 78);
	assert_int_equal(s->in.total.tcp_info.conns, 0);
	feed_start(s, scene_call(s, 1, 2, 443), SOCKET_DUMP_START_DONE, NULL, 0);
	final_of_old(s, 78);
	assert_int_equal(s->in.total.tcp_info.conns, 1);
	assert_int_equal(s->in.total.tcp_info.sent_bytes, 1000);
}

/* Feeds figures of a connection, at its start or its end, and ends it. */
static void feed_bytes(struct scene *s, struct tcp_conn *c, enum tcp_kind kind, uint64_t acked,
		       uint64_t received, uint64_t sent)
{
	struct tcp_info_values values = {.present = UINT64_MAX};
	struct tcp_event e = scene_event(s, kind, c);

	values.values[TCP_INFO_BYTES_ACKED] = acked;
	values.values[TCP_INFO_BYTES_RECEIVED] = received;
	values.values[TCP_INFO_BYTES_SENT] = sent;
	values.values[TCP_INFO_SEGS_IN] = acked || received;
	e.tcp_info = &values;
	e.cookie = c->cookie;
	e.dump = SOCKET_DUMP_START;
	scene_feed(s, &e);
	if (kind != TCP_KIND_SOCKET_FINAL)
		return;
	c->has_final = true;
	scene_end(s, c);
}

/* SYN and FIN are no data: an idle connection that this host opened and closed has carried none. */
static void test_bytes_are_data_alone(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	c->is_client = true;
	c->state = TCP_STATE_CLOSE;
	c->last_state = TCP_STATE_LAST_ACK;
	c->first_fin = TCP_FIN_THEIRS;
	feed_bytes(s, c, TCP_KIND_SOCKET_FINAL, 2, 1, 0);
	assert_int_equal(counters_bytes(&s->in.total), 0);
	assert_int_equal(s->in.total.unknown.conns, 0);
}

/* That this host called is learned from figures after those at the start: the SYN was in them. */
static void test_bytes_since_the_recording_began(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	c->is_born = false;
	c->cookie = 9;
	feed_bytes(s, c, TCP_KIND_SOCKET_DUMPED, 101, 200, 150);
	c->is_client = true;
	feed_bytes(s, c, TCP_KIND_SOCKET_FINAL, 1001, 250, 1000);
	assert_int_equal(counters_sent_bytes(&s->in.total), 900);
	assert_int_equal(counters_received_bytes(&s->in.total), 50);
	/* What the table at the start has of a connection that was born on the tape is its own. */
	c = scene_call(s, 1, 2, 443);
	c->cookie = 10;
	feed_bytes(s, c, TCP_KIND_SOCKET_DUMPED, 100, 0, 100);
	feed_bytes(s, c, TCP_KIND_SOCKET_FINAL, 300, 0, 300);
	assert_int_equal(counters_sent_bytes(&s->in.total), 900 + 300);
}

/* Figures that the kernel has cleared count nowhere, and take the rate from the others only where
 * they could make it another one. */
static void test_bytes_that_are_not_known(void **state)
{
	struct tcp_conn_info cleared = {.is_cleared = true};
	struct tcp_conn_info far = {.is_cleared = true, .is_far = true, .has_bytes = true};
	struct scene *s = *state;
	struct tcp_conn *c;

	scene_transfer(s, 1, 2, &(struct tcp_info_growth){.sent_bytes = 1000, .acked_bytes = 1000});
	for (int i = 0; i < 20; i++) {
		c = scene_call(s, 1, 2, 443);
		c->tcp_info = &cleared;
		scene_retransmit(s, c, TCP_CAUSE_FAST);
		c->n_retrans = 1;
		feed_bytes(s, c, TCP_KIND_SOCKET_FINAL, 0, 0, 0);
	}
	assert_int_equal(s->in.total.tcp_info.conns, 1);
	assert_int_equal(counters_bytes(&s->in.total), 1000);
	assert_int_equal(s->in.total.unknown.conns, 20);
	assert_int_equal(s->in.total.unknown.cleared, 20);
	assert_int_equal(s->in.total.cleared.conns, 20);
	assert_int_equal(s->in.total.cleared.retrans, 20);
	assert_int_equal(s->in.total.cleared.sized_retrans, 0);
	assert_int_equal(counters_retrans_rate(&s->in.total).basis, RATE_UNKNOWN);
	assert_true(counters_retrans_rate(&s->in.total).is_cleared);
	/* The calls of a process, or the other end, tell. */
	c = scene_call(s, 1, 2, 443);
	c->tcp_info = &cleared;
	c->has_io = true;
	c->io_tx = 7;
	c->n_retrans = 3;
	feed_bytes(s, c, TCP_KIND_SOCKET_FINAL, 0, 0, 0);
	c = scene_call(s, 1, 2, 443);
	far.rx_bytes = 70;
	c->tcp_info = &far;
	feed_bytes(s, c, TCP_KIND_SOCKET_FINAL, 0, 0, 0);
	assert_int_equal(counters_sent_bytes(&s->in.total), 1007);
	assert_int_equal(counters_received_bytes(&s->in.total), 70);
	assert_int_equal(s->in.total.unknown.conns, 20);
	assert_int_equal(s->in.total.cleared.retrans, 23);
	assert_int_equal(s->in.total.cleared.sized_retrans, 3);
	assert_int_equal(s->in.total.cleared.sized_bytes, 7);
	/* And one whose last figures did not come at all. */
	scene_end(s, scene_call(s, 1, 2, 443));
	assert_int_equal(s->in.total.unknown.conns, 21);
	assert_int_equal(s->in.total.unknown.cleared, 20);
}

/* Figures that were not asked for count nowhere, and do not take the rate from the others. */
static void test_bytes_that_were_not_asked_for(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c;

	scene_transfer(s, 1, 2, &(struct tcp_info_growth){.sent_bytes = 1000, .acked_bytes = 1000});
	for (int i = 0; i < 20; i++) {
		c = scene_call(s, 1, 2, 443);
		scene_retransmit(s, c, TCP_CAUSE_FAST);
		c->n_retrans = 1;
		c->is_unasked = true;
		scene_end(s, c);
	}
	assert_int_equal(s->in.total.unknown.unasked, 20);
	assert_int_equal(s->in.total.unasked_conns, 20);
	assert_int_equal(counters_data_retrans(&s->in.total), 20);
	assert_int_equal(counters_retrans_rate(&s->in.total).basis, RATE_BYTES);
	assert_int_equal(counters_retrans_rate(&s->in.total).whole, 1000);
}

/* Who called is known of connections whose begin was seen; else a listening port tells, and then
 * the lower port is taken for the server's. */
static void test_subject_is_served(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 60000);

	c->local.port = 50000;
	assert_false(gathered_subject_of_conn(&s->in, c).is_served);
	c->origin = TCP_ORIGIN_SEEN;
	assert_true(gathered_subject_of_conn(&s->in, c).is_served);
	c->remote.port = 443;
	assert_false(gathered_subject_of_conn(&s->in, c).is_served);
	gathered_note_listening(&s->in, 50000);
	assert_true(gathered_subject_of_conn(&s->in, c).is_served);
	assert_false(gathered_subject_of_conn(&s->in, c).is_caller);
	c->origin = TCP_ORIGIN_CONNECT;
	assert_false(gathered_subject_of_conn(&s->in, c).is_served);
	assert_true(gathered_subject_of_conn(&s->in, c).is_caller);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_resets_that_cut_something),
		TEST(test_resets_that_were_not_received),
		TEST(test_tcp_info_without_handshake),
		TEST(test_tcp_info_of_a_slow_handshake),
		TEST(test_tcp_info_of_a_long_way),
		TEST(test_tcp_info_without_request_timers),
		TEST(test_tcp_info_of_an_attempt),
		TEST(test_tcp_info_less_the_first_table),
		TEST(test_tcp_info_of_a_socket_that_no_table_has),
		TEST(test_bytes_are_data_alone),
		TEST(test_bytes_since_the_recording_began),
		TEST(test_bytes_that_are_not_known),
		TEST(test_bytes_that_were_not_asked_for),
		TEST(test_subject_is_served),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

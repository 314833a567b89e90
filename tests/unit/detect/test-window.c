// SPDX-License-Identifier: MIT
/* Receive windows of zero, and buffers of this host at their limits. */
#include "support/scene.h"

#include <string.h>

#include "base/units.h"
#include "tcp/conn.h"
#include "tcp/names.h"

#define WARNING DOCUMENT_WARNING

static void pressure(void **state, size_t n_exceeded, size_t n_full, size_t findings)
{
	struct scene *s = scene_anew(state);
	const struct tcp_conn *c = scene_call(s, 1, 2, 443);
	const struct tcp_event exceeded = scene_event(s, TCP_KIND_EXCEED_BUF, c);
	const struct tcp_event full = scene_event(s, TCP_KIND_RCVQUEUE_FULL, c);

	while (n_exceeded--)
		scene_feed(s, &exceeded);
	while (n_full--)
		scene_feed(s, &full);
	scene_find(s);
	assert_int_equal(scene_count(s, "window"), findings);
}

static void test_window_pressure(void **state)
{
	pressure(state, 9, 9, 0);
	pressure(state, 10, 9, 1);
	pressure(state, 10, 10, 2);
}

/* The windows of a connection that is open at the end of the tape. */
struct window_case {
	uint64_t snd_wnd, rcv_wnd, notsent_bytes;
};

static void feed_windows(struct scene *s, const struct tcp_conn *c, const struct window_case *w)
{
	struct tcp_info_values values = {.present = UINT64_MAX};
	struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_DUMPED, c);

	values.values[TCP_INFO_SEGS_IN] = 1;
	values.values[TCP_INFO_SND_WND] = w->snd_wnd;
	values.values[TCP_INFO_RCV_WND] = w->rcv_wnd;
	values.values[TCP_INFO_NOTSENT_BYTES] = w->notsent_bytes;
	e.tcp_info = &values;
	e.state = TCP_STATE_ESTABLISHED;
	e.dump = SOCKET_DUMP_END;
	scene_feed(s, &e);
}

static struct scene *at_end(void **state, const struct window_case *w, int level)
{
	struct scene *s = scene_anew(state);

	feed_windows(s, scene_call(s, 1, 2, 443), w);
	scene_expect(s, "window", level);
	return s;
}

static void test_window_at_the_end(void **state)
{
	struct scene *s;

	at_end(state, &(struct window_case){.snd_wnd = 1, .rcv_wnd = 1, .notsent_bytes = 1},
	       NOTHING);
	/* A peer's window of zero matters where something waits to be sent. */
	at_end(state, &(struct window_case){.rcv_wnd = 1}, NOTHING);
	s = at_end(state, &(struct window_case){.rcv_wnd = 1, .notsent_bytes = 1}, WARNING);
	assert_non_null(strstr(scene_first(s, "window")->title, "10.0.1.2:443 reads too slowly"));
	s = at_end(state, &(struct window_case){.snd_wnd = 1}, WARNING);
	assert_non_null(strstr(scene_first(s, "window")->title, "A program here reads too slowly"));
}

/* The sender waited so long for the window, while so much was acknowledged. The scene's connections
 * have a round-trip time of 10 ms and segments of 1,448 bytes. */
static void limited(void **state, uint64_t us, uint64_t acked_bytes, int level)
{
	struct scene *s = scene_anew(state);

	scene_transfer(
		s, 1, 2,
		&(struct tcp_info_growth){.rwnd_limited_us = us, .acked_bytes = acked_bytes});
	scene_expect(s, "window", level);
}

static void test_window_that_was_tiny(void **state)
{
	limited(state, 999999, 1, NOTHING);
	limited(state, 1000000, 1, WARNING);
	/* By Little's law ten segments in flight are 1,448,000 bytes a second. */
	limited(state, 1000000, 1447999, WARNING);
	limited(state, 1000000, 1448000, NOTHING);
	limited(state, 2000000, 1448000 * 2 - 1, WARNING);
}

/* A connection over a way of so many microseconds, whose sender waited for the window for two
 * seconds, while the peer's window where it ended was this. */
static bool is_small(void **state, uint64_t rtt_us, uint64_t acked_bytes, uint64_t window)
{
	struct scene *s = scene_anew(state);
	struct tcp_info_values values = {.present = UINT64_MAX};
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_FINAL, c);

	values.values[TCP_INFO_SEGS_IN] = 1;
	values.values[TCP_INFO_SND_MSS] = 1448;
	values.values[TCP_INFO_RTT_US] = rtt_us;
	values.values[TCP_INFO_BYTES_SENT] = acked_bytes;
	values.values[TCP_INFO_BYTES_ACKED] = acked_bytes;
	values.values[TCP_INFO_RWND_LIMITED_US] = 2000000;
	values.values[TCP_INFO_SND_WND] = window;
	e.tcp_info = &values;
	scene_feed(s, &e);
	scene_end(s, c);
	scene_expect(s, "window", WARNING);
	assert_int_equal(scene_count(s, "window"), 1);
	return strstr(scene_first(s, "window")->title, "is small for the way") != NULL;
}

/* A buffer that is too small for the way is no reader that does not read. */
static void test_window_that_is_small(void **state)
{
	/* In 200 ms, a tenth of the time, 4,000 bytes were under way. */
	assert_true(is_small(state, 200000, 40000, 4096));
	assert_true(is_small(state, 200000, 40000, 8000));
	/* Most of the window stayed unused: it was shut for most of the time. */
	assert_false(is_small(state, 200000, 40000, 8001));
	assert_false(is_small(state, 200000, 40000, 0));
	assert_true(is_small(state, 5000, 1600000, 4096));
	/* On a short way the two cannot be told apart. */
	assert_false(is_small(state, 4999, 1600000, 4096));
}

/* A stall that lasted for two seconds, and went on then: in that time the window says nothing. */
static void stalled_and_limited(void **state, uint64_t limited_us, int level)
{
	struct scene *s = scene_anew(state);
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	for (unsigned int i = 0; i < 3; i++) {
		scene_retransmit(s, c, TCP_CAUSE_RTO);
		s->now_ns += NSEC_PER_SEC / 2;
	}
	s->now_ns += NSEC_PER_SEC / 2;
	scene_retransmit(s, c, TCP_CAUSE_FAST);
	scene_final(s, c,
		    &(struct tcp_info_growth){.rwnd_limited_us = limited_us, .acked_bytes = 1});
	scene_end(s, c);
	scene_expect(s, "window", level);
}

static void test_window_in_a_stall(void **state)
{
	stalled_and_limited(state, 2999999, NOTHING);
	stalled_and_limited(state, 3000000, WARNING);
}

/* All are counted, and the one that waited longest is named, with who waits there. */
static void test_window_of_many(void **state)
{
	struct scene *s = *state;
	const struct document_finding *x;

	for (unsigned int i = 0; i < 200; i++)
		scene_transfer(s, 1, (uint8_t)i,
			       &(struct tcp_info_growth){.rwnd_limited_us = 5000000 + i});
	scene_expect(s, "window", WARNING);
	assert_int_equal(scene_count(s, "window"), 1);
	x = scene_first(s, "window");
	assert_non_null(strstr(x->title, "10.0.1.199:443"));
	assert_non_null(strstr(x->title, "(200 such connections)"));
	assert_string_equal(x->evidence[0].key, "connections");
	assert_int_equal(x->evidence[0].cell.u64, 200);
}

static bool has_evidence(const struct document_finding *x, const char *words)
{
	for (size_t i = 0; i < x->n_evidence; i++) {
		if (x->evidence[i].cell.kind == CELL_STR && !x->evidence[i].words &&
		    strstr(x->evidence[i].cell.str, words))
			return true;
	}
	return false;
}

/* The process that waits, or that does not read, is named. */
static void test_window_of_whom(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	c->owner = (struct owner){.pid = 7, .comm = "pusher"};
	scene_final(s, c, &(struct tcp_info_growth){.rwnd_limited_us = 5000000});
	scene_end(s, c);
	scene_expect(s, "window", WARNING);
	assert_true(has_evidence(scene_first(s, "window"), "pusher[7]"));
}

/* A shut window is found first, and then nobody answers the probes until the kernel gives up: the
 * peer has gone, and its reader is not to blame. */
static void then_given_up(void **state, uint64_t probes, int level)
{
	struct scene *s = scene_anew(state);
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	struct tcp_event error = scene_event(s, TCP_KIND_ERROR_REPORT, c);
	struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_FINAL, c);
	struct tcp_info_values values = {.present = UINT64_MAX};

	values.values[TCP_INFO_SEGS_IN] = 1; /* the kernel has not cleared the figures */
	values.values[TCP_INFO_RWND_LIMITED_US] = 5000000;
	values.values[TCP_INFO_RTT_US] = 10000;
	values.values[TCP_INFO_SND_MSS] = 1448;
	values.values[TCP_INFO_NOTSENT_BYTES] = 1;
	values.values[TCP_INFO_PROBES] = probes;
	error.err = 110;
	scene_feed(s, &error);
	e.tcp_info = &values;
	scene_feed(s, &e);
	c->ending = TCP_ENDING_TIMEOUT;
	scene_end(s, c);
	scene_expect(s, "window", level);
}

static void test_window_then_given_up(void **state)
{
	then_given_up(state, 3, NOTHING);
	then_given_up(state, 0, WARNING);
	assert_true(has_evidence(scene_first(*state, "window"), "TCP_USER_TIMEOUT"));
}

/* A window that was zero at the start and at the end is so since before. */
static void test_window_before_the_recording(void **state)
{
	struct tcp_info_values values = {.present = UINT64_MAX};
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_DUMPED, c);

	values.values[TCP_INFO_SEGS_IN] = 1;
	values.values[TCP_INFO_NOTSENT_BYTES] = values.values[TCP_INFO_RCV_WND] = 1;
	e.tcp_info = &values;
	e.state = TCP_STATE_ESTABLISHED;
	e.dump = SOCKET_DUMP_START;
	scene_feed(s, &e);
	e.dump = SOCKET_DUMP_END;
	scene_feed(s, &e);
	scene_expect(s, "window", WARNING);
	assert_non_null(strstr(scene_first(s, "window")->title, "since before the recording"));
}

/* The evidence with this key, or NULL. */
static const struct document_item *evidence(const struct scene *s, const char *key)
{
	const struct document_finding *x = scene_first(s, "window");

	for (size_t i = 0; i < x->n_evidence; i++) {
		if (!strcmp(x->evidence[i].key, key))
			return &x->evidence[i];
	}
	return NULL;
}

/* Samples tell how long a window was shut; alone they are no finding. */
static void test_window_of_samples(void **state)
{
	struct tcp_info_values values = {.present = UINT64_MAX};
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	struct tcp_event e = scene_event(s, TCP_KIND_SAMPLE, c);

	values.values[TCP_INFO_SEGS_IN] = 1;
	values.values[TCP_INFO_NOTSENT_BYTES] = values.values[TCP_INFO_RCV_WND] = 1;
	e.tcp_info = &values;
	e.state = TCP_STATE_ESTABLISHED;
	e.dump = SOCKET_SAMPLE_TROUBLED;
	for (int i = 0; i < 3; i++) {
		scene_feed(s, &e);
		e.ts_ns += NSEC_PER_SEC;
	}
	/* It is open again. */
	values.values[TCP_INFO_SND_WND] = 1000;
	scene_feed(s, &e);
	scene_expect(s, "window", NOTHING);

	s = scene_anew(state);
	c = scene_call(s, 1, 2, 443);
	e = scene_event(s, TCP_KIND_SAMPLE, c);
	values.values[TCP_INFO_SND_WND] = 0;
	e.tcp_info = &values;
	e.state = TCP_STATE_ESTABLISHED;
	e.dump = SOCKET_SAMPLE_TROUBLED;
	scene_feed(s, &e);
	e.ts_ns += NSEC_PER_SEC;
	scene_feed(s, &e);
	e.kind = TCP_KIND_SOCKET_DUMPED;
	e.dump = SOCKET_DUMP_END;
	e.ts_ns += NSEC_PER_SEC;
	scene_feed(s, &e);
	scene_expect(s, "window", WARNING);
	assert_non_null(evidence(s, "looks_shut"));
	assert_non_null(evidence(s, "shut_ns"));
}

/* One program waits for a reader elsewhere, and another one does not read what comes from
 * elsewhere: that is two things. The two ends of one connection are one. */
static void test_window_of_a_reader_and_a_writer(void **state)
{
	for (int is_one = 0; is_one <= 1; is_one++) {
		struct scene *s = scene_anew(state);
		struct tcp_conn *writer = scene_call(s, 1, 2, 443);
		struct tcp_conn *reader = scene_serve(s, 1, 3, 80);

		if (is_one) {
			reader->local = writer->remote;
			reader->remote = writer->local;
		}
		feed_windows(s, writer, &(struct window_case){.rcv_wnd = 1, .notsent_bytes = 1});
		feed_windows(s, reader, &(struct window_case){.snd_wnd = 1});
		writer->ending = reader->ending = TCP_ENDING_OPEN;
		scene_end(s, writer);
		scene_end(s, reader);
		scene_find(s);
		assert_int_equal(scene_count(s, "window"), 2 - is_one);
		assert_int_equal(strstr(scene_first(s, "window")->title, "A program here reads") !=
					 NULL,
				 is_one);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_window_pressure),
		TEST(test_window_at_the_end),
		TEST(test_window_that_was_tiny),
		TEST(test_window_that_is_small),
		TEST(test_window_in_a_stall),
		TEST(test_window_of_many),
		TEST(test_window_of_whom),
		TEST(test_window_then_given_up),
		TEST(test_window_before_the_recording),
		TEST(test_window_of_samples),
		TEST(test_window_of_a_reader_and_a_writer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

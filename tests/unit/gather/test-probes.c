// SPDX-License-Identifier: MIT
/* What a history has of tcp_probe, and of a connection whose story is told. */
#include "support/scene.h"

#include "base/units.h"
#include "gather/gather-view.h"
#include "tcp/names.h"

#define SAMPLED                                                                                    \
	(TCP_FIELD_BIT(TCP_FIELD_SND_CWND) | TCP_FIELD_BIT(TCP_FIELD_SSTHRESH) |                   \
	 TCP_FIELD_BIT(TCP_FIELD_SND_WND) | TCP_FIELD_BIT(TCP_FIELD_SRTT_US) |                     \
	 TCP_FIELD_BIT(TCP_FIELD_RCV_WND) | TCP_FIELD_BIT(TCP_FIELD_SND_NXT) |                     \
	 TCP_FIELD_BIT(TCP_FIELD_SND_UNA))

static void probe(struct scene *s, const struct tcp_conn *c, uint32_t una, uint32_t nxt,
		  uint32_t snd_wnd)
{
	struct tcp_event e = scene_event(s, TCP_KIND_PROBE, c);

	e.present |= SAMPLED;
	e.snd_cwnd = 10;
	e.ssthresh = 0x7fffffff;
	e.srtt_us = 0;
	e.snd_una = una;
	e.snd_nxt = nxt;
	e.snd_wnd = snd_wnd;
	e.rcv_wnd = 65536;
	scene_feed(s, &e);
	s->now_ns += NSEC_PER_MSEC;
}

/* The kinds of a history's events, as a string: r retransmit, c congestion, w shut, o open, a
 * acknowledged, s state. */
static const char *kinds_of(const struct conn_history *t)
{
	static const char letters[] = {
		[HISTORY_RETRANSMIT] = 'r', [HISTORY_STATE] = 's', [HISTORY_CONGESTION] = 'c',
		[HISTORY_WINDOW] = 'w',	    [HISTORY_ACKED] = 'a',
	};
	static char kinds[64];
	struct history_event items[63];
	size_t n = conn_history_events(t, items, ARRAY_SIZE(items));

	for (size_t i = 0; i < n; i++)
		kinds[i] = items[i].kind == HISTORY_WINDOW && items[i].detail % 2
				   ? 'o'
				   : letters[items[i].kind];
	kinds[n] = '\0';
	return kinds;
}

static struct conn_history *history_of(struct scene *s, const struct tcp_conn *c)
{
	return conn_histories_find(&s->in.conn_histories, c);
}

/* A report keeps samples of connections that have a history, and of no others. */
static void test_samples_of_connections_with_trouble(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	probe(s, c, 0, 1000, 8000);
	assert_null(history_of(s, c));
	scene_retransmit(s, c, TCP_CAUSE_FAST);
	probe(s, c, 0, 1000, 8000);
	assert_int_equal(history_of(s, c)->samples.n, 1);
}

static void test_samples_lack_what_the_kernel_does_not_know(void **state)
{
	const uint32_t want = 1u << CONN_CWND | 1u << CONN_UNACKED_BYTES | 1u << CONN_SND_WND |
			      1u << CONN_RCV_WND;
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	const struct conn_sample_slot *slot;

	scene_retransmit(s, c, TCP_CAUSE_FAST);
	/* Sequence numbers wrap. */
	probe(s, c, 0xffffff00u, 0x100, 8000);
	slot = &history_of(s, c)->samples.slots[0];
	assert_int_equal(slot->known, want);
	assert_int_equal(slot->ranges[CONN_UNACKED_BYTES].last, 0x200);
	assert_int_equal(slot->ranges[CONN_CWND].last, 10);
}

/* The recorder's samples have the same quantities, by other names. */
static void test_samples_of_the_recorder(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	struct tcp_info_values info = {
		.present = TCP_INFO_BIT(TCP_INFO_SND_CWND) | TCP_INFO_BIT(TCP_INFO_SND_SSTHRESH) |
			   TCP_INFO_BIT(TCP_INFO_RTT_US) | TCP_INFO_BIT(TCP_INFO_SND_WND) |
			   TCP_INFO_BIT(TCP_INFO_NOTSENT_BYTES),
	};
	struct tcp_event e = scene_event(s, TCP_KIND_SAMPLE, c);
	const struct conn_sample_slot *slot;

	info.values[TCP_INFO_SND_CWND] = 7;
	info.values[TCP_INFO_SND_SSTHRESH] = 0x7fffffff;
	info.values[TCP_INFO_RTT_US] = 1500;
	info.values[TCP_INFO_NOTSENT_BYTES] = 3000;
	e.tcp_info = &info;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_WQUEUE);
	e.wqueue = 4000;
	e.dump = SOCKET_SAMPLE_TROUBLED;
	scene_retransmit(s, c, TCP_CAUSE_RTO);
	scene_feed(s, &e);
	assert_string_equal(kinds_of(history_of(s, c)), "rw");
	slot = &history_of(s, c)->samples.slots[0];
	assert_int_equal(slot->known, 1u << CONN_CWND | 1u << CONN_SRTT_US |
					      1u << CONN_UNACKED_BYTES | 1u << CONN_SND_WND);
	assert_int_equal(slot->ranges[CONN_CWND].last, 7);
	assert_int_equal(slot->ranges[CONN_SRTT_US].last, 1500);
	assert_int_equal(slot->ranges[CONN_UNACKED_BYTES].last, 1000);
	/* Not those of listeners. */
	e.dump = SOCKET_SAMPLE_LISTENER;
	scene_feed(s, &e);
	assert_int_equal(history_of(s, c)->samples.n, 1);
}

static void test_windows_that_shut_and_open(void **state)
{
	static const uint32_t windows[] = {8000, 0, 0, 4000, 8000, 0};
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	scene_retransmit(s, c, TCP_CAUSE_FAST);
	for (size_t i = 0; i < ARRAY_SIZE(windows); i++)
		probe(s, c, 0, 1000, windows[i]);
	assert_string_equal(kinds_of(history_of(s, c)), "rwow");
	assert_int_equal(history_of(s, c)->first->items[1].detail, HISTORY_PEER_SHUT);
}

/* tcp_probe shows the values from before its segment, so that the segment before brought the
 * acknowledgement. Only the first after a retransmission is of interest. */
static void test_progress_after_a_retransmission(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	uint64_t acked_ns;

	scene_retransmit(s, c, TCP_CAUSE_RTO);
	s->now_ns += NSEC_PER_MSEC;
	acked_ns = s->now_ns;
	probe(s, c, 0, 1000, 8000);
	probe(s, c, 1000, 2000, 8000);
	probe(s, c, 2000, 3000, 8000);
	assert_string_equal(kinds_of(history_of(s, c)), "ra");
	assert_int_equal(history_of(s, c)->first->items[1].ts_ns, acked_ns);
	/* What came before the retransmission says nothing of it. */
	scene_retransmit(s, c, TCP_CAUSE_RTO);
	probe(s, c, 3000, 4000, 8000);
	assert_string_equal(kinds_of(history_of(s, c)), "rar");
	/* Nor does what a congestion state has told already. */
	scene_congestion(s, c, TCP_CA_STATE_OPEN);
	probe(s, c, 4000, 5000, 8000);
	probe(s, c, 5000, 5000, 8000);
	assert_string_equal(kinds_of(history_of(s, c)), "rarc");
}

static void pick(struct scene *s, const struct conn_pick *p)
{
	s->in.pick = s->in.worst_conns.pick = p;
}

/* A connection that is asked for has a history from its first event on, and no other has one. */
static void test_story_of_what_is_asked_for(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443), *other = scene_call(s, 1, 3, 443);
	const struct conn_pick number = {.by = CONN_PICK_NUMBER, .id = c->id};

	pick(s, &number);
	probe(s, c, 0, 1000, 8000);
	scene_retransmit(s, other, TCP_CAUSE_RTO);
	assert_non_null(history_of(s, c));
	assert_null(history_of(s, other));
	scene_end(s, other);
	assert_false(s->in.story.is_known);
	scene_end(s, c);
	assert_true(s->in.story.is_known);
	assert_int_equal(s->in.story.conn.id, c->id);
	assert_int_equal(s->in.worst_conns.n, 1);
	assert_non_null(s->in.worst_conns.items[0].conn_history);
}

/* Of several the worst is told; the order in which they end does not matter. One that has the ends
 * the way round that the user typed them goes first. */
static void test_story_of_the_worst(void **state)
{
	for (int turn = 0; turn < 2; turn++) {
		struct scene *s = scene_anew(state);
		const struct conn_pick any = {0};
		struct tcp_conn *bad = scene_call(s, 1, 2, 443), *good = scene_call(s, 1, 3, 443);

		pick(s, &any);
		bad->n_retrans = 5;
		scene_end(s, turn ? bad : good);
		scene_end(s, turn ? good : bad);
		assert_int_equal(s->in.story.conn.id, bad->id);
		assert_int_equal(s->in.worst_conns.n, 2);
	}
}

static void test_story_of_the_end_typed_first(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *near = scene_call(s, 1, 2, 443), *far = scene_call(s, 1, 3, 443);
	struct conn_pick ends = {.by = CONN_PICK_ENDS};

	far->local = near->remote;
	far->remote = near->local;
	far->n_retrans = 5;
	ends.ends[0] = near->local;
	ends.ends[1] = near->remote;
	pick(s, &ends);
	scene_end(s, near);
	scene_end(s, far);
	assert_int_equal(s->in.story.conn.id, near->id);
	assert_int_equal(s->in.worst_conns.n, 2);
}

/* The story has the tcp_info of the first table and the last one. */
static void test_story_has_figures(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	const struct conn_pick any = {0};
	struct tcp_info_values info = {.present = TCP_INFO_BIT(TCP_INFO_DSACK_DUPS)};
	struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_DUMPED, c);
	const struct conn_figures *f;

	pick(s, &any);
	info.values[TCP_INFO_DSACK_DUPS] = 2;
	e.dump = SOCKET_DUMP_START;
	e.state = TCP_STATE_ESTABLISHED;
	e.tcp_info = &info;
	scene_feed(s, &e);
	info.values[TCP_INFO_DSACK_DUPS] = 5;
	e.dump = SOCKET_DUMP_END;
	scene_feed(s, &e);
	f = history_of(s, c)->story;
	assert_int_equal(f->base.values[TCP_INFO_DSACK_DUPS], 2);
	assert_int_equal(f->last.values[TCP_INFO_DSACK_DUPS], 5);
	assert_int_equal(f->last_ns, e.ts_ns);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_samples_of_connections_with_trouble),
		TEST(test_samples_lack_what_the_kernel_does_not_know),
		TEST(test_samples_of_the_recorder),
		TEST(test_windows_that_shut_and_open),
		TEST(test_progress_after_a_retransmission),
		TEST(test_story_of_what_is_asked_for),
		TEST(test_story_of_the_worst),
		TEST(test_story_of_the_end_typed_first),
		TEST(test_story_has_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

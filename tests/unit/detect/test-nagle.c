// SPDX-License-Identifier: MIT
/* Small writes that wait for delayed acknowledgements, on both sides of each threshold. */
#include "support/scene.h"

#include <string.h>

#include "base/units.h"

#define WARNING DOCUMENT_WARNING

static void call(struct scene *s, const struct tcp_conn *c, enum tcp_kind kind, uint64_t after_ms,
		 int32_t bytes)
{
	struct tcp_event e;

	s->now_ns += after_ms * NSEC_PER_MSEC;
	e = scene_event(s, kind, c);
	e.ret = bytes;
	scene_feed(s, &e);
}

#define WRITE TCP_KIND_SEND_LENGTH
#define READ  TCP_KIND_RECV_LENGTH

/* Requests in so many writes, the last one of so many bytes, and answers after a time. */
struct exchanges {
	unsigned int n, writes;
	int32_t bytes;
	uint64_t wait_ms;
};

static void ask(struct scene *s, const struct tcp_conn *c, const struct exchanges *x)
{
	for (unsigned int i = 0; i < x->n; i++) {
		for (unsigned int w = 1; w < x->writes; w++)
			call(s, c, WRITE, 0, 10);
		call(s, c, WRITE, 0, x->bytes);
		call(s, c, READ, x->wait_ms, 10);
	}
}

static struct tcp_conn *client(struct scene *s, uint32_t min_rtt_us)
{
	struct tcp_conn *c = scene_call(s, 1, 2, 5001);
	struct tcp_conn_info *info = arena_alloc(&s->arena, sizeof(*info));

	assert_non_null(info);
	*info = (struct tcp_conn_info){.has_min_rtt = true, .min_rtt_us = min_rtt_us};
	c->owner = (struct owner){.pid = 900, .basis = OWNER_IO, .comm = "client"};
	c->tcp_info = info;
	return c;
}

static struct scene *exchanges(void **state, const struct exchanges *x,
			       const struct exchanges *more, int level)
{
	struct scene *s = scene_anew(state);
	struct tcp_conn *c = client(s, 100);

	ask(s, c, x);
	if (more)
		ask(s, c, more);
	scene_end(s, c);
	scene_expect(s, "nagle", level);
	return s;
}

#define ASK(...) (&(struct exchanges){__VA_ARGS__})

static void test_writer(void **state)
{
	struct scene *s = exchanges(state, ASK(9, 2, 10, 40), NULL, NOTHING);
	const struct document_finding *x;

	s = exchanges(state, ASK(10, 2, 10, 40), NULL, WARNING);
	x = scene_first(s, "nagle");
	assert_string_equal(x->title, "10 exchanges at port 5001 waited for a delayed "
				      "acknowledgement, 40 ms each");
	assert_string_equal(x->place, "host");
	exchanges(state, ASK(10, 2, 10, 37), NULL, NOTHING);
	exchanges(state, ASK(10, 2, 10, 38), NULL, WARNING);
	exchanges(state, ASK(10, 2, 10, 60), NULL, WARNING);
	exchanges(state, ASK(10, 2, 10, 61), NULL, NOTHING);
	exchanges(state, ASK(10, 2, 1399, 40), NULL, WARNING);
	exchanges(state, ASK(10, 2, 1400, 40), NULL, NOTHING);
	exchanges(state, ASK(10, 1, 10, 40), NULL, NOTHING);
}

/* The others of this kind, and those with a single write. */
static void test_beside(void **state)
{
	exchanges(state, ASK(10, 2, 10, 40), ASK(10, 2, 10, 1), WARNING);
	exchanges(state, ASK(10, 2, 10, 40), ASK(11, 2, 10, 1), NOTHING);
	exchanges(state, ASK(10, 2, 10, 40), ASK(4, 1, 10, 1), WARNING);
	exchanges(state, ASK(10, 2, 10, 40), ASK(4, 1, 10, 40), NOTHING);
}

/* Where the way takes as long, it is the way. */
static void test_long_way(void **state)
{
	for (uint32_t us = 15000; us <= 15001; us++) {
		struct scene *s = scene_anew(state);
		struct tcp_conn *c = client(s, us);

		ask(s, c, ASK(10, 2, 10, 40));
		scene_end(s, c);
		scene_expect(s, "nagle", us == 15000 ? WARNING : NOTHING);
	}
}

/* A server reads requests in parts, with a pause between. */
static void answer(struct scene *s, unsigned int n, uint64_t pause_ms, int32_t bytes, bool answers)
{
	struct tcp_conn *c = scene_serve(s, 1, 2, 5001);

	while (n--) {
		call(s, c, READ, 1, 10);
		call(s, c, READ, pause_ms, bytes);
		if (answers)
			call(s, c, WRITE, 0, 10);
	}
	scene_end(s, c);
}

static void test_reader(void **state)
{
	struct scene *s = scene_anew(state);

	answer(s, 9, 40, 10, true);
	scene_expect(s, "nagle", NOTHING);
	s = scene_anew(state);
	answer(s, 10, 40, 10, true);
	scene_expect(s, "nagle", WARNING);
	assert_string_equal(scene_first(s, "nagle")->place, "peer");
	s = scene_anew(state);
	answer(s, 10, 37, 10, true);
	scene_expect(s, "nagle", NOTHING);
	/* An upload is no message. */
	s = scene_anew(state);
	answer(s, 10, 40, 1400, true);
	scene_expect(s, "nagle", NOTHING);
	s = scene_anew(state);
	answer(s, 10, 40, 10, false);
	scene_expect(s, "nagle", NOTHING);
}

static void test_both_ends(void **state)
{
	struct scene *s = scene_anew(state);
	struct tcp_conn *c = client(s, 100);

	ask(s, c, ASK(12, 2, 10, 40));
	answer(s, 12, 40, 10, true);
	scene_end(s, c);
	scene_expect(s, "nagle", WARNING);
	assert_int_equal(scene_count(s, "nagle"), 1);
	assert_string_equal(scene_first(s, "nagle")->place, "host");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_writer), TEST(test_beside),	 TEST(test_long_way),
		TEST(test_reader), TEST(test_both_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

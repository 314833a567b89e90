// SPDX-License-Identifier: MIT
/* Connections that peers have closed and a program does not, on both sides of each threshold. */
#include "support/scene.h"

#include <string.h>

#include "base/units.h"
#include "tcp/names.h"

#define WARNING DOCUMENT_WARNING

/* n connections that are in CLOSE_WAIT at the end, for age_ms. */
static void wait_for_close(struct scene *s, size_t n, bool is_served, uint64_t age_ms)
{
	while (n--) {
		struct tcp_conn *c = is_served ? scene_serve(s, 1, 2, 80) : scene_call(s, 1, 2, 80);

		c->owner = (struct owner){.pid = 900, .basis = OWNER_IO, .comm = "leaky"};
		c->ending = TCP_ENDING_OPEN;
		c->state = TCP_STATE_CLOSE_WAIT;
		c->end_ns = SCENE_END_S * NSEC_PER_SEC;
		c->state_ns = c->end_ns - age_ms * NSEC_PER_MSEC;
		scene_end(s, c);
	}
}

static void test_close_wait_of_few(void **state)
{
	struct scene *s = *state;

	wait_for_close(s, 4, true, 3000);
	wait_for_close(s, 9, false, 3000);
	scene_expect(s, "close-wait", NOTHING);
	s = scene_anew(state);
	wait_for_close(s, 5, true, 3000);
	scene_expect(s, "close-wait", WARNING);
	assert_string_equal(scene_first(s, "close-wait")->title,
			    "leaky[900] does not close 5 connections at port 80 that peers have "
			    "closed (CLOSE_WAIT)");
	s = scene_anew(state);
	wait_for_close(s, 10, false, 3000);
	scene_expect(s, "close-wait", WARNING);
	assert_non_null(strstr(scene_first(s, "close-wait")->title, "to port 80"));
}

static void test_close_wait_of_a_moment(void **state)
{
	struct scene *s = *state;

	wait_for_close(s, 50, true, 1900);
	scene_expect(s, "close-wait", NOTHING);
}

/* A program that closes late does close. */
static void test_close_wait_of_a_late_close(void **state)
{
	for (unsigned int age = 4000; age <= 5000; age += 1000) {
		struct scene *s = scene_anew(state);
		struct tcp_conn *c = scene_serve(s, 1, 2, 80);
		struct tcp_event e;

		c->owner = (struct owner){.pid = 900, .basis = OWNER_IO, .comm = "leaky"};
		e = scene_event(s, TCP_KIND_SET_STATE, c);
		e.oldstate = TCP_STATE_CLOSE_WAIT;
		e.newstate = TCP_STATE_LAST_ACK;
		e.has_spent = true;
		e.spent_ns = 2040 * NSEC_PER_MSEC;
		scene_feed(s, &e);
		wait_for_close(s, 50, true, age);
		scene_expect(s, "close-wait", age == 4000 ? NOTHING : WARNING);
	}
}

/* Sockets that were so when the recording began have waited for that long, at least; those that no
 * process has accepted are nobody's to close. */
static void test_close_wait_by_the_table(void **state)
{
	for (uint32_t inode = 0; inode <= 1; inode++) {
		struct scene *s = scene_anew(state);

		for (uint64_t i = 1; i <= 5; i++) {
			struct tcp_conn *c = scene_serve(s, 1, 2, 80);
			struct tcp_event e;

			c->cookie = i;
			c->ending = TCP_ENDING_OPEN;
			c->state = TCP_STATE_CLOSE_WAIT;
			c->end_ns = SCENE_END_S * NSEC_PER_SEC;
			e = scene_event(s, TCP_KIND_SOCKET_DUMPED, c);
			e.cookie = i;
			e.inode = inode;
			e.state = TCP_STATE_CLOSE_WAIT;
			*(inode ? &e.present : &e.zeros) |= TCP_FIELD_BIT(TCP_FIELD_INODE);
			scene_feed(s, &e);
			scene_end(s, c);
		}
		scene_expect(s, "close-wait", inode ? WARNING : NOTHING);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_close_wait_of_few),
		TEST(test_close_wait_of_a_moment),
		TEST(test_close_wait_of_a_late_close),
		TEST(test_close_wait_by_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

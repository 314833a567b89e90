// SPDX-License-Identifier: MIT
/* Connections that wait for accept(), on both sides of each threshold. */
#include "support/scene.h"

#include <string.h>

#include "base/units.h"
#include "tcp/names.h"

/* n connections that peers opened age_ms before the end; has_inode: a process has accepted them. */
static void wait_for_accept(struct scene *s, size_t n, uint64_t age_ms, bool has_inode)
{
	static uint64_t cookie;

	while (n--) {
		struct tcp_conn *c = scene_serve(s, 1, 2, 80);
		struct tcp_event e;

		c->owner = (struct owner){.pid = 900, .basis = OWNER_LISTENER, .comm = "hung"};
		c->cookie = ++cookie;
		c->ending = TCP_ENDING_OPEN;
		c->state = n % 2 ? TCP_STATE_ESTABLISHED : TCP_STATE_CLOSE_WAIT;
		c->end_ns = SCENE_END_S * NSEC_PER_SEC;
		c->established_ns = c->end_ns - age_ms * NSEC_PER_MSEC;
		e = scene_event(s, TCP_KIND_SOCKET_DUMPED, c);
		e.cookie = c->cookie;
		e.state = c->state;
		e.dump = SOCKET_DUMP_END;
		e.inode = has_inode;
		*(has_inode ? &e.present : &e.zeros) |= TCP_FIELD_BIT(TCP_FIELD_INODE);
		scene_feed(s, &e);
		scene_end(s, c);
	}
}

static void test_unaccepted(void **state)
{
	struct scene *s = *state;

	wait_for_accept(s, 4, 2000, false);
	scene_expect(s, "unaccepted", NOTHING);
	s = scene_anew(state);
	wait_for_accept(s, 5, 2000, false);
	scene_expect(s, "unaccepted", DOCUMENT_WARNING);
	assert_string_equal(scene_first(s, "unaccepted")->title,
			    "hung[900] does not accept 5 connections at port 80, though its queue "
			    "has room");
}

static void test_unaccepted_for_a_moment(void **state)
{
	struct scene *s = *state;

	wait_for_accept(s, 50, 1999, false);
	scene_expect(s, "unaccepted", NOTHING);
}

static void test_unaccepted_but_accepted(void **state)
{
	struct scene *s = *state;

	wait_for_accept(s, 50, 5000, true);
	scene_expect(s, "unaccepted", NOTHING);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_unaccepted),
		TEST(test_unaccepted_for_a_moment),
		TEST(test_unaccepted_but_accepted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

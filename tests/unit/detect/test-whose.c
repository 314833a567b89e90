// SPDX-License-Identifier: MIT
/* Who holds a socket: what is known of it, and what is left out. */
#include "detect/whose.h"

#include <string.h>

#include "support/scene.h"
#include "tcp/names.h"

static const struct owner_cgroup *one_container(void *userdata, uint32_t number)
{
	static const struct owner_cgroup one = {
		.path = "/docker/"
			"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		.by = CGROUP_BY_PARENT,
		.container = "0123456789ab",
	};

	return number == 1 ? &one : NULL;
}

static void test_whose_process(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_serve(s, 1, 2, 80);
	struct text t CLEANUP(text_done) = {0};
	struct whose w = whose_conn(&s->in, c);

	assert_false(whose_process_text(&w, &t));
	assert_string_equal(text_cstr(&t), "");
	c->owner = (struct owner){.pid = 900};
	w = whose_conn(&s->in, c);
	assert_true(whose_process_text(&w, &t));
	assert_string_equal(text_cstr(&t), "process 900");
	text_clear(&t);
	c->owner.comm = "a-name-that-is-longer-than-the-kernel's";
	w = whose_conn(&s->in, c);
	assert_true(whose_text(&s->in, &w, &t));
	assert_string_equal(text_cstr(&t), "a-name-that-is-[900]");
	assert_string_equal(w.container, "");
	s->context.cgroup = one_container;
	c->owner.cgroup = 1;
	w = whose_conn(&s->in, c);
	assert_string_equal(w.container, "0123456789ab");
	assert_true(w.is_parents);
}

/* A row of a table names its process even where its connection is not known. */
static void test_whose_row(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_serve(s, 1, 2, 80);
	struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_DUMPED, c);
	struct whose w;

	e.holder = 901;
	e.holders = 3;
	e.netns = 4026531840;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_HOLDER) | TCP_FIELD_BIT(TCP_FIELD_HOLDERS) |
		     TCP_FIELD_BIT(TCP_FIELD_NETNS);
	c->owner = (struct owner){.pid = 900, .comm = "nginx"};
	w = whose_row(&s->in, &e);
	assert_int_equal(w.pid, 900);
	assert_int_equal(w.holders, 3);
	assert_true(w.netns == 4026531840);
	e.conn = NULL;
	w = whose_row(&s->in, &e);
	assert_int_equal(w.pid, 901);
	assert_int_equal(w.local.port, 80);
}

/* One of several network namespaces has to be named; the only one does not. */
static void test_whose_namespace(void **state)
{
	struct scene *s = *state;
	struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_DUMPED, scene_serve(s, 1, 2, 80));
	struct text t CLEANUP(text_done) = {0};
	struct whose w;

	e.netns = 7;
	e.dump = SOCKET_DUMP_START;
	e.state = TCP_STATE_ESTABLISHED;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_NETNS);
	scene_feed(s, &e);
	w = whose_row(&s->in, &e);
	assert_false(whose_text(&s->in, &w, &t));
	e.netns = 8;
	scene_feed(s, &e);
	assert_true(whose_text(&s->in, &w, &t));
	assert_string_equal(text_cstr(&t), "network namespace 7");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_whose_process),
		TEST(test_whose_row),
		TEST(test_whose_namespace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

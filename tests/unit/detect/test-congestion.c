// SPDX-License-Identifier: MIT
/* Congestion controls toward the same peer, on both sides of each threshold. */
#include "support/scene.h"

#include <string.h>

#include "detect/congestion.h"

#define NOTICE DOCUMENT_NOTICE

/* Connections to one peer: how many, and what each sent, and how many segments again. */
struct sent {
	unsigned int n;
	uint64_t bytes;
	uint32_t retrans;
};

static void send_by(struct scene *s, const char *control, uint8_t host, struct sent x)
{
	struct tcp_extra extra = {.name = "congestion", .kind = TCP_EXTRA_TEXT, .text = control};

	while (x.n--) {
		struct tcp_conn *c = scene_call(s, 1, host, 443);
		struct tcp_conn_info *info = arena_alloc(&s->arena, sizeof(*info));
		struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_DUMPED, c);

		assert_non_null(info);
		*info = (struct tcp_conn_info){.has_bytes = true,
					       .tx_bytes = x.bytes,
					       .has_total_retrans = true,
					       .total_retrans = x.retrans};
		c->tcp_info = info;
		c->has_final = true;
		e.dump = SOCKET_DUMP_END;
		e.extras = &extra;
		e.n_extras = control ? 1 : 0;
		scene_feed(s, &e);
		scene_end(s, c);
	}
}

static struct scene *both(void **state, struct sent bbr, struct sent cubic, int level)
{
	struct scene *s = scene_anew(state);

	send_by(s, "bbr", 2, bbr);
	send_by(s, "cubic", 2, cubic);
	scene_expect(s, "congestion", level);
	return s;
}

/* A million bytes are 690 segments. */
#define SENT(n, bytes, retrans) ((struct sent){n, bytes, retrans})
#define MUCH			2000000

static void test_worse(void **state)
{
	struct scene *s = both(state, SENT(3, MUCH, 100), SENT(3, MUCH, 0), NOTICE);

	assert_non_null(strstr(scene_first(s, "congestion")->title, "10.0.1.2 bbr sends 6.8%"));
	both(state, SENT(2, MUCH, 100), SENT(3, MUCH, 0), NOTHING);
	both(state, SENT(3, MUCH, 100), SENT(2, MUCH, 0), NOTHING);
	both(state, SENT(3, MUCH, 100), SENT(3, 333333, 0), NOTHING);
	both(state, SENT(3, MUCH, 100), SENT(3, 333334, 0), NOTICE);
	both(state, SENT(3, 400000, 9), SENT(3, MUCH, 0), NOTHING);
	both(state, SENT(3, 400000, 10), SENT(3, MUCH, 0), NOTICE);
	both(state, SENT(3, MUCH, 14), SENT(3, MUCH, 0), NOTICE);
	both(state, SENT(3, MUCH, 13), SENT(3, MUCH, 0), NOTHING);
	both(state, SENT(3, MUCH, 100), SENT(3, MUCH, 18), NOTICE);
	both(state, SENT(3, MUCH, 100), SENT(3, MUCH, 19), NOTHING);
}

/* Others lose on another way. */
static void test_other_peer(void **state)
{
	struct scene *s = scene_anew(state);

	send_by(s, "bbr", 2, SENT(3, MUCH, 100));
	send_by(s, "cubic", 3, SENT(3, MUCH, 0));
	scene_expect(s, "congestion", NOTHING);
}

static void test_facts(void **state)
{
	struct scene *s = scene_anew(state);
	struct text t CLEANUP(text_done) = {0};

	send_by(s, "cubic", 2, SENT(2, 1048576, 0));
	send_by(s, NULL, 2, SENT(1, 1048576, 0));
	scene_find(s);
	congestion_text(&s->findings, &t);
	assert_string_equal(text_cstr(&t),
			    "cubic: 2 connections, 2.0 MiB sent, 0.00% of it again; not known of 1 "
			    "connection");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_worse),
		TEST(test_other_peer),
		TEST(test_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

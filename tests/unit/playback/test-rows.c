// SPDX-License-Identifier: MIT
/* Tests of how a playback feeds its view: what it is shown, and what is known by then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "seen.h"

#define FIXTURES "tests/fixtures/formats/x86_64-6.18/"
#define HEAD                                                                                       \
	"clock 1000000000000 1795223732000000000\n"                                                \
	"format-file 0 sock inet_sock_set_state " FIXTURES "sock.inet_sock_set_state.format\n"     \
	"format-file 1 tcp tcp_retransmit_skb " FIXTURES "tcp.tcp_retransmit_skb.format\n"
#define ENDS " sport=40000 dport=443 family=2 saddr=x0a000001 daddr=xc0000209\n"
/* Process 700 connects socket 17. */
#define CONNECT(ts)    "row 0 0 " ts " common_pid=700 skaddr=17 oldstate=7 newstate=2 protocol=6" ENDS
#define RETRANSMIT(ts) "row 1 0 " ts " common_flags=16 skaddr=17 state=2" ENDS

static struct seen_options options = {.kinds = TCP_KIND_BIT(TCP_KIND_RETRANSMIT)};

static void play(const char *script, struct playback_options o, const char *want)
{
	char path[] = "/tmp/tcptape-test-XXXXXX";
	struct playback *p CLEANUP(playback_close_p) = NULL;
	struct notes notes;
	struct seen *seen;

	notes_init(&notes);
	seen_tape(script, path);
	o.path = path;
	o.view = &seen_view;
	o.view_options = &options;
	p = seen_play(&o, &notes);
	seen = playback_state(p);
	assert_true(seen->is_emitted);
	assert_string_equal(text_cstr(&seen->text), want);
	notes_done(&notes);
	unlink(path);
}

static const struct time_spec after_2us = {.typed = "+2us", .is_relative = true, .after_ns = 2000};

/* The owner is learned from a row before --since, which the view is not shown. */
static void test_the_tracker_is_fed_before_since(void **state)
{
	play(HEAD CONNECT("1000000000100") RETRANSMIT("1000000000500")
		     RETRANSMIT("1000000003000") "mark 1000000005000\nfinish\n",
	     (struct playback_options){.window.since = after_2us}, "3000 700 connect\n");
}

static void test_until_ends_what_is_shown(void **state)
{
	play(HEAD CONNECT("1000000000100") RETRANSMIT("1000000000500")
		     RETRANSMIT("1000000002000") "mark 1000000005000\nfinish\n",
	     (struct playback_options){.window.until = after_2us}, "500 700 connect\n");
}

/* Without a CLOCK, times are relative to the first row. */
static void test_a_window_without_a_clock(void **state)
{
	const char *script = HEAD CONNECT("1000000000000") RETRANSMIT("1000000001500")
		RETRANSMIT("1000000003000") "mark 1000000005000\nfinish\n";

	/* The script's first line is its CLOCK. */
	play(strchr(script, '\n') + 1, (struct playback_options){.window.since = after_2us},
	     "3000 700 connect\n");
}

static void test_the_filter_is_of_what_is_shown(void **state)
{
	uint16_t port = 444;
	struct playback_options o = {.filter = {.port = {&port, 1}}};
	const char *script = HEAD CONNECT("1000000000100")
		RETRANSMIT("1000000000500") "mark 1000000005000\nfinish\n";

	play(script, o, "");
	port = 443;
	play(script, o, "500 700 connect\n");
}

/* What the recorder was asked for holds for what is shown, too: it could not judge all events. */
static void test_the_filter_of_the_recording(void **state)
{
	play("host filter --port 444\n" HEAD CONNECT("1000000000100")
		     RETRANSMIT("1000000000500") "mark 1000000005000\nfinish\n",
	     (struct playback_options){0}, "");
}

/* How many events that hides is counted, and said. */
static void test_what_the_filter_of_the_recording_hides(void **state)
{
	const char *script =
		"host filter --port 444\n" HEAD CONNECT("1000000000100") RETRANSMIT("1000000000500")
			RETRANSMIT("1000000001500") "mark 1000000005000\nfinish\n";
	uint16_t port = 445;
	struct playback_options o = {.view = &seen_view, .view_options = &options};
	char path[] = "/tmp/tcptape-test-XXXXXX";

	seen_tape(script, path);
	o.path = path;
	for (uint64_t want = 2; want < 3; want--) {
		struct playback *p CLEANUP(playback_close_p) = NULL;
		struct notes notes;

		notes_init(&notes);
		p = seen_play(&o, &notes);
		assert_int_equal(playback_hidden(p), want);
		assert_int_equal(strstr(text_cstr(&notes.text), "hides") != NULL, want > 0);
		notes_done(&notes);
		/* In the window there is one, and none of the port. */
		if (want == 2)
			o.window.until = (struct time_spec){"+1us", true, 1000};
		else
			o.filter.port = (struct filter_ports){&port, 1};
	}
	unlink(path);
}

/* An event of what was asked for is hidden by nothing. */
static void test_the_filter_of_the_recording_hides_nothing_of_its_own(void **state)
{
	struct playback_options o = {.view = &seen_view, .view_options = &options};
	struct playback *p CLEANUP(playback_close_p) = NULL;
	char path[] = "/tmp/tcptape-test-XXXXXX";
	struct notes notes;

	notes_init(&notes);
	seen_tape("host filter --port 443\n" HEAD CONNECT("1000000000100")
			  RETRANSMIT("1000000000500") "mark 1000000005000\nfinish\n",
		  path);
	o.path = path;
	p = seen_play(&o, &notes);
	assert_int_equal(((struct seen *)playback_state(p))->n_events, 1);
	assert_int_equal(playback_hidden(p), 0);
	notes_done(&notes);
	unlink(path);
}

static void test_a_view_that_refuses_its_options(void **state)
{
	const struct seen_options refused = {.is_refused = true};
	struct playback_options o = {.view = &seen_view, .view_options = &refused};
	struct playback *p CLEANUP(playback_close_p) = NULL;
	char path[] = "/tmp/tcptape-test-XXXXXX";
	struct fault fault = FAULT_INIT;
	struct notes notes;

	notes_init(&notes);
	seen_tape(HEAD "finish\n", path);
	o.path = path;
	p = seen_open(&o);
	assert_int_equal(playback_run(p, &notes.sink, NULL, &fault), -EINVAL);
	assert_string_equal(fault.text, "refused");
	assert_int_equal(playback_verdict(p, &fault), PLAYBACK_MISUSED);
	notes_done(&notes);
	unlink(path);
}

static void test_a_tape_without_an_end_is_damaged(void **state)
{
	struct playback_options o = {.view = &seen_view, .view_options = &options};
	char path[] = "/tmp/tcptape-test-XXXXXX";
	struct fault fault = FAULT_INIT;
	struct playback *p CLEANUP(playback_close_p) = NULL;
	struct notes notes;

	notes_init(&notes);
	seen_tape(HEAD CONNECT("1000000000100") "mark 1000000005000\n", path);
	o.path = path;
	p = seen_play(&o, &notes);
	assert_int_equal(playback_verdict(p, &fault), PLAYBACK_DAMAGED);
	assert_non_null(strstr(fault.text, "has no end"));
	notes_done(&notes);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_tracker_is_fed_before_since),
		cmocka_unit_test(test_until_ends_what_is_shown),
		cmocka_unit_test(test_a_window_without_a_clock),
		cmocka_unit_test(test_the_filter_is_of_what_is_shown),
		cmocka_unit_test(test_the_filter_of_the_recording),
		cmocka_unit_test(test_what_the_filter_of_the_recording_hides),
		cmocka_unit_test(test_the_filter_of_the_recording_hides_nothing_of_its_own),
		cmocka_unit_test(test_a_view_that_refuses_its_options),
		cmocka_unit_test(test_a_tape_without_an_end_is_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

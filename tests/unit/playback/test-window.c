// SPDX-License-Identifier: MIT
/* Tests of the window of a long tape: up to 200,000 rows before --since are read, by the INDEX, and
 * the owners that they tell are known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "seen.h"

#define ENDS " family=2 saddr=x0a000001 daddr=xc0000209\n"
/* 250,000 events before --since. */
#define BLOCKS	   125u
#define BLOCK_ROWS 2000u

static struct seen_options options = {.kinds = TCP_KIND_BIT(TCP_KIND_RETRANSMIT)};

static void connect_row(struct text *t, uint64_t ts, unsigned int socket)
{
	text_printf(t,
		    "row 0 0 %llu common_pid=%u skaddr=%u oldstate=7 newstate=2 protocol=6 "
		    "sport=%u dport=443" ENDS,
		    (unsigned long long)ts, 700 + socket, socket, socket);
}

/* Socket 1 connects in the first block, socket 2 in the block before the last. */
static void long_script(struct text *t)
{
	uint64_t ts = 1000000000000;

	text_str(t, "clock 1000000000000 1795223732000000000\n"
		    "format 0 sock inet_sock_set_state skaddr:8 oldstate:4 newstate:4 protocol:2 "
		    "sport:2 dport:2 family:2 saddr:4 daddr:4\n"
		    "format 1 tcp tcp_retransmit_skb skaddr:8 state:4 sport:2 dport:2 family:2 "
		    "saddr:4 daddr:4\n");
	for (unsigned int block = 0; block < BLOCKS; block++) {
		if (block == 0)
			connect_row(t, ts++, 1);
		if (block == BLOCKS - 2)
			connect_row(t, ts++, 2);
		for (unsigned int i = 0; i < BLOCK_ROWS; i++)
			text_printf(t, "row 1 0 %llu skaddr=9\n", (unsigned long long)ts++);
		text_printf(t, "mark %llu\n", (unsigned long long)ts);
	}
	for (unsigned int socket = 1; socket <= 2; socket++)
		text_printf(t,
			    "row 1 0 1000001000000 common_flags=16 skaddr=%u state=2 sport=%u "
			    "dport=443" ENDS,
			    socket, socket);
	text_str(t, "mark 1000002000000\nfinish\n");
}

static void play(const char *path, bool from_start, const char *want, bool has_note)
{
	const struct playback_options o = {
		.path = path,
		.view = &seen_view,
		.view_options = &options,
		.window.since = {.typed = "+1ms", .is_relative = true, .after_ns = 1000000},
		.from_start = from_start,
	};
	struct playback *p CLEANUP(playback_close_p) = NULL;
	struct notes notes;
	struct seen *seen;

	notes_init(&notes);
	p = seen_play(&o, &notes);
	seen = playback_state(p);
	assert_string_equal(text_cstr(&seen->text), want);
	assert_int_equal(strstr(text_cstr(&notes.text), "long before --since") != NULL, has_note);
	/* What was passed over was counted all the same. */
	assert_int_equal(playback_meta(p)->n_rows, BLOCKS * BLOCK_ROWS + 4);
	notes_done(&notes);
}

static void test_owners_are_learned_before_since(void **state)
{
	struct text script CLEANUP(text_done) = {0};
	char path[] = "/tmp/tcptape-test-XXXXXX";

	long_script(&script);
	seen_tape(text_cstr(&script), path);
	play(path, false, "1000000 0 -\n1000000 702 connect\n", true);
	play(path, true, "1000000 701 connect\n1000000 702 connect\n", false);
	unlink(path);
}

/* The clock is set from 10:00:10 to this time after ten seconds of twenty. */
static void step_script(struct text *t, uint64_t real_ns, const char *end)
{
	text_str(t, "clock 1000000000000 1795255200000000000\n"
		    "format 1 tcp tcp_retransmit_skb skaddr:8 state:4 sport:2 dport:2 family:2 "
		    "saddr:4 daddr:4\n");
	for (unsigned int i = 0; i < 20; i++) {
		if (i == 10)
			text_printf(t, "clock 1010000000000 %llu\n", (unsigned long long)real_ns);
		text_printf(t, "row 1 0 %llu skaddr=9\nmark %llu\n",
			    1000000000000 + i * 1000000000ull, 1000000000001 + i * 1000000000ull);
	}
	text_str(t, end);
}

static void play_step(uint64_t real_ns, const char *end, const char *since, const char *until,
		      const char *want, const char *want_notes)
{
	struct text script CLEANUP(text_done) = {0};
	char path[] = "/tmp/tcptape-test-XXXXXX";
	struct playback_options o = {
		.view = &seen_view,
		.view_options = &options,
		.window = {{.typed = since}, {.typed = until}, true},
	};
	struct playback *p CLEANUP(playback_close_p) = NULL;
	struct notes notes;

	notes_init(&notes);
	step_script(&script, real_ns, end);
	seen_tape(text_cstr(&script), path);
	o.path = path;
	p = seen_play(&o, &notes);
	assert_string_equal(text_cstr(&((struct seen *)playback_state(p))->text), want);
	/* Other notes come after them. */
	assert_int_equal(strncmp(text_cstr(&notes.text), want_notes, strlen(want_notes)), 0);
	assert_true(strstr(want_notes, "never") || !strstr(text_cstr(&notes.text), "never"));
	notes_done(&notes);
	unlink(path);
}

#define AT_11 1795258810000000000u
#define STEP                                                                                       \
	"the wall clock was set forward by 1h 00m 00s, from 2026-11-21 10:00:10 UTC to "           \
	"2026-11-21 11:00:10 UTC\n"

/* With an INDEX the clock of the whole tape is known at its start, without one only as far as the
 * tape was read: the window is the same. */
static void test_the_window_follows_the_wall_clock(void **state)
{
	static const char *const ends[] = {"finish\n", ""};

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		play_step(AT_11, ends[i], "11:00:12", "11:00:14",
			  "12000000000 0 -\n13000000000 0 -\n", STEP);
		play_step(AT_11, ends[i], "10:00:08", "11:00:11",
			  "8000000000 0 -\n9000000000 0 -\n10000000000 0 -\n", STEP);
		play_step(AT_11, ends[i], "10:30:00", "10:40:00", "",
			  STEP "--since 10:30:00: the wall clock never showed that, because it was "
			       "set forward\n"
			       "--until 10:40:00: the wall clock never showed that, because it was "
			       "set forward\n");
	}
}

#define AT_10 1795255205000000000u

/* A step back to 10:00:05 makes a window longer that seemed to end at second 12. */
static void test_the_window_grows_with_a_step_back(void **state)
{
	static const char *const ends[] = {"finish\n", ""};

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		play_step(AT_10, ends[i], "10:00:09", "10:00:12",
			  "9000000000 0 -\n10000000000 0 -\n11000000000 0 -\n12000000000 0 -\n"
			  "13000000000 0 -\n14000000000 0 -\n15000000000 0 -\n16000000000 0 -\n",
			  "the wall clock was set back by 5.000 s, from 2026-11-21 10:00:10 UTC to "
			  "2026-11-21 10:00:05 UTC\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_owners_are_learned_before_since),
		cmocka_unit_test(test_the_window_follows_the_wall_clock),
		cmocka_unit_test(test_the_window_grows_with_a_step_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

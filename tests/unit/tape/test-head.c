// SPDX-License-Identifier: MIT
/* Tests of the first act of reading: the head of a tape is known before a row is read, and nothing
 * is lost or waited for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "base/io.h"
#include "support/tape-script.h"
#include "tape/reader.h"

#define HEAD                                                                                       \
	"host host a\n"                                                                            \
	"clock 1000 5000\n"                                                                        \
	"format 0 tcp x v:4\n"                                                                     \
	"absent tcp y none\n"                                                                      \
	"unknown 999 00\n"

static struct tape_reader *memory_reader(const struct buffer *b)
{
	struct source *source = NULL;
	struct tape_reader *t = NULL;

	assert_int_equal(source_open_memory(b->data, b->len, &source), 0);
	assert_int_equal(tape_reader_open(source, &t, NULL), 0);
	return t;
}

static uint16_t next_kind(struct tape_reader *t)
{
	struct tape_section s;

	return tape_reader_next(t, NULL, NULL, &s, NULL) > 0 ? s.header.kind : 0;
}

static void test_head_stops_at_tasks_and_shows_them_later(void **state)
{
	struct buffer tape CLEANUP(buffer_done) = tape_script(HEAD "task 1 snapshot 1 1 0 init\n"
								   "format 1 tcp z v:4\n"
								   "row 0 0 2000 v=1\n"
								   "mark 3000\n"
								   "finish\n");
	struct tape_reader *t CLEANUP(tape_reader_close_p) = memory_reader(&tape);
	const struct tape_meta *meta = tape_reader_meta(t);

	assert_int_equal(tape_reader_head(t, NULL), 0);
	assert_int_equal(meta->n_clocks, 1);
	assert_int_equal(meta->n_absent, 1);
	assert_int_equal(meta->n_tracepoints, 1);
	assert_int_equal(meta->n_tasks, 0);
	/* Once more, it does nothing. */
	assert_int_equal(tape_reader_head(t, NULL), 0);
	assert_int_equal(next_kind(t), TAPE_KIND_TASKS);
	assert_int_equal(next_kind(t), TAPE_KIND_FORMAT);
	assert_int_equal(next_kind(t), TAPE_KIND_CHUNK);
	assert_int_equal(next_kind(t), TAPE_KIND_MARK);
	while (next_kind(t))
		;
	assert_false(tape_damage_any(tape_reader_damage(t)));
}

static void test_head_of_a_tape_without_rows(void **state)
{
	struct buffer tape CLEANUP(buffer_done) = tape_script(HEAD "finish\n");
	struct buffer cut CLEANUP(buffer_done) = tape_script(HEAD);
	struct tape_reader *t CLEANUP(tape_reader_close_p) = memory_reader(&tape);
	struct tape_reader *u CLEANUP(tape_reader_close_p) = memory_reader(&cut);

	assert_int_equal(tape_reader_head(t, NULL), 0);
	while (next_kind(t))
		;
	assert_false(tape_damage_any(tape_reader_damage(t)));
	assert_int_equal(tape_reader_head(u, NULL), 0);
	assert_int_equal(next_kind(u), 0);
	assert_true(tape_reader_damage(u)->is_unfinished);
}

/* Damage in the head is stepped over, and counted once. */
static void test_head_that_is_damaged(void **state)
{
	struct buffer whole CLEANUP(buffer_done) = tape_script("host host a\n");
	struct buffer tape CLEANUP(buffer_done) =
		tape_script(HEAD "row 0 0 2000 v=1\nmark 3000\nfinish\n");
	struct tape_reader *t CLEANUP(tape_reader_close_p) = NULL;

	/* The payload of the CLOCK, which comes after the HOST. */
	tape.data[whole.len + TAPE_HEADER_LEN] ^= 1;
	t = memory_reader(&tape);
	assert_int_equal(tape_reader_head(t, NULL), 0);
	assert_int_equal(tape_reader_meta(t)->n_clocks, 0);
	assert_int_equal(tape_reader_meta(t)->n_tracepoints, 1);
	assert_int_equal(next_kind(t), TAPE_KIND_CHUNK);
	while (next_kind(t))
		;
	assert_int_equal(tape_reader_damage(t)->bad_sections, 1);
}

/* The write end stays open: the header of the first CHUNK is all that may be waited for. */
static void test_head_of_a_stream_waits_for_one_header(void **state)
{
	struct buffer head CLEANUP(buffer_done) = tape_script(HEAD);
	struct buffer tape CLEANUP(buffer_done) =
		tape_script(HEAD "row 0 0 2000 v=1\nmark 3000\nfinish\n");
	struct tape_reader *t CLEANUP(tape_reader_close_p) = NULL;
	size_t len = head.len + TAPE_HEADER_LEN;
	char path[64];
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(io_write_all(fds[1], tape.data, len), 0);
	snprintf(path, sizeof(path), "/dev/fd/%d", fds[0]);
	assert_int_equal(tape_reader_open_path(path, &t, NULL), 0);
	assert_true(tape_reader_is_stream(t));
	alarm(10);
	assert_int_equal(tape_reader_head(t, NULL), 0);
	alarm(0);
	assert_int_equal(tape_reader_meta(t)->n_tracepoints, 1);
	assert_int_equal(io_write_all(fds[1], tape.data + len, tape.len - len), 0);
	close(fds[1]);
	close(fds[0]);
	assert_int_equal(next_kind(t), TAPE_KIND_CHUNK);
	while (next_kind(t))
		;
	assert_false(tape_damage_any(tape_reader_damage(t)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head_stops_at_tasks_and_shows_them_later),
		cmocka_unit_test(test_head_of_a_tape_without_rows),
		cmocka_unit_test(test_head_that_is_damaged),
		cmocka_unit_test(test_head_of_a_stream_waits_for_one_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

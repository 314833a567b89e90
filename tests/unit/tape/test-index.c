// SPDX-License-Identifier: MIT
/*
 * The INDEX of a tape: loaded only when it is whole, entries found by place, and the time at which
 * reading must begin so that rows before --since are seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "support/resum.h"
#include "support/tape-script.h"
#include "tape/index.h"

/* Two rows of tracepoint 0 in each CHUNK, and one of tracepoint 1. */
static const char script[] = "format 0 tcp one v:4\n"
			     "format 1 tcp two v:4\n"
			     "row 0 0 100 v=1\nrow 0 0 109 v=1\nrow 1 0 105 v=1\nmark 110\n"
			     "row 0 0 200 v=1\nrow 0 0 209 v=1\nrow 1 0 205 v=1\nmark 210\n"
			     "row 0 0 300 v=1\nrow 0 0 309 v=1\nrow 1 0 305 v=1\nmark 310\n"
			     "finish\n";

static int index_of(const struct buffer *tape, struct tape_index *ret)
{
	struct source *source CLEANUP(source_close_p) = NULL;

	assert_int_equal(source_open_memory(tape->data, tape->len, &source), 0);
	return tape_index_load(ret, source, NULL);
}

static void test_index_finds_every_section(void **state)
{
	struct buffer tape CLEANUP(buffer_done) = tape_script(script);
	struct tape_index index CLEANUP(tape_index_done) = {0};
	size_t hint = 0, n = 0;
	uint64_t at = 0;

	assert_int_equal(index_of(&tape, &index), 1);
	while (at < index.end) {
		const struct index_record *e = tape_index_at(&index, at, &hint);

		assert_non_null(e);
		assert_int_equal(e->kind, le16_get(tape.data + at + 8));
		assert_null(tape_index_at(&index, at + 1, &hint));
		at += tape_index_len(&index, e);
		n++;
	}
	assert_int_equal(at, index.end);
	assert_int_equal(n, index.n);
	/* Going back works, too. */
	assert_ptr_equal(tape_index_at(&index, 0, &hint), index.entries);
	assert_null(tape_index_at(&index, tape.len, &hint));
}

static void test_index_must_be_whole(void **state)
{
	struct buffer tape CLEANUP(buffer_done) = tape_script(script);
	struct tape_index index;

	for (size_t cut = 1; cut <= tape.len; cut++) {
		struct buffer shorter = {.data = tape.data, .len = tape.len - cut};

		assert_int_equal(index_of(&shorter, &index), 0);
	}
	assert_int_equal(index_of(&tape, &index), 1);
	/* Any byte of the INDEX and of the TRAILER. */
	for (size_t at = index.end; at < tape.len; at++) {
		struct tape_index other;

		tape.data[at] ^= 1;
		assert_int_equal(index_of(&tape, &other), 0);
		tape.data[at] ^= 1;
	}
	tape_index_done(&index);
}

/* The sums are right, but the offsets do not ascend. */
static void test_index_that_lies(void **state)
{
	struct buffer tape CLEANUP(buffer_done) =
		tape_script("stored\nformat 0 tcp one v:4\nrow 0 0 100 v=1\nmark 110\nfinish\n");
	struct tape_index index;
	uint8_t *record;

	assert_int_equal(index_of(&tape, &index), 1);
	record = tape.data + index.end + TAPE_HEADER_LEN;
	le64_put(record, 1);
	resum_section(tape.data, tape.len, index.end);
	tape_index_done(&index);
	assert_int_equal(index_of(&tape, &index), 0);
	le64_put(record, 0);
	le64_put(record + 34, TAPE_HEADER_LEN - 1);
	resum_all(tape.data, tape.len);
	assert_int_equal(index_of(&tape, &index), 0);
}

static bool wants_first(void *userdata, const struct index_record *e)
{
	return e->subject == 0;
}

static bool wants_both(void *userdata, const struct index_record *e)
{
	return true;
}

static void test_index_warmup(void **state)
{
	struct buffer tape CLEANUP(buffer_done) = tape_script(script);
	struct tape_index index CLEANUP(tape_index_done) = {0};

	assert_int_equal(index_of(&tape, &index), 1);
	/* All rows before `since` fit: everything is read. */
	assert_int_equal(tape_index_warmup(&index, 305, 6, wants_first, NULL), 0);
	assert_int_equal(tape_index_warmup(&index, 305, 100, wants_both, NULL), 0);
	/* The CHUNK that exceeds the limit is read from its youngest row on. */
	assert_int_equal(tape_index_warmup(&index, 305, 5, wants_first, NULL), 109);
	assert_int_equal(tape_index_warmup(&index, 305, 3, wants_first, NULL), 209);
	/* Never after `since`, though the CHUNK's youngest row is. */
	assert_int_equal(tape_index_warmup(&index, 305, 1, wants_first, NULL), 305);
	/* CHUNKs from `since` on do not count. */
	assert_int_equal(tape_index_warmup(&index, 300, 3, wants_first, NULL), 109);
	assert_int_equal(tape_index_warmup(&index, 100, 0, wants_first, NULL), 0);
	/* Rows of others count only if they are wanted. */
	assert_int_equal(tape_index_warmup(&index, 309, 5, wants_both, NULL), 209);
	assert_int_equal(tape_index_warmup(&index, 309, 5, wants_first, NULL), 109);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_index_finds_every_section),
		cmocka_unit_test(test_index_must_be_whole),
		cmocka_unit_test(test_index_that_lies),
		cmocka_unit_test(test_index_warmup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

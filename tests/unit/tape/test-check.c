// SPDX-License-Identifier: MIT
/*
 * What `check` counts beyond the reader's damage: times that are not exact, rows that a MARK or the
 * final TALLY promises; and what a salvaged tape is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "support/tape-script.h"
#include "tape/check.h"

/* Sections: 0 FORMAT, 1 CHUNK, 2 MARK, 3 CHUNK, 4 MARK, 5 TALLY, 6 INDEX, 7 TRAILER. */
#define SMALL                                                                                      \
	"stored\n"                                                                                 \
	"format 0 tcp one v:4\n"                                                                   \
	"row 0 0 100 v=1\nrow 0 0 110 v=2\nmark 200\n"                                             \
	"row 0 0 210 v=3\nmark 300\n"                                                              \
	"tally 0 0 3 3 0 final\n"                                                                  \
	"finish\n"

static struct check_result check(const char *script, struct buffer *salvaged)
{
	struct buffer tape CLEANUP(buffer_done) = tape_script(script);
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	struct source *source = NULL;
	struct sink sink = sink_memory(salvaged);
	struct check_result result;

	assert_int_equal(source_open_memory(tape.data, tape.len, &source), 0);
	assert_int_equal(tape_reader_open(source, &reader, NULL), 0);
	assert_int_equal(tape_check(reader, salvaged ? &sink : NULL, &result, NULL), 0);
	return result;
}

/* The same for a tape in memory, as check has written it. */
static struct check_result check_again(const struct buffer *tape)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	struct source *source = NULL;
	struct check_result result;

	assert_int_equal(source_open_memory(tape->data, tape->len, &source), 0);
	assert_int_equal(tape_reader_open(source, &reader, NULL), 0);
	assert_int_equal(tape_check(reader, NULL, &result, NULL), 0);
	return result;
}

static void test_check_of_a_whole_tape(void **state)
{
	struct check_result c = check(SMALL, NULL);

	assert_false(tape_damage_any(&c.damage));
	assert_true(c.n_sections == 8 && c.n_chunks == 2 && c.n_rows == 3);
	assert_true(!c.bad_chunks && !c.missing_rows && c.has_final_tally && c.rows_match_tally);
}

static void test_check_counts_rows_that_are_missing(void **state)
{
	struct check_result c = check(SMALL "edit 2 84 05\n", NULL);

	assert_int_equal(c.missing_rows, 3);
	assert_true(c.rows_match_tally && !c.bad_chunks);
	c = check(SMALL "remove 1\n", NULL);
	assert_int_equal(c.missing_rows, 2);
	assert_int_equal(c.damage.missing_sections, 1);
	assert_false(c.rows_match_tally);
	/* A block with more rows than its MARK says has lost none. */
	c = check(SMALL "edit 2 84 01\n", NULL);
	assert_int_equal(c.missing_rows, 0);
}

static void test_check_compares_with_the_final_tally(void **state)
{
	struct check_result c = check(SMALL "edit 5 80 04\n", NULL);

	assert_true(c.has_final_tally && !c.rows_match_tally);
	/* One that is not final promises nothing. */
	c = check("format 0 tcp one v:4\nrow 0 0 100 v=1\nmark 200\ntally 0 0 3 3 0\nfinish\n",
		  NULL);
	assert_false(c.has_final_tally);
}

static void test_check_compares_times(void **state)
{
	struct check_result c;

	/* The low bytes of time_from and time_to. */
	c = check(SMALL "edit 1 32 65\n", NULL);
	assert_int_equal(c.bad_chunks, 1);
	assert_int_equal(c.n_rows, 1);
	c = check(SMALL "edit 1 40 6f\n", NULL);
	assert_int_equal(c.bad_chunks, 1);
	assert_false(tape_damage_any(&c.damage));
}

static void test_check_salvages(void **state)
{
	struct buffer salvaged CLEANUP(buffer_done) = {0};
	struct check_result c = check(SMALL "corrupt 1 70 ff\nappend 00\n", &salvaged), again;

	assert_int_equal(c.damage.bad_sections, 1);
	assert_int_equal(c.n_rows, 1);
	again = check_again(&salvaged);
	assert_false(tape_damage_any(&again.damage));
	/* The MARKs count again; the TALLY still says what the tape had. */
	assert_int_equal(again.missing_rows, 0);
	assert_int_equal(again.n_rows, 1);
	assert_false(again.rows_match_tally);
}

/* A kind that is not known here is copied, too. */
static void test_check_salvages_unknown_kinds(void **state)
{
	struct buffer salvaged CLEANUP(buffer_done) = {0};
	struct check_result c = check("format 0 tcp one v:4\nunknown 99 0102\nmark 1\n", &salvaged);

	assert_true(c.damage.is_unfinished);
	c = check_again(&salvaged);
	assert_false(tape_damage_any(&c.damage));
	assert_int_equal(c.damage.unknown_sections, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check_of_a_whole_tape),
		cmocka_unit_test(test_check_counts_rows_that_are_missing),
		cmocka_unit_test(test_check_compares_with_the_final_tally),
		cmocka_unit_test(test_check_compares_times),
		cmocka_unit_test(test_check_salvages),
		cmocka_unit_test(test_check_salvages_unknown_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
/*
 * book: readings of a tape, added up. Times are seconds here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/units.h"
#include "counter/book.h"
#include "support/tape-script.h"
#include "tape/reader.h"

#define S NSEC_PER_SEC

struct fixture {
	struct tape_reader *reader;
	struct counter_book *book;
	struct buffer tape;
};

static void fixture_done(struct fixture *f)
{
	counter_book_free(f->book);
	tape_reader_close(f->reader);
	buffer_done(&f->tape);
}

/* Reads a tape whose times, "@N", are in seconds. */
static void fixture_read(struct fixture *f, const char *script, uint64_t since_ns,
			 uint64_t until_ns)
{
	struct buffer text CLEANUP(buffer_done) = {0};
	struct source *source;
	struct tape_section s;

	for (; *script; script++) {
		assert_int_equal(buffer_append(&text, *script == '@' ? "" : script, *script != '@'),
				 0);
		if (script[0] == '@') {
			char ns[32];
			double seconds = strtod(script + 1, NULL);

			snprintf(ns, sizeof(ns), "%llu", (unsigned long long)(seconds * 1e9));
			assert_int_equal(buffer_append(&text, ns, strlen(ns)), 0);
			script += strspn(script + 1, "0123456789.");
		}
	}
	assert_int_equal(buffer_append_u8(&text, 0), 0);
	f->tape = tape_script((const char *)text.data);
	assert_int_equal(source_open_memory(f->tape.data, f->tape.len, &source), 0);
	assert_int_equal(tape_reader_open(source, &f->reader, NULL), 0);
	assert_int_equal(counter_book_new(tape_reader_meta(f->reader), &f->book), 0);
	counter_book_window(f->book, since_ns, until_ns);
	while (tape_reader_next(f->reader, NULL, NULL, &s, NULL) > 0) {
		if (s.header.kind == TAPE_KIND_COUNTERS)
			assert_int_equal(counter_book_take(f->book, s.payload, s.header.raw_len),
					 0);
	}
}

static struct counter_change get(const struct fixture *f, const char *name)
{
	struct counter_change c = {0};

	assert_true(counter_book_get(f->book, name, &c));
	assert_string_equal(c.name, name);
	return c;
}

#define NAMES "counter-names 0 Tcp.RetransSegs TcpExt.ListenOverflows sockstat.TCP.tw stat.ctxt\n"

static void test_growth_and_worst_second(void **state)
{
	struct fixture f CLEANUP(fixture_done) = {0};
	struct counter_change c;

	fixture_read(&f,
		     NAMES "counters 7 0 @10 all 0=100 1=5\n"
			   "counters 7 1 @11 changes 0=2\n"
			   "counters 7 2 @12 changes 0=30\n"
			   "counters 7 3 @16 changes 0=40 1=1\n"
			   "counters 7 4 @16.001 changes 0=3\n",
		     0, UINT64_MAX);
	c = get(&f, "Tcp.RetransSegs");
	assert_int_equal(c.grew, 75);
	assert_int_equal(c.fell, 0);
	assert_int_equal(c.first, 100);
	assert_int_equal(c.last, 175);
	/* 30 in a second are more than 40 in four, and than 3 in a millisecond. */
	assert_int_equal(c.worst_per_s, 30);
	assert_int_equal(c.worst_from_ns, 11 * S);
	assert_int_equal(c.worst_to_ns, 12 * S);
	assert_int_equal(c.curve[1], 2);
	assert_int_equal(c.curve[2], 30);
	assert_int_equal(c.curve[6], 43);
	assert_false(c.is_of_host);
	/* Less than one a second is not none. */
	assert_int_equal(get(&f, "TcpExt.ListenOverflows").worst_per_s, 1);
	assert_int_equal(counter_book_space(f.book, 0).longest_ns, 4 * S);
}

/* What was not read, or only once, is unknown: that is not 0. */
static void test_unknown_is_not_zero(void **state)
{
	struct fixture f CLEANUP(fixture_done) = {0};
	struct counter_change c;

	fixture_read(&f,
		     NAMES "counters 7 0 @10 all 0=100\n"
			   "counters 7 1 @11 all 0=100 1=9\n"
			   "counters 0 0 @11 all 3=1\n",
		     0, UINT64_MAX);
	assert_int_equal(get(&f, "Tcp.RetransSegs").grew, 0);
	assert_false(counter_book_get(f.book, "TcpExt.ListenOverflows", &c));
	assert_false(counter_book_get(f.book, "sockstat.TCP.tw", &c));
	assert_false(counter_book_get(f.book, "stat.ctxt", &c));
	assert_false(counter_book_get(f.book, "no such", &c));
}

static void test_gauges_and_namespaces(void **state)
{
	struct fixture f CLEANUP(fixture_done) = {0};
	struct counter_change c;
	size_t i = 0, n = 0;

	fixture_read(&f,
		     NAMES "counters 7 0 @10 all 0=1 2=50\n"
			   "counters 8 0 @10 all 0=1000 2=7\n"
			   "counters 0 0 @10 all 3=0\n"
			   "counters 7 1 @11 changes 2=30\n"
			   "counters 8 1 @11 changes 0=5\n"
			   "counters 7 2 @12 changes 0=1 2=-70\n"
			   "counters 0 1 @12 changes 3=9\n",
		     0, UINT64_MAX);
	c = get(&f, "sockstat.TCP.tw");
	assert_int_equal(c.grew, 30);
	assert_int_equal(c.fell, 70);
	assert_int_equal(c.first, 57);
	assert_int_equal(c.last, 17);
	assert_int_equal(c.most, 87);
	assert_int_equal(c.n_spaces, 2);
	assert_int_equal(c.curve[1], 87);
	assert_int_equal(get(&f, "Tcp.RetransSegs").grew, 6);
	assert_true(counter_book_get_of(f.book, 8, "Tcp.RetransSegs", &c));
	assert_int_equal(c.grew, 5);
	assert_true(counter_book_get_of(f.book, 7, "sockstat.TCP.tw", &c));
	assert_int_equal(c.grew, 30);
	assert_int_equal(c.most, 80);
	assert_int_equal(c.worst_per_s, 30);
	assert_int_equal(c.worst_to_ns, 11 * S);
	assert_false(counter_book_get_of(f.book, 9, "Tcp.RetransSegs", &c));
	assert_true(get(&f, "stat.ctxt").is_of_host);
	while (counter_book_next(f.book, &i, &c))
		n++;
	assert_int_equal(n, 3);
}

/* The reading of number 1 is missing: what changed after it counts with the next reading of all. */
static void test_gap(void **state)
{
	struct fixture f CLEANUP(fixture_done) = {0};
	struct counter_change c;

	fixture_read(&f,
		     NAMES "counters 7 0 @10 all 0=5 1=6\n"
			   "counters 7 2 @12 changes 0=1\n"
			   "counters 7 3 @13 changes 1=1\n"
			   "counters 7 4 @14 all 0=8 1=9\n"
			   "counters 7 5 @15 changes 0=1\n",
		     0, UINT64_MAX);
	c = get(&f, "Tcp.RetransSegs");
	assert_int_equal(c.grew, 4);
	assert_int_equal(c.worst_per_s, 1);
	assert_int_equal(counter_book_space(f.book, 0).n_readings, 3);
}

static void test_window(void **state)
{
	struct fixture f CLEANUP(fixture_done) = {0};
	struct counter_bounds b;
	struct counter_change c;

	fixture_read(&f,
		     NAMES "counters 7 0 @10 all 0=0\n"
			   "counters 7 1 @11 changes 0=1\n"
			   "counters 7 2 @12 changes 0=10\n"
			   "counters 7 3 @13 changes 0=100\n"
			   "counters 7 4 @14 changes 0=1000\n",
		     11 * S, 14 * S);
	c = get(&f, "Tcp.RetransSegs");
	assert_int_equal(c.grew, 110);
	assert_int_equal(c.first, 1);
	assert_int_equal(c.last, 111);
	/* Of a part of the recording there are no bounds. */
	assert_false(counter_book_bounds(f.book, "Tcp.RetransSegs", &b));
}

static void test_bounds(void **state)
{
	struct fixture f CLEANUP(fixture_done) = {0};
	struct counter_bounds b;

	fixture_read(&f,
		     NAMES "counters 7 0 @9 all 0=100\n"
			   "counters 7 1 @10 changes 0=1\n"
			   "setting @11 0 tcptape.events enabled\n"
			   "counters 7 2 @11 changes 0=2\n"
			   "counters 7 3 @12 changes 0=40\n"
			   "counters 7 4 @13 changes 0=50\n"
			   "setting @14 0 tcptape.events disabled\n"
			   "counters 7 5 @14.5 changes 0=4\n"
			   "counters 7 6 @15 changes 0=500\n",
		     0, UINT64_MAX);
	assert_true(counter_book_bounds(f.book, "Tcp.RetransSegs", &b));
	assert_int_equal(b.least, 90);
	assert_int_equal(b.most, 96);
	assert_true(b.has_most);
	assert_int_equal(b.n_spaces, 1);
}

/* A namespace that was first read later, and a tape without an end, give no upper bound. */
static void test_bounds_are_unknown(void **state)
{
	struct fixture f CLEANUP(fixture_done) = {0};
	struct counter_bounds b;

	fixture_read(&f,
		     NAMES "setting @11 0 tcptape.events enabled\n"
			   "counters 7 0 @12 all 0=100\n"
			   "counters 7 1 @13 changes 0=50\n"
			   "setting @14 0 tcptape.events disabled\n"
			   "counters 7 2 @15 changes 0=6\n",
		     0, UINT64_MAX);
	assert_true(counter_book_bounds(f.book, "Tcp.RetransSegs", &b));
	assert_int_equal(b.least, 50);
	assert_false(b.has_most);
	fixture_done(&f);
	f = (struct fixture){0};
	fixture_read(&f,
		     NAMES "counters 7 0 @10 all 0=100\n"
			   "setting @11 0 tcptape.events enabled\n"
			   "counters 7 1 @12 changes 0=3\n"
			   "counters 7 2 @13 changes 0=50\n",
		     0, UINT64_MAX);
	assert_true(counter_book_bounds(f.book, "Tcp.RetransSegs", &b));
	assert_int_equal(b.least, 50);
	assert_false(b.has_most);
	fixture_done(&f);
	f = (struct fixture){0};
	fixture_read(&f, NAMES "counters 7 0 @10 all 0=1\ncounters 7 1 @11 changes 0=3\n", 0,
		     UINT64_MAX);
	assert_false(counter_book_bounds(f.book, "Tcp.RetransSegs", &b));
}

/* Two hours fit on a curve: its points are joined, and nothing is lost. */
static void test_curves_grow(void **state)
{
	struct fixture f CLEANUP(fixture_done) = {0};
	uint64_t from, step, sum = 0;
	struct counter_change c;
	size_t n;

	fixture_read(&f,
		     NAMES "counters 7 0 @10 all 0=0 2=0\n"
			   "counters 7 1 @11 changes 0=1 2=9\n"
			   "counters 7 2 @70 changes 0=2 2=-5\n"
			   "counters 7 3 @73 changes 0=3\n"
			   "counters 7 4 @7210 changes 0=4\n",
		     0, UINT64_MAX);
	counter_book_scale(f.book, &from, &step, &n);
	assert_int_equal(from, 10 * S);
	assert_int_equal(step, 128 * S);
	assert_int_equal(n, 57);
	c = get(&f, "Tcp.RetransSegs");
	for (size_t i = 0; i < COUNTER_CURVE_MAX; i++)
		sum += c.curve[i];
	assert_int_equal(sum, 10);
	assert_int_equal(c.curve[0], 6);
	assert_int_equal(c.curve[56], 4);
	/* Of a gauge the largest value stays. */
	assert_int_equal(get(&f, "sockstat.TCP.tw").curve[0], 9);
}

/* A hostile tape: times that go back, counters far apart, values at their bounds. */
static void test_odd_readings(void **state)
{
	struct fixture f CLEANUP(fixture_done) = {0};
	struct counter_change c;

	fixture_read(&f,
		     NAMES "counters 7 0 @10 all 0=1 65535=9\n"
			   "counters 7 1 @5 changes 0=7\n"
			   "counters 7 1 @11 changes 0=9223372036854775807\n"
			   "counters 7 2 @12 changes 0=9223372036854775807\n"
			   "counters 9 0 @1 all 0=1\n"
			   "counters 7 3 18446744073709551614 changes 0=1\n",
		     0, UINT64_MAX);
	c = get(&f, "Tcp.RetransSegs");
	assert_true(c.grew == UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_growth_and_worst_second),
		cmocka_unit_test(test_unknown_is_not_zero),
		cmocka_unit_test(test_gauges_and_namespaces),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_bounds_are_unknown),
		cmocka_unit_test(test_curves_grow),
		cmocka_unit_test(test_odd_readings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

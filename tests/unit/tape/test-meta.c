// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "tape/meta.h"

static int give(struct tape_meta *m, uint16_t kind, const struct buffer *b)
{
	struct section_header h = {.kind = kind, .raw_len = (uint32_t)b->len};

	return meta_section(m, &h, b->data, b->len, NULL);
}

static void add_clock(struct tape_meta *m, uint64_t mono, int64_t real)
{
	struct buffer b CLEANUP(buffer_done) = {0};

	assert_int_equal(
		clock_record_encode(&b, &(struct clock_record){.mono_ns = mono, .real_ns = real}),
		0);
	assert_int_equal(give(m, TAPE_KIND_CLOCK, &b), 0);
}

static int64_t wall(const struct tape_meta *m, uint64_t ts)
{
	int64_t real = 0;

	assert_true(meta_wall_time(m, ts, &real));
	return real;
}

static void test_meta_wall_time(void **state)
{
	struct tape_meta m CLEANUP(meta_done);
	int64_t real;

	meta_init(&m);
	assert_false(meta_wall_time(&m, 1, &real));
	add_clock(&m, 1000, 501000);
	assert_int_equal(wall(&m, 0), 500000);
	assert_int_equal(wall(&m, 5000), 505000);
	add_clock(&m, 2000, 502100);
	assert_int_equal(wall(&m, 1999), 501999);
	assert_int_equal(wall(&m, 2000), 502100);
	assert_int_equal(meta_start_ns(&m), 1000);
}

/* A stream that has shown rows cannot have known a CLOCK that stands behind them. */
static void test_meta_clock_behind_rows(void **state)
{
	const struct section_header chunk = {
		.kind = TAPE_KIND_CHUNK, .count = 1, .time_from = 500, .time_to = 600};
	struct tape_meta m CLEANUP(meta_done);
	int64_t real;

	meta_init(&m);
	assert_int_equal(meta_section(&m, &chunk, NULL, 0, NULL), 0);
	add_clock(&m, 1000, 501000);
	assert_false(meta_wall_time(&m, 999, &real));
	assert_int_equal(wall(&m, 1000), 501000);
	assert_int_equal(meta_start_ns(&m), 500);
}

static void test_meta_clocks_go_forward(void **state)
{
	struct tape_meta m CLEANUP(meta_done);
	struct buffer b CLEANUP(buffer_done) = {0}, sleep CLEANUP(buffer_done) = {0};

	meta_init(&m);
	add_clock(&m, 6, INT64_MIN);
	assert_int_equal(clock_record_encode(&b, &(struct clock_record){.mono_ns = 5}), 0);
	assert_int_equal(give(&m, TAPE_KIND_CLOCK, &b), -EBADMSG);
	assert_int_equal(m.n_clocks, 1);
	assert_int_equal(sleep_record_encode(&sleep, &(struct sleep_record){.mono_ns = 5}), 0);
	assert_int_equal(sleep_record_encode(&sleep, &(struct sleep_record){.mono_ns = 5}), 0);
	assert_int_equal(give(&m, TAPE_KIND_SLEEPS, &sleep), 0);
	assert_int_equal(m.n_sleeps, 2);
	assert_int_equal(sleep_record_encode(&sleep, &(struct sleep_record){.mono_ns = 4}), 0);
	assert_int_equal(give(&m, TAPE_KIND_SLEEPS, &sleep), -EBADMSG);
}

static int add_names(struct tape_meta *m, uint32_t first, const char *names, size_t n)
{
	struct counters_record r = {.what = COUNTERS_NAMES,
				    .number = first,
				    .body_len = (uint32_t)n,
				    .body = (const uint8_t *)names};
	struct buffer b CLEANUP(buffer_done) = {0};

	assert_int_equal(counters_record_encode(&b, &r), 0);
	return give(m, TAPE_KIND_COUNTERS, &b);
}

static void test_meta_counter_names(void **state)
{
	struct tape_meta m CLEANUP(meta_done);

	meta_init(&m);
	assert_int_equal(add_names(&m, 3, "d\0e", 4), 0);
	assert_int_equal(m.n_counter_names, 5);
	assert_null(m.counter_names[2]);
	assert_string_equal(m.counter_names[4], "e");
	assert_int_equal(add_names(&m, 2, "c\0d", 4), 0);
	assert_string_equal(m.counter_names[2], "c");
	assert_int_equal(add_names(&m, 3, "x", 2), -EBADMSG);
	assert_string_equal(m.counter_names[3], "d");
	assert_int_equal(m.n_counter_readings, 0);
}

static void add_setting(struct tape_meta *m, uint32_t netns, const char *value)
{
	struct buffer b CLEANUP(buffer_done) = {0};

	assert_int_equal(
		setting_record_encode(&b, &(struct setting_record){1, netns, "name", value}), 0);
	assert_int_equal(give(m, TAPE_KIND_SETTINGS, &b), 0);
}

static void test_meta_settings(void **state)
{
	struct tape_meta m CLEANUP(meta_done);

	meta_init(&m);
	add_setting(&m, 7, "one");
	add_setting(&m, 0, "of the host");
	add_setting(&m, 7, "two");
	assert_string_equal(meta_setting(&m, 7, "name"), "one");
	assert_string_equal(meta_setting_at_end(&m, 7, "name"), "two");
	assert_string_equal(meta_setting_at_end(&m, 0, "name"), "of the host");
	assert_null(meta_setting(&m, 8, "name"));
	assert_null(meta_setting_at_end(&m, 7, "other"));
}

static void test_meta_host_keys(void **state)
{
	struct tape_meta m CLEANUP(meta_done);
	static const char payload[] =
		"os_endian\0big\0long_size\0004\0page_size\00016384\0pointers\0raw"
		"\0kernel\0one\0kernel\0two";
	struct buffer b = {.data = (uint8_t *)payload, .len = sizeof(payload)};

	meta_init(&m);
	assert_true(!m.is_big_endian && m.long_size == 8 && m.page_size == 4096);
	assert_int_equal(give(&m, TAPE_KIND_HOST, &b), 0);
	assert_true(m.is_big_endian && m.long_size == 4 && m.page_size == 16384);
	assert_true(m.has_raw_pointers);
	assert_string_equal(meta_host(&m, "kernel"), "two");
	assert_null(meta_host(&m, "arch"));
}

static void test_meta_tallies_are_replaced(void **state)
{
	struct tape_meta m CLEANUP(meta_done);
	size_t bytes = 0;

	meta_init(&m);
	for (uint64_t round = 1; round <= 1000; round++) {
		struct buffer b CLEANUP(buffer_done) = {0};

		for (uint32_t i = 0; i < 40; i++) {
			struct tally_record r = {.tracepoint = i, .counted = round};

			assert_int_equal(tally_record_encode(&b, &r), 0);
		}
		assert_int_equal(give(&m, TAPE_KIND_TALLY, &b), 0);
		assert_int_equal(m.n_tallies, 40);
		assert_int_equal(m.tallies[39].counted, round);
		if (round == 1)
			bytes = m.arena.bytes;
	}
	assert_int_equal(m.arena.bytes, bytes);
}

static void test_meta_is_bounded(void **state)
{
	struct tape_meta m CLEANUP(meta_done);
	struct buffer b CLEANUP(buffer_done) = {0};
	int r = 0;

	meta_init(&m);
	/* The dearest there is: two bytes that become a record and two strings. */
	assert_int_equal(buffer_reserve(&b, 1u << 20), 0);
	b.len = 1u << 20;
	memset(b.data, 0, b.len);
	for (int i = 0; i < 40 && !r; i++)
		r = give(&m, TAPE_KIND_HOST, &b);
	assert_int_equal(r, -EBADMSG);
	assert_true(m.arena.bytes < 3 * (size_t)META_BYTES_MAX);
	assert_int_equal(give(&m, TAPE_KIND_HOST, &b), -EBADMSG);
}

static void test_meta_format_cannot_change(void **state)
{
	struct tape_meta m CLEANUP(meta_done);
	struct format_record r = {.kernel_id = 1, .system = "tcp", .name = "x", .text = "t"};
	struct buffer b CLEANUP(buffer_done) = {0};

	meta_init(&m);
	assert_int_equal(format_record_encode(&b, &r), 0);
	assert_int_equal(give(&m, TAPE_KIND_FORMAT, &b), 0);
	assert_int_equal(give(&m, TAPE_KIND_FORMAT, &b), 0);
	buffer_clear(&b);
	r.name = "y";
	assert_int_equal(format_record_encode(&b, &r), 0);
	assert_int_equal(give(&m, TAPE_KIND_FORMAT, &b), -EBADMSG);
	assert_int_equal(m.n_tracepoints, 1);
	assert_string_equal(m.tracepoints[0]->name, "x");
}

static const void *get(const struct map *m, uint64_t key)
{
	const uint64_t *place = map_get(m, key);

	return place ? (const void *)(uintptr_t)*place : NULL;
}

static void test_meta_chains_and_symbols(void **state)
{
	struct tape_meta m CLEANUP(meta_done);
	struct chain_record chain = {.n_frames = 1};
	const struct tape_chain *found;
	const struct tape_symbol *symbol;
	struct buffer b CLEANUP(buffer_done) = {0};

	meta_init(&m);
	for (chain.chain = 1; chain.chain <= 1000; chain.chain++) {
		chain.frames[0] = chain.chain * 3ull;
		assert_int_equal(chain_record_encode(&b, &chain), 0);
	}
	assert_int_equal(give(&m, TAPE_KIND_CHAINS, &b), 0);
	found = get(&m.chains, 777);
	assert_int_equal(found->frames[0], 777 * 3);
	assert_null(get(&m.chains, 1001));
	buffer_clear(&b);
	assert_int_equal(symbol_record_encode(&b, &(struct symbol_record){0, 5, "zero"}), 0);
	assert_int_equal(give(&m, TAPE_KIND_SYMBOLS, &b), 0);
	symbol = get(&m.symbols, 0);
	assert_string_equal(symbol->name, "zero");
	assert_null(get(&m.symbols, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_meta_wall_time),
		cmocka_unit_test(test_meta_clock_behind_rows),
		cmocka_unit_test(test_meta_clocks_go_forward),
		cmocka_unit_test(test_meta_counter_names),
		cmocka_unit_test(test_meta_settings),
		cmocka_unit_test(test_meta_host_keys),
		cmocka_unit_test(test_meta_tallies_are_replaced),
		cmocka_unit_test(test_meta_is_bounded),
		cmocka_unit_test(test_meta_format_cannot_change),
		cmocka_unit_test(test_meta_chains_and_symbols),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

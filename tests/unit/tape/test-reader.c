// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/resum.h"
#include "support/tape-script.h"
#include "tape/check.h"
#include "merge/merge.h"

#define SMALL_ROWS 7
static const char small[] = "host kernel 6.18\n"
			    "host long_size 8\n"
			    "clock 100 1700000000000000000\n"
			    "format 0 tcp alpha a:8 b:4\n"
			    "format 1 tcp beta chain a:8\n"
			    "task 5 snapshot 1 1 0 init\n"
			    "row 0 0 100 a=1 b=2\n"
			    "row 0 1 110 a=2 b=3\n"
			    "row 1 0 105 chain=1 a=9\n"
			    "chain 1 77 78\n"
			    "symbol 77 4 tcp_ack\n"
			    "mark 108\n"
			    "row 0 0 120 a=3\n"
			    "row 0 0 130 a=4\n"
			    "row 1 1 125 chain=1 a=10\n"
			    "row 1 1 126 a=11\n"
			    "mark 127\n"
			    "loss 1 5 126 140\n"
			    "absent tcp gamma not in this kernel\n"
			    "tally 0 0 4 4 0 final\n"
			    "tally 1 1 8 3 5 final\n"
			    "finish\n";

struct outcome {
	int open;
	struct tape_damage damage;
	size_t n_rows;
	uint64_t rows_seen; /* a bit for each ts - 100 */
	struct fault fault;
};

static struct outcome read_all(const uint8_t *data, size_t size)
{
	struct tape_reader *r CLEANUP(tape_reader_close_p) = NULL;
	struct tape_merge *m CLEANUP(tape_merge_free_p) = NULL;
	struct source *source CLEANUP(source_close_p) = NULL;
	const struct merge_options ops = {.until_ns = UINT64_MAX};
	struct outcome o = {0};
	const struct tape_row *row;

	assert_int_equal(source_open_memory(data, size, &source), 0);
	o.open = tape_reader_open(source, &r, &o.fault);
	if (o.open < 0)
		return o;
	source = NULL;
	assert_int_equal(tape_merge_new(r, &ops, &m, NULL), 0);
	while (tape_merge_next(m, &row, &o.fault) > 0) {
		o.n_rows++;
		if (row->ts_ns >= 100 && row->ts_ns < 164)
			o.rows_seen |= 1ull << (row->ts_ns - 100);
	}
	o.damage = *tape_reader_damage(r);
	return o;
}

static int check_all(const struct buffer *b, struct sink *salvage, struct check_result *ret)
{
	struct tape_reader *r CLEANUP(tape_reader_close_p) = NULL;
	struct source *source CLEANUP(source_close_p) = NULL;
	int err;

	assert_int_equal(source_open_memory(b->data, b->len, &source), 0);
	err = tape_reader_open(source, &r, NULL);
	if (err < 0)
		return err;
	source = NULL;
	return tape_check(r, salvage, ret, NULL);
}

/* A section as it lies on a tape that is whole. */
struct place {
	size_t at, end;
	uint16_t kind;
};

static size_t find_sections(const struct buffer *b, struct place *ret, size_t max)
{
	size_t n = 0, at = 0;

	while (at < b->len && n < max) {
		struct section_header h;

		assert_int_equal(section_header_decode(b->data + at, &h, NULL), 0);
		ret[n] = (struct place){at, at + TAPE_HEADER_LEN + h.stored_len, h.kind};
		at = ret[n++].end;
	}
	assert_int_equal(at, b->len);
	return n;
}

/* Rows in whole CHUNKs that lie, header and all, outside of [from, to), whose FORMAT does too. */
static size_t rows_outside(const struct buffer *b, size_t from, size_t to)
{
	struct place places[64];
	size_t n = find_sections(b, places, 64), rows = 0;
	bool has_format[8] = {0};

	for (size_t i = 0; i < n; i++) {
		uint32_t subject = le32_get(b->data + places[i].at + 16);

		if (places[i].at < to && places[i].end > from)
			continue;
		if (places[i].kind == TAPE_KIND_FORMAT)
			has_format[subject] = true;
		if (places[i].kind == TAPE_KIND_CHUNK && has_format[subject])
			rows += le32_get(b->data + places[i].at + 20);
	}
	return rows;
}

static void test_reader_whole_tape(void **state)
{
	struct buffer b CLEANUP(buffer_done) = tape_script(small);
	struct outcome o = read_all(b.data, b.len);
	struct check_result c;

	assert_int_equal(o.open, 0);
	assert_false(tape_damage_any(&o.damage));
	assert_int_equal(o.n_rows, SMALL_ROWS);
	assert_int_equal(check_all(&b, NULL, &c), 0);
	assert_true(c.has_final_tally && c.rows_match_tally);
	assert_int_equal(c.n_rows, SMALL_ROWS);
	assert_int_equal(c.missing_rows, 0);
	assert_int_equal(c.bytes, b.len);
}

static void test_reader_cut_at_every_byte(void **state)
{
	struct buffer b CLEANUP(buffer_done) = tape_script(small);
	struct place places[64];
	size_t n = find_sections(&b, places, 64);

	for (size_t cut = 0; cut < b.len; cut++) {
		uint8_t *copy CLEANUP(free_p) = malloc(cut + 1);
		struct outcome o;
		bool is_between = false;

		memcpy(copy, b.data, cut);
		o = read_all(copy, cut);
		if (cut < places[0].end) {
			assert_int_equal(o.open, cut ? -EBADMSG : -ENODATA);
			continue;
		}
		for (size_t i = 0; i < n; i++)
			is_between |= places[i].end == cut;
		assert_int_equal(o.open, 0);
		assert_true(o.damage.is_unfinished);
		assert_int_equal(o.damage.is_cut, !is_between);
		assert_int_equal(o.damage.missing_sections, 0);
		assert_int_equal(o.n_rows, rows_outside(&b, cut, b.len));
	}
}

static void test_reader_every_bit_flipped(void **state)
{
	struct buffer b CLEANUP(buffer_done) = tape_script(small);
	struct place places[64];
	size_t n = find_sections(&b, places, 64);

	for (size_t i = 0; i < n; i++) {
		size_t rows = rows_outside(&b, places[i].at, places[i].end);

		for (size_t bit = places[i].at * 8; bit < places[i].end * 8; bit++) {
			struct check_result c;
			struct outcome o;

			b.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
			o = read_all(b.data, b.len);
			assert_int_equal(o.open, 0);
			assert_true(tape_damage_any(&o.damage));
			assert_true(o.damage.first_what[0]);
			assert_int_equal(o.damage.first_at, places[i].at);
			assert_int_equal(o.n_rows, rows);
			assert_int_equal(check_all(&b, NULL, &c), 0);
			assert_true(tape_damage_any(&c.damage));
			b.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		}
	}
}

static void test_reader_bytes_lost_anywhere(void **state)
{
	struct buffer b CLEANUP(buffer_done) = tape_script(small);
	uint8_t *copy CLEANUP(free_p) = malloc(b.len);
	struct place places[64];
	size_t n = find_sections(&b, places, 64);

	for (size_t at = places[0].end; at + 9 < b.len; at++) {
		struct outcome o;

		memcpy(copy, b.data, at);
		memcpy(copy + at, b.data + at + 9, b.len - at - 9);
		o = read_all(copy, b.len - 9);
		assert_int_equal(o.open, 0);
		assert_true(tape_damage_any(&o.damage));
		assert_int_equal(o.n_rows, rows_outside(&b, at, at + 9));
	}
	/* Whole sections cut out leave nothing but a gap in the sequence. */
	memcpy(copy, b.data, places[5].at);
	memcpy(copy + places[5].at, b.data + places[7].at, b.len - places[7].at);
	assert_true(n > 7);
	assert_int_equal(
		read_all(copy, b.len - (places[7].at - places[5].at)).damage.missing_sections, 2);
}

static bool is_sum_byte(size_t i)
{
	return i >= 48 && i < 64;
}

/* Lies with right sums: any byte of any header and payload, several values. */
static void test_reader_lies_with_right_sums(void **state)
{
	static const uint8_t values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
	struct buffer b CLEANUP(buffer_done) = tape_script(small);
	uint8_t *copy CLEANUP(free_p) = malloc(b.len);
	struct place places[64];
	size_t n = find_sections(&b, places, 64);

	for (size_t i = 0; i < n; i++) {
		for (size_t at = places[i].at + TAPE_MAGIC_LEN; at < places[i].end; at++) {
			for (size_t v = 0; !is_sum_byte(at - places[i].at) && v < sizeof(values);
			     v++) {
				memcpy(copy, b.data, b.len);
				copy[at] = values[v];
				resum_section(copy, b.len, places[i].at);
				(void)read_all(copy, b.len);
			}
		}
	}
}

static size_t first_chunk(const struct place *places, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (places[i].kind == TAPE_KIND_CHUNK)
			return i;
	}
	fail();
	return 0;
}

static void test_reader_lying_lengths_are_damage(void **state)
{
	static const uint32_t lengths[] = {0, 1, 63, TAPE_RAW_MAX, TAPE_RAW_MAX + 1, UINT32_MAX};
	static const size_t fields[] = {20, 24, 28};
	struct buffer b CLEANUP(buffer_done) = tape_script(small);
	uint8_t *copy CLEANUP(free_p) = malloc(b.len);
	struct place places[64];
	size_t n = find_sections(&b, places, 64), chunk = first_chunk(places, n);
	size_t rows = rows_outside(&b, places[chunk].at, places[chunk].end);

	for (size_t f = 0; f < ARRAY_SIZE(fields); f++) {
		for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
			struct outcome o;

			memcpy(copy, b.data, b.len);
			le32_put(copy + places[chunk].at + fields[f], lengths[i]);
			resum_section(copy, b.len, places[chunk].at);
			o = read_all(copy, b.len);
			assert_true(tape_damage_any(&o.damage));
			assert_int_equal(o.n_rows, rows);
		}
	}
}

static void test_reader_unknown_kind_is_no_damage(void **state)
{
	struct buffer b CLEANUP(buffer_done) = tape_script("host a b\n"
							   "format 0 tcp x v:4\n"
							   "unknown 999 0102030405\n"
							   "unknown 77\n"
							   "row 0 0 100 v=1\n"
							   "mark 150\n"
							   "finish\n");
	struct outcome o = read_all(b.data, b.len);

	assert_int_equal(o.open, 0);
	assert_false(tape_damage_any(&o.damage));
	assert_int_equal(o.damage.unknown_sections, 2);
	assert_int_equal(o.n_rows, 1);
}

static void test_reader_newer_version(void **state)
{
	struct buffer b CLEANUP(buffer_done) = tape_script("host a b\nfinish\n");
	struct outcome o;

	b.data[10] = 2;
	resum_section(b.data, b.len, 0);
	o = read_all(b.data, b.len);
	assert_int_equal(o.open, -ENOTSUP);
	assert_non_null(strstr(o.fault.text, "tape is version 2; this tcptape reads version 1"));
}

static void test_reader_empty_and_garbage(void **state)
{
	uint8_t *garbage CLEANUP(free_p) = malloc(1u << 20);
	struct outcome o = read_all((const uint8_t *)"", 0);
	uint32_t seed = 3;

	assert_int_equal(o.open, -ENODATA);
	assert_non_null(strstr(o.fault.text, "is empty"));
	for (size_t i = 0; i < 1u << 20; i++) {
		seed = seed * 1664525 + 1013904223;
		garbage[i] = (uint8_t)(seed >> 24);
	}
	o = read_all(garbage, 1u << 20);
	assert_int_equal(o.open, -EBADMSG);
	assert_non_null(strstr(o.fault.text, "is not a tape"));
	o = read_all((const uint8_t *)"hello\n", 6);
	assert_int_equal(o.open, -EBADMSG);
}

/* Reads `words` out of a pipe while they are copied, up to max bytes. Returns whether the copy has
 * them all. */
static bool copy_pipe(const char *words, uint64_t max)
{
	struct source *source CLEANUP(source_close_p) = NULL;
	char path[64], copied[64] = "";
	const uint8_t *data;
	size_t len;
	int ends[2], fd CLEANUP(close_p) = open("/tmp", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	bool is_copied;

	assert_true(fd >= 0);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], words, strlen(words)), strlen(words));
	close(ends[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	assert_int_equal(source_open(path, &source, NULL), 0);
	source_copy_to(source, fd, max);
	/* What is skipped is copied, too. */
	assert_int_equal(source_peek(source, 3, &data, &len, NULL), 0);
	assert_int_equal(source_skip(source, strlen(words), NULL), 0);
	assert_int_equal(source_peek(source, 1, &data, &len, NULL), 0);
	assert_int_equal(len, 0);
	close(ends[0]);
	is_copied = source_is_copied(source);
	if (is_copied) {
		assert_int_equal(pread(fd, copied, sizeof(copied), 0), strlen(words));
		assert_string_equal(copied, words);
	}
	return is_copied;
}

static void test_reader_copies_streams(void **state)
{
	assert_true(copy_pipe("a tape of a kind", 16));
	assert_false(copy_pipe("a tape of a kind", 15));
}

static void test_reader_endless_streams_end(void **state)
{
	struct tape_reader *r = NULL;
	struct source *source CLEANUP(source_close_p) = NULL;
	struct fault fault = FAULT_INIT;

	assert_int_equal(source_open("/dev/zero", &source, NULL), 0);
	assert_int_equal(tape_reader_open(source, &r, &fault), -EBADMSG);
	assert_string_equal(fault.text, "/dev/zero is not a tape");
}

static void test_reader_garbage_around_a_tape(void **state)
{
	struct buffer b CLEANUP(buffer_done) = {0}, tape CLEANUP(buffer_done) = tape_script(small);
	struct outcome o;

	for (int i = 0; i < 5000; i++)
		assert_int_equal(buffer_append(&b, "\x89TCP", 4), 0);
	assert_int_equal(buffer_append(&b, tape.data, tape.len), 0);
	o = read_all(b.data, b.len);
	assert_int_equal(o.n_rows, SMALL_ROWS);
	assert_int_equal(o.damage.skipped_bytes, 20000);
	assert_int_equal(o.damage.bad_sections, 0);
	assert_false(o.damage.is_unfinished);

	assert_int_equal(buffer_append(&tape, "behind", 6), 0);
	o = read_all(tape.data, tape.len);
	assert_int_equal(o.n_rows, SMALL_ROWS);
	assert_int_equal(o.damage.skipped_bytes, 6);
}

/* Headers that each claim most of the tape must not make reading quadratic. */
static void test_reader_nested_headers_end_soon(void **state)
{
	const size_t size = 24u << 20;
	uint8_t *data CLEANUP(free_p) = calloc(1, size);
	struct buffer host CLEANUP(buffer_done) = tape_script("host a b\n");
	struct outcome o;

	memcpy(data, host.data, host.len);
	for (size_t at = host.len; at + TAPE_HEADER_LEN <= size; at += TAPE_HEADER_LEN) {
		struct section_header h = {.kind = TAPE_KIND_HOST, .version = 1};

		h.stored_len = h.raw_len = (uint32_t)(size / 2);
		section_header_encode(&h, data + at);
	}
	o = read_all(data, size);
	assert_int_equal(o.open, 0);
	assert_true(tape_damage_any(&o.damage));
}

static void test_check_salvages_what_is_whole(void **state)
{
	struct buffer b CLEANUP(buffer_done) = tape_script(small);
	struct buffer saved CLEANUP(buffer_done) = {0};
	struct sink sink = sink_memory(&saved);
	struct place places[64], again[64];
	size_t n = find_sections(&b, places, 64), chunk = first_chunk(places, n), m;
	struct check_result c;

	b.data[places[chunk].end - 1] ^= 1;
	assert_int_equal(check_all(&b, &sink, &c), 0);
	assert_int_equal(c.damage.bad_sections, 1);
	assert_int_equal(c.missing_rows, 2);
	assert_false(c.rows_match_tally);

	assert_int_equal(check_all(&saved, NULL, &c), 0);
	assert_false(tape_damage_any(&c.damage));
	assert_int_equal(c.n_rows, SMALL_ROWS - 2);
	assert_false(c.rows_match_tally);
	m = find_sections(&saved, again, 64);
	assert_int_equal(m, n - 1);
	/* Behind the hole, payloads are byte for byte what they were. */
	assert_memory_equal(saved.data + again[chunk].at + TAPE_HEADER_LEN,
			    b.data + places[chunk + 1].at + TAPE_HEADER_LEN,
			    again[chunk].end - again[chunk].at - TAPE_HEADER_LEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reader_whole_tape),
		cmocka_unit_test(test_reader_cut_at_every_byte),
		cmocka_unit_test(test_reader_every_bit_flipped),
		cmocka_unit_test(test_reader_bytes_lost_anywhere),
		cmocka_unit_test(test_reader_lies_with_right_sums),
		cmocka_unit_test(test_reader_lying_lengths_are_damage),
		cmocka_unit_test(test_reader_unknown_kind_is_no_damage),
		cmocka_unit_test(test_reader_newer_version),
		cmocka_unit_test(test_reader_empty_and_garbage),
		cmocka_unit_test(test_reader_copies_streams),
		cmocka_unit_test(test_reader_endless_streams_end),
		cmocka_unit_test(test_reader_garbage_around_a_tape),
		cmocka_unit_test(test_reader_nested_headers_end_soon),
		cmocka_unit_test(test_check_salvages_what_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

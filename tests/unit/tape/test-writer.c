// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tape/check.h"
#include "merge/merge.h"
#include "tape/writer.h"

static struct tape_writer *writer_of(struct sink *sink)
{
	struct tape_writer *w = NULL;

	assert_int_equal(tape_writer_new(sink, 1, &w, NULL), 0);
	return w;
}

static bool wants_all(void *userdata, const struct section_header *h)
{
	return true;
}

static struct tape_reader *reader_of(const struct buffer *b)
{
	struct source *source = NULL;
	struct tape_reader *r = NULL;

	assert_int_equal(source_open_memory(b->data, b->len, &source), 0);
	assert_int_equal(tape_reader_open(source, &r, NULL), 0);
	return r;
}

/* Rows of the maximum length: one call, many sections, none over the limits. */
static void test_writer_divides_what_is_too_much(void **state)
{
	enum { ROWS = 9001, LEN = TAPE_ROW_MAX, RUNS = 7 };
	struct buffer b CLEANUP(buffer_done) = {0};
	struct sink sink = sink_memory(&b);
	struct tape_writer *w CLEANUP(tape_writer_free_p) = writer_of(&sink);
	struct tape_reader *r CLEANUP(tape_reader_close_p) = NULL;
	uint8_t *rows CLEANUP(free_p) = calloc(ROWS, LEN);
	uint64_t *times CLEANUP(free_p) = calloc(ROWS, sizeof(*times));
	struct chunk_run runs[RUNS] = {0};
	struct chunk_rows chunk = {.row_len = LEN,
				   .n_rows = ROWS,
				   .rows = rows,
				   .times = times,
				   .runs = runs,
				   .n_runs = RUNS};
	struct tape_section s;
	uint32_t n = 0, n_sections = 0;

	for (uint32_t i = 0; i < ROWS; i++) {
		times[i] = 1000 + i;
		memcpy(rows + (size_t)i * LEN, &i, 4);
		runs[i * RUNS / ROWS].n_rows++;
		runs[i * RUNS / ROWS].cpu = i * RUNS / ROWS;
	}
	assert_int_equal(tape_writer_chunk(w, &chunk, NULL), 0);
	r = reader_of(&b);
	while (tape_reader_next(r, wants_all, NULL, &s, NULL) > 0) {
		struct chunk_layout c;

		assert_int_equal(
			chunk_layout_decode(s.payload, s.header.raw_len, s.header.count, &c, NULL),
			0);
		assert_int_equal(s.header.time_from, 1000 + n);
		assert_int_equal(chunk_run_decode(&c, 0).first_ts, 1000 + n);
		assert_int_equal(chunk_run_decode(&c, 0).cpu, n * RUNS / ROWS);
		n += s.header.count;
		n_sections++;
		assert_true(s.header.raw_len <= 10u << 20);
	}
	assert_int_equal(n, ROWS);
	assert_int_equal(n_sections, 4);
	assert_int_equal(tape_reader_damage(r)->bad_sections, 0);
}

static void test_writer_keeps_only_the_time_bytes_it_needs(void **state)
{
	static const struct {
		uint64_t step;
		uint8_t time_len;
	} cases[] = {{0, 1}, {255, 1}, {256, 2}, {65536, 3}, {1ull << 56, 8}, {UINT64_MAX, 8}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buffer b CLEANUP(buffer_done) = {0};
		struct sink sink = sink_memory(&b);
		struct tape_writer *w CLEANUP(tape_writer_free_p) = writer_of(&sink);
		struct tape_reader *r CLEANUP(tape_reader_close_p) = NULL;
		uint64_t times[] = {500, 500 + cases[i].step};
		struct chunk_run run = {.n_rows = 2};
		struct chunk_rows chunk = {.row_len = 1,
					   .n_rows = 2,
					   .rows = (const uint8_t *)"ab",
					   .times = times,
					   .runs = &run,
					   .n_runs = 1};
		struct chunk_layout c;
		struct tape_section s;

		assert_int_equal(tape_writer_chunk(w, &chunk, NULL), 0);
		r = reader_of(&b);
		assert_int_equal(tape_reader_next(r, wants_all, NULL, &s, NULL), 1);
		assert_int_equal(chunk_layout_decode(s.payload, s.header.raw_len, 2, &c, NULL), 0);
		assert_int_equal(c.time_len, cases[i].time_len);
	}
}

static void test_writer_refuses_after_a_failure(void **state)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct sink sink = sink_fd(fd, "x.tape");
	struct tape_writer *w CLEANUP(tape_writer_free_p) = writer_of(&sink);
	struct section_spec spec = {.kind = TAPE_KIND_HOST};
	struct fault fault = FAULT_INIT;

	if (fd < 0)
		skip();
	assert_int_equal(tape_writer_section(w, &spec, "a\0b", 4, &fault), -ENOSPC);
	assert_non_null(strstr(fault.text, "x.tape: no space left"));
	sink = sink_fd(STDERR_FILENO, "x.tape");
	assert_int_equal(tape_writer_section(w, &spec, "a\0b", 4, NULL), -ENOSPC);
	assert_int_equal(tape_writer_mark(w, 1, 1, NULL), -ENOSPC);
	assert_int_equal(tape_writer_finish(w, NULL), -ENOSPC);
	assert_int_equal(sink.written, 0);
	close(fd);
}

static void test_writer_finished_tape(void **state)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct sink sink = sink_memory(&b);
	struct tape_writer *w CLEANUP(tape_writer_free_p) = writer_of(&sink);
	struct section_spec spec = {.kind = TAPE_KIND_HOST, .count = 1};
	struct section_header h;
	struct index_record entry;
	struct cursor c;
	uint64_t index;

	assert_int_equal(tape_writer_section(w, &spec, "a\0b", 4, NULL), 0);
	assert_int_equal(tape_writer_mark(w, 7, 7, NULL), 0);
	assert_int_equal(tape_writer_finish(w, NULL), 0);
	assert_int_equal(tape_writer_bytes(w), b.len);
	/* The last 80 bytes say where the index is. */
	assert_int_equal(section_header_decode(b.data + b.len - 80, &h, NULL), 0);
	assert_int_equal(h.kind, TAPE_KIND_TRAILER);
	assert_int_equal(h.sequence, 3);
	index = le64_get(b.data + b.len - 16);
	assert_int_equal(le64_get(b.data + b.len - 8), b.len);
	assert_int_equal(section_header_decode(b.data + index, &h, NULL), 0);
	assert_int_equal(h.kind, TAPE_KIND_INDEX);
	assert_int_equal(h.count, 2);
	if (h.codec == TAPE_CODEC_NONE) {
		c = cursor_of(b.data + index + TAPE_HEADER_LEN, h.raw_len);
		assert_int_equal(index_record_decode(&c, &entry), 1);
		assert_int_equal(entry.offset, 0);
		assert_int_equal(index_record_decode(&c, &entry), 1);
		assert_int_equal(entry.offset, TAPE_HEADER_LEN + 4);
		assert_int_equal(entry.kind, TAPE_KIND_MARK);
		assert_int_equal(index_record_decode(&c, &entry), 0);
	}
}

static void test_writer_refuses_oversize(void **state)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct sink sink = sink_memory(&b);
	struct tape_writer *w CLEANUP(tape_writer_free_p) = writer_of(&sink);
	struct section_spec spec = {.kind = TAPE_KIND_TASKS};
	struct chunk_rows chunk = {.row_len = TAPE_ROW_MAX + 1};

	assert_int_equal(tape_writer_section(w, &spec, "", TAPE_RAW_MAX + 1, NULL), -EINVAL);
	assert_int_equal(tape_writer_chunk(w, &chunk, NULL), -EINVAL);
	assert_int_equal(b.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writer_divides_what_is_too_much),
		cmocka_unit_test(test_writer_keeps_only_the_time_bytes_it_needs),
		cmocka_unit_test(test_writer_refuses_after_a_failure),
		cmocka_unit_test(test_writer_finished_tape),
		cmocka_unit_test(test_writer_refuses_oversize),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

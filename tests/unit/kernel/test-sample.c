// SPDX-License-Identifier: MIT
/*
 * sample: bodies of records are parsed whole, and cut at every byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>

#include "kernel/sample.h"

struct body {
	uint8_t bytes[512];
	size_t len;
};

static void add(struct body *b, const void *data, size_t n)
{
	memcpy(b->bytes + b->len, data, n);
	b->len += n;
}

static void add32(struct body *b, uint32_t v)
{
	add(b, &v, sizeof(v));
}

static void add64(struct body *b, uint64_t v)
{
	add(b, &v, sizeof(v));
}

static void add_raw(struct body *b, uint16_t type, uint32_t size)
{
	uint8_t raw[256];

	memset(raw, 0x5a, sizeof(raw));
	memcpy(raw, &type, sizeof(type));
	memset(raw + 2, 0, 2);
	add32(b, size);
	add(b, raw, size);
}

/* Parses a copy of exactly its length, so that the sanitizer notices a read beyond it. */
static int parse(const struct body *b, size_t len, struct sample_row *ret)
{
	uint8_t *copy = malloc(len ? len : 1);
	int r;

	memcpy(copy, b->bytes, len);
	r = sample_row_parse(copy, len, ret);
	free(copy);
	return r;
}

static void test_sample_row_plain(void **state)
{
	/* Types with an empty low or high byte, sizes likewise: both byte orders are covered. */
	static const uint16_t types[] = {1, 0x00ff, 0x0100, 0xff00, 2285, 65535};
	static const uint32_t sizes[] = {4, 12, 60, 76, 252};

	for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
			struct body b = {.len = 0};
			struct sample_row row;

			add64(&b, 123456789);
			add_raw(&b, types[t], sizes[s]);
			assert_int_equal(sample_row_parse(b.bytes, b.len, &row), 0);
			assert_int_equal(row.time, 123456789);
			assert_int_equal(row.type, types[t]);
			assert_int_equal(row.raw_len, sizes[s]);
			assert_ptr_equal(row.raw, b.bytes + 12);
			assert_int_equal(row.n_ips, 0);
		}
	}
}

static void test_sample_row_with_chain(void **state)
{
	for (uint64_t n = 0; n < 20; n++) {
		struct body b = {.len = 0};
		struct sample_row row;

		add64(&b, 1);
		add64(&b, n);
		for (uint64_t i = 0; i < n; i++)
			add64(&b, 0xffffffff81000000ULL + i);
		add_raw(&b, 300, 76);
		assert_int_equal(sample_row_parse(b.bytes, b.len, &row), 0);
		assert_int_equal(row.n_ips, n);
		assert_int_equal(row.type, 300);
		assert_int_equal(row.raw_len, 76);
	}
}

/* Behind the row stands the control group, where the event was opened with it. */
static void test_sample_row_task(void **state)
{
	const uint8_t flags = 0x10;
	const int32_t tid = 4711;
	struct body b = {.len = 0};
	struct sample_row row;

	add64(&b, 1);
	add_raw(&b, 300, 76);
	memcpy(b.bytes + 14, &flags, 1);
	memcpy(b.bytes + 16, &tid, 4);
	assert_int_equal(parse(&b, b.len, &row), 0);
	assert_int_equal(row.cgroup, 0);
	assert_int_equal(row.flags, 0x10);
	assert_int_equal(row.tid, 4711);
	add64(&b, 0x1000000012ULL);
	assert_int_equal(parse(&b, b.len, &row), 0);
	assert_true(row.cgroup == 0x1000000012ULL);
	assert_int_equal(row.raw_len, 76);
	/* A row that is too short for a thread. */
	b.len = 8;
	add_raw(&b, 300, 4);
	assert_int_equal(parse(&b, b.len, &row), 0);
	assert_int_equal(row.tid, 0);
	assert_int_equal(row.flags, 0);
}

static void test_sample_cgroup(void **state)
{
	struct body b = {.len = 0};
	struct sample_cgroup made;

	add64(&b, 77);
	add(&b, "/docker\0/a/b/c\0", 16);
	add64(&b, 500);
	assert_int_equal(sample_cgroup_parse(b.bytes, b.len, &made), 0);
	assert_int_equal(made.id, 77);
	assert_string_equal(made.path, "/docker");
	assert_int_equal(made.time, 500);
	assert_int_equal(sample_cgroup_parse(b.bytes, 23, &made), -EBADMSG);
	memset(b.bytes + 8, 'x', 16);
	assert_int_equal(sample_cgroup_parse(b.bytes, b.len, &made), -EBADMSG);
}

static void test_sample_row_cut_anywhere(void **state)
{
	struct body plain = {.len = 0}, chain = {.len = 0};
	struct sample_row row;

	add64(&plain, 1);
	add_raw(&plain, 300, 76);
	for (size_t len = 0; len < plain.len; len++)
		assert_int_equal(parse(&plain, len, &row), -EBADMSG);
	assert_int_equal(parse(&plain, plain.len, &row), 0);
	add64(&chain, 1);
	add64(&chain, 3);
	for (int i = 0; i < 3; i++)
		add64(&chain, 0xffffffff81000000ULL);
	add_raw(&chain, 300, 76);
	for (size_t len = 0; len < chain.len; len++)
		assert_int_equal(parse(&chain, len, &row), -EBADMSG);
	assert_int_equal(parse(&chain, chain.len, &row), 0);
}

static void test_sample_row_huge_chain(void **state)
{
	struct body b = {.len = 0};
	struct sample_row row;

	add64(&b, 1);
	add64(&b, 0x00000000ffffffffULL);
	add64(&b, 0);
	assert_int_equal(sample_row_parse(b.bytes, b.len, &row), -EBADMSG);
}

static void test_sample_frames_drop_markers_and_user(void **state)
{
	const uint64_t kernel = (uint64_t)-128, user = (uint64_t)-512;
	const uint64_t ips[] = {
		kernel, 0xffffffff81000010ULL, 0xffffffff81000020ULL, user, 0x401000,
		kernel, 0xffffffff81000030ULL};
	struct sample_row row = {.n_ips = 7, .ips = (const uint8_t *)ips};
	uint64_t frames[8];

	assert_int_equal(sample_row_frames(&row, frames, 8), 3);
	assert_int_equal(frames[0], 0xffffffff81000010ULL);
	assert_int_equal(frames[1], 0xffffffff81000020ULL);
	assert_int_equal(frames[2], 0xffffffff81000030ULL);
	assert_int_equal(sample_row_frames(&row, frames, 2), 2);
}

static void test_sample_lost(void **state)
{
	struct body b = {.len = 0};
	struct sample_lost lost;

	add64(&b, 77);
	add64(&b, 1234);
	add64(&b, 99);
	assert_int_equal(sample_lost_parse(b.bytes, b.len, &lost), 0);
	assert_int_equal(lost.lost, 1234);
	assert_int_equal(lost.time, 99);
	assert_int_equal(sample_lost_parse(b.bytes, b.len - 1, &lost), -EBADMSG);
}

static void test_sample_tasks(void **state)
{
	struct body comm = {.len = 0}, task = {.len = 0};
	struct sample_task t;

	add32(&comm, 10);
	add32(&comm, 11);
	add(&comm, "curl\0\0\0", 8);
	add64(&comm, 500);
	assert_int_equal(sample_task_parse(SAMPLE_TYPE_COMM, comm.bytes, comm.len, &t), 0);
	assert_int_equal(t.pid, 10);
	assert_int_equal(t.tid, 11);
	assert_string_equal(t.comm, "curl");
	assert_int_equal(t.time, 500);
	memset(comm.bytes + 8, 'x', 8);
	assert_int_equal(sample_task_parse(SAMPLE_TYPE_COMM, comm.bytes, comm.len, &t), -EBADMSG);
	for (uint32_t v = 1; v <= 4; v++)
		add32(&task, v);
	add64(&task, 600);
	add64(&task, 600);
	assert_int_equal(sample_task_parse(SAMPLE_TYPE_FORK, task.bytes, task.len, &t), 0);
	assert_int_equal(t.pid, 1);
	assert_int_equal(t.parent, 2);
	assert_int_equal(t.tid, 3);
	assert_string_equal(t.comm, "");
	assert_int_equal(t.time, 600);
	assert_int_equal(sample_task_parse(SAMPLE_TYPE_EXIT, task.bytes, 24, &t), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sample_row_plain),
		cmocka_unit_test(test_sample_row_with_chain),
		cmocka_unit_test(test_sample_row_task),
		cmocka_unit_test(test_sample_cgroup),
		cmocka_unit_test(test_sample_row_cut_anywhere),
		cmocka_unit_test(test_sample_row_huge_chain),
		cmocka_unit_test(test_sample_frames_drop_markers_and_user),
		cmocka_unit_test(test_sample_lost),
		cmocka_unit_test(test_sample_tasks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

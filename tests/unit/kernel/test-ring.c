// SPDX-License-Identifier: MIT
/*
 * ring: a ring in plain memory, with records as the kernel lays them out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>

#include "kernel/ring.h"

#define SIZE 256u

struct fake {
	uint64_t head, tail;
	uint8_t data[SIZE];
	struct ring ring;
};

static void fake_open(struct fake *f, uint64_t at)
{
	memset(f, 0, sizeof(*f));
	f->head = f->tail = at;
	assert_int_equal(ring_attach(&f->head, &f->tail, f->data, SIZE, &f->ring), 0);
}

static void put(struct fake *f, uint64_t at, const void *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		f->data[(at + i) % SIZE] = ((const uint8_t *)bytes)[i];
}

/* {u32 type, u16 misc, u16 size}, then bytes counting up from `first`. */
static void put_record(struct fake *f, uint32_t type, uint16_t size, uint8_t first)
{
	uint16_t misc = 0;

	put(f, f->head, &type, 4);
	put(f, f->head + 4, &misc, 2);
	put(f, f->head + 6, &size, 2);
	for (uint16_t i = 8; i < size; i++) {
		uint8_t byte = (uint8_t)(first + i);

		put(f, f->head + i, &byte, 1);
	}
	f->head += size;
}

static void test_ring_wraps_at_every_offset(void **state)
{
	for (uint64_t at = 0; at < 2 * SIZE; at += 8) {
		struct fake f;
		struct ring_record rec;

		fake_open(&f, at);
		put_record(&f, 9, 120, 7);
		put_record(&f, 3, 128, 90);
		assert_int_equal(ring_next(&f.ring, ring_head(&f.ring), &rec, NULL), 1);
		assert_int_equal(rec.type, 9);
		assert_int_equal(rec.len, 112);
		for (uint32_t i = 0; i < rec.len; i++)
			assert_int_equal(rec.body[i], (uint8_t)(7 + 8 + i));
		assert_int_equal(ring_next(&f.ring, ring_head(&f.ring), &rec, NULL), 1);
		assert_int_equal(rec.type, 3);
		for (uint32_t i = 0; i < rec.len; i++)
			assert_int_equal(rec.body[i], (uint8_t)(90 + 8 + i));
		assert_int_equal(ring_next(&f.ring, ring_head(&f.ring), &rec, NULL), 0);
		assert_int_equal(f.tail, at);
		ring_release(&f.ring);
		assert_int_equal(f.tail, f.head);
		ring_done(&f.ring);
	}
}

static void test_ring_counter_wraps(void **state)
{
	struct fake f;
	struct ring_record rec;

	fake_open(&f, UINT64_MAX - 15);
	put_record(&f, 9, 64, 1);
	assert_int_equal(ring_next(&f.ring, ring_head(&f.ring), &rec, NULL), 1);
	assert_int_equal(rec.len, 56);
	assert_int_equal(ring_next(&f.ring, ring_head(&f.ring), &rec, NULL), 0);
	ring_done(&f.ring);
}

/* A header with an impossible size is a fault, and never makes the reader loop. */
static void test_ring_refuses_impossible_sizes(void **state)
{
	static const uint16_t sizes[] = {0, 1, 7, 12, 48, 256, 0xfff8, 0xffff};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct fake f;
		struct fault fault = FAULT_INIT;
		struct ring_record rec;
		uint32_t type = 9;

		fake_open(&f, 240);
		put(&f, f.head, &type, 4);
		put(&f, f.head + 6, &sizes[i], 2);
		f.head += 40;
		assert_int_equal(ring_next(&f.ring, ring_head(&f.ring), &rec, &fault), -EBADMSG);
		assert_int_not_equal(fault.text[0], 0);
		ring_done(&f.ring);
	}
}

static void test_ring_refuses_impossible_head(void **state)
{
	static const uint64_t heads[] = {4, SIZE + 8, UINT64_MAX};

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct fake f;
		struct ring_record rec;

		fake_open(&f, 0);
		f.head = heads[i];
		assert_int_equal(ring_next(&f.ring, ring_head(&f.ring), &rec, NULL), -EBADMSG);
		ring_done(&f.ring);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ring_wraps_at_every_offset),
		cmocka_unit_test(test_ring_counter_wraps),
		cmocka_unit_test(test_ring_refuses_impossible_sizes),
		cmocka_unit_test(test_ring_refuses_impossible_head),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "format/chunk.h"
#include "format/records.h"
#include "format/section.h"

static const struct section_header sample = {
	.kind = TAPE_KIND_CHUNK,
	.version = TAPE_VERSION,
	.codec = TAPE_CODEC_ZSTD,
	.sequence = 0x01020304,
	.subject = 5,
	.count = 6,
	.stored_len = 7,
	.raw_len = 8,
	.time_from = 9,
	.time_to = 10,
	.payload_sum = 11,
};

static void test_section_header_bytes(void **state)
{
	static const uint8_t start[] = {0x89, 'T', 'C', 'P', 'T', 13, 10, 26,
					8,    0,   1,	1,   4,	  3,  2,  1};
	struct section_header h = {0};
	uint8_t raw[TAPE_HEADER_LEN];

	section_header_encode(&sample, raw);
	assert_memory_equal(raw, start, sizeof(start));
	assert_int_equal(section_header_decode(raw, &h, NULL), 0);
	assert_int_equal(h.kind, sample.kind);
	assert_int_equal(h.sequence, sample.sequence);
	assert_int_equal(h.subject, sample.subject);
	assert_int_equal(h.count, sample.count);
	assert_int_equal(h.stored_len, sample.stored_len);
	assert_int_equal(h.raw_len, sample.raw_len);
	assert_int_equal(h.time_from, sample.time_from);
	assert_int_equal(h.time_to, sample.time_to);
	assert_int_equal(h.payload_sum, sample.payload_sum);
	/* The value that everybody's XXH64 gives for nothing. */
	assert_true(section_sum("", 0) == 0xef46db3751d8e999ULL);
}

static int decode_changed(struct section_header h)
{
	struct section_header ret;
	uint8_t raw[TAPE_HEADER_LEN];

	section_header_encode(&h, raw);
	return section_header_decode(raw, &ret, NULL);
}

static void test_section_header_refuses(void **state)
{
	struct section_header h = sample;
	uint8_t raw[TAPE_HEADER_LEN];

	section_header_encode(&h, raw);
	for (unsigned int bit = 0; bit < TAPE_HEADER_LEN * 8; bit++) {
		raw[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		assert_int_equal(section_header_decode(raw, &h, NULL), -EBADMSG);
		raw[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	h = sample;
	h.version = 2;
	assert_int_equal(decode_changed(h), -ENOTSUP);
	h = sample;
	h.codec = 2;
	assert_int_equal(decode_changed(h), -EBADMSG);
	h.codec = TAPE_CODEC_NONE;
	assert_int_equal(decode_changed(h), -EBADMSG);
	h = sample;
	h.stored_len = TAPE_STORED_MAX + 1;
	assert_int_equal(decode_changed(h), -EBADMSG);
	h = sample;
	h.raw_len = TAPE_RAW_MAX + 1;
	assert_int_equal(decode_changed(h), -EBADMSG);
}

/* One record of each kind, so that every cut of it can be tried. */
static void encode_one(uint16_t kind, struct buffer *b)
{
	struct chain_record chain = {.chain = 1, .n_frames = 2, .frames = {3, 4}};
	struct tally_record tally = {1, 2, 30, 20, 10, TALLY_FINAL};
	int r = -1;

	switch (kind) {
	case TAPE_KIND_HOST: r = host_record_encode(b, &(struct host_record){"k", "v"}); break;
	case TAPE_KIND_CLOCK:
		r = clock_record_encode(b, &(struct clock_record){1, -2, 3, 4});
		break;
	case TAPE_KIND_SLEEPS: r = sleep_record_encode(b, &(struct sleep_record){1, 2}); break;
	case TAPE_KIND_FORMAT:
		r = format_record_encode(b, &(struct format_record){7, 1, "tcp", "x", "text"});
		break;
	case TAPE_KIND_ABSENT:
		r = absent_record_encode(b, &(struct absent_record){"tcp", "x", "why"});
		break;
	case TAPE_KIND_TASKS:
		r = task_record_encode(b, &(struct task_record){1, TASK_FORK, 2, 3, 4, "c"});
		break;
	case TAPE_KIND_SYMBOLS:
		r = symbol_record_encode(b, &(struct symbol_record){1, 2, "tcp_ack"});
		break;
	case TAPE_KIND_CHAINS: r = chain_record_encode(b, &chain); break;
	case TAPE_KIND_MARK: r = mark_record_encode(b, &(struct mark_record){1, 2, 3, 4}); break;
	case TAPE_KIND_LOSS: r = loss_record_encode(b, &(struct loss_record){1, 2, 3, 4}); break;
	case TAPE_KIND_PAUSES:
		r = pause_record_encode(b, &(struct pause_record){1, 2, 1, 3});
		break;
	case TAPE_KIND_TALLY: r = tally_record_encode(b, &tally); break;
	case TAPE_KIND_INDEX:
		r = index_record_encode(b, &(struct index_record){1, 2, 3, 4, 5, 6});
		break;
	case TAPE_KIND_TRAILER: r = trailer_record_encode(b, &(struct trailer_record){1, 2}); break;
	default: fail_msg("kind %u", kind);
	}
	assert_int_equal(r, 0);
}

static void test_records_round_trip(void **state)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct clock_record clock;
	struct task_record task;
	struct chain_record chain;
	struct tally_record tally;
	struct cursor c;

	encode_one(TAPE_KIND_CLOCK, &b);
	c = cursor_of(b.data, b.len);
	assert_int_equal(clock_record_decode(&c, &clock), 1);
	assert_true(clock.real_ns == -2 && clock.error_ns == 4);
	assert_int_equal(clock_record_decode(&c, &clock), 0);
	buffer_clear(&b);
	encode_one(TAPE_KIND_TASKS, &b);
	c = cursor_of(b.data, b.len);
	assert_int_equal(task_record_decode(&c, &task), 1);
	assert_true(task.what == TASK_FORK && task.pid == 2 && task.tid == 3 && task.parent == 4);
	assert_string_equal(task.comm, "c");
	buffer_clear(&b);
	encode_one(TAPE_KIND_CHAINS, &b);
	c = cursor_of(b.data, b.len);
	assert_int_equal(chain_record_decode(&c, &chain), 1);
	assert_true(chain.n_frames == 2 && chain.frames[1] == 4);
	buffer_clear(&b);
	encode_one(TAPE_KIND_TALLY, &b);
	assert_int_equal(b.len, TALLY_LEN);
	c = cursor_of(b.data, b.len);
	assert_int_equal(tally_record_decode(&c, &tally), 1);
	assert_true(tally.counted == 30 && tally.lost == 10 && tally.flags == TALLY_FINAL);
}

static void test_chunk_head_is_checked(void **state)
{
	struct chunk_run run = {.cpu = 3, .n_rows = 2, .first_ts = 77};
	size_t prefix = chunk_prefix_len(2, 1, 5, CHUNK_HAS_CHAIN, 2), len = prefix + 2 * 5 - 2;
	uint8_t *raw CLEANUP(free_p) = calloc(1, len);
	struct chunk_layout c;

	assert_int_equal(prefix, 8 + 16 + 2 * (2 + 4) + 5 * 2);
	/* Column 1 is constant; column 3 is column 2 and a constant. */
	le16_put(raw + 36 + 2, CHUNK_COLUMN_CONST);
	le16_put(raw + 36 + 6, CHUNK_COLUMN_CONST | (2 + 1));
	chunk_run_encode(chunk_head_encode(raw, 5, CHUNK_HAS_CHAIN, 2, 1), &run);
	assert_int_equal(chunk_layout_decode(raw, len, 2, &c, NULL), 0);
	assert_true(c.row_len == 5 && c.n_runs == 1 && c.time_len == 2);
	assert_ptr_equal(c.times, raw + 24);
	assert_ptr_equal(c.chains, raw + 28);
	assert_ptr_equal(c.codes, raw + 36);
	assert_ptr_equal(c.columns, raw + 46);
	assert_int_equal(chunk_run_decode(&c, 0).first_ts, 77);
	for (size_t cut = 0; cut < len; cut++)
		assert_int_equal(chunk_layout_decode(raw, cut, 2, &c, NULL), -EBADMSG);
	assert_int_equal(chunk_layout_decode(raw, len, 1, &c, NULL), -EBADMSG);
	assert_int_equal(chunk_layout_decode(raw, len, 0, &c, NULL), -EBADMSG);
	assert_int_equal(chunk_layout_decode(raw, len, UINT32_MAX, &c, NULL), -EBADMSG);
	/* A base that is no column, is itself, is constant, or has a base itself. */
	for (uint16_t base = 0; base < 8; base++) {
		le16_put(raw + 36 + 6, CHUNK_COLUMN_CONST | base);
		assert_int_equal(chunk_layout_decode(raw, len, 2, &c, NULL),
				 base == 2 || base == 4 || base > 5 ? -EBADMSG : 0);
	}
	raw[3] = 9;
	assert_int_equal(chunk_layout_decode(raw, len, 2, &c, NULL), -EBADMSG);
	raw[3] = 2;
	le32_put(raw + 8, TAPE_CPUS_MAX);
	assert_int_equal(chunk_layout_decode(raw, len, 2, &c, NULL), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_section_header_bytes),
		cmocka_unit_test(test_section_header_refuses),
		cmocka_unit_test(test_records_round_trip),
		cmocka_unit_test(test_chunk_head_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

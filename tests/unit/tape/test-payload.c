// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>

#include "tape/payload.h"

#define RAW_LEN 1000u

struct world {
	uint8_t raw[RAW_LEN];
	uint8_t tape[TAPE_HEADER_LEN + RAW_LEN]; /* one packed section */
	struct section_header header;
	struct source *source;
	struct expander *expander;
	struct buffer stored, expanded;
};

static int make_world(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct packer *packer CLEANUP(packer_free_p) = NULL;
	size_t len;

	for (size_t i = 0; i < RAW_LEN; i++)
		w->raw[i] = (uint8_t)(i / 7);
	assert_int_equal(packer_new(1, &packer, NULL), 0);
	assert_int_equal(
		packer_run(packer, w->raw, RAW_LEN, w->tape + TAPE_HEADER_LEN, RAW_LEN, &len, NULL),
		1);
	w->header = (struct section_header){
		.version = TAPE_VERSION,
		.codec = TAPE_CODEC_ZSTD,
		.stored_len = (uint32_t)len,
		.raw_len = RAW_LEN,
		.payload_sum = section_sum(w->tape + TAPE_HEADER_LEN, len),
	};
	assert_int_equal(source_open_memory(w->tape, TAPE_HEADER_LEN + len, &w->source), 0);
	assert_int_equal(expander_new(&w->expander, NULL), 0);
	*state = w;
	return 0;
}

static int drop_world(void **state)
{
	struct world *w = *state;

	buffer_done(&w->stored);
	buffer_done(&w->expanded);
	expander_free(w->expander);
	source_close(w->source);
	free(w);
	return 0;
}

static void test_payload_is_read_and_expanded(void **state)
{
	struct world *w = *state;

	for (int round = 0; round < 2; round++) {
		assert_int_equal(payload_read(w->source, 0, &w->header, &w->stored), 0);
		assert_int_equal(w->stored.len, w->header.stored_len);
		assert_int_equal(
			payload_expand(w->expander, &w->header, w->stored.data, &w->expanded, NULL),
			0);
		assert_int_equal(w->expanded.len, RAW_LEN);
		assert_memory_equal(w->expanded.data, w->raw, RAW_LEN);
	}
	assert_int_equal(source_at(w->source), 0);
}

static void test_payload_that_is_not_packed(void **state)
{
	struct world *w = *state;
	struct section_header h = {
		.codec = TAPE_CODEC_NONE,
		.stored_len = RAW_LEN,
		.raw_len = RAW_LEN,
	};

	assert_int_equal(payload_expand(w->expander, &h, w->raw, &w->expanded, NULL), 0);
	assert_int_equal(w->expanded.len, RAW_LEN);
	assert_memory_equal(w->expanded.data, w->raw, RAW_LEN);
	h.stored_len = h.raw_len = 0;
	assert_int_equal(payload_expand(w->expander, &h, w->raw, &w->expanded, NULL), 0);
	assert_int_equal(w->expanded.len, 0);
	assert_non_null(w->expanded.data);
}

static void test_payload_with_a_wrong_sum(void **state)
{
	struct world *w = *state;

	w->tape[TAPE_HEADER_LEN + 5] ^= 1;
	assert_int_equal(payload_read(w->source, 0, &w->header, &w->stored), -EBADMSG);
}

static void test_payload_that_is_cut(void **state)
{
	struct world *w = *state;

	assert_int_equal(payload_read(w->source, 1, &w->header, &w->stored), -EBADMSG);
	w->header.stored_len++;
	assert_int_equal(payload_read(w->source, 0, &w->header, &w->stored), -EBADMSG);
}

static void test_payload_that_is_not_what_its_header_says(void **state)
{
	struct world *w = *state;
	const uint8_t *stored = w->tape + TAPE_HEADER_LEN;
	struct section_header longer = w->header, shorter = w->header;
	struct fault fault = FAULT_INIT;

	longer.raw_len++;
	shorter.raw_len--;
	assert_int_equal(payload_expand(w->expander, &longer, stored, &w->expanded, &fault),
			 -EBADMSG);
	assert_non_null(strstr(fault.text, "one zstd frame"));
	assert_int_equal(payload_expand(w->expander, &shorter, stored, &w->expanded, NULL),
			 -EBADMSG);
	assert_int_equal(payload_expand(w->expander, &w->header, w->raw, &w->expanded, NULL),
			 -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_payload_is_read_and_expanded, make_world,
						drop_world),
		cmocka_unit_test_setup_teardown(test_payload_that_is_not_packed, make_world,
						drop_world),
		cmocka_unit_test_setup_teardown(test_payload_with_a_wrong_sum, make_world,
						drop_world),
		cmocka_unit_test_setup_teardown(test_payload_that_is_cut, make_world, drop_world),
		cmocka_unit_test_setup_teardown(test_payload_that_is_not_what_its_header_says,
						make_world, drop_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

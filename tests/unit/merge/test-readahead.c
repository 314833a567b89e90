// SPDX-License-Identifier: MIT
/* Tests of readahead: what it has expanded is what the reader would have expanded, or nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "chunks.h"
#include "merge/readahead.h"
#include "support/random-tape.h"

struct fixture {
	struct random_tape random;
	struct test_chunks chunks;
	struct buffer tape; /* a copy that may be damaged after the chunks were read */
	struct source *source;
	struct chunk_cache pool;
	struct readahead *readahead;
	uint32_t refused; /* this tracepoint is not wanted */
	bool is_unknown;  /* nothing is known of any tracepoint */
};

static bool wants(void *userdata, const struct section_header *h, struct row_selection *ret)
{
	struct fixture *f = userdata;

	*ret = (struct row_selection){0};
	if (f->is_unknown)
		return false;
	if (h->subject == f->refused)
		return true;
	ret->tracepoint = tape_reader_meta(f->chunks.reader)->tracepoints[h->subject];
	ret->until = UINT64_MAX;
	return true;
}

static void setup(struct fixture *f)
{
	const struct random_options o = {
		.seed = 11, .n_rows = 6000, .n_cpus = 3, .n_tracepoints = 3, .block_max = 500};

	*f = (struct fixture){.random = random_tape(&o), .refused = UINT32_MAX};
	test_chunks_read(&f->chunks, &f->random.tape);
	assert_true(f->chunks.n > 3 * READAHEAD_JOBS);
	assert_int_equal(buffer_append(&f->tape, f->random.tape.data, f->random.tape.len), 0);
	assert_int_equal(chunk_cache_init(&f->pool, NULL), 0);
}

static void start(struct fixture *f, size_t n_threads)
{
	const struct readahead_options o = {
		.pool = &f->pool, .n_threads = n_threads, .wants = wants, .userdata = f};
	struct readahead_options with_source = o;

	assert_int_equal(source_open_memory(f->tape.data, f->tape.len, &f->source), 0);
	with_source.source = f->source;
	assert_int_equal(readahead_new(&with_source, &f->readahead, NULL), 0);
}

static void stop(struct fixture *f)
{
	f->readahead = readahead_free(f->readahead);
	f->source = source_close(f->source);
	assert_int_equal(chunk_cache_bytes(&f->pool), 0);
}

static void teardown(struct fixture *f)
{
	chunk_cache_done(&f->pool);
	test_chunks_done(&f->chunks);
	buffer_done(&f->tape);
	random_tape_done(&f->random);
}

static void assert_payload(struct fixture *f, const struct test_chunk *c)
{
	const uint8_t *payload = readahead_payload(f->readahead, c->at, &c->header);
	struct cached_chunk *rows;

	assert_non_null(payload);
	assert_memory_equal(payload, c->payload, c->header.raw_len);
	rows = readahead_rows(f->readahead, c->at);
	assert_non_null(rows);
	assert_int_equal(rows->tracepoint->index, c->header.subject);
	cached_chunk_free(&f->pool, rows);
	/* They are given away once. */
	assert_null(readahead_rows(f->readahead, c->at));
}

static void test_readahead_expands_like_the_reader(void **state)
{
	struct fixture f;

	setup(&f);
	for (size_t n_threads = 1; n_threads <= 12; n_threads += 3) {
		start(&f, n_threads);
		for (size_t i = 0; i < f.chunks.n; i++) {
			readahead_look(f.readahead, f.chunks.items[i].at);
			assert_payload(&f, &f.chunks.items[i]);
		}
		stop(&f);
	}
	teardown(&f);
}

/* Jobs that were never asked for are dropped, whatever became of them. */
static void test_readahead_forgets_what_was_passed(void **state)
{
	struct fixture f;

	setup(&f);
	start(&f, 2);
	for (size_t i = 0; i < f.chunks.n; i += 5) {
		readahead_look(f.readahead, f.chunks.items[i].at);
		assert_payload(&f, &f.chunks.items[i]);
		if (i)
			assert_null(readahead_payload(f.readahead, f.chunks.items[i - 1].at,
						      &f.chunks.items[i - 1].header));
	}
	stop(&f);
	teardown(&f);
}

static void test_readahead_leaves_out_what_is_not_wanted(void **state)
{
	struct fixture f;

	setup(&f);
	f.refused = 1;
	start(&f, 1);
	for (size_t i = 0; i < f.chunks.n; i++) {
		const struct test_chunk *c = &f.chunks.items[i];

		readahead_look(f.readahead, c->at);
		if (c->header.subject == 1)
			assert_null(readahead_payload(f.readahead, c->at, &c->header));
		else
			assert_payload(&f, c);
	}
	stop(&f);
	teardown(&f);
}

/* It waits with a chunk whose tracepoint the reader has not come by, and looks again later. */
static void test_readahead_waits_for_formats(void **state)
{
	struct fixture f;

	setup(&f);
	f.is_unknown = true;
	start(&f, 1);
	readahead_look(f.readahead, 0);
	assert_null(
		readahead_payload(f.readahead, f.chunks.items[0].at, &f.chunks.items[0].header));
	f.is_unknown = false;
	readahead_look(f.readahead, 0);
	assert_payload(&f, &f.chunks.items[0]);
	stop(&f);
	teardown(&f);
}

static void test_readahead_gives_nothing_of_damage(void **state)
{
	struct fixture f;
	struct section_header other;
	const struct test_chunk *c;

	setup(&f);
	c = &f.chunks.items[2];
	f.tape.data[c->at + TAPE_HEADER_LEN + c->header.stored_len / 2] ^= 4;
	start(&f, 1);
	readahead_look(f.readahead, 0);
	assert_null(readahead_payload(f.readahead, c->at, &c->header));
	assert_null(readahead_rows(f.readahead, c->at));
	/* The reader finds another header than it found: the file was changed meanwhile. */
	other = f.chunks.items[1].header;
	other.payload_sum++;
	assert_null(readahead_payload(f.readahead, f.chunks.items[1].at, &other));
	assert_payload(&f, &f.chunks.items[1]);
	stop(&f);
	teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_readahead_expands_like_the_reader),
		cmocka_unit_test(test_readahead_forgets_what_was_passed),
		cmocka_unit_test(test_readahead_leaves_out_what_is_not_wanted),
		cmocka_unit_test(test_readahead_waits_for_formats),
		cmocka_unit_test(test_readahead_gives_nothing_of_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

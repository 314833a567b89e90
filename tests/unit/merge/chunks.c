// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "chunks.h"

static bool all_chunks(void *userdata, const struct section_header *h)
{
	return true;
}

void test_chunks_read(struct test_chunks *c, const struct buffer *tape)
{
	struct source *source = NULL;
	struct tape_section s;

	*c = (struct test_chunks){0};
	assert_int_equal(source_open_memory(tape->data, tape->len, &source), 0);
	assert_int_equal(tape_reader_open(source, &c->reader, NULL), 0);
	while (tape_reader_next(c->reader, all_chunks, NULL, &s, NULL) > 0) {
		struct test_chunk *chunk = &c->items[c->n];

		if (s.header.kind != TAPE_KIND_CHUNK)
			continue;
		assert_true(c->n < TEST_CHUNKS_MAX);
		chunk->header = s.header;
		chunk->at = s.offset;
		chunk->payload = malloc(s.header.raw_len);
		assert_non_null(chunk->payload);
		memcpy(chunk->payload, s.payload, s.header.raw_len);
		c->n++;
	}
}

void test_chunks_done(struct test_chunks *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->items[i].payload);
	tape_reader_close(c->reader);
}

struct cached_chunk *test_chunk_rows(const struct test_chunks *c, size_t i,
				     struct chunk_cache *pool)
{
	const struct test_chunk *chunk = &c->items[i];
	const struct row_selection all = {
		.tracepoint = tape_reader_meta(c->reader)->tracepoints[chunk->header.subject],
		.until = UINT64_MAX,
	};
	struct buffer columns CLEANUP(buffer_done) = {0};
	struct chunk_layout layout;
	struct cached_chunk *rows = NULL;

	assert_int_equal(chunk_layout_decode(chunk->payload, chunk->header.raw_len,
					     chunk->header.count, &layout, NULL),
			 0);
	assert_int_equal(cached_chunk_new(pool, &columns, &layout, &all, &rows), 0);
	return rows;
}

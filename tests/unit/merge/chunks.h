/* SPDX-License-Identifier: MIT */
/*
 * chunks: the chunks of a tape in memory, each with its place, for tests of the parts of merge.
 */
#pragma once

#include "merge/chunk-cache.h"
#include "tape/reader.h"

#define TEST_CHUNKS_MAX 256u

struct test_chunk {
	struct section_header header;
	uint64_t at;	  /* of the section */
	uint8_t *payload; /* expanded; owned */
};

struct test_chunks {
	struct tape_reader *reader; /* at the end of the tape */
	struct test_chunk items[TEST_CHUNKS_MAX];
	size_t n;
};

/* Reads a whole tape. The tape is borrowed. */
void test_chunks_read(struct test_chunks *c, const struct buffer *tape);
void test_chunks_done(struct test_chunks *c);
/* All rows of a chunk, from the pool. */
struct cached_chunk *test_chunk_rows(const struct test_chunks *c, size_t i,
				     struct chunk_cache *pool);

/* SPDX-License-Identifier: MIT */
/*
 * readahead: expands the next chunks of a tape in threads of its own, so that the reader finds them
 * ready. It looks only at places that the reader will come by later, and believes only headers
 * whose sums are right. What it has expanded counts only when the reader finds the same header
 * there: with or without it, a tape reads the same. It needs a source that can seek.
 *
 * All calls come from one thread, the reader's.
 */
#pragma once

#include "format/section.h"
#include "merge/chunk-cache.h"
#include "tape/source.h"

/* Chunks, and rows in them, that are expanded or waiting at a time. They bound its memory. */
#define READAHEAD_JOBS 12u
#define READAHEAD_ROWS (128u << 10)

struct readahead;

struct readahead_options {
	struct source *source;	  /* borrowed, as is the pool */
	struct chunk_cache *pool; /* expanded chunks come from it */
	size_t n_threads;	  /* at least 1 */
	/* Which rows of a chunk will be asked for; none when *ret has no tracepoint. False: that is
	 * not known before the reader has read on. */
	bool (*wants)(void *userdata, const struct section_header *h, struct row_selection *ret);
	void *userdata;
};

int readahead_new(const struct readahead_options *o, struct readahead **ret,
		  struct fault *fault) MUST_CHECK;
/* Waits for what is being expanded. */
struct readahead *readahead_free(struct readahead *a);
DEFINE_CLEANUP(struct readahead, readahead_free);

/* The reader will read on from here: looks at more chunks after it, and forgets those before it. */
void readahead_look(struct readahead *a, uint64_t at);
/* The expanded payload, h->raw_len bytes, of the section at this place, waited for. NULL: it was
 * not looked at, or is damaged. Good until the next readahead_look. */
const uint8_t *readahead_payload(struct readahead *a, uint64_t at, const struct section_header *h);
/* Gives away the rows of the section whose payload was given last. NULL: they were given before, or
 * there are none. */
struct cached_chunk *readahead_rows(struct readahead *a, uint64_t at);

/* SPDX-License-Identifier: MIT */
/*
 * readahead: expands the next chunks of a tape in threads of its own, so that the reader finds them
 * ready. It only looks where the reader will come by later, at headers whose sums are right, and
 * what it has made counts only when the reader finds the same header there: with or without it, a
 * tape reads the same. Needs a source that can seek.
 *
 * All calls come from one thread, the reader's.
 */
#pragma once

#include "format/section.h"
#include "merge/chunk-cache.h"
#include "tape/source.h"

/* Chunks, and rows in them, that are expanded or waiting at a time: what it costs in memory. */
#define READAHEAD_JOBS 12u
#define READAHEAD_ROWS (128u << 10)

struct readahead;

struct readahead_options {
	struct source *source;	  /* borrowed, both */
	struct chunk_cache *pool; /* what is made ahead belongs to it */
	size_t n_threads;	  /* at least 1 */
	/* Which rows of a chunk will be asked for; none without a tracepoint. False: that cannot be
	 * said before the reader has read on. */
	bool (*wants)(void *userdata, const struct section_header *h, struct row_selection *ret);
	void *userdata;
};

int readahead_new(const struct readahead_options *o, struct readahead **ret,
		  struct fault *fault) MUST_CHECK;
/* Waits for what is being expanded. */
struct readahead *readahead_free(struct readahead *a);
DEFINE_CLEANUP(struct readahead, readahead_free);

/* The reader will read on from here: looks further, and forgets what lies behind it. */
void readahead_look(struct readahead *a, uint64_t at);
/* The expanded payload, h->raw_len bytes, of the section at this place, waited for; NULL: not
 * known. Good until the next readahead_look. */
const uint8_t *readahead_payload(struct readahead *a, uint64_t at, const struct section_header *h);
/* The rows of the section whose payload was given last, once; NULL: there are none. */
struct cached_chunk *readahead_rows(struct readahead *a, uint64_t at);

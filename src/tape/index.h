/* SPDX-License-Identifier: MIT */
/*
 * index: the INDEX section of a finished tape, which says where the sections are and what times
 * they cover. With it a reader skips sections without reading them.
 */
#pragma once

#include <stdbool.h>

#include "format/records.h"
#include "format/section.h"
#include "tape/source.h"

struct tape_index {
	struct index_record *entries; /* in the order of the tape */
	size_t n;
	uint64_t end; /* where the last section ends and the INDEX begins */
};

/* Reads the index of a tape. Returns 1; 0 if the tape has no undamaged index, or is not seekable;
 * -ENOMEM. */
int tape_index_load(struct tape_index *index, const struct source *s,
		    struct fault *fault) MUST_CHECK;
void tape_index_done(struct tape_index *index);

/* Finds the entry of the section whose header is at this place, or NULL. The search begins at entry
 * *hint and leaves its result there; *hint is 0 at first. */
const struct index_record *tape_index_at(const struct tape_index *index, uint64_t at, size_t *hint);
/* The length in bytes of an entry's section, its header included. */
static inline uint64_t tape_index_len(const struct tape_index *index, const struct index_record *e)
{
	return (e + 1 < index->entries + index->n ? e[1].offset : index->end) - e->offset;
}

/* Returns the time from which rows must be read so that about max_rows rows of wanted CHUNKs before
 * `since` are among them. The time is not after `since`; it is 0 if there are no more than max_rows
 * such rows. */
uint64_t tape_index_warmup(const struct tape_index *index, uint64_t since, uint64_t max_rows,
			   bool (*wants)(void *userdata, const struct index_record *e),
			   void *userdata);

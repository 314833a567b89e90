/* SPDX-License-Identifier: MIT */
/*
 * index: the INDEX section of a finished tape, which says where the sections are and what times
 * they cover. With it a reader passes over sections without looking at them.
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

/* Reads the index of a tape: 1; 0 if the tape has no whole one, or cannot be sought in; -ENOMEM. */
int tape_index_load(struct tape_index *index, const struct source *s,
		    struct fault *fault) MUST_CHECK;
void tape_index_done(struct tape_index *index);

/* The entry of the section whose header stands at this place, or NULL. The search begins at *hint,
 * which is moved there: 0 at first. */
const struct index_record *tape_index_at(const struct tape_index *index, uint64_t at, size_t *hint);
/* Bytes of the section of an entry, its header included. */
static inline uint64_t tape_index_len(const struct tape_index *index, const struct index_record *e)
{
	return (e + 1 < index->entries + index->n ? e[1].offset : index->end) - e->offset;
}

/* Where to begin reading so that about max_rows rows of wanted CHUNKs are read that are older
 * than `since`: a time that is not after `since`, or 0 if there are not more than max_rows. Rows
 * from that time on must not be skipped. */
uint64_t tape_index_warmup(const struct tape_index *index, uint64_t since, uint64_t max_rows,
			   bool (*wants)(void *userdata, const struct index_record *e),
			   void *userdata);

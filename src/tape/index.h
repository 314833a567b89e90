/* SPDX-License-Identifier: MIT */
/*
 * index: the INDEX section of a finished tape: where its sections are, and from when. With it a
 * reader passes over sections without looking at them.
 */
#pragma once

#include <stdbool.h>

#include "format/records.h"
#include "format/section.h"
#include "tape/source.h"

struct tape_index {
	struct index_record *entries; /* in the order of the tape */
	size_t n;
	uint64_t end; /* where the last one ends: the INDEX itself */
};

/* 1; 0: the tape has none that is whole. -ENOMEM. */
int tape_index_load(struct tape_index *index, const struct source *s,
		    struct fault *fault) MUST_CHECK;
void tape_index_done(struct tape_index *index);

/* The entry of the section at this place, looked for from *hint on, which is moved; NULL: none. */
const struct index_record *tape_index_at(const struct tape_index *index, uint64_t at, size_t *hint);
/* Bytes of a section, its header included. */
static inline uint64_t tape_index_len(const struct tape_index *index, const struct index_record *e)
{
	return (e + 1 < index->entries + index->n ? e[1].offset : index->end) - e->offset;
}

/* A moment before `since` from which on there are about max_rows rows of the chunks that are
 * wanted until then; 0: there are not so many. */
uint64_t tape_index_lead(const struct tape_index *index, uint64_t since, uint64_t max_rows,
			 bool (*wants)(void *userdata, const struct index_record *e),
			 void *userdata);

/* SPDX-License-Identifier: MIT */
/*
 * section-kind: what a reader knows about each kind of section, in one const descriptor per kind.
 * The descriptors are at the ends of the files kinds-*.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "format/records.h"
#include "format/section.h"

struct tape_meta;

struct section_kind {
	uint16_t number;
	const char *name;    /* "HOST" */
	bool is_single;	     /* the payload is exactly one record */
	bool has_tracepoint; /* the header's subject is the index of a tracepoint */
	/* Decodes one record as the functions of format/records.h do. NULL: the payload does not
	 * consist of records (CHUNK). */
	int (*decode)(struct cursor *c, union tape_record *ret);
	/* How the tape's metadata remembers the section: begin is called once before its first
	 * record, and take for each record. All records were checked before. Both may be NULL. 0,
	 * -EBADMSG with a fault, -ENOMEM. */
	int (*begin)(struct tape_meta *m, const struct section_header *h, size_t len,
		     struct fault *fault);
	int (*take)(struct tape_meta *m, const struct section_header *h,
		    const union tape_record *record, struct fault *fault);
	/* The records are remembered even when the metadata is full, because they need no memory of
	 * their own. */
	bool needs_no_memory;
};

/* The descriptor of a kind, or NULL when this version of the reader does not know it. */
const struct section_kind *section_kind_of(uint16_t number);
/* Returns "HOST", "CHUNK", ...; NULL for an unknown kind. */
const char *section_kind_name(uint16_t number);

/*
 * Checks that the expanded payload of a section consists, from its first byte to its last, of valid
 * records of its kind. 0, or -EBADMSG. The payloads of CHUNKs (see chunk_layout_decode) and of
 * unknown kinds are not checked.
 */
int section_check(const struct section_header *h, const void *payload, size_t len,
		  struct fault *fault) MUST_CHECK;

/* The tables that the functions above look into. */
extern const struct section_kind kinds_metadata[], kinds_count[], kinds_counters[];
extern const size_t n_kinds_metadata, n_kinds_count, n_kinds_counters;

/* SPDX-License-Identifier: MIT */
/*
 * section: a section as the reader shows it.
 */
#pragma once

#include <stdint.h>

#include "format/section.h"

struct tape_section {
	struct section_header header;
	uint64_t offset;
	const uint8_t *payload; /* expanded, raw_len bytes; NULL when it was not wanted */
	const uint8_t *stored;	/* as it is on the tape; NULL when it was not wanted */
};

/* An optional cache: returns the expanded payload of the CHUNK at s->offset, or NULL. It must be
 * what the stored bytes expand to. */
typedef const uint8_t *(*tape_expanded_fn)(void *userdata, const struct tape_section *s);

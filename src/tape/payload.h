/* SPDX-License-Identifier: MIT */
/*
 * payload: reads and expands the payload of a section, whose header section_header_decode has
 * accepted.
 */
#pragma once

#include "base/buffer.h"
#include "format/section.h"
#include "tape/codec.h"
#include "tape/source.h"

/* Reads the stored payload of the section whose header stands at this place, and leaves the
 * position of the source as it is. 0; -EBADMSG if bytes are missing or their sum is wrong;
 * -ENOMEM. May be called from any thread. */
int payload_read(const struct source *s, uint64_t at, const struct section_header *h,
		 struct buffer *ret) MUST_CHECK;
/* Reads the header and the payload of the section at a place. 1; 0 if no undamaged section of this
 * kind is there; -ENOMEM. */
int payload_load(const struct source *s, uint64_t at, uint16_t kind, struct section_header *ret,
		 struct buffer *ret_stored) MUST_CHECK;
/* Expands h->stored_len stored bytes to h->raw_len bytes. 0; -EBADMSG if they are not what the
 * header says; -ENOMEM. */
int payload_expand(struct expander *e, const struct section_header *h, const uint8_t *stored,
		   struct buffer *ret, struct fault *fault) MUST_CHECK;

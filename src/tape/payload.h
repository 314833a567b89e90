/* SPDX-License-Identifier: MIT */
/*
 * payload: what stands behind the header of a section: as it is stored, and expanded. For headers
 * that section_header_decode has let through.
 */
#pragma once

#include "base/buffer.h"
#include "format/section.h"
#include "tape/codec.h"
#include "tape/source.h"

/* Reads the stored bytes of the section at this place, the source unmoved. 0; -EBADMSG: they are
 * not all there, or their sum is wrong; -ENOMEM. Any thread may call it. */
int payload_read(const struct source *s, uint64_t at, const struct section_header *h,
		 struct buffer *ret) MUST_CHECK;
/* h->raw_len bytes, from h->stored_len stored ones. 0; -EBADMSG: they are not what the header
 * says; -ENOMEM. */
int payload_expand(struct expander *e, const struct section_header *h, const uint8_t *stored,
		   struct buffer *ret, struct fault *fault) MUST_CHECK;

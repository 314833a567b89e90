/* SPDX-License-Identifier: MIT */
/*
 * intake: takes in the section that a scan stands on: expands its payload, checks what is inside,
 * and gives its metadata to the tape's. A section whose sums are right but whose records make no
 * sense is damage like any other. Lives in the reader.
 */
#pragma once

#include "base/buffer.h"
#include "tape/payload.h"
#include "tape/scan.h"
#include "tape/section.h"

struct intake {
	struct scan *scan; /* the reader's, like the metadata */
	struct tape_meta *meta;
	struct expander *expander;
	struct buffer raw;	   /* the expanded payload */
	tape_expanded_fn expanded; /* NULL: chunks are expanded here */
	void *expanded_userdata;
};

int intake_init(struct intake *in, struct scan *scan, struct tape_meta *meta,
		struct fault *fault) MUST_CHECK;
void intake_done(struct intake *in);

/* Takes in the section that the source stands on: 1; 0 when it is damaged, and was stepped over. */
int intake_take(struct intake *in, struct tape_section *s, struct fault *fault) MUST_CHECK;
/* Passes over a CHUNK that is not wanted: 1; 0 when the tape ends before it does. */
int intake_pass(struct intake *in, const struct section_header *h, struct fault *fault) MUST_CHECK;
/* Notes a CHUNK of which only the header is known. 0 or -errno. */
int intake_note(struct intake *in, const struct section_header *h, struct fault *fault) MUST_CHECK;

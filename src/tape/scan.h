/* SPDX-License-Identifier: MIT */
/*
 * scan: walks a source from section to section, steps over damage by searching for the next magic,
 * and counts it. Knows headers and sums, not what payloads mean. Lives in the reader.
 */
#pragma once

#include "format/section.h"
#include "tape/damage.h"
#include "tape/meta.h"
#include "tape/source.h"

struct scan {
	struct source *source;
	struct tape_meta *meta; /* the reader's */
	struct tape_damage damage;
	uint64_t scan_limit;	/* give up searching for a header here */
	uint64_t rescanned;	/* bytes of payloads that were searched */
	uint32_t next_sequence; /* of the section that should come */
	bool is_dirty;		/* damage since the last whole section */
	bool is_short;		/* the last header promised more than there is */
	bool is_over;
	bool has_skipped; /* the section before was a CHUNK that was passed over unread */
	uint64_t skipped_at;
	struct section_header skipped;
};

/* Moves to the next whole header: 1; 0 at the end or scan_limit; -errno. */
int scan_find(struct scan *s, struct section_header *ret, struct fault *fault) MUST_CHECK;
/* The stored payload of the section that the source stands on: 1; 0 when it is damaged, and was
 * stepped over. */
int scan_load(struct scan *s, const struct section_header *h, const uint8_t **ret,
	      struct fault *fault) MUST_CHECK;
/* Passes over a CHUNK, unread where the source can seek: 1; 0 when the tape ends before it does. */
int scan_pass(struct scan *s, const struct section_header *h, struct fault *fault) MUST_CHECK;
/* Notes that the section that the source stands on is whole. */
void scan_whole(struct scan *s, const struct section_header *h);
/* Its header is whole, but the rest is wrong: counts it and steps into it. 0 or -errno. */
int scan_reject(struct scan *s, const struct section_header *h, const char *why,
		struct fault *fault) MUST_CHECK;
/* Steps over n bytes of damage. */
int scan_step(struct scan *s, uint64_t n, struct fault *fault) MUST_CHECK;
/* Ends reading after the trailer, and counts bytes that follow it as damage. Waits for the end of a
 * pipe: a stream has the same verdict as a file. */
int scan_after_trailer(struct scan *s, struct fault *fault) MUST_CHECK;

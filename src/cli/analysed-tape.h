/* SPDX-License-Identifier: MIT */
/*
 * analysed-tape: a tape that was read for a report: what was gathered of it, what is known of it
 * besides, and what limits both. Several may be there at a time.
 */
#pragma once

#include "cli/tape-options.h"
#include "pages/report-page.h"

struct analysed_tape {
	struct playback *playback;
	const struct gathered *gathered;
	struct tape_facts facts;
	struct arena arena;
	struct text damage;
	const char *options[10]; /* of the facts */
	const char **notes;
	size_t n_notes, cap_notes;
	struct table_sink sink; /* that takes the notes */
};

/* Reads all of it. *e does not move afterwards; analysed_tape_done releases it, after a failure
 * too. */
int analysed_tape_read(struct analysed_tape *e, const char *path,
		       const struct tape_options *reading, struct fault *fault) MUST_CHECK;
void analysed_tape_done(struct analysed_tape *e);

/* SPDX-License-Identifier: MIT */
/*
 * analysed-tape: a tape that was read for report or diff: what was gathered from its events, and
 * the facts that limit what can be said of them. diff holds two at a time.
 */
#pragma once

#include "cli/note-list.h"
#include "cli/tape-file.h"
#include "cli/typed-options.h"
#include "pages/report-page.h"

struct analysed_tape {
	struct playback *playback;
	const struct gathered *gathered; /* belongs to the playback */
	struct tape_facts facts;	 /* points into the fields below */
	struct note_list notes;
	struct typed_options options;
	struct text damage;
	struct arena arena;
};

/* How a tape is to be read. */
struct analysed_tape_how {
	const struct gather_options *gather; /* what is gathered */
	bool with_probes;		     /* histories have samples from tcp_probe */
};

/* Reads all of the tape. *e must not move afterwards. The caller
 * releases it with analysed_tape_done, also after a failure. */
int analysed_tape_read(struct analysed_tape *e, const struct tape_file *tape,
		       const struct tape_options *o, const struct analysed_tape_how *how,
		       struct fault *fault) MUST_CHECK;
void analysed_tape_done(struct analysed_tape *e);

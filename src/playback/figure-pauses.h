/* SPDX-License-Identifier: MIT */
/*
 * figure-pauses: the times of a tape in which the recorder did not ask for the last figures of
 * sockets that were destroyed.
 */
#pragma once

#include "base/text.h"
#include "table/table.h"
#include "tape/meta.h"
#include "track/losses.h"

struct figure_pauses {
	struct losses windows; /* one that the tape does not end lasts to end_ns */
	uint64_t ns;	       /* of all windows together */
	uint64_t n_unasked;    /* sockets destroyed in them, as far as is known; a lower bound */
};

/* end_ns: the end of the tape. 0 or -ENOMEM. */
int figure_pauses_find(const struct tape_meta *meta, uint64_t end_ns,
		       struct figure_pauses *ret) MUST_CHECK;
void figure_pauses_done(struct figure_pauses *p);
/* Emits a note on them, if there are any. */
int figure_pauses_note(const struct tape_meta *meta, struct table_sink *out,
		       struct fault *fault) MUST_CHECK;
/* Appends "12k sockets in 3.4 s", or "sockets in 3.4 s" where their number is not known. */
void figure_pauses_text(const struct figure_pauses *p, struct text *t);

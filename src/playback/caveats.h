/* SPDX-License-Identifier: MIT */
/*
 * caveats: what a reader of a view must know about the tape: what is missing, and how sure the rest
 * is. A tape without flaws has none; losses come last.
 */
#pragma once

#include "decode/decoder.h"
#include "table/table.h"
#include "tape/reader.h"

/* What the caveats are about; all of it is borrowed. */
struct caveats {
	const struct tape_meta *meta;
	struct decoder *decoder;
	tcp_kinds needed; /* without one of these kinds, the view is not whole */
	tcp_kinds wanted; /* kinds that the view uses where there are any */
	uint64_t n_late;  /* rows that came out of order */
	/* Events of kinds that the view is fed which the recording's filter hides from it. */
	uint64_t n_hidden;
};

/* Each caveat is a note. */
int caveats_emit(const struct caveats *c, struct table_sink *out, struct fault *fault) MUST_CHECK;
/* One line about damage; "" for a whole tape. */
void damage_text(const struct tape_damage *d, struct text *t);
/* A tape's name for messages: its path, or "standard input". */
const char *tape_name(const char *path);

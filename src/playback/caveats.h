/* SPDX-License-Identifier: MIT */
/*
 * caveats: what a reader of a view must know about the tape: what is missing and how sure the rest
 * is. Nothing is said where there is nothing to say; losses come last.
 */
#pragma once

#include "decode/decoder.h"
#include "table/table.h"
#include "tape/reader.h"

/* needed: kinds without which the view is not whole; wanted: those that it uses where there are
 * any. */
int caveats_emit(const struct tape_meta *meta, struct decoder *decoder, tcp_kinds needed,
		 tcp_kinds wanted, uint64_t n_late, struct table_sink *out,
		 struct fault *fault) MUST_CHECK;
/* One line about damage; "" for a whole tape. */
void damage_text(const struct tape_damage *d, struct text *t);
/* A tape as faults call it. */
const char *tape_name(const char *path);

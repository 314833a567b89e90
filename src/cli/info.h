/* SPDX-License-Identifier: MIT */
/*
 * info: the facts that the command info shows of a tape, and the forms in which it shows them.
 */
#pragma once

#include "base/text.h"
#include "detect/audit.h"
#include "playback/figure-pauses.h"
#include "table/table.h"
#include "tape/reader.h"

struct info_facts {
	const struct tape_meta *meta;
	const struct tape_damage *damage;
	uint64_t size_bytes;
	uint64_t start_ns, end_ns; /* on the tape's clock; both 0: unknown */
	const struct figure_pauses *pauses;
	bool is_whole;
	bool has_hidden;	   /* n_hidden is known */
	uint64_t n_hidden;	   /* events that the recording's filter hides from views */
	const struct audit *audit; /* NULL: nothing was compared */
	const char *why_no_audit;  /* NULL: the tape has no counters */
};

void info_text(const struct info_facts *f, struct text *t);
void info_json(const struct info_facts *f, struct text *t);
/* Writes a row for each tracepoint, or for each tracepoint and CPU. */
int info_table(const struct info_facts *f, bool by_cpu, struct table_sink *out,
	       struct fault *fault) MUST_CHECK;

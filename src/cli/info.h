/* SPDX-License-Identifier: MIT */
/*
 * info: what info.c gathers about a tape, and its two forms.
 */
#pragma once

#include "base/text.h"
#include "table/table.h"
#include "tape/reader.h"

struct tape_facts {
	const struct tape_meta *meta;
	const struct tape_damage *damage;
	uint64_t size_bytes;
	uint64_t start_ns, end_ns; /* tape clock; both 0: unknown */
	bool is_whole;
};

void info_text(const struct tape_facts *f, struct text *t);
void info_json(const struct tape_facts *f, struct text *t);
/* A row per tracepoint, or per tracepoint and CPU. */
int info_table(const struct tape_facts *f, bool by_cpu, struct table_sink *out,
	       struct fault *fault) MUST_CHECK;

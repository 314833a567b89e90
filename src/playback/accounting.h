/* SPDX-License-Identifier: MIT */
/*
 * accounting: the accounting identity of a tape summed up: counted = recorded + lost + undelivered.
 */
#pragma once

#include "base/text.h"
#include "tape/meta.h"

struct accounting_sum {
	uint64_t counted, recorded, lost, undelivered;
	bool has_final; /* counted and undelivered are exact */
};

/* A tracepoint may be on the tape under several indices (with chains, and without): it counts as
 * one, under the first. */
bool accounting_is_repeated(const struct tape_meta *meta, uint32_t tracepoint);
/* Its rows, whatever the index. */
uint64_t accounting_rows(const struct tape_meta *meta, uint32_t tracepoint);

/* Rows that the recorder made of what sock_diag says: no events of the kernel. name: of the
 * catalog; NULL: all of them. */
bool account_is_synthetic(const struct tape_tracepoint *tp);
uint64_t account_synthetic(const struct tape_meta *meta, const char *name);

/* Of tracepoint (UINT32_MAX: all) and CPU (UINT32_MAX: all). Without a final tally only `lost`
 * means anything. */
struct accounting_sum accounting_sum(const struct tape_meta *meta, uint32_t tracepoint,
				     uint32_t cpu);
/* Counted by none of recorded and lost, of one record; 0 unless it is final. */
uint64_t accounting_undelivered(const struct tally_record *t);

/* A set of CPUs, printed as "CPU 1" or "CPUs 0,2-3". */
struct cpu_set_text {
	uint8_t bits[TAPE_CPUS_MAX / 8];
};
void cpu_set_text_add(struct cpu_set_text *s, uint32_t cpu);
void cpu_set_text_print(const struct cpu_set_text *s, struct text *t);

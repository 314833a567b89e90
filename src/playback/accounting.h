/* SPDX-License-Identifier: MIT */
/*
 * accounting: how many events the kernel counted, and what became of them: for each tracepoint and
 * CPU, counted = recorded + lost + undelivered. It is the one place that knows how many are
 * missing.
 */
#pragma once

#include "base/text.h"
#include "tape/meta.h"
#include "tcp/event.h"

struct accounting_sum {
	uint64_t counted, recorded, lost, undelivered;
	bool has_final; /* the recorder wrote its last tally: counted and undelivered are exact */
};

#define ACCOUNTING_ALL UINT32_MAX

/* The sum over one tracepoint (by its index) and one CPU, or over ACCOUNTING_ALL of them. Without a
 * final tally only `lost` means anything. */
struct accounting_sum accounting_sum(const struct tape_meta *meta, uint32_t tracepoint,
				     uint32_t cpu);

/* A tracepoint may be on the tape under several indices (with call chains, and without): it counts
 * as one, under the first. Is this one of the others? */
bool accounting_is_repeated(const struct tape_meta *meta, uint32_t tracepoint);
/* Rows of a tracepoint, under all its indices. */
uint64_t accounting_rows(const struct tape_meta *meta, uint32_t tracepoint);

/* Did the recorder make the rows of this tracepoint, of what sock_diag said? They are no events of
 * the kernel. */
bool accounting_is_synthetic(const struct tape_tracepoint *tp);
/* How many such rows there are, of the tracepoint of this name in the catalog. NULL: of all. */
uint64_t accounting_synthetic(const struct tape_meta *meta, const char *name);

/* A set of CPUs, printed as "CPU 1" or "CPUs 0,2-3". */
struct cpu_set_text {
	uint8_t bits[TAPE_CPUS_MAX / 8];
};
void cpu_set_text_add(struct cpu_set_text *s, uint32_t cpu);
void cpu_set_text_print(const struct cpu_set_text *s, struct text *t);

/* Times in which a CPU was online and not recorded, because it had just come online. How many
 * events are missing there is not known. */
struct accounting_gaps {
	size_t n;
	uint64_t ns; /* of all CPUs together */
	struct cpu_set_text cpus;
};
void accounting_gaps(const struct tape_meta *meta, struct accounting_gaps *ret);

/* Events that are not on the tape, and the CPUs where they were. */
struct accounting_missing {
	uint64_t lost;	      /* the rings had no room for them */
	uint64_t undelivered; /* the kernel counted them, and never handed them out */
	struct cpu_set_text lost_cpus, undelivered_cpus;
};

/* Of the tracepoints of these kinds. Where the recorder did not get to its last tally, losses that
 * only the rings know count too, whatever their kind. */
void accounting_missing(const struct tape_meta *meta, tcp_kinds kinds,
			struct accounting_missing *ret);

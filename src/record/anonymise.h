/* SPDX-License-Identifier: MIT */
/*
 * anonymise: takes the kernel's addresses out of rows and call chains and puts per-tape ids in their
 * place: equal addresses stay equal, nothing else of them leaves the host. Code addresses also get
 * a symbol. One id space for all; NULL stays 0.
 *
 * Ids are dense up to ANONYMISE_DENSE_MAX addresses; later ones are permuted under a key that dies
 * with the recording, the top bit set. With raw_pointers addresses stay, and symbols carry them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/fault.h"
#include "tracepoint/trace-format.h"

#define ANONYMISE_DENSE_MAX 1500000u

struct anonymiser;

struct anonymiser_options {
	const char *kallsyms; /* path; borrowed */
	bool raw_pointers;
	size_t dense_max; /* ANONYMISE_DENSE_MAX; less in tests */
};

/* The place of an address in a row, or of bytes that belong to no field. */
struct anonymise_field {
	uint16_t offset;
	uint8_t size;	 /* 4 or 8, host order */
	bool is_pointer; /* false: a long, anonymised only when it holds a kernel address */
	bool is_gap;	 /* no field: any size, cleared */
};

int anonymiser_new(const struct anonymiser_options *o, struct anonymiser **ret,
		   struct fault *fault) MUST_CHECK;
struct anonymiser *anonymiser_free(struct anonymiser *s);
DEFINE_CLEANUP(struct anonymiser, anonymiser_free);

/* The fields of f that may hold addresses, and the gaps between fields; returns how many, at most max. */
size_t anonymise_fields(const struct trace_format *f, struct anonymise_field *ret, size_t max);
/* Rewrites n rows in place; fields beyond row_len are passed over. 0 or -ENOMEM. */
int anonymise_rows(struct anonymiser *s, uint8_t *rows, size_t row_len, size_t n,
		   const struct anonymise_field *fields, size_t n_fields) MUST_CHECK;
/* The id of a frame of a call chain: known to be code. 0 or -ENOMEM. */
int anonymise_code(struct anonymiser *s, uint64_t addr, uint64_t *ret) MUST_CHECK;

/* Symbols that are not on the tape yet, encoded (format/records.h), and how many; the caller
 * clears them. */
struct anonymise_symbols {
	struct buffer records;
	uint32_t n;
};
struct anonymise_symbols *anonymiser_new_symbols(struct anonymiser *s);

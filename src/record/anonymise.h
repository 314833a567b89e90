/* SPDX-License-Identifier: MIT */
/*
 * anonymise: replaces the kernel's addresses in rows and call chains by ids that are valid on this
 * tape only: equal addresses get equal ids, and nothing else of them leaves the host. Addresses of
 * code also get a symbol. All ids are of one sequence; NULL stays 0.
 *
 * Ids are dense up to ANONYMISE_DENSE_MAX addresses; later ones are permuted under a key that is
 * dropped with the recording, and have the top bit set (two addresses of 4 bytes may then share
 * one, where they differ in their two topmost bits only). With raw_pointers addresses stay, and
 * symbols carry them.
 *
 * What is replaced, of fields of 4 or 8 bytes: - a field that is declared a pointer, or that
 * `print fmt` gives to %p, %ps and the like: each value, on every architecture; - a `long` or
 * `unsigned long` that `print fmt` does not show in decimal: each value that may be an address of
 * a kernel of this architecture (record/kernel-addresses.h), or is in a function; - one that it
 * shows in decimal is a number: only values that no count reaches, which only some architectures
 * have. Everything else may stay: arrays, dynamic fields, integers of other types, and the
 * addresses of a user's process in a `long`.
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
	const char *arch;     /* of the host, as uname -m says it; used in anonymiser_new() only */
	bool raw_pointers;
	size_t dense_max; /* ANONYMISE_DENSE_MAX; less in tests */
};

/* The place of an address in a row, or of bytes that belong to no field. */
struct anonymise_field {
	uint16_t offset;
	uint8_t size;	 /* 4 or 8, host order */
	bool is_pointer; /* false: a long, anonymised only when it holds a kernel address */
	bool is_decimal; /* a long that is a number by what is known of it */
	bool is_gap;	 /* it belongs to no field: it is cleared, and may have any size */
};

int anonymiser_new(const struct anonymiser_options *o, struct anonymiser **ret,
		   struct fault *fault) MUST_CHECK;
struct anonymiser *anonymiser_free(struct anonymiser *s);
DEFINE_CLEANUP(struct anonymiser, anonymiser_free);

/* Finds the fields of f that may hold addresses, and the gaps between fields. print_fmt_read() has
 * read f. Returns how many there are, at most max. */
size_t anonymise_fields(const struct trace_format *f, struct anonymise_field *ret, size_t max);
/* Rewrites n rows in place; fields that end after row_len are left out. 0 or -ENOMEM. */
int anonymise_rows(struct anonymiser *s, uint8_t *rows, size_t row_len, size_t n,
		   const struct anonymise_field *fields, size_t n_fields) MUST_CHECK;
/* Gives the id of a frame of a call chain, which is an address of code. 0 or -ENOMEM. */
int anonymise_code(struct anonymiser *s, uint64_t addr, uint64_t *ret) MUST_CHECK;

/* Encoded symbol records (format/records.h) that are not on the tape yet, and their number. The
 * caller clears them once they are written. */
struct anonymise_symbols {
	struct buffer records;
	uint32_t n;
};
struct anonymise_symbols *anonymiser_new_symbols(struct anonymiser *s);

/* SPDX-License-Identifier: MIT */
/*
 * anonymise: replaces the kernel's addresses in rows and call chains by ids that are valid on this
 * tape only. Equal addresses get equal ids, and nothing else about an address leaves the host. The
 * ids of code also get a symbol. All ids are of one sequence; NULL stays 0.
 *
 * The first ANONYMISE_DENSE_MAX addresses get the ids 1, 2, 3 ... Later addresses are permuted
 * under a key that is never stored, and their ids have the top bit set (two addresses of 4 bytes
 * may then share an id, if they differ only in their two topmost bits). With raw_pointers addresses
 * stay as they are, and symbols carry addresses instead of ids.
 *
 * Only fields of 4 or 8 bytes are replaced:
 * - a field that is declared a pointer, or that `print fmt` shows with %p, %ps and the like: every
 *   value, on every architecture;
 * - a `long` or `unsigned long` that `print fmt` does not show in decimal: every value that may be
 *   an address of a kernel of this architecture (record/kernel-addresses.h), or lies in a function;
 * - a `long` that `print fmt` shows in decimal: only values that are too large for a count, which
 *   only some architectures have.
 * Everything else stays: arrays, dynamic fields, integers of other types, and addresses of user
 * space in a `long`.
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
	const char *arch;     /* of the host, from `uname -m`; used in anonymiser_new() only */
	bool raw_pointers;
	size_t dense_max; /* ANONYMISE_DENSE_MAX; less in tests */
};

/* The place of an address in a row, or of bytes that belong to no field. */
struct anonymise_field {
	uint16_t offset;
	uint8_t size;	 /* 4 or 8, host order */
	bool is_pointer; /* false: a long, anonymised only when it holds a kernel address */
	bool is_decimal; /* a long that `print fmt` shows in decimal */
	bool is_gap;	 /* bytes of no field, of any size: they are set to 0 */
};

int anonymiser_new(const struct anonymiser_options *o, struct anonymiser **ret,
		   struct fault *fault) MUST_CHECK;
struct anonymiser *anonymiser_free(struct anonymiser *s);
DEFINE_CLEANUP(struct anonymiser, anonymiser_free);

/* Finds the fields of f that may hold addresses, and the gaps between fields. print_fmt_read() must
 * have completed f before. Returns how many fields and gaps were stored, at most max. */
size_t anonymise_fields(const struct trace_format *f, struct anonymise_field *ret, size_t max);
/* Rewrites n rows in place; fields that end after row_len are left out. 0 or -ENOMEM. */
int anonymise_rows(struct anonymiser *s, uint8_t *rows, size_t row_len, size_t n,
		   const struct anonymise_field *fields, size_t n_fields) MUST_CHECK;
/* Finds the id of a frame of a call chain, which is an address of code. 0 or -ENOMEM. */
int anonymise_code(struct anonymiser *s, uint64_t addr, uint64_t *ret) MUST_CHECK;

/* Encoded symbol records (format/records.h) that are not on the tape yet, and their number. The
 * caller clears them once they are written. */
struct anonymise_symbols {
	struct buffer records;
	uint32_t n;
};
struct anonymise_symbols *anonymiser_new_symbols(struct anonymiser *s);

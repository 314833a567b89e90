/* SPDX-License-Identifier: MIT */
/*
 * codec: compresses and expands payloads. Only codec.c calls zstd. A packer and an expander each
 * own a zstd context that they reuse; each is used by one thread at a time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

struct packer;
struct expander;

int packer_new(int level, struct packer **ret, struct fault *fault) MUST_CHECK;
struct packer *packer_free(struct packer *p);
DEFINE_CLEANUP(struct packer, packer_free);
/* Compresses into dst, which has room for cap bytes. Returns 1; 0 if more than cap bytes are
 * needed; -ENOMEM. */
int packer_run(struct packer *p, const void *data, size_t len, void *dst, size_t cap,
	       size_t *ret_len, struct fault *fault) MUST_CHECK;

int expander_new(struct expander **ret, struct fault *fault) MUST_CHECK;
struct expander *expander_free(struct expander *e);
DEFINE_CLEANUP(struct expander, expander_free);
/* True if the headers in the data say that it is one zstd frame that expands to raw_len bytes. */
bool expander_fits(const void *data, size_t len, size_t raw_len);
/* Expands the data into dst: exactly raw_len bytes. 0 or -EBADMSG. */
int expander_run(struct expander *e, const void *data, size_t len, void *dst, size_t raw_len,
		 struct fault *fault) MUST_CHECK;

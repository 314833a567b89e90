/* SPDX-License-Identifier: MIT */
/*
 * codec: payloads packed and expanded. The only place that knows zstd. A packer and an expander
 * each own one reusable context.
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
/* Packs into dst, which has room for cap bytes: 1; 0 when it takes more than cap. -errno. */
int packer_run(struct packer *p, const void *data, size_t len, void *dst, size_t cap,
	       size_t *ret_len, struct fault *fault) MUST_CHECK;

int expander_new(struct expander **ret, struct fault *fault) MUST_CHECK;
struct expander *expander_free(struct expander *e);
DEFINE_CLEANUP(struct expander, expander_free);
/* Is this one frame, of exactly this many bytes when expanded? Looks, and does not expand. */
bool expander_fits(const void *data, size_t len, size_t raw_len);
/* Fills dst with exactly raw_len bytes, or -EBADMSG. */
int expander_run(struct expander *e, const void *data, size_t len, void *dst, size_t raw_len,
		 struct fault *fault) MUST_CHECK;

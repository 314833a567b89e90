/* SPDX-License-Identifier: MIT */
/*
 * counter-values: the body of a reading in COUNTERS. It is a list of counters, by ascending number,
 * each with its value or with the difference to the reading before.
 */
#pragma once

#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"

/* A counter and its value. Counters of the kernel that have 64 bits without a sign are two's
 * complement here; differences are modulo 2^64, so that adding them up is always right. */
struct counter_value {
	uint32_t counter; /* number of its name */
	int64_t value;
};

/* Appends the bytes of one counter. *next is 0 before the first one of a reading, and belongs to
 * this function. v->counter is not below *next. 0 or -ENOMEM. */
int counter_value_encode(struct buffer *b, uint32_t *next,
			 const struct counter_value *v) MUST_CHECK;
/* Reads one: 1, 0 at the end, -EBADMSG. *next as above. */
int counter_value_decode(struct cursor *c, uint32_t *next, struct counter_value *ret) MUST_CHECK;

/* Appends a name, or reads one: 1, 0 at the end, -EBADMSG. */
int counter_name_encode(struct buffer *b, const char *name) MUST_CHECK;
int counter_name_decode(struct cursor *c, const char **ret) MUST_CHECK;

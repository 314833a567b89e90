/* SPDX-License-Identifier: MIT */
/*
 * units: parses and formats durations, sizes and counts as people type and read them.
 */
#pragma once

#include <stdint.h>

#include "base/text.h"

#define NSEC_PER_SEC  1000000000ULL
#define NSEC_PER_MSEC 1000000ULL
#define NSEC_PER_USEC 1000ULL

/* Parses "90", "1.5s", "250ms", "10us", "5m", "2h", "1d"; a number alone is seconds. 0 or
 * -EINVAL. */
int units_parse_duration(const char *s, uint64_t *ret_ns) MUST_CHECK;
/* Parses "65536", "64K", "8M", "1G", with optional "B" or "iB"; units are powers of 1024. 0 or
 * -EINVAL. */
int units_parse_size(const char *s, uint64_t *ret_bytes) MUST_CHECK;
/* Appends "812 B" or "4.2 MiB". */
void units_size(struct text *t, uint64_t bytes);
/* Appends "1,234,567". */
void units_count(struct text *t, uint64_t n);
/* Appends "950 ns", "1.203 ms", "10.000 s" or "1h 02m 03s". */
void units_duration(struct text *t, uint64_t ns);

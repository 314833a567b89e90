/* SPDX-License-Identifier: MIT */
/*
 * walltime: formats and parses wall time, which is nanoseconds since 1970-01-01 UTC.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Appends "2026-11-21T10:32:07.123456789Z": RFC 3339, UTC, always nine decimals. */
void walltime_rfc3339(struct text *t, int64_t real_ns);
/* Appends "10:32:07" and, if decimals > 0 (at most 9), ".123456"; in the local time zone or UTC. */
void walltime_clock(struct text *t, int64_t real_ns, bool utc, unsigned int decimals);
/* Appends "2026-11-21 10:32:07" and the name of the time zone, local or UTC. */
void walltime_date(struct text *t, int64_t real_ns, bool utc);
/*
 * Parses "10:32", "10:32:07.5" (on the day of `base_ns`, in the local zone unless utc) or ISO 8601
 * "2026-11-21[T ]10:32[:07[.5]][Z|+hh:mm]". 0 or -EINVAL.
 */
int walltime_parse(const char *s, int64_t base_ns, bool utc, int64_t *ret_ns) MUST_CHECK;

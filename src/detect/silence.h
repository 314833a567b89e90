/* SPDX-License-Identifier: MIT */
/*
 * silence: how a destination fails to answer attempts to connect, by its counters.
 */
#pragma once

#include "gather/counters.h"

/* Attempts; or SYNs retransmitted to a destination that never answers. */
#define SILENCE_MIN 3u

#define SILENCE_SHARE_PERCENT	  5u
#define SILENCE_HASTY_MS	  10u /* as far as answers in the same data centre come from */
#define SILENCE_ELSEWHERE_PERCENT 95u

/* Whether nothing has ever come back from the destination. */
bool silence_is_total(const struct counters *s);
/* How many attempts waited for an answer long enough for one to come. */
uint64_t silence_patient(const struct counters *s);
/* Whether so many attempts got no answer that it is a finding. */
bool silence_is_found(const struct counters *s);
/* Whether the processes only gave up too soon. */
bool silence_is_hasty(const struct counters *s);
/* Whether the process connected to another address after nearly all of the attempts. */
bool silence_ends_elsewhere(const struct counters *s);
/* Whether most of the processes gave up within a second. */
bool silence_is_short(const struct counters *s);
/* Whether processes waited for it a second or longer before they went to another address, which had
 * answered meanwhile. */
bool silence_is_bypassed(const struct counters *s);

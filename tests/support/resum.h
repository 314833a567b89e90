/* SPDX-License-Identifier: MIT */
/*
 * resum: makes the sums of a tape right again after a test has put lies into it, so that what is
 * tested is the reader behind the sums.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The header at tape + at, and the payload that it says it has, as far as it is there. */
void resum_section(uint8_t *tape, size_t size, size_t at);
/* Every section that starts with a magic. */
void resum_all(uint8_t *tape, size_t size);

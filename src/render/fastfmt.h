/* SPDX-License-Identifier: MIT */
/*
 * fastfmt: writes numbers and addresses without printf. Each function writes at a place where
 * FASTFMT_MAX bytes are free, which is enough for any one of them, and returns the end of what it
 * wrote, without a terminating NUL.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

#define FASTFMT_MAX 80

char *fastfmt_u64(char *at, uint64_t v);
char *fastfmt_i64(char *at, int64_t v);
char *fastfmt_hex(char *at, uint64_t v); /* with 0x */
/* Writes the lowest `digits` digits of v, at most 9, with leading zeros. */
char *fastfmt_digits(char *at, uint32_t v, unsigned int digits);
/* Writes v / 10^decimals, with all its decimals: (1500, 3) is "1.500". decimals: at most 19. */
char *fastfmt_fixed(char *at, uint64_t v, unsigned int decimals);
/* Writes an address. family: 4 or 6; any other is written as "-". bytes: 4 or 16, in network
 * order. */
char *fastfmt_addr(char *at, uint8_t family, const uint8_t *bytes);
/* Writes "10.0.0.1:80", "[::1]:80", or "-:-" where neither address nor port is known. port: in host
 * order; 0: unknown. */
char *fastfmt_endpoint(char *at, uint8_t family, const uint8_t *bytes, uint16_t port);
/* Appends a string of the tape with control characters and non-ASCII bytes as \xNN, which makes it
 * harmless for a terminal. It does the same as text_safe(), faster. */
void fastfmt_safe(struct text *t, const char *s, size_t n);

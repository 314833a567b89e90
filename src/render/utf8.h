/* SPDX-License-Identifier: MIT */
/*
 * utf8: where characters end in bytes that may be anything.
 */
#pragma once

#include <stddef.h>

/* Length of the UTF-8 sequence at s, 0 when there is none (RFC 3629: no surrogates, no overlong).
 * n: bytes there, not 0. */
size_t utf8_len(const unsigned char *s, size_t n);

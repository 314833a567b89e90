/* SPDX-License-Identifier: MIT */
/*
 * utf8: where characters end in bytes that may be anything.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Length of the UTF-8 sequence at s, 0 when there is none (RFC 3629: no surrogates, no overlong).
 * n: bytes there, not 0. */
size_t utf8_len(const unsigned char *s, size_t n);
/* Of a sequence of len bytes above ASCII: people do not see it, but it moves a terminal's cursor
 * (C1), ends a line, or turns the text around it. */
bool utf8_is_invisible(const unsigned char *s, size_t len);

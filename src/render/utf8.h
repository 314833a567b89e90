/* SPDX-License-Identifier: MIT */
/*
 * utf8: finds characters in bytes that may be anything.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Length in bytes of the UTF-8 character at s. 0 where there is none by RFC 3629: surrogates and
 * overlong forms are none. n: how many bytes there are, not 0. */
size_t utf8_len(const unsigned char *s, size_t n);
/* True for a character that people do not see, but that moves the cursor of a terminal (C1
 * controls), ends a line, or turns the direction of the text around. len: what utf8_len said of
 * it. */
bool utf8_is_invisible(const unsigned char *s, size_t len);

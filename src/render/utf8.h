/* SPDX-License-Identifier: MIT */
/*
 * utf8: recognises UTF-8 characters in bytes that need not be text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Length in bytes of the UTF-8 character at s, or 0 if the bytes are not a character by RFC 3629,
 * which excludes surrogates and overlong forms. n: number of bytes at s, not 0. */
size_t utf8_len(const unsigned char *s, size_t n);
/* True for an invisible character that moves the cursor of a terminal (C1 controls), ends a line,
 * or changes the direction of the text. len: the result of utf8_len for it. */
bool utf8_is_invisible(const unsigned char *s, size_t len);

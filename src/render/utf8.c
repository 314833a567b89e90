// SPDX-License-Identifier: MIT
#include "render/utf8.h"

#include <assert.h>

size_t utf8_len(const unsigned char *s, size_t n)
{
	size_t len;

	assert(n);
	len = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

	if (!len || len > n || s[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

bool utf8_is_invisible(const unsigned char *s, size_t len)
{
	/* U+0080 to U+009F, U+061C. */
	if (len == 2)
		return (s[0] == 0xc2 && s[1] < 0xa0) || (s[0] == 0xd8 && s[1] == 0x9c);
	if (len != 3 || s[0] != 0xe2)
		return false;
	/* U+200E, U+200F, U+2028 to U+202E. */
	if (s[1] == 0x80)
		return s[2] == 0x8e || s[2] == 0x8f || (s[2] >= 0xa8 && s[2] <= 0xae);
	/* U+2066 to U+2069. */
	return s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9;
}

// SPDX-License-Identifier: MIT
#include "render/fastfmt.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>
#include <sys/socket.h>

static const char pairs[] = "00010203040506070809101112131415161718192021222324"
			    "25262728293031323334353637383940414243444546474849"
			    "50515253545556575859606162636465666768697071727374"
			    "75767778798081828384858687888990919293949596979899";

char *fastfmt_u64(char *at, uint64_t v)
{
	char buf[20];
	unsigned int i = sizeof(buf);

	while (v >= 100) {
		i -= 2;
		memcpy(buf + i, pairs + 2 * (v % 100), 2);
		v /= 100;
	}
	if (v >= 10) {
		i -= 2;
		memcpy(buf + i, pairs + 2 * v, 2);
	} else {
		buf[--i] = (char)('0' + v);
	}
	memcpy(at, buf + i, sizeof(buf) - i);
	return at + sizeof(buf) - i;
}

char *fastfmt_i64(char *at, int64_t v)
{
	if (v >= 0)
		return fastfmt_u64(at, (uint64_t)v);
	*at++ = '-';
	return fastfmt_u64(at, -(uint64_t)v);
}

char *fastfmt_hex(char *at, uint64_t v)
{
	int shift = 60;

	*at++ = '0';
	*at++ = 'x';
	while (shift && !(v >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*at++ = "0123456789abcdef"[v >> shift & 15];
	return at;
}

char *fastfmt_digits(char *at, uint32_t v, unsigned int digits)
{
	assert(digits <= 9);
	for (unsigned int i = digits; i--; v /= 10)
		at[i] = (char)('0' + v % 10);
	return at + digits;
}

char *fastfmt_fixed(char *at, uint64_t v, unsigned int decimals)
{
	uint64_t unit = 1;

	assert(decimals <= 19);
	for (unsigned int i = 0; i < decimals; i++)
		unit *= 10;
	at = fastfmt_u64(at, v / unit);
	if (!decimals)
		return at;
	*at++ = '.';
	for (v %= unit, unit /= 10; unit; unit /= 10)
		*at++ = (char)('0' + v / unit % 10);
	return at;
}

static char *fastfmt_u8(char *at, uint8_t v)
{
	if (v >= 100) {
		*at++ = (char)('0' + v / 100);
		memcpy(at, pairs + 2 * (v % 100), 2);
		return at + 2;
	}
	if (v >= 10) {
		memcpy(at, pairs + 2 * v, 2);
		return at + 2;
	}
	*at++ = (char)('0' + v);
	return at;
}

char *fastfmt_addr(char *at, uint8_t family, const uint8_t *bytes)
{
	if (family == 4) {
		at = fastfmt_u8(at, bytes[0]);
		for (int i = 1; i < 4; i++) {
			*at++ = '.';
			at = fastfmt_u8(at, bytes[i]);
		}
		return at;
	}
	if (family == 6 && inet_ntop(AF_INET6, bytes, at, INET6_ADDRSTRLEN))
		return at + strlen(at);
	*at++ = '-';
	return at;
}

char *fastfmt_endpoint(char *at, uint8_t family, const uint8_t *bytes, uint16_t port)
{
	if (family == 6)
		*at++ = '[';
	at = fastfmt_addr(at, family, bytes);
	if (family == 6)
		*at++ = ']';
	*at++ = ':';
	if (port)
		return fastfmt_u64(at, port);
	*at++ = '-';
	return at;
}

/* True when any of the eight bytes of w is below 0x20, or 0x7f or above. */
static bool word_is_unsafe(uint64_t w)
{
	const uint64_t ones = 0x0101010101010101ULL;
	const uint64_t tops = 0x80 * ones;
	/* A byte below 0x20 borrows from the next, which sets its top bit. The borrow spoils the
	 * bytes above it, but the answer is true by then. */
	uint64_t low = (w - 0x20 * ones) & tops;
	uint64_t del = ((w ^ 0x7f * ones) - ones) & tops;

	return (w & tops) || low || del;
}

void fastfmt_safe(struct text *t, const char *s, size_t n)
{
	size_t clean = 0;

	while (n - clean >= sizeof(uint64_t)) {
		uint64_t w;

		memcpy(&w, s + clean, sizeof(w));
		if (word_is_unsafe(w))
			break;
		clean += sizeof(w);
	}
	/* The rest is shorter than eight bytes, or one of its next eight bytes is unsafe. */
	while (clean < n && s[clean] >= 0x20 && s[clean] < 0x7f)
		clean++;
	text_mem(t, s, clean);
	if (clean < n)
		text_safe(t, s + clean, n - clean);
}

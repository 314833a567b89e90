// SPDX-License-Identifier: MIT
#include "tcp/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

static const uint8_t v4_mapped[12] = {[10] = 0xff, [11] = 0xff};

uint64_t endpoint_hash(uint64_t h, const struct endpoint *e)
{
	uint64_t words[2];

	memcpy(words, e->addr.bytes, sizeof(words));
	h = hash_mix(hash_mix(h, words[0]), words[1]);
	return hash_mix(h, e->port | (uint64_t)e->addr.family << 16);
}

int ip_addr_compare(const struct ip_addr *a, const struct ip_addr *b)
{
	int r = (int)a->family - (int)b->family;

	return r ? r : memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

int endpoint_compare(const struct endpoint *a, const struct endpoint *b)
{
	int r = ip_addr_compare(&a->addr, &b->addr);

	return r ? r : (int)a->port - (int)b->port;
}

struct endpoint endpoint_key(const struct endpoint *e)
{
	struct endpoint key;

	memset(&key, 0, sizeof(key));
	key.addr.family = e->addr.family;
	memcpy(key.addr.bytes, e->addr.bytes, sizeof(key.addr.bytes));
	key.port = e->port;
	return key;
}

struct ip_addr ip_addr_v4(const uint8_t bytes[4])
{
	struct ip_addr a = {.family = 4};

	memcpy(a.bytes, bytes, 4);
	return a;
}

struct ip_addr ip_addr_v6(const uint8_t bytes[16])
{
	struct ip_addr a = {.family = 6};

	if (!memcmp(bytes, v4_mapped, sizeof(v4_mapped)))
		return ip_addr_v4(bytes + sizeof(v4_mapped));
	memcpy(a.bytes, bytes, 16);
	return a;
}

struct ip_addr ip_addr_masked(const struct ip_addr *a, unsigned int bits)
{
	struct ip_addr masked = *a;

	for (unsigned int i = 0; i < sizeof(masked.bytes); i++) {
		if (i * 8 >= bits)
			masked.bytes[i] = 0;
		else if (bits - i * 8 < 8)
			masked.bytes[i] &= 0xff << (8 - (bits - i * 8));
	}
	return masked;
}

unsigned int ip_addr_group_bits(uint8_t family)
{
	return family == 6 ? 64 : 24;
}

static char *put_byte(char *at, uint8_t v)
{
	if (v >= 100)
		*at++ = '0' + v / 100;
	if (v >= 10)
		*at++ = '0' + v / 10 % 10;
	*at++ = '0' + v % 10;
	return at;
}

static void v4_text(struct text *t, const uint8_t bytes[4])
{
	char *start = text_room(t, sizeof("255.255.255.255")), *at = start;

	if (!at)
		return;
	for (int i = 0; i < 4; i++) {
		if (i)
			*at++ = '.';
		at = put_byte(at, bytes[i]);
	}
	t->len += at - start;
}

/* RFC 5952: the longest run of two or more zero groups, the first of equals, becomes "::". */
static int longest_zeros(const uint16_t groups[8], int *ret_len)
{
	int best = -1, best_len = 1;

	for (int i = 0; i < 8; i++) {
		int len = 0;

		while (i + len < 8 && !groups[i + len])
			len++;
		if (len > best_len) {
			best = i;
			best_len = len;
		}
		i += len;
	}
	*ret_len = best_len;
	return best;
}

static char *put_group(char *at, uint16_t v)
{
	bool started = false;

	for (int shift = 12; shift >= 0; shift -= 4) {
		unsigned int digit = v >> shift & 0xf;

		if (!digit && !started && shift)
			continue;
		started = true;
		*at++ = "0123456789abcdef"[digit];
	}
	return at;
}

static void v6_text(struct text *t, const uint8_t bytes[16])
{
	char *start = text_room(t, 8 * sizeof("ffff:")), *at = start;
	uint16_t groups[8];
	int zeros, n_zeros;

	if (!at)
		return;
	for (int i = 0; i < 8; i++)
		groups[i] = bytes[2 * i] << 8 | bytes[2 * i + 1];
	zeros = longest_zeros(groups, &n_zeros);
	for (int i = 0; i < 8; i++) {
		if (i == zeros) {
			*at++ = ':';
			i += n_zeros - 1;
			if (i == 7)
				*at++ = ':';
			continue;
		}
		if (i)
			*at++ = ':';
		at = put_group(at, groups[i]);
	}
	t->len += at - start;
}

void ip_addr_text(struct text *t, const struct ip_addr *a)
{
	if (a->family == 4)
		v4_text(t, a->bytes);
	else if (a->family == 6)
		v6_text(t, a->bytes);
	else
		text_char(t, '-');
}

void endpoint_text(struct text *t, const struct endpoint *e)
{
	if (e->addr.family == 6)
		text_char(t, '[');
	ip_addr_text(t, &e->addr);
	if (e->addr.family == 6)
		text_char(t, ']');
	text_char(t, ':');
	if (e->port)
		text_u64(t, e->port);
	else
		text_char(t, '-');
}

static int parse_bits(const char *s, unsigned int max, unsigned int *ret)
{
	unsigned int v = 0;

	if (!*s || strlen(s) > 3)
		return -EINVAL;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return -EINVAL;
		v = v * 10 + (*s - '0');
	}
	if (v > max)
		return -EINVAL;
	*ret = v;
	return 0;
}

int ip_prefix_parse(const char *s, struct ip_prefix *ret)
{
	const char *slash = strchr(s, '/');
	size_t len = slash ? (size_t)(slash - s) : strlen(s);
	char addr[INET6_ADDRSTRLEN];
	uint8_t bytes[16];
	unsigned int bits;
	struct ip_prefix p;
	bool is_v4;

	if (!len || len >= sizeof(addr))
		return -EINVAL;
	memcpy(addr, s, len);
	addr[len] = '\0';
	is_v4 = inet_pton(AF_INET, addr, bytes) == 1;
	if (!is_v4 && inet_pton(AF_INET6, addr, bytes) != 1)
		return -EINVAL;
	bits = is_v4 ? 32 : 128;
	if (slash && parse_bits(slash + 1, bits, &bits) < 0)
		return -EINVAL;
	p.addr = is_v4 ? ip_addr_v4(bytes) : ip_addr_v6(bytes);
	if (!is_v4 && p.addr.family == 4) {
		/* A prefix shorter than ::ffff:0:0/96 holds more than IPv4 addresses. */
		if (bits < 96)
			return -EINVAL;
		bits -= 96;
	}
	p.bits = bits;
	p.addr = ip_addr_masked(&p.addr, bits);
	*ret = p;
	return 0;
}

bool ip_prefix_has(const struct ip_prefix *p, const struct ip_addr *a)
{
	unsigned int whole = p->bits / 8, rest = p->bits % 8;

	if (p->addr.family != a->family || memcmp(p->addr.bytes, a->bytes, whole))
		return false;
	return !rest || !((p->addr.bytes[whole] ^ a->bytes[whole]) >> (8 - rest));
}

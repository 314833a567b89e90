/* SPDX-License-Identifier: MIT */
/*
 * address: an IPv4 or IPv6 address and an endpoint. v4-mapped IPv6 addresses are folded to IPv4
 * when they are made, so that both ends of one connection compare equal.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct ip_addr {
	uint8_t family;	   /* 4, 6; 0 is "unknown" */
	uint8_t bytes[16]; /* network order; the first 4 for family 4, the rest zero */
};

struct endpoint {
	struct ip_addr addr;
	uint16_t port; /* host order; 0 is "unknown" */
};

/* Mixes the endpoint into a hash h. */
uint64_t endpoint_hash(uint64_t h, const struct endpoint *e);

struct ip_addr ip_addr_v4(const uint8_t bytes[4]);
/* ::ffff:a.b.c.d becomes family 4. */
struct ip_addr ip_addr_v6(const uint8_t bytes[16]);
static inline bool ip_addr_equal(const struct ip_addr *a, const struct ip_addr *b)
{
	return a->family == b->family && !memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}
static inline bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && ip_addr_equal(&a->addr, &b->addr);
}
/* A copy in which the padding is zero, too: for keys that are compared as bytes. */
struct endpoint endpoint_key(const struct endpoint *e);
/* The first bits of the address, the rest zero. */
struct ip_addr ip_addr_masked(const struct ip_addr *a, unsigned int bits);
/* The length of the prefix by which addresses are grouped into networks: 24, or 64 for family 6. */
unsigned int ip_addr_group_bits(uint8_t family);
/* "10.0.0.1", "2001:db8::1" (RFC 5952) */
void ip_addr_text(struct text *t, const struct ip_addr *a);
/* "10.0.0.1:80", "[2001:db8::1]:80"; an unknown address or port is "-". */
void endpoint_text(struct text *t, const struct endpoint *e);

struct ip_prefix {
	struct ip_addr addr;
	uint8_t bits;
};

/* "10.0.0.0/8", "::1", "::ffff:10.0.0.0/104" (folded). 0 or -EINVAL. */
int ip_prefix_parse(const char *s, struct ip_prefix *ret) MUST_CHECK;
bool ip_prefix_has(const struct ip_prefix *p, const struct ip_addr *a);

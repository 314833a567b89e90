/* SPDX-License-Identifier: MIT */
/*
 * address: an IPv4 or IPv6 address, an endpoint (address and port), and a network prefix. A
 * v4-mapped IPv6 address becomes the IPv4 address when it is built, so that both ends of one
 * connection compare equal.
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

/* Mixes the endpoint into the hash h, for hash tables. */
uint64_t endpoint_hash(uint64_t h, const struct endpoint *e);

struct ip_addr ip_addr_v4(const uint8_t bytes[4]);
/* A v4-mapped address, ::ffff:a.b.c.d, becomes an address of family 4. */
struct ip_addr ip_addr_v6(const uint8_t bytes[16]);
static inline bool ip_addr_equal(const struct ip_addr *a, const struct ip_addr *b)
{
	return a->family == b->family && !memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}
static inline bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && ip_addr_equal(&a->addr, &b->addr);
}
/* <0, 0, >0: an order of addresses, by family and then by bytes, and of endpoints, by address and
 * then by port. It is the same on every machine. */
int ip_addr_compare(const struct ip_addr *a, const struct ip_addr *b);
int endpoint_compare(const struct endpoint *a, const struct endpoint *b);
/* A copy of e whose padding is zero, too, for keys that are compared with memcmp(). */
struct endpoint endpoint_key(const struct endpoint *e);
/* The network of a: its first `bits` bits, the rest zero. */
struct ip_addr ip_addr_masked(const struct ip_addr *a, unsigned int bits);
/* The prefix length by which addresses are grouped into networks: 64 for family 6, else 24. */
unsigned int ip_addr_group_bits(uint8_t family);
/* Appends "10.0.0.1" or "2001:db8::1" (RFC 5952); "-" for an unknown address. */
void ip_addr_text(struct text *t, const struct ip_addr *a);
/* Appends "10.0.0.1:80" or "[2001:db8::1]:80"; an unknown address or port is "-". */
void endpoint_text(struct text *t, const struct endpoint *e);

struct ip_prefix {
	struct ip_addr addr;
	uint8_t bits;
};

/* Parses "10.0.0.0/8", "::1" or "::ffff:10.0.0.0/104", which becomes 10.0.0.0/8. 0 or -EINVAL. */
int ip_prefix_parse(const char *s, struct ip_prefix *ret) MUST_CHECK;
bool ip_prefix_has(const struct ip_prefix *p, const struct ip_addr *a);

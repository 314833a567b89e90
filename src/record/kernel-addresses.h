/* SPDX-License-Identifier: MIT */
/*
 * kernel-addresses: decides by the value of a number alone whether it may be a kernel address on a
 * given architecture. Small negative numbers (down to -65536) and numbers below 4096 are never
 * addresses. The kernel's addresses are:
 *
 * - x86_64, riscv64: 0xff00000000000000 and up, with any depth of page tables;
 * - aarch64: bits 52 to 55 are set, with any size of virtual addresses; the top byte may be a tag;
 * - ppc64: 0xc000000000000000 and up;
 * - loongarch64, mips64: 0x8000000000000000 and up;
 * - all of 32 bits: 0x40000000 and up, the lowest border that Linux offers between user and kernel;
 * - s390x, others: anywhere. User and kernel have separate address spaces there, and the kernel's
 *   begins near 0.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct kernel_addresses {
	uint64_t mask; /* bits that are set in all 8-byte addresses; 0: there are no such bits */
};

/* arch is from `uname -m`; NULL or an unknown one: addresses may be anywhere. A family's 32-bit
 * name also stands for its 64-bit kernel, because `setarch` makes uname report that name. */
struct kernel_addresses kernel_addresses_of(const char *arch);
/* True if v, a number of 4 or 8 bytes, may be an address. */
bool kernel_addresses_may_have(const struct kernel_addresses *k, uint64_t v, unsigned int size);
/* True if v is almost certainly an address, because no count or size is that large. */
bool kernel_addresses_have(const struct kernel_addresses *k, uint64_t v, unsigned int size);

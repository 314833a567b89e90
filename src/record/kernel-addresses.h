/* SPDX-License-Identifier: MIT */
/*
 * kernel-addresses: tells by the value of a number alone whether it may be an address of the
 * kernel of an architecture. Small negative numbers (down to -65536) and numbers below 4096 are
 * never addresses.
 *
 * x86_64, riscv64 0xff00000000000000 and up: the kernel's half, with any page tables aarch64
 * bits 52 to 55 set, at all sizes of virtual addresses; the top byte may be a tag ppc64
 * 0xc000000000000000 and up loongarch64, mips64  0x8000000000000000 and up 32 bits
 * 0x40000000 and up: the lowest place at which Linux divides the memory s390x, others
 * anywhere: user and kernel have address spaces of their own, and the kernel's begins near 0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct kernel_addresses {
	uint64_t mask; /* bits that are set in all 8-byte addresses; 0: there are none */
};

/* arch is what `uname -m` says; NULL or an unknown one: addresses may be anywhere. A 32-bit
 * name of a family counts for the 64-bit kernel, too, because `setarch` can make uname say it. */
struct kernel_addresses kernel_addresses_of(const char *arch);
/* May v, a number of 4 or 8 bytes, be an address? */
bool kernel_addresses_may_have(const struct kernel_addresses *k, uint64_t v, unsigned int size);
/* Is v an address for certain, or nearly so: no count or size is that large? */
bool kernel_addresses_have(const struct kernel_addresses *k, uint64_t v, unsigned int size);

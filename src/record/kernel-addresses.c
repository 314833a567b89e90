// SPDX-License-Identifier: MIT
#include "record/kernel-addresses.h"

#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"

#define FIRST	     4096u /* no address is in the first page, so that NULL with an offset faults */
#define FIRST_32_BIT 0x40000000u /* CONFIG_VMSPLIT_1G */
#define NEGATIVE_MAX 65536	 /* numbers from -65536 to -1 are small negative numbers */

struct kernel_addresses kernel_addresses_of(const char *arch)
{
	static const struct {
		const char *prefix; /* of uname -m */
		uint64_t mask;
	} families[] = {
		{"x86_64", 0xff00000000000000},	     {"i386", 0xff00000000000000},
		{"i486", 0xff00000000000000},	     {"i586", 0xff00000000000000},
		{"i686", 0xff00000000000000},	     {"riscv", 0xff00000000000000},
		{"aarch64", 0x00f0000000000000},     {"armv8", 0x00f0000000000000},
		{"ppc", 0xc000000000000000},	     {"mips", 0x8000000000000000},
		{"loongarch64", 0x8000000000000000},
	};

	for (size_t i = 0; arch && i < ARRAY_SIZE(families); i++) {
		if (!strncmp(arch, families[i].prefix, strlen(families[i].prefix)))
			return (struct kernel_addresses){families[i].mask};
	}
	return (struct kernel_addresses){0};
}

static bool is_small(uint64_t v, unsigned int size)
{
	int64_t number = size == 4 ? (int32_t)v : (int64_t)v;

	return v < FIRST || (number < 0 && number >= -NEGATIVE_MAX);
}

bool kernel_addresses_may_have(const struct kernel_addresses *k, uint64_t v, unsigned int size)
{
	if (is_small(v, size))
		return false;
	return size == 4 ? v >= FIRST_32_BIT : (v & k->mask) == k->mask;
}

bool kernel_addresses_have(const struct kernel_addresses *k, uint64_t v, unsigned int size)
{
	return size == 8 && k->mask && kernel_addresses_may_have(k, v, size);
}

/* SPDX-License-Identifier: MIT */
/*
 * What clang-tidy is told of base/fault.h: its functions return their code, which is a negative errno.
 * Else it would follow what happens after a success that has just failed.
 */
#pragma once

#include "base/fault.h"

static inline int fault_code(int code, const char *fmt, ...)
{
	return code;
}

#define fault_set(fault, code, ...)   fault_code(code, __VA_ARGS__)
#define fault_errno(fault, code, ...) fault_code(code, __VA_ARGS__)
#define fault_no_memory(fault)	      fault_code(-12, "")

/* SPDX-License-Identifier: MIT */
/*
 * Tells clang-tidy that the functions of base/fault.h return their code, which is a negative errno.
 * Otherwise it takes a call that has just failed for one that may have succeeded.
 */
#pragma once

#include "base/fault.h"

static inline int fault_code(int code, const char *fmt)
{
	return code;
}

#define fault_set(fault, code, fmt, ...)   fault_code(code, fmt)
#define fault_errno(fault, code, fmt, ...) fault_code(code, fmt)
#define fault_no_memory(fault)		   fault_code(-12, "")

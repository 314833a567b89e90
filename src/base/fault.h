/* SPDX-License-Identifier: MIT */
/*
 * fault: why something failed, in one line for the user. The function that knows why fills it, and
 * the first text stays; all its callers return the code unchanged. Only cli/ prints a fault.
 */
#pragma once

#include "base/cleanup.h"

struct fault {
	int code;	/* 0, or a negative errno */
	char text[240]; /* what failed, where, and what to do; no control characters */
};

#define FAULT_INIT ((struct fault){0})

/*
 * Records the failure unless one is recorded already, and returns code, so that a leaf ends with
 * `return fault_set(fault, -EBADMSG, "...")`. code is a negative errno. fault may be NULL.
 */
int fault_set(struct fault *fault, int code, const char *fmt, ...) PRINTF(3, 4);

/* fault_set() with ": strerror(-code)" after the text. */
int fault_errno(struct fault *fault, int code, const char *fmt, ...) PRINTF(3, 4);

/* Records that memory ran out, in the words that all rooms use, and returns -ENOMEM. */
int fault_no_memory(struct fault *fault);

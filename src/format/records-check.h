/* SPDX-License-Identifier: MIT */
/*
 * records-check: does a payload say what its kind can say, from its first byte to its last?
 */
#pragma once

#include "base/fault.h"
#include "format/section.h"

/* 0, or -EBADMSG. Kinds that are unknown here hold always, and so do CHUNKs, which
 * chunk_layout_decode checks. */
int records_check(const struct section_header *h, const void *payload, size_t len,
		  struct fault *fault) MUST_CHECK;

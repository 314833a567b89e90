/* SPDX-License-Identifier: MIT */
/*
 * zstd-frame: an encoder of zstd frames (RFC 8878) whose bytes do not depend on the version of
 * libzstd: raw blocks, and one RLE block for every long run of equal bytes.
 */
#pragma once

#include "base/buffer.h"

/* Appends one frame that states its content size and expands to data. 0 or -ENOMEM. */
int zstd_frame_make(const uint8_t *data, size_t len, struct buffer *ret) MUST_CHECK;

/* SPDX-License-Identifier: MIT */
/*
 * print-fields: prints a row field by field ("name=value ..."), for events whose print format is
 * missing or may not reach libtraceevent.
 */
#pragma once

#include <stdint.h>

#include "base/text.h"
#include "decode/binding.h"

void print_fields(const struct binding *b, const uint8_t *row, size_t len, struct text *t);

/* SPDX-License-Identifier: MIT */
/*
 * print-fields: a row field by field ("name=value ..."), for events whose print format is missing
 * or is not to be trusted.
 */
#pragma once

#include <stdint.h>

#include "base/text.h"
#include "decode/binding.h"

void print_fields(const struct binding *b, const uint8_t *row, size_t len, struct text *t);

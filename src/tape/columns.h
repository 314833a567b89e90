/* SPDX-License-Identifier: MIT */
/*
 * columns: rows to byte columns and back. n rows of len bytes, `stride` bytes apart in memory;
 * column k stands at columns + k * n.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

void columns_split(const uint8_t *rows, size_t stride, size_t n, size_t len, uint8_t *columns);
void columns_join(const uint8_t *columns, size_t n, size_t len, uint8_t *rows, size_t stride);

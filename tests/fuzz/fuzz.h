/* SPDX-License-Identifier: MIT */
/*
 * fuzz: the entry that libFuzzer calls; replay.c calls it with the files of a corpus.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

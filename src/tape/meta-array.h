/* SPDX-License-Identifier: MIT */
/*
 * meta-array: arrays of the tape's metadata. They grow by doubling inside the arena and leave the
 * old array there, so that pointers that were handed out stay good; the capacity of an array is its
 * length rounded up to a power of two. Private to the files that fill the metadata.
 */
#pragma once

#include "base/arena.h"

/* Returns how many items an array of n items has room for. */
size_t meta_array_capacity(size_t n);
/* Adds item n to an array of n items and returns its place, zeroed. NULL: out of memory. */
void *meta_array_add(struct arena *a, void **items, size_t n, size_t size);

/* SPDX-License-Identifier: MIT */
/*
 * ring: the buffer into which the kernel writes one CPU's records, and our read position in it.
 * The kernel never overwrites records that are not released yet. A record is returned in place, or
 * copied first if it wraps around the end of the buffer. A record of impossible size is a fault:
 * nothing after it can be trusted.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

struct ring {
	const uint64_t *head; /* the kernel's write position in bytes; it only grows */
	uint64_t *tail;	      /* written by us: the kernel may reuse all bytes before it */
	const uint8_t *data;
	uint64_t mask;	  /* bytes of data, a power of two, minus 1 */
	uint64_t at;	  /* position of the next record, counted as head is */
	uint8_t *wrapped; /* the copy of a record that wraps: RING_RECORD_MAX bytes, owned */
	void *map;	  /* the mapping, owned; NULL: the memory is the caller's */
	size_t map_len;
};

#define RING_RECORD_MAX 65536u

struct ring_record {
	uint32_t type;	     /* enum sample_type, or another PERF_RECORD_* */
	uint32_t len;	     /* bytes of the body */
	const uint8_t *body; /* follows the 8-byte header; valid until the next call */
};

/*
 * Maps the ring of a perf event; bytes is a power of two and at least a page. After -EPERM (mlock
 * limit) or -ENOMEM a smaller ring may succeed.
 */
int ring_map(int fd, uint64_t bytes, struct ring *ret, struct fault *fault) MUST_CHECK;
/* Sets up a ring over the caller's memory, which must outlive it. bytes is a power of two. 0 or
 * -ENOMEM. */
int ring_attach(uint64_t *head, uint64_t *tail, const uint8_t *data, uint64_t bytes,
		struct ring *ret) MUST_CHECK;
void ring_done(struct ring *r);

/* The position up to which the kernel has finished writing. */
static inline uint64_t ring_head(const struct ring *r)
{
	return __atomic_load_n(r->head, __ATOMIC_ACQUIRE);
}
/* Finds the next record before the position head. Returns 1; 0: all records are read; -EBADMSG:
 * the size of the record or the position is impossible. */
int ring_next(struct ring *r, uint64_t head, struct ring_record *ret,
	      struct fault *fault) MUST_CHECK;
/* Gives the kernel back the space of every record that ring_next() has returned. */
static inline void ring_release(struct ring *r)
{
	__atomic_store_n(r->tail, r->at, __ATOMIC_RELEASE);
}

/* SPDX-License-Identifier: MIT */
/*
 * ring: the memory in which the kernel leaves one CPU's records, and our place in it. The kernel
 * never overwrites records that we have not released. A record is shown in place, or copied first
 * if it wraps around the end of the memory. A record of impossible size is a fault: nothing after
 * it can be trusted.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

struct ring {
	const uint64_t *head; /* the kernel writes it; it counts bytes and never goes back */
	uint64_t *tail;	      /* we write it: the kernel may reuse everything before it */
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
 * Maps the ring of a perf event; bytes is a power of two and at least a page. -EPERM (mlock
 * limit) and -ENOMEM may succeed with fewer bytes.
 */
int ring_map(int fd, uint64_t bytes, struct ring *ret, struct fault *fault) MUST_CHECK;
/* Makes a ring in the caller's memory. bytes is a power of two. 0 or -ENOMEM. */
int ring_attach(uint64_t *head, uint64_t *tail, const uint8_t *data, uint64_t bytes,
		struct ring *ret) MUST_CHECK;
void ring_done(struct ring *r);

/* The position up to which the kernel has finished writing. */
static inline uint64_t ring_head(const struct ring *r)
{
	return __atomic_load_n(r->head, __ATOMIC_ACQUIRE);
}
/* Shows the next record that ends at or before head: 1; 0: there is none; -EBADMSG. */
int ring_next(struct ring *r, uint64_t head, struct ring_record *ret,
	      struct fault *fault) MUST_CHECK;
/* Gives the kernel back the space of every record that ring_next() has shown. */
static inline void ring_release(struct ring *r)
{
	__atomic_store_n(r->tail, r->at, __ATOMIC_RELEASE);
}

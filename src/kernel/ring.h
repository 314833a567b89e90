/* SPDX-License-Identifier: MIT */
/*
 * ring: the memory in which the kernel leaves one CPU's records, and our place in it. The kernel
 * never overwrites what we have not released. Records are shown in place; one that wraps around
 * the end is copied first. A record of impossible size is a fault: nothing behind it can be
 * trusted.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

struct ring {
	const uint64_t *head; /* the kernel writes it, free-running */
	uint64_t *tail;	      /* we write it: everything before is free again */
	const uint8_t *data;
	uint64_t mask;	  /* bytes of data - 1; a power of two */
	uint64_t at;	  /* next record, free-running */
	uint8_t *wrapped; /* RING_RECORD_MAX bytes, owned */
	void *map;	  /* NULL: memory of somebody else */
	size_t map_len;
};

#define RING_RECORD_MAX 65536u

struct ring_record {
	uint32_t type;	     /* enum sample_type, or another of the kernel's */
	uint32_t len;	     /* of the body */
	const uint8_t *body; /* behind the 8-byte header; good until the next call */
};

/*
 * Maps the ring of a perf event; bytes is a power of two and at least a page. -EPERM (mlock
 * limit) and -ENOMEM may succeed with fewer bytes.
 */
int ring_map(int fd, uint64_t bytes, struct ring *ret, struct fault *fault) MUST_CHECK;
/* A ring in the caller's memory. bytes is a power of two. */
int ring_attach(uint64_t *head, uint64_t *tail, const uint8_t *data, uint64_t bytes,
		struct ring *ret) MUST_CHECK;
void ring_done(struct ring *r);

/* What the kernel has finished writing up to now. */
static inline uint64_t ring_head(const struct ring *r)
{
	return __atomic_load_n(r->head, __ATOMIC_ACQUIRE);
}
/* The next record before head: 1; 0 none; -EBADMSG. */
int ring_next(struct ring *r, uint64_t head, struct ring_record *ret,
	      struct fault *fault) MUST_CHECK;
/* Gives back the space of every record that ring_next showed. */
static inline void ring_release(struct ring *r)
{
	__atomic_store_n(r->tail, r->at, __ATOMIC_RELEASE);
}

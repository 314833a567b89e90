/* SPDX-License-Identifier: MIT */
/*
 * world: a recording without a kernel: rings in plain memory, events that are pipes or eventfds, a
 * writer thread, and a tape in memory.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/sample.h"
#include "record/drain.h"
#include "tape/reader.h"
#include "tape/writer.h"

#define WORLD_RING_BYTES (64u << 10)
#define WORLD_CPUS	 2u   /* their numbers are 0 and 3 */
#define WORLD_TYPE	 300u /* the kernel's number of the tracepoint */

struct world_ring {
	uint64_t head, tail;
	uint8_t *data;
};

struct world {
	struct world_ring rings[WORLD_CPUS];
	struct event_cpu cpus[WORLD_CPUS];
	struct events events; /* one tracepoint; no descriptors */
	struct tracepoint items[4];
	struct block_tracepoint places[4];
	struct tracepoints tracepoints; /* n_synthetic of them are synthetic ones */
	struct event_counts event_counts;
	struct buffer tape;
	struct sink sink;
	struct tape_writer *writer;
	struct anonymiser *anonymiser;
	struct writer_thread *writer_thread;
	struct drain drain;
};

struct world_options {
	size_t n_batches;
	size_t n_synthetic; /* tracepoints after the first one, at most 3 */
	int sink_fd;	    /* the tape goes there; 0: to memory */
};

void world_open(struct world *w, const struct world_options *o);
/* Closes the last block, stops the writer thread, and ends the tape. */
void world_finish(struct world *w);
void world_close(struct world *w);

/* A record into the ring of one CPU, by its place. */
void world_put_record(struct world *w, size_t cpu, uint32_t type, const void *body, uint16_t len);
/* A row of 20 bytes: u16 type, 6 bytes, u64 pointer, u32 value. */
void world_put_row(struct world *w, size_t cpu, uint64_t time, uint64_t pointer, uint32_t value);
void world_put_lost(struct world *w, size_t cpu, uint64_t time, uint64_t lost);
void world_put_comm(struct world *w, size_t cpu, uint64_t time, int32_t pid, const char *comm);

/* Opens the finished tape. */
struct tape_reader *world_open_tape(const struct world *w);
/* Counts the sections of one kind on the finished tape. */
size_t world_count_sections(const struct world *w, uint16_t kind);

/* SPDX-License-Identifier: MIT */
/*
 * rows: makes up the events of TCP connections as `traffic mill` causes them: on every CPU a
 * process connects to itself, with 31 events per connection, in the layout of real format files.
 * The same calls give the same rows.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/fault.h"
#include "tracepoint/trace-format.h"

#define ROWS_LEN_MAX	 256u
#define ROWS_FRAMES	 18u
#define ROWS_TRACEPOINTS 10u

struct rows_field {
	uint16_t offset, size;
	uint8_t what; /* enum what */
};

struct rows_tracepoint {
	const char *system, *name;
	bool has_chain;
	struct buffer text; /* the format file, ends in NUL */
	struct trace_format format;
	struct rows_field fields[40];
	size_t n_fields;
};

/* How far the process of one CPU has come. */
struct rows_cpu {
	uint64_t connection;
	size_t step;
	uint64_t now;
};

struct rows {
	struct rows_tracepoint tracepoints[ROWS_TRACEPOINTS];
	struct rows_cpu *cpus;
	size_t n_cpus;
};

/* formats is a folder of format files named SYSTEM.NAME.format. */
int rows_open(struct rows *rows, const char *formats, size_t n_cpus,
	      struct fault *fault) MUST_CHECK;
void rows_done(struct rows *r);

struct row {
	uint16_t tracepoint; /* index */
	uint16_t len;
	uint32_t n_frames; /* 0: the row has no call chain */
	uint64_t time;
	uint64_t frames[ROWS_FRAMES];
	uint8_t data[ROWS_LEN_MAX];
};

/* Makes the next event of a CPU. */
void rows_next(struct rows *r, size_t cpu, struct row *ret);
/* The time that no later row is older than. */
uint64_t rows_complete_until(const struct rows *r);

/* SPDX-License-Identifier: MIT */
/*
 * fixture: the format files under tests/fixtures/formats, and rows made by them: values are put
 * where the format file says they are, in the byte order of the machine it came from.
 */
#pragma once

#include "base/buffer.h"
#include "decode/decoder.h"
#include "tracepoint/trace-format.h"

struct fixture {
	char kernel[64]; /* folder */
	char system[32];
	char name[64];
	struct buffer text;
	struct trace_format format;
	struct tape_tracepoint tracepoint;
	struct tape_meta meta; /* byte order and word size only */
	uint8_t row[4096];
};

/* Calls fn for every format file; returns how many there were. */
size_t fixture_each(void (*fn)(struct fixture *f));
/* One of them: "x86_64-6.18", "tcp", "tcp_probe". */
void fixture_load(struct fixture *f, const char *kernel, const char *system, const char *name);
void fixture_done(struct fixture *f);

const struct trace_field *fixture_field(const struct fixture *f, const char *name);
/* False when the format has no such field. */
bool fixture_put(struct fixture *f, const char *name, uint64_t value);
bool fixture_put_bytes(struct fixture *f, const char *name, const void *bytes, size_t n);
struct tape_row fixture_row(const struct fixture *f);

/* SPDX-License-Identifier: MIT */
/*
 * sample: the bodies of the records that our events leave in a ring. Shapes follow from what
 * perf-event asks for: TIME and RAW, or TIME, CALLCHAIN and RAW; every other record ends in its
 * time. Everything points into the record.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

/* The kernel's numbers (PERF_RECORD_*). */
enum sample_type {
	SAMPLE_TYPE_LOST = 2,
	SAMPLE_TYPE_COMM = 3,
	SAMPLE_TYPE_EXIT = 4,
	SAMPLE_TYPE_FORK = 7,
	SAMPLE_TYPE_ROW = 9,
};

struct sample_row {
	uint64_t time;
	uint16_t type;	  /* the tracepoint's id */
	uint32_t raw_len; /* with the kernel's padding */
	const uint8_t *raw;
	uint64_t n_ips;	    /* 0 without a chain */
	const uint8_t *ips; /* n_ips x u64, host order, perhaps unaligned; markers among them */
};

struct sample_lost {
	uint64_t time;
	uint64_t lost;
};

struct sample_task {
	uint64_t time;
	int32_t pid, tid;
	int32_t parent;	  /* FORK, EXIT: process */
	const char *comm; /* COMM; else "" */
};

/* 0; -EBADMSG: shorter than its parts claim. */
int sample_row_parse(const uint8_t *body, size_t len, struct sample_row *ret) MUST_CHECK;
int sample_lost_parse(const uint8_t *body, size_t len, struct sample_lost *ret) MUST_CHECK;
/* type: SAMPLE_TYPE_COMM, _FORK or _EXIT. */
int sample_task_parse(uint32_t type, const uint8_t *body, size_t len,
		      struct sample_task *ret) MUST_CHECK;

/*
 * Copies the kernel's frames of a chain, innermost first: without the markers, without user
 * frames. Returns how many, at most max.
 */
size_t sample_row_frames(const struct sample_row *row, uint64_t *frames, size_t max);

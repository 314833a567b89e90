/* SPDX-License-Identifier: MIT */
/*
 * sample: parses the bodies of the records that our perf events write into a ring. Their layout
 * follows from the attributes that perf-event.c sets: TIME and RAW, or TIME, CALLCHAIN and RAW, and
 * CGROUP after them where the kernel knows it; every other record ends in its time. All returned
 * pointers point into the body.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

/* The kernel's numbers for types of records (PERF_RECORD_*). */
enum sample_type {
	SAMPLE_TYPE_LOST = 2,
	SAMPLE_TYPE_COMM = 3,
	SAMPLE_TYPE_EXIT = 4,
	SAMPLE_TYPE_FORK = 7,
	SAMPLE_TYPE_ROW = 9,
	SAMPLE_TYPE_CGROUP = 19,
};

struct sample_row {
	uint64_t time;
	uint16_t type;	  /* the tracepoint's id */
	uint8_t flags;	  /* common_flags */
	int32_t tid;	  /* common_pid: the thread on the CPU; 0: none, or not known */
	uint32_t raw_len; /* bytes of raw, the kernel's padding included */
	const uint8_t *raw;
	uint64_t n_ips;	    /* entries of the call chain; 0: it has none */
	const uint8_t *ips; /* n_ips u64 in host byte order, unaligned; some are PERF_CONTEXT_* */
	uint64_t cgroup;    /* id of the control group of the task on the CPU; 0: not known */
};

struct sample_lost {
	uint64_t time;
	uint64_t lost;
};

struct sample_task {
	uint64_t time;
	int32_t pid, tid;
	int32_t parent;	  /* FORK, EXIT: process id of the parent; else 0 */
	const char *comm; /* COMM: the new name; else "" */
};

/* A new control group. */
struct sample_cgroup {
	uint64_t time;
	uint64_t id;
	const char *path; /* from the root of its hierarchy */
};

/* All of these return 0, or -EBADMSG if the body is shorter than its parts claim. */
int sample_row_parse(const uint8_t *body, size_t len, struct sample_row *ret) MUST_CHECK;
int sample_lost_parse(const uint8_t *body, size_t len, struct sample_lost *ret) MUST_CHECK;
/* type is SAMPLE_TYPE_COMM, _FORK or _EXIT. */
int sample_task_parse(uint32_t type, const uint8_t *body, size_t len,
		      struct sample_task *ret) MUST_CHECK;
int sample_cgroup_parse(const uint8_t *body, size_t len, struct sample_cgroup *ret) MUST_CHECK;

/*
 * Copies the kernel's frames of a call chain, innermost first, without user frames and
 * PERF_CONTEXT_* markers. Returns how many frames were copied, at most max.
 */
size_t sample_row_frames(const struct sample_row *row, uint64_t *frames, size_t max);

// SPDX-License-Identifier: MIT
/*
 * sample: parses record bodies, which are in host byte order.
 */
#include "kernel/sample.h"

#include <assert.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <string.h>

static_assert((int)SAMPLE_TYPE_LOST == (int)PERF_RECORD_LOST, "LOST");
static_assert((int)SAMPLE_TYPE_COMM == (int)PERF_RECORD_COMM, "COMM");
static_assert((int)SAMPLE_TYPE_EXIT == (int)PERF_RECORD_EXIT, "EXIT");
static_assert((int)SAMPLE_TYPE_FORK == (int)PERF_RECORD_FORK, "FORK");
static_assert((int)SAMPLE_TYPE_CGROUP == (int)PERF_RECORD_CGROUP, "CGROUP");
static_assert((int)SAMPLE_TYPE_ROW == (int)PERF_RECORD_SAMPLE, "SAMPLE");

static inline uint32_t host32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint64_t host64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/*
 * Either RAW or a CALLCHAIN follows the time. RAW begins with a u32 size, which is not 0, and the
 * row, whose first u16 is its type and not 0. A CALLCHAIN begins with a u64 count far below 2^32,
 * one half of which is 0 in either byte order.
 */
static inline bool has_chain(const uint8_t *after_time)
{
	return !host32(after_time) || !host32(after_time + 4);
}

int sample_row_parse(const uint8_t *body, size_t len, struct sample_row *ret)
{
	const uint8_t *at = body + 8;
	uint32_t raw_len;

	if (len < 16)
		return -EBADMSG;
	len -= 8;
	ret->time = host64(body);
	ret->n_ips = 0;
	ret->ips = NULL;
	if (has_chain(at)) {
		uint64_t n = host64(at);

		if (n > (len - 8) / 8)
			return -EBADMSG;
		ret->n_ips = n;
		ret->ips = at + 8;
		at += 8 + n * 8;
		len -= 8 + n * 8;
	}
	if (len < 4 + sizeof(ret->type))
		return -EBADMSG;
	raw_len = host32(at);
	if (raw_len > len - 4 || raw_len < sizeof(ret->type))
		return -EBADMSG;
	ret->raw = at + 4;
	ret->raw_len = raw_len;
	memcpy(&ret->type, ret->raw, sizeof(ret->type));
	/* u16 type, u8 flags, u8 preempt_count, s32 pid: struct trace_entry, in every kernel. */
	ret->flags = raw_len >= 8 ? ret->raw[2] : 0;
	ret->tid = raw_len >= 8 ? (int32_t)host32(ret->raw + 4) : 0;
	len -= 4 + raw_len;
	ret->cgroup = len >= 8 ? host64(ret->raw + raw_len) : 0;
	return 0;
}

int sample_lost_parse(const uint8_t *body, size_t len, struct sample_lost *ret)
{
	/* u64 id, u64 lost, u64 time */
	if (len < 24)
		return -EBADMSG;
	ret->lost = host64(body + 8);
	ret->time = host64(body + len - 8);
	return 0;
}

int sample_task_parse(uint32_t type, const uint8_t *body, size_t len, struct sample_task *ret)
{
	assert(type == SAMPLE_TYPE_COMM || type == SAMPLE_TYPE_FORK || type == SAMPLE_TYPE_EXIT);
	if (len < 16)
		return -EBADMSG;
	ret->time = host64(body + len - 8);
	if (type == SAMPLE_TYPE_COMM) {
		/* u32 pid, u32 tid, comm with NULs up to 8 bytes, u64 time */
		if (len < 24 || !memchr(body + 8, 0, len - 16))
			return -EBADMSG;
		ret->pid = (int32_t)host32(body);
		ret->tid = (int32_t)host32(body + 4);
		ret->parent = 0;
		ret->comm = (const char *)body + 8;
		return 0;
	}
	/* u32 pid, u32 ppid, u32 tid, u32 ptid, u64 time, u64 time */
	if (len < 32)
		return -EBADMSG;
	ret->pid = (int32_t)host32(body);
	ret->parent = (int32_t)host32(body + 4);
	ret->tid = (int32_t)host32(body + 8);
	ret->comm = "";
	return 0;
}

int sample_cgroup_parse(const uint8_t *body, size_t len, struct sample_cgroup *ret)
{
	/* u64 id, path with NULs up to 8 bytes, u64 time */
	if (len < 24 || !memchr(body + 8, 0, len - 16))
		return -EBADMSG;
	ret->id = host64(body);
	ret->path = (const char *)body + 8;
	ret->time = host64(body + len - 8);
	return 0;
}

size_t sample_row_frames(const struct sample_row *row, uint64_t *frames, size_t max)
{
	bool is_kernel = true;
	size_t n = 0;

	for (uint64_t i = 0; i < row->n_ips && n < max; i++) {
		uint64_t ip = host64(row->ips + i * 8);

		if (ip >= (uint64_t)PERF_CONTEXT_MAX)
			is_kernel = ip == (uint64_t)PERF_CONTEXT_KERNEL;
		else if (is_kernel)
			frames[n++] = ip;
	}
	return n;
}

// SPDX-License-Identifier: MIT
/*
 * ring: maps the buffer of a perf event, and walks from record to record in it.
 */
#include "kernel/ring.h"

#include <assert.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int ring_attach(uint64_t *head, uint64_t *tail, const uint8_t *data, uint64_t bytes,
		struct ring *ret)
{
	/* Pages of this copy buffer that no record touches cost only address space. */
	uint8_t *wrapped = malloc(RING_RECORD_MAX);

	assert(bytes && !(bytes & (bytes - 1)));
	if (!wrapped)
		return -ENOMEM;
	*ret = (struct ring){
		.head = head,
		.tail = tail,
		.data = data,
		.mask = bytes - 1,
		.at = *tail,
		.wrapped = wrapped,
	};
	return 0;
}

int ring_map(int fd, uint64_t bytes, struct ring *ret, struct fault *fault)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t len = page + (size_t)bytes;
	struct perf_event_mmap_page *control;
	void *map = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	uint64_t offset, size;
	int r;

	assert(bytes >= page && !(bytes & (bytes - 1)));
	if (map == MAP_FAILED) {
		r = -errno;
		if (r == -EPERM)
			return fault_set(
				fault, r,
				"ring of %llu KiB per CPU: more than this user may lock: "
				"use sudo or CAP_IPC_LOCK, or raise kernel.perf_event_mlock_kb, "
				"or a smaller -b",
				(unsigned long long)(bytes >> 10));
		if (r == -ENOMEM)
			return fault_set(
				fault, r,
				"ring of %llu KiB per CPU: the kernel has no memory for it: "
				"try a smaller -b",
				(unsigned long long)(bytes >> 10));
		return fault_errno(fault, r, "ring of %llu KiB per CPU",
				   (unsigned long long)(bytes >> 10));
	}
	control = map;
	/* Kernels before 4.1 leave data_offset and data_size at 0: the data follow the first
	 * page. */
	offset = control->data_offset ? control->data_offset : page;
	size = control->data_size ? control->data_size : bytes;
	if (offset > len || size > len - offset || (size & (size - 1))) {
		munmap(map, len);
		return fault_set(fault, -EBADMSG,
				 "ring: data of %llu bytes at %llu in a map of %zu",
				 (unsigned long long)size, (unsigned long long)offset, len);
	}
	r = ring_attach((uint64_t *)&control->data_head, (uint64_t *)&control->data_tail,
			(uint8_t *)map + offset, size, ret);
	if (r < 0) {
		munmap(map, len);
		return fault_no_memory(fault);
	}
	ret->map = map;
	ret->map_len = len;
	return 0;
}

void ring_done(struct ring *r)
{
	free(r->wrapped);
	if (r->map)
		munmap(r->map, r->map_len);
	*r = (struct ring){0};
}

static const uint8_t *record_unwrap(const struct ring *r, uint64_t from, uint32_t size)
{
	uint64_t first = r->mask + 1 - from;

	memcpy(r->wrapped, r->data + from, first);
	memcpy(r->wrapped + first, r->data, size - first);
	return r->wrapped;
}

int ring_next(struct ring *r, uint64_t head, struct ring_record *ret, struct fault *fault)
{
	uint64_t left = head - r->at;
	uint64_t from = r->at & r->mask;
	struct perf_event_header header;
	const uint8_t *record;

	if (!left)
		return 0;
	/* Sizes and positions are multiples of 8, so a header never wraps. */
	if (left < sizeof(header) || left > r->mask + 1 || (from & 7))
		return fault_set(fault, -EBADMSG, "ring: head %llu does not fit tail %llu",
				 (unsigned long long)head, (unsigned long long)r->at);
	memcpy(&header, r->data + from, sizeof(header));
	if (header.size < sizeof(header) || header.size > left || (header.size & 7))
		return fault_set(fault, -EBADMSG,
				 "ring: a record of type %u claims %u bytes, %llu are there",
				 header.type, header.size, (unsigned long long)left);
	record = r->data + from;
	if (from + header.size > r->mask + 1)
		record = record_unwrap(r, from, header.size);
	r->at += header.size;
	ret->type = header.type;
	ret->len = (uint32_t)(header.size - sizeof(header));
	ret->body = record + sizeof(header);
	return 1;
}

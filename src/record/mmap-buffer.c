// SPDX-License-Identifier: MIT
/*
 * mmap-buffer: anonymous maps.
 */
#include "record/mmap-buffer.h"

#include <errno.h>
#include <sys/mman.h>

int mmap_buffer_grow(struct mmap_buffer *r, size_t cap)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *data;

	if (cap <= r->cap)
		return 0;
	cap = (cap + page - 1) & ~(page - 1);
	if (r->data)
		data = mremap(r->data, r->cap, cap, MREMAP_MAYMOVE);
	else
		data = mmap(NULL, cap, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (data == MAP_FAILED)
		return -ENOMEM;
	r->data = data;
	r->cap = cap;
	return 0;
}

void mmap_buffer_done(struct mmap_buffer *r)
{
	if (r->data)
		munmap(r->data, r->cap);
	*r = (struct mmap_buffer){0};
}

// SPDX-License-Identifier: MIT
/*
 * mmap-buffer: anonymous mappings of whole pages.
 */
#include "record/mmap-buffer.h"

#include <errno.h>
#include <sys/mman.h>

int mmap_buffer_grow(struct mmap_buffer *b, size_t cap)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *data;

	if (cap <= b->cap)
		return 0;
	cap = (cap + page - 1) & ~(page - 1);
	if (b->data)
		data = mremap(b->data, b->cap, cap, MREMAP_MAYMOVE);
	else
		data = mmap(NULL, cap, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (data == MAP_FAILED)
		return -ENOMEM;
	b->data = data;
	b->cap = cap;
	return 0;
}

void mmap_buffer_done(struct mmap_buffer *b)
{
	if (b->data)
		munmap(b->data, b->cap);
	*b = (struct mmap_buffer){0};
}

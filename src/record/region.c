// SPDX-License-Identifier: MIT
/*
 * region: anonymous maps.
 */
#include "record/region.h"

#include <errno.h>
#include <sys/mman.h>

int region_grow(struct region *r, size_t cap)
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

void region_done(struct region *r)
{
	if (r->data)
		munmap(r->data, r->cap);
	*r = (struct region){0};
}

// SPDX-License-Identifier: MIT
#include "tape/section-kind.h"

#include <errno.h>

static const struct section_kind *kind_find(const struct section_kind *kinds, size_t n,
					    uint16_t number)
{
	for (size_t i = 0; i < n; i++) {
		if (kinds[i].number == number)
			return &kinds[i];
	}
	return NULL;
}

const struct section_kind *section_kind_of(uint16_t number)
{
	const struct section_kind *kind = kind_find(kinds_count, n_kinds_count, number);

	if (!kind)
		kind = kind_find(kinds_metadata, n_kinds_metadata, number);
	return kind ? kind : kind_find(kinds_counters, n_kinds_counters, number);
}

const char *section_kind_name(uint16_t number)
{
	const struct section_kind *kind = section_kind_of(number);

	return kind ? kind->name : NULL;
}

int section_check(const struct section_header *h, const void *payload, size_t len,
		  struct fault *fault)
{
	const struct section_kind *kind = section_kind_of(h->kind);
	struct cursor c = cursor_of(payload, len);
	union tape_record record;
	uint64_t n = 0;
	int r;

	if (!kind)
		return 0;
	if (kind->has_tracepoint && h->subject >= TAPE_TRACEPOINTS_MAX)
		return fault_set(fault, -EBADMSG, "%s of tracepoint %u", kind->name, h->subject);
	if (!kind->decode)
		return 0;
	while ((r = kind->decode(&c, &record)) > 0)
		n++;
	if (r < 0)
		return fault_set(fault, -EBADMSG, "%s: record %llu makes no sense", kind->name,
				 (unsigned long long)n);
	if (kind->is_single && n != 1)
		return fault_set(fault, -EBADMSG, "%s with %llu records", kind->name,
				 (unsigned long long)n);
	return 0;
}

// SPDX-License-Identifier: MIT
#include "tracepoint/row-ends.h"

/* The offset of a field of this size; it counts into r->len. False: there is no such field. */
static bool place_find(const struct trace_format *f, const char *name, unsigned int size,
		       struct row_ends *r, uint16_t *ret)
{
	const struct trace_field *field = trace_format_field(f, name);

	if (!field || field->size != size || field->is_dynamic)
		return false;
	*ret = field->offset;
	if (field->offset + size > r->len)
		r->len = (uint16_t)(field->offset + size);
	return true;
}

void row_ends_find(const struct trace_format *f, struct row_ends *ret)
{
	struct row_ends r = {.sk_size = 8};
	bool has_sk = place_find(f, "skaddr", 8, &r, &r.sk);

	if (!has_sk) {
		r.sk_size = 4;
		has_sk = place_find(f, "skaddr", 4, &r, &r.sk);
	}
	r.is_known = has_sk && place_find(f, "sport", 2, &r, &r.sport) &&
		     place_find(f, "dport", 2, &r, &r.dport) &&
		     place_find(f, "saddr_v6", 16, &r, &r.source) &&
		     place_find(f, "daddr_v6", 16, &r, &r.destination);
	*ret = r;
}

// SPDX-License-Identifier: MIT
#include "tape/index.h"

#include <errno.h>
#include <stdlib.h>

#include "format/layout.h"
#include "tape/payload.h"

#define TRAILER_LEN (TAPE_HEADER_LEN + 16u)
/* Bytes of an INDEX record on the tape. */
#define RECORD_LEN 34u

/* Finds the place of the INDEX in the TRAILER at the end. Returns 1; 0 if there is none;
 * -ENOMEM. */
static int index_find(const struct source *s, uint64_t *ret_at, struct buffer *scratch)
{
	struct trailer_record trailer;
	struct section_header h;
	struct cursor c;
	uint64_t size;
	int r;

	if (!source_size(s, &size) || size < TRAILER_LEN)
		return 0;
	r = payload_load(s, size - TRAILER_LEN, TAPE_KIND_TRAILER, &h, scratch);
	if (r <= 0)
		return r;
	c = cursor_of(scratch->data, scratch->len);
	if (trailer_record_decode(&c, &trailer) <= 0 || trailer.tape_bytes != size ||
	    !trailer.index_offset)
		return 0;
	*ret_at = trailer.index_offset;
	return 1;
}

/* Expands the payload of the INDEX. Returns 1; 0 if the payload is not what its header says;
 * -ENOMEM. */
static int index_expand(const struct section_header *h, const struct buffer *stored,
			struct buffer *raw, struct fault *fault)
{
	struct expander *e CLEANUP(expander_free_p) = NULL;
	int r = expander_new(&e, fault);

	if (!r)
		r = payload_expand(e, h, stored->data, raw, NULL);
	if (r < 0)
		return r == -EBADMSG ? 0 : r;
	return 1;
}

/* Decodes n entries. False if their offsets do not ascend with room for a header between any
 * two. */
static bool entries_decode(struct tape_index *index, const struct buffer *raw, size_t n)
{
	struct cursor c = cursor_of(raw->data, raw->len);
	uint64_t next = 0;

	while (index->n < n && index_record_decode(&c, &index->entries[index->n]) > 0) {
		const struct index_record *e = &index->entries[index->n];

		if (e->offset < next || (!index->n && e->offset))
			return false;
		next = e->offset + TAPE_HEADER_LEN;
		index->n++;
	}
	return index->n == n && n && next <= index->end;
}

int tape_index_load(struct tape_index *index, const struct source *s, struct fault *fault)
{
	struct buffer stored CLEANUP(buffer_done) = {0};
	struct buffer raw CLEANUP(buffer_done) = {0};
	struct section_header h;
	int r;

	*index = (struct tape_index){0};
	r = index_find(s, &index->end, &stored);
	if (r > 0)
		r = payload_load(s, index->end, TAPE_KIND_INDEX, &h, &stored);
	if (r > 0 && (uint64_t)h.count * RECORD_LEN != h.raw_len)
		r = 0;
	if (r > 0)
		r = index_expand(&h, &stored, &raw, fault);
	if (r > 0) {
		index->entries = malloc(((size_t)h.count + 1) * sizeof(*index->entries));
		r = index->entries ? 1 : -ENOMEM;
	}
	if (r > 0 && !entries_decode(index, &raw, h.count))
		r = 0;
	if (r <= 0)
		tape_index_done(index);
	return r < 0 ? fault_no_memory(fault) : r;
}

void tape_index_done(struct tape_index *index)
{
	free(index->entries);
	*index = (struct tape_index){0};
}

const struct index_record *tape_index_at(const struct tape_index *index, uint64_t at, size_t *hint)
{
	size_t i = *hint;

	if (i >= index->n || index->entries[i].offset > at)
		i = 0;
	while (i < index->n && index->entries[i].offset < at)
		i++;
	*hint = i;
	return i < index->n && index->entries[i].offset == at ? &index->entries[i] : NULL;
}

uint64_t tape_index_warmup(const struct tape_index *index, uint64_t since, uint64_t max_rows,
			   bool (*wants)(void *userdata, const struct index_record *e),
			   void *userdata)
{
	uint64_t n = 0;

	for (size_t i = index->n; i-- > 0;) {
		const struct index_record *e = &index->entries[i];

		if (e->kind != TAPE_KIND_CHUNK || e->time_from >= since || !wants(userdata, e))
			continue;
		n += e->count;
		if (n > max_rows)
			return e->time_to < since ? e->time_to : since;
	}
	return 0;
}

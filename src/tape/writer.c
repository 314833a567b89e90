// SPDX-License-Identifier: MIT
/*
 * writer: builds each section, header and payload, in one buffer, and writes it at once. The writer
 * keeps only the records of the INDEX, up to INDEX_MAX bytes; a tape with more sections gets no
 * INDEX.
 */
#include "tape/writer.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "tape/codec.h"
#include "tape/writer-chunk.h"

#define INDEX_MAX (8u << 20)
/* Payloads shorter than this never get smaller by compression. */
#define PACK_MIN 64u

struct tape_writer {
	struct sink *sink;
	struct packer *packer;
	bool stores; /* no payload is packed */
	struct chunk_scratch scratch;
	struct buffer out;   /* the section that is being built */
	struct buffer index; /* INDEX records of all sections so far */
	bool has_no_index;
	bool is_finished;
	int failed; /* the code of the first write that failed; nothing is written after it */
	uint32_t sequence;
	uint64_t bytes;
	uint32_t block_chunks; /* CHUNKs since the last MARK */
	uint64_t block_rows;
};

int tape_writer_new(struct sink *sink, int level, struct tape_writer **ret, struct fault *fault)
{
	struct tape_writer *w CLEANUP(tape_writer_free_p) = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return fault_no_memory(fault);
	w->sink = sink;
	w->stores = level == 0;
	r = packer_new(level, &w->packer, fault);
	if (r < 0)
		return r;
	*ret = TAKE(w);
	return 0;
}

struct tape_writer *tape_writer_free(struct tape_writer *w)
{
	if (w) {
		packer_free(w->packer);
		chunk_scratch_done(&w->scratch);
		buffer_done(&w->out);
		buffer_done(&w->index);
		free(w);
	}
	return NULL;
}

uint64_t tape_writer_bytes(const struct tape_writer *w)
{
	return w->bytes;
}

static int writer_ready(const struct tape_writer *w, struct fault *fault)
{
	assert(!w->is_finished);
	if (w->failed)
		return fault_set(fault, w->failed, "%s: a write failed before", w->sink->name);
	return 0;
}

static int index_remember(struct tape_writer *w, const struct section_header *h,
			  struct fault *fault)
{
	struct index_record entry = {
		.offset = w->bytes,
		.kind = h->kind,
		.subject = h->subject,
		.count = h->count,
		.time_from = h->time_from,
		.time_to = h->time_to,
	};

	if (w->has_no_index)
		return 0;
	if (w->index.len > INDEX_MAX) {
		w->has_no_index = true;
		buffer_done(&w->index);
		return 0;
	}
	if (index_record_encode(&w->index, &entry) < 0)
		return fault_no_memory(fault);
	return 0;
}

/* Writes the section whose payload is in w->out, after the room for its header. */
static int section_send(struct tape_writer *w, struct section_header *h, struct fault *fault)
{
	int r = index_remember(w, h, fault);

	if (r < 0)
		return r;
	h->version = TAPE_VERSION;
	h->sequence = w->sequence;
	section_header_encode(h, w->out.data);
	r = sink_write(w->sink, w->out.data, TAPE_HEADER_LEN + h->stored_len, fault);
	if (r < 0) {
		w->failed = r;
		return r;
	}
	w->sequence++;
	w->bytes += TAPE_HEADER_LEN + h->stored_len;
	return 0;
}

/* Puts the payload into w->out, compressed if that makes it smaller, and completes the header. */
static int section_pack(struct tape_writer *w, struct section_header *h, const void *payload,
			size_t len, struct fault *fault)
{
	size_t packed_len = len;
	int r = 0;

	buffer_clear(&w->out);
	if (buffer_reserve(&w->out, TAPE_HEADER_LEN + len) < 0)
		return fault_no_memory(fault);
	if (!w->stores && len >= PACK_MIN && h->kind != TAPE_KIND_TRAILER)
		r = packer_run(w->packer, payload, len, w->out.data + TAPE_HEADER_LEN, len - 1,
			       &packed_len, fault);
	if (r < 0)
		return r;
	if (!r && len)
		memcpy(w->out.data + TAPE_HEADER_LEN, payload, len);
	h->codec = r ? TAPE_CODEC_ZSTD : TAPE_CODEC_NONE;
	h->raw_len = (uint32_t)len;
	h->stored_len = (uint32_t)packed_len;
	h->payload_sum = section_sum(w->out.data + TAPE_HEADER_LEN, packed_len);
	return 0;
}

int tape_writer_section(struct tape_writer *w, const struct section_spec *spec, const void *payload,
			size_t len, struct fault *fault)
{
	struct section_header h = {
		.kind = spec->kind,
		.subject = spec->subject,
		.count = spec->count,
		.time_from = spec->time_from,
		.time_to = spec->time_to,
	};
	int r = writer_ready(w, fault);

	if (r < 0)
		return r;
	if (len > TAPE_RAW_MAX)
		return fault_set(fault, -EINVAL, "a section of %zu bytes is more than a tape takes",
				 len);
	r = section_pack(w, &h, payload, len, fault);
	if (r < 0)
		return r;
	return section_send(w, &h, fault);
}

int tape_writer_stored(struct tape_writer *w, const struct section_header *header,
		       const void *stored, struct fault *fault)
{
	struct section_header h = *header;
	int r = writer_ready(w, fault);

	if (r < 0)
		return r;
	buffer_clear(&w->out);
	if (buffer_reserve(&w->out, TAPE_HEADER_LEN + h.stored_len) < 0)
		return fault_no_memory(fault);
	if (h.stored_len)
		memcpy(w->out.data + TAPE_HEADER_LEN, stored, h.stored_len);
	r = section_send(w, &h, fault);
	if (r < 0)
		return r;
	if (h.kind == TAPE_KIND_CHUNK) {
		w->block_chunks++;
		w->block_rows += h.count;
	}
	return 0;
}

/* Writes one piece of the rows as a CHUNK. */
static int piece_send(struct tape_writer *w, const struct chunk_piece *piece, struct fault *fault)
{
	struct section_spec spec = {
		.kind = TAPE_KIND_CHUNK,
		.subject = piece->tracepoint,
		.count = piece->n_rows,
	};
	size_t len;
	int r = chunk_piece_build(&w->scratch, w->packer, piece, &len, &spec.time_from,
				  &spec.time_to);

	if (r < 0)
		return fault_no_memory(fault);
	r = tape_writer_section(w, &spec, w->scratch.payload.data, len, fault);
	if (r < 0)
		return r;
	w->block_chunks++;
	w->block_rows += piece->n_rows;
	return 0;
}

int tape_writer_chunk(struct tape_writer *w, const struct chunk_rows *rows, struct fault *fault)
{
	struct chunk_cut cut = chunk_cut_start(rows);
	struct chunk_piece piece;
	int r = writer_ready(w, fault);

	if (r < 0)
		return r;
	if (rows->row_len > TAPE_ROW_MAX || rows->tracepoint >= TAPE_TRACEPOINTS_MAX)
		return fault_set(fault, -EINVAL,
				 "rows of %u bytes of tracepoint %u are more than a tape takes",
				 rows->row_len, rows->tracepoint);
	while (chunk_cut_next(&cut, &piece)) {
		r = piece_send(w, &piece, fault);
		if (r < 0)
			return r;
	}
	return 0;
}

static int records_send(struct tape_writer *w, const struct section_spec *spec,
			const struct buffer *b, struct fault *fault)
{
	return tape_writer_section(w, spec, b->data, b->len, fault);
}

int tape_writer_mark(struct tape_writer *w, uint64_t complete_until, uint64_t drained_ns,
		     struct fault *fault)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct section_spec spec = {
		.kind = TAPE_KIND_MARK,
		.count = 1,
		.time_from = complete_until,
		.time_to = complete_until,
	};
	struct mark_record mark = {
		.complete_until = complete_until,
		.drained_ns = drained_ns,
		.n_chunks = w->block_chunks,
		.n_rows = w->block_rows,
	};
	int r;

	if (mark_record_encode(&b, &mark) < 0)
		return fault_no_memory(fault);
	r = records_send(w, &spec, &b, fault);
	if (r < 0)
		return r;
	w->block_chunks = 0;
	w->block_rows = 0;
	return 0;
}

int tape_writer_finish(struct tape_writer *w, struct fault *fault)
{
	struct section_spec spec = {.kind = TAPE_KIND_INDEX};
	struct trailer_record trailer = {0};
	struct buffer b CLEANUP(buffer_done) = {0};
	int r = writer_ready(w, fault);

	if (r < 0)
		return r;
	if (!w->has_no_index) {
		trailer.index_offset = w->bytes;
		spec.count = w->sequence;
		/* Writing the INDEX adds its own record to w->index, but only after these bytes
		 * were copied. */
		r = tape_writer_section(w, &spec, w->index.data, w->index.len, fault);
		if (r < 0)
			return r;
	}
	trailer.tape_bytes = w->bytes + TAPE_HEADER_LEN + 16;
	if (trailer_record_encode(&b, &trailer) < 0)
		return fault_no_memory(fault);
	spec = (struct section_spec){.kind = TAPE_KIND_TRAILER, .count = 1};
	r = records_send(w, &spec, &b, fault);
	if (r < 0)
		return r;
	w->is_finished = true;
	return 0;
}

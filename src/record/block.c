// SPDX-License-Identifier: MIT
/*
 * block: writes sections in the order SYMBOLS, CHAINS, TASKS, MEMBERS, LOSS, PAUSES, SLEEPS, CLOCK,
 * SETTINGS, COUNTERS, CHUNKs, MARK, TALLY.
 */
#include "record/block.h"

#include <errno.h>
#include <string.h>

void block_scratch_done(struct block_scratch *s)
{
	buffer_done(&s->chains);
}

static int rows_anonymise(struct batch *b, const struct block_writer *o)
{
	for (uint32_t i = 0; i < b->n_slots; i++) {
		const struct slot *s = &b->slots[i];
		const struct block_tracepoint *tp = &o->tracepoints[s->tracepoint];
		int r = anonymise_rows(o->anonymiser, s->rows.data, s->row_len, s->n_rows,
				       tp->fields, tp->n_fields);

		if (r < 0)
			return r;
	}
	return 0;
}

/* Encodes the new call chains with ids instead of addresses. The symbols of new ids stay in the
 * anonymiser until names_write(). */
static int chains_encode(const struct batch *b, struct anonymiser *anonymiser, struct buffer *ret)
{
	const uint8_t *at = b->new_chains.data;

	buffer_clear(ret);
	for (uint32_t i = 0; i < b->n_new_chains; i++) {
		struct chain_record record = {0};
		uint64_t head[2];
		int r;

		memcpy(head, at, sizeof(head));
		at += sizeof(head);
		record.chain = (uint32_t)head[0];
		record.n_frames = (uint32_t)head[1];
		for (uint32_t k = 0; k < record.n_frames; k++, at += 8) {
			uint64_t addr;

			memcpy(&addr, at, 8);
			r = anonymise_code(anonymiser, addr, &record.frames[k]);
			if (r < 0)
				return r;
		}
		r = chain_record_encode(ret, &record);
		if (r < 0)
			return r;
	}
	return 0;
}

static int section_write(const struct block_writer *o, uint16_t kind, uint32_t n,
			 const struct buffer *records, uint64_t from, uint64_t to,
			 struct fault *fault)
{
	struct section_spec spec = {.kind = kind, .count = n, .time_from = from, .time_to = to};

	if (!n)
		return 0;
	return tape_writer_section(o->writer, &spec, records->data, records->len, fault);
}

static int records_write(const struct block_writer *o, uint16_t kind, const struct batch_records *r,
			 struct fault *fault)
{
	return section_write(o, kind, r->n, &r->records, r->time_from, r->time_to, fault);
}

static int chunks_write(const struct batch *b, const struct block_writer *o, uint64_t *n_rows,
			struct fault *fault)
{
	for (uint32_t i = 0; i < b->n_slots; i++) {
		const struct slot *s = &b->slots[i];
		struct chunk_rows rows = {
			.tracepoint = s->tracepoint,
			.row_len = s->row_len,
			.n_rows = s->n_rows,
			.rows = s->rows.data,
			.times = s->times.data,
			.chains = s->has_chain ? s->chains.data : NULL,
			.n_runs = s->n_runs,
			.runs = s->runs.data,
		};
		int r = s->n_rows ? tape_writer_chunk(o->writer, &rows, fault) : 0;

		if (r < 0)
			return r;
		*n_rows += s->n_rows;
	}
	return 0;
}

/* Writes the symbols and chains that rows refer to. */
static int names_write(const struct batch *b, const struct block_writer *o,
		       const struct buffer *chains, struct fault *fault)
{
	struct anonymise_symbols *symbols = anonymiser_new_symbols(o->anonymiser);
	int r = section_write(o, TAPE_KIND_SYMBOLS, symbols->n, &symbols->records, 0, 0, fault);

	if (r < 0)
		return r;
	buffer_clear(&symbols->records);
	symbols->n = 0;
	return section_write(o, TAPE_KIND_CHAINS, b->n_new_chains, chains, 0, 0, fault);
}

int block_write(struct batch *b, const struct block_writer *o, struct block_scratch *scratch,
		uint64_t *n_rows, struct fault *fault)
{
	int r = rows_anonymise(b, o);

	if (!r)
		r = chains_encode(b, o->anonymiser, &scratch->chains);
	if (r < 0)
		return fault_no_memory(fault);
	r = names_write(b, o, &scratch->chains, fault);
	if (!r)
		r = records_write(o, TAPE_KIND_TASKS, &b->tasks, fault);
	if (!r)
		r = records_write(o, TAPE_KIND_MEMBERS, &b->members, fault);
	if (!r)
		r = records_write(o, TAPE_KIND_LOSS, &b->losses, fault);
	if (!r)
		r = records_write(o, TAPE_KIND_PAUSES, &b->pauses, fault);
	/* A reader of a stream has the wall time of a row only if its CLOCK stands before it. */
	if (!r)
		r = records_write(o, TAPE_KIND_SLEEPS, &b->sleeps, fault);
	if (!r)
		r = records_write(o, TAPE_KIND_CLOCK, &b->clocks, fault);
	if (!r)
		r = records_write(o, TAPE_KIND_SETTINGS, &b->settings, fault);
	if (!r)
		r = records_write(o, TAPE_KIND_COUNTERS, &b->counters, fault);
	if (!r)
		r = chunks_write(b, o, n_rows, fault);
	if (!r)
		r = tape_writer_mark(o->writer, b->complete_until, b->drained_ns, fault);
	if (!r)
		r = records_write(o, TAPE_KIND_TALLY, &b->tallies, fault);
	return r;
}

// SPDX-License-Identifier: MIT
/*
 * tape-script-chunk: encodes a CHUNK with the coding that the script chooses. This encoder follows
 * FORMAT.md and shares no code with the tape writer, so that a reader is tested against the
 * specification and not against the writer.
 */
#include "support/tape-script-rows.h"

#include <errno.h>
#include <string.h>

/* Appends the lowest bytes of a number, little-endian. */
static int put_number(struct buffer *b, uint64_t v, size_t size)
{
	uint8_t bytes[8];

	le64_put(bytes, v);
	return buffer_append(b, bytes, size);
}

/* The verb `codes`. In COLUMN:CODE, COLUMN is the number of a row's byte, CODE the 16 bits of its
 * code. */
int script_codes(struct script *s)
{
	struct script_tracepoint *tp = script_tracepoint_of(s, 1);

	if (!tp || !tp->row_len)
		return -EINVAL;
	tp->is_coded = true;
	for (size_t i = 2; i < s->n_words; i++) {
		char *colon = strchr(s->words[i], ':');
		unsigned long column = strtoul(s->words[i], NULL, 0);

		if (!colon || column >= SCRIPT_COLUMNS)
			return -EINVAL;
		tp->codes[column] = (uint16_t)strtoul(colon + 1, NULL, 0);
		tp->has_code[column] = true;
	}
	return 0;
}

int script_time_len(struct script *s)
{
	struct script_tracepoint *tp = script_tracepoint_of(s, 1);

	if (!tp)
		return -EINVAL;
	tp->is_coded = true;
	tp->time_len = (uint8_t)script_number(s, 2);
	return 0;
}

static uint8_t value_of(const struct script_tracepoint *tp, uint32_t row, uint32_t column)
{
	return tp->rows.data[(size_t)row * tp->row_len + column];
}

static bool is_constant(const struct script_tracepoint *tp, uint32_t n, uint32_t column)
{
	for (uint32_t i = 1; i < n; i++) {
		if (value_of(tp, i, column) != value_of(tp, 0, column))
			return false;
	}
	return true;
}

static uint16_t code_of(const struct script_tracepoint *tp, uint32_t n, uint32_t column)
{
	if (tp->has_code[column])
		return tp->codes[column];
	return is_constant(tp, n, column) ? CHUNK_COLUMN_CONST : 0;
}

/* Returns the byte that a chunk stores for a column of a row. */
static uint8_t coded_value(const struct script_tracepoint *tp, uint32_t row, uint32_t column,
			   uint16_t code)
{
	uint32_t low = code & CHUNK_COLUMN_BASE;
	uint8_t base = 0;

	if (code & CHUNK_COLUMN_LAG)
		base = row >= low ? value_of(tp, row - low, column) : 0;
	else if (low && low <= tp->row_len)
		base = value_of(tp, row, low - 1);
	return value_of(tp, row, column) - base;
}

static int put_columns(const struct script_tracepoint *tp, uint32_t n, struct buffer *b)
{
	int err = 0;

	for (uint32_t k = 0; !err && k < tp->row_len; k++)
		err = put_number(b, code_of(tp, n, k), 2);
	for (uint32_t k = 0; !err && k < tp->row_len; k++) {
		uint16_t code = code_of(tp, n, k);

		for (uint32_t i = 0; !err && i < (code & CHUNK_COLUMN_CONST ? 1 : n); i++)
			err = buffer_append_u8(b, coded_value(tp, i, k, code));
	}
	return err;
}

static int put_chains(const struct script_tracepoint *tp, uint32_t n, struct buffer *b)
{
	int err = 0;

	for (unsigned int k = 0; !err && tp->has_chain && k < 4; k++) {
		for (uint32_t i = 0; !err && i < n; i++)
			err = buffer_append_u8(
				b, (uint8_t)(((const uint32_t *)tp->chains.data)[i] >> (8 * k)));
	}
	return err;
}

/* Replaces each time by its difference to the time of the row before in its run. Returns the OR of
 * all differences. */
static uint64_t deltas_make(const struct script_tracepoint *tp, uint64_t *times)
{
	const struct chunk_run *runs = (const struct chunk_run *)tp->runs.data;
	size_t n_runs = tp->runs.len / sizeof(*runs);
	uint64_t bits = 0;

	for (size_t i = 0; i < n_runs; i++) {
		uint64_t before = *times;

		for (uint32_t row = 0; row < runs[i].n_rows; row++, times++) {
			uint64_t ts = *times;

			*times = ts - before;
			before = ts;
			bits |= *times;
		}
	}
	return bits;
}

static int put_runs(const struct script_tracepoint *tp, struct buffer *b)
{
	const struct chunk_run *runs = (const struct chunk_run *)tp->runs.data;
	const uint64_t *times = (const uint64_t *)tp->times.data;
	size_t n_runs = tp->runs.len / sizeof(*runs);
	int err = put_number(b, n_runs, 4);

	for (size_t i = 0; !err && i < n_runs; i++) {
		err = put_number(b, runs[i].cpu, 4);
		if (!err)
			err = put_number(b, runs[i].n_rows, 4);
		if (!err)
			err = put_number(b, *times, 8);
		times += runs[i].n_rows;
	}
	return err;
}

static int put_times(struct script_tracepoint *tp, uint8_t time_len, struct buffer *b)
{
	const uint64_t *deltas = (const uint64_t *)tp->times.data;
	size_t n = tp->times.len / sizeof(*deltas);
	int err = 0;

	for (unsigned int k = 0; !err && k < time_len; k++) {
		for (size_t i = 0; !err && i < n; i++)
			err = buffer_append_u8(b, (uint8_t)(deltas[i] >> (8 * k)));
	}
	return err;
}

static void times_range(const struct script_tracepoint *tp, struct section_spec *spec)
{
	const uint64_t *times = (const uint64_t *)tp->times.data;

	spec->time_from = UINT64_MAX;
	for (size_t i = 0; i < tp->times.len / sizeof(*times); i++) {
		spec->time_from = times[i] < spec->time_from ? times[i] : spec->time_from;
		spec->time_to = times[i] > spec->time_to ? times[i] : spec->time_to;
	}
}

int script_coded_chunk(struct script *s, uint32_t index)
{
	struct script_tracepoint *tp = &s->tracepoints[index];
	uint32_t n = (uint32_t)(tp->times.len / sizeof(uint64_t));
	struct section_spec spec = {.kind = TAPE_KIND_CHUNK, .subject = index, .count = n};
	struct buffer runs CLEANUP(buffer_done) = {0};
	struct buffer b CLEANUP(buffer_done) = {0};
	uint64_t bits;
	uint8_t time_len = 1;
	int err = put_runs(tp, &runs);

	if (err || !n)
		return err;
	times_range(tp, &spec);
	bits = deltas_make(tp, (uint64_t *)tp->times.data);
	while (time_len < 8 && bits >> (8 * time_len))
		time_len++;
	time_len = tp->time_len ? tp->time_len : time_len;
	err = put_number(&b, tp->row_len, 2);
	if (!err)
		err = buffer_append_u8(&b, tp->has_chain ? CHUNK_HAS_CHAIN : 0);
	if (!err)
		err = buffer_append_u8(&b, time_len);
	if (!err)
		err = buffer_append(&b, runs.data, runs.len);
	if (!err)
		err = put_times(tp, time_len, &b);
	if (!err)
		err = put_chains(tp, n, &b);
	if (!err)
		err = put_columns(tp, n, &b);
	return err ? err : script_spec(s, &spec, &b);
}

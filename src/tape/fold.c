// SPDX-License-Identifier: MIT
#include "tape/fold.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* Rows that are looked at, and chunks until it is time to look again. */
#define SAMPLE_ROWS 256u
#define PLAN_CHUNKS 64u

struct fold_plan *fold_plan_new(uint16_t row_len)
{
	struct fold_plan *p = calloc(1, sizeof(*p) + row_len * sizeof(p->base[0]));

	if (p)
		p->row_len = row_len;
	return p;
}

/* A few rows, column by column, and the columns in which they differ. */
struct sample {
	size_t n;
	size_t n_varying;
	uint16_t varying[TAPE_ROW_MAX];
	uint8_t *bytes;			/* n each */
	float n_log_n[SAMPLE_ROWS + 1]; /* k * log2(k) */
};

/* Order-0 information of a sampled column, or of the difference of two, in bits. */
static float bits_of(const struct sample *s, const uint8_t *column, const uint8_t *base)
{
	uint16_t counts[256] = {0};
	float bits = s->n_log_n[s->n];

	for (size_t i = 0; i < s->n; i++)
		counts[(uint8_t)(column[i] - (base ? base[i] : 0))]++;
	for (size_t i = 0; i < 256; i++)
		bits -= s->n_log_n[counts[i]];
	return bits;
}

static void sample_take(struct sample *s, const uint8_t *columns, size_t n, uint16_t row_len)
{
	s->n = n < SAMPLE_ROWS ? n : SAMPLE_ROWS;
	s->n_varying = 0;
	for (uint16_t k = 0; k < row_len; k++) {
		const uint8_t *column = columns + (size_t)k * n;
		uint8_t *to = s->bytes + s->n_varying * s->n;
		uint8_t differs = 0;

		for (size_t i = 0; i < s->n; i++) {
			to[i] = column[i * n / s->n];
			differs |= to[i] ^ to[0];
		}
		if (differs)
			s->varying[s->n_varying++] = k;
	}
}

/*
 * Left to right: a column is predicted by one before it that is itself stored as it is, if that
 * leaves less than half of its information; less would be noise of the sample, and cost what
 * zstd finds between rows.
 */
static void plan_make(struct fold_plan *p, const struct sample *s)
{
	memset(p->base, 0, p->row_len * sizeof(p->base[0]));
	for (size_t a = 1; a < s->n_varying; a++) {
		const uint8_t *column = s->bytes + a * s->n;
		float best = bits_of(s, column, NULL) / 2;

		for (size_t b = 0; b < a; b++) {
			float bits;

			if (p->base[s->varying[b]])
				continue;
			bits = bits_of(s, column, s->bytes + b * s->n);
			if (bits < best) {
				best = bits;
				p->base[s->varying[a]] = s->varying[b] + 1;
			}
		}
	}
}

void fold_plan_learn(struct fold_plan *p, const uint8_t *columns, size_t n)
{
	struct sample *s CLEANUP(free_p) = NULL;
	uint8_t *bytes CLEANUP(free_p) = NULL;

	/* Too few to learn from, or little more than is known already. */
	if (n < 16 || (p->sampled && (p->sampled >= SAMPLE_ROWS || n < 2 * (size_t)p->sampled) &&
		       p->chunks < PLAN_CHUNKS))
		return;
	s = malloc(sizeof(*s));
	bytes = malloc((size_t)p->row_len * SAMPLE_ROWS + 1);
	if (!s || !bytes)
		return;
	s->bytes = bytes;
	s->n_log_n[0] = 0;
	for (unsigned int k = 1; k <= SAMPLE_ROWS; k++)
		s->n_log_n[k] = (float)k * log2f((float)k);
	sample_take(s, columns, n, p->row_len);
	plan_make(p, s);
	p->sampled = (uint32_t)s->n;
	p->chunks = 0;
}

static bool is_constant(const uint8_t *column, size_t n)
{
	return !memcmp(column, column + 1, n - 1);
}

size_t fold_columns(const struct fold_plan *p, uint8_t *columns, size_t n, uint8_t *codes)
{
	/* Where a column that others are measured by has gone: into the room of those before it. */
	size_t places[TAPE_ROW_MAX];
	uint8_t *out = columns;

	for (uint16_t k = 0; k < p->row_len; k++) {
		const uint8_t *column = columns + (size_t)k * n;
		uint16_t base = p->base[k], code = 0;

		places[k] = SIZE_MAX;
		if (is_constant(column, n)) {
			code = CHUNK_COLUMN_CONST;
			*out = *column;
		} else if (base && places[base - 1] != SIZE_MAX) {
			const uint8_t *by = columns + places[base - 1];

			code = base;
			for (size_t i = 0; i < n; i++)
				out[i] = column[i] - by[i];
			if (is_constant(out, n))
				code |= CHUNK_COLUMN_CONST;
		} else {
			places[k] = (size_t)(out - columns);
			memmove(out, column, n);
		}
		le16_put(codes + (size_t)k * CHUNK_CODE_LEN, code);
		out += code & CHUNK_COLUMN_CONST ? 1 : n;
	}
	return (size_t)(out - columns);
}

static void undo_column(uint16_t code, const uint8_t *stored, const uint8_t *base, size_t n,
			uint8_t *to)
{
	bool is_const = code & CHUNK_COLUMN_CONST;

	if (!code)
		memcpy(to, stored, n);
	else if (code == CHUNK_COLUMN_CONST)
		memset(to, *stored, n);
	else if (is_const)
		for (size_t i = 0; i < n; i++)
			to[i] = base[i] + *stored;
	else
		for (size_t i = 0; i < n; i++)
			to[i] = base[i] + stored[i];
}

void fold_undo(const struct chunk_layout *c, uint8_t *columns)
{
	size_t n = c->n_rows;

	/* The columns that stand alone come first: the others need them, wherever they are. */
	for (int with_base = 0; with_base < 2; with_base++) {
		const uint8_t *stored = c->columns;

		for (uint16_t k = 0; k < c->row_len; k++) {
			uint16_t code = chunk_code(c, k), base = code & CHUNK_COLUMN_BASE;

			if (!base == !with_base)
				undo_column(code, stored,
					    base ? columns + (size_t)(base - 1) * n : NULL, n,
					    columns + (size_t)k * n);
			stored += code & CHUNK_COLUMN_CONST ? 1 : n;
		}
	}
}

// SPDX-License-Identifier: MIT
#include "tape/column-coding.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "tape/columns.h"

/* A sample has at most SAMPLE_ROWS rows; from fewer than SAMPLE_LEAST no plan is learned. A plan is
 * learned again after PLAN_CHUNKS chunks. A byte may be stored as its difference to the byte of the
 * same column up to LAG_MAX rows earlier. */
#define SAMPLE_ROWS  1024u
#define SAMPLE_LEAST 64u
#define PLAN_CHUNKS  256u
#define LAG_MAX	     5u

struct column_plan *column_plan_new(uint16_t row_len)
{
	struct column_plan *p = calloc(1, sizeof(*p) + row_len * sizeof(p->codes[0]));

	if (p)
		p->row_len = row_len;
	return p;
}

static bool column_is_constant(const uint8_t *column, size_t n)
{
	return !memcmp(column, column + 1, n - 1);
}

/* A sample: consecutive rows as columns, of which only those that vary are kept. */
struct sample {
	struct packer *packer;
	size_t n;
	size_t n_varying;
	uint16_t varying[TAPE_ROW_MAX];
	uint8_t *bytes; /* the varying columns, n bytes each */
	uint8_t tried[SAMPLE_ROWS];
	uint8_t packed[SAMPLE_ROWS];
	float n_log_n[SAMPLE_ROWS + 1]; /* k * log2(k) for each k */
};

/* Returns the order-0 entropy, in bits, of a sampled column, or of its difference to `base` if that
 * is not NULL. */
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

/* Returns how many bytes s->n bytes take when they are compressed. */
static size_t packed_len(struct sample *s, const uint8_t *bytes)
{
	size_t len = s->n;

	return packer_run(s->packer, bytes, s->n, s->packed, s->n - 1, &len, NULL) > 0 ? len : s->n;
}

static void sample_take(struct sample *s, const uint8_t *columns, size_t n, uint16_t row_len)
{
	s->n = n < SAMPLE_ROWS ? n : SAMPLE_ROWS;
	s->n_varying = 0;
	for (uint16_t k = 0; k < row_len; k++) {
		const uint8_t *column = columns + (size_t)k * n + (n - s->n) / 2;

		if (column_is_constant(column, s->n))
			continue;
		memcpy(s->bytes + s->n_varying * s->n, column, s->n);
		s->varying[s->n_varying++] = k;
	}
}

static void minus_base(const uint8_t *column, const uint8_t *base, size_t n, uint8_t *out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = column[i] - base[i];
}

/* Writes the differences of a column to itself `lag` rows earlier. It goes from the end to the
 * start, so that out may be the column. */
static void minus_lag(const uint8_t *column, size_t lag, size_t n, uint8_t *out)
{
	for (size_t i = n; i-- > lag;)
		out[i] = column[i] - column[i - lag];
	memmove(out, column, lag < n ? lag : n);
}

/* Finds the best base for a column: the earlier column, not itself a difference, to which the
 * difference has the least entropy. NULL if no difference halves the entropy of the column. */
static const uint8_t *best_base(const struct column_plan *p, const struct sample *s, size_t at,
				uint16_t *ret_code)
{
	const uint8_t *column = s->bytes + at * s->n, *best = NULL;
	float least = bits_of(s, column, NULL) / 2;

	for (size_t b = 0; b < at; b++) {
		const uint8_t *base = s->bytes + b * s->n;
		float bits;

		if (chunk_code_base(p->codes[s->varying[b]]))
			continue;
		bits = bits_of(s, column, base);
		if (bits < least) {
			least = bits;
			best = base;
			*ret_code = s->varying[b] + 1;
		}
	}
	return best;
}

/* Tries every way to predict a column and returns the code of the best one, if that makes the
 * column at least a tenth smaller. */
static uint16_t best_code(const struct column_plan *p, struct sample *s, size_t at)
{
	const uint8_t *column = s->bytes + at * s->n, *base;
	size_t least = packed_len(s, column), len;
	uint16_t best = 0, code;

	least -= least / 10;
	base = best_base(p, s, at, &code);
	if (base) {
		minus_base(column, base, s->n, s->tried);
		len = packed_len(s, s->tried);
		if (len < least) {
			least = len;
			best = code;
		}
	}
	for (uint16_t lag = 1; lag <= LAG_MAX; lag++) {
		minus_lag(column, lag, s->n, s->tried);
		len = packed_len(s, s->tried);
		if (len < least) {
			least = len;
			best = CHUNK_COLUMN_LAG | lag;
		}
	}
	return best;
}

void column_plan_learn(struct column_plan *p, struct packer *packer, const uint8_t *columns,
		       size_t n)
{
	struct sample *s CLEANUP(free_p) = NULL;
	uint8_t *bytes CLEANUP(free_p) = NULL;

	/* Learning does not pay with too few rows, or with little more than the current plan was
	 * learned from. */
	if (n < SAMPLE_LEAST || (p->sampled && (p->sampled >= SAMPLE_ROWS || n < 2u * p->sampled) &&
				 p->chunks < PLAN_CHUNKS))
		return;
	s = malloc(sizeof(*s));
	bytes = malloc((size_t)p->row_len * (n < SAMPLE_ROWS ? n : SAMPLE_ROWS) + 1);
	if (!s || !bytes)
		return;
	s->packer = packer;
	s->bytes = bytes;
	sample_take(s, columns, n, p->row_len);
	s->n_log_n[0] = 0;
	for (unsigned int k = 1; k <= s->n; k++)
		s->n_log_n[k] = (float)k * log2f((float)k);
	memset(p->codes, 0, p->row_len * sizeof(p->codes[0]));
	for (size_t at = 0; at < s->n_varying; at++)
		p->codes[s->varying[at]] = best_code(p, s, at);
	p->sampled = (uint32_t)s->n;
	p->chunks = 0;
}

/* Chooses the codes for these rows, in which columns may be constant that varied in the sample. */
static void codes_choose(const struct column_plan *p, const uint8_t *columns, size_t n,
			 uint8_t *codes)
{
	for (uint16_t k = 0; k < p->row_len; k++) {
		uint16_t code = p->codes[k], base = chunk_code_base(code);

		if (column_is_constant(columns + (size_t)k * n, n))
			code = CHUNK_COLUMN_CONST;
		else if (base &&
			 le16_get(codes + (base - 1) * CHUNK_CODE_LEN) == CHUNK_COLUMN_CONST)
			code = 0;
		le16_put(codes + (size_t)k * CHUNK_CODE_LEN, code);
	}
}

size_t columns_encode(const struct column_plan *p, uint8_t *columns, size_t n, uint8_t *codes)
{
	uint8_t *out = columns;

	assert(n);
	codes_choose(p, columns, n, codes);
	/* In a plan, base columns stand before those that are differences to them. From right to
	 * left, a base is still unchanged when it is needed. */
	for (uint16_t k = p->row_len; k-- > 0;) {
		uint16_t code = le16_get(codes + (size_t)k * CHUNK_CODE_LEN);
		uint8_t *column = columns + (size_t)k * n;

		if (code & CHUNK_COLUMN_LAG)
			minus_lag(column, code & CHUNK_COLUMN_BASE, n, column);
		else if (chunk_code_base(code))
			minus_base(column, columns + (size_t)(chunk_code_base(code) - 1) * n, n,
				   column);
	}
	for (uint16_t k = 0; k < p->row_len; k++) {
		uint16_t code = le16_get(codes + (size_t)k * CHUNK_CODE_LEN);
		const uint8_t *column = columns + (size_t)k * n;

		if (chunk_code_base(code) && column_is_constant(column, n)) {
			code |= CHUNK_COLUMN_CONST;
			le16_put(codes + (size_t)k * CHUNK_CODE_LEN, code);
		}
		memmove(out, column, code & CHUNK_COLUMN_CONST ? 1 : n);
		out += code & CHUNK_COLUMN_CONST ? 1 : n;
	}
	return (size_t)(out - columns);
}

static void plus_lag(const uint8_t *stored, size_t lag, size_t n, uint8_t *to)
{
	for (size_t i = 0; i < n; i++)
		to[i] = stored[i] + (i < lag ? 0 : to[i - lag]);
}

static void plus_base(const uint8_t *stored, bool is_const, const uint8_t *base, size_t n,
		      uint8_t *to)
{
	assert(base);
	if (is_const)
		for (size_t i = 0; i < n; i++)
			to[i] = base[i] + *stored;
	else
		for (size_t i = 0; i < n; i++)
			to[i] = base[i] + stored[i];
}

static void undo_column(uint16_t code, const uint8_t *stored, const uint8_t *base, size_t n,
			uint8_t *to)
{
	if (!code)
		memcpy(to, stored, n);
	else if (code == CHUNK_COLUMN_CONST)
		memset(to, *stored, n);
	else if (code & CHUNK_COLUMN_LAG)
		plus_lag(stored, code & CHUNK_COLUMN_BASE, n, to);
	else
		plus_base(stored, code & CHUNK_COLUMN_CONST, base, n, to);
}

/* Returns the columns to decode: the wanted ones, extended to whole tiles (which become rows
 * together), and the base columns of all of these. */
static struct column_set columns_needed(const struct chunk_layout *c,
					const struct column_set *wanted)
{
	struct column_set set = {0};

	for (size_t k = 0; k < c->row_len; k += COLUMNS_TILE) {
		size_t start = columns_tile_start(k, c->row_len);

		if (!wanted || column_set_has_any(wanted, start, columns_tile_len(c->row_len)))
			column_set_add(&set, start, columns_tile_len(c->row_len));
	}
	for (uint16_t k = c->row_len; k-- > 0;) {
		uint16_t base = chunk_code_base(chunk_code(c, k));

		if (base && column_set_has(&set, k))
			column_set_add(&set, base - 1u, 1);
	}
	return set;
}

void columns_decode(const struct chunk_layout *c, const struct column_set *wanted, uint8_t *columns)
{
	const struct column_set set = columns_needed(c, wanted);
	size_t n = c->n_rows;

	/* The first round decodes the columns without a base. The second round needs them, wherever
	 * they stand. */
	for (int with_base = 0; with_base < 2; with_base++) {
		const uint8_t *stored = c->columns;

		for (uint16_t k = 0; k < c->row_len; k++) {
			uint16_t code = chunk_code(c, k), base = chunk_code_base(code);

			if (!base == !with_base && column_set_has(&set, k))
				undo_column(code, stored,
					    base ? columns + (size_t)(base - 1) * n : NULL, n,
					    columns + (size_t)k * n);
			stored += code & CHUNK_COLUMN_CONST ? 1 : n;
		}
	}
}

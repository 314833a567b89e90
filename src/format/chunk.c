// SPDX-License-Identifier: MIT
#include "format/chunk.h"

#include <errno.h>

size_t chunk_prefix_len(uint32_t n_rows, uint32_t n_runs, uint16_t row_len, uint8_t flags,
			uint8_t time_len)
{
	return CHUNK_HEAD_LEN + (size_t)n_runs * CHUNK_RUN_LEN +
	       (size_t)n_rows * (time_len + (flags & CHUNK_HAS_CHAIN ? 4u : 0u)) +
	       (size_t)row_len * CHUNK_CODE_LEN;
}

uint8_t *chunk_head_encode(uint8_t *at, uint16_t row_len, uint8_t flags, uint8_t time_len,
			   uint32_t n_runs)
{
	le16_put(at, row_len);
	at[2] = flags;
	at[3] = time_len;
	le32_put(at + 4, n_runs);
	return at + CHUNK_HEAD_LEN;
}

uint8_t *chunk_run_encode(uint8_t *at, const struct chunk_run *run)
{
	le32_put(at, run->cpu);
	le32_put(at + 4, run->n_rows);
	le64_put(at + 8, run->first_ts);
	return at + CHUNK_RUN_LEN;
}

struct chunk_run chunk_run_decode(const struct chunk_layout *c, uint32_t i)
{
	const uint8_t *at = c->runs + (size_t)i * CHUNK_RUN_LEN;

	assert(i < c->n_runs);
	return (struct chunk_run){
		.cpu = le32_get(at),
		.n_rows = le32_get(at + 4),
		.first_ts = le64_get(at + 8),
	};
}

static int runs_check(const struct chunk_layout *c, struct fault *fault)
{
	uint64_t rows = 0;

	for (uint32_t i = 0; i < c->n_runs; i++) {
		struct chunk_run run = chunk_run_decode(c, i);

		if (run.cpu >= TAPE_CPUS_MAX)
			return fault_set(fault, -EBADMSG, "chunk with CPU %u", run.cpu);
		if (!run.n_rows)
			return fault_set(fault, -EBADMSG, "chunk with an empty run");
		rows += run.n_rows;
	}
	if (rows != c->n_rows)
		return fault_set(fault, -EBADMSG, "chunk of %u rows, but its runs have %llu",
				 c->n_rows, (unsigned long long)rows);
	return 0;
}

/* Returns how many bytes the stored columns take, or -EBADMSG. */
static int64_t columns_check(const struct chunk_layout *c, struct fault *fault)
{
	int64_t len = 0;

	for (uint16_t k = 0; k < c->row_len; k++) {
		uint16_t code = chunk_code(c, k);
		uint16_t base = chunk_code_base(code);

		if (code & CHUNK_COLUMN_LAG &&
		    (code & CHUNK_COLUMN_CONST || !(code & CHUNK_COLUMN_BASE) ||
		     (code & CHUNK_COLUMN_BASE) > 255))
			return fault_set(fault, -EBADMSG, "chunk whose column %u has code %u", k,
					 code);
		if (base && (base > c->row_len || chunk_code(c, base - 1) & CHUNK_COLUMN_CONST ||
			     chunk_code_base(chunk_code(c, base - 1))))
			return fault_set(fault, -EBADMSG, "chunk whose column %u needs column %d",
					 k, base - 1);
		len += code & CHUNK_COLUMN_CONST ? 1 : c->n_rows;
	}
	return len;
}

static int head_decode(const uint8_t *at, size_t len, uint32_t n_rows, struct chunk_layout *ret,
		       struct fault *fault)
{
	struct chunk_layout c = {.n_rows = n_rows};

	if (len < CHUNK_HEAD_LEN)
		return fault_set(fault, -EBADMSG, "chunk is shorter than its head");
	c.row_len = le16_get(at);
	c.flags = at[2];
	c.time_len = at[3];
	c.n_runs = le32_get(at + 4);
	if (!n_rows || n_rows > TAPE_CHUNK_ROWS_MAX || c.n_runs > n_rows)
		return fault_set(fault, -EBADMSG, "chunk with %u rows in %u runs", n_rows,
				 c.n_runs);
	if (c.row_len > TAPE_ROW_MAX || !c.time_len || c.time_len > 8 || c.flags & ~CHUNK_HAS_CHAIN)
		return fault_set(fault, -EBADMSG, "chunk with an impossible head");
	if ((uint64_t)n_rows * c.row_len > TAPE_RAW_MAX)
		return fault_set(fault, -EBADMSG, "chunk of %u rows of %u bytes", n_rows,
				 c.row_len);
	*ret = c;
	return 0;
}

int chunk_layout_decode(const void *payload, size_t len, uint32_t n_rows, struct chunk_layout *ret,
			struct fault *fault)
{
	const uint8_t *at = payload;
	struct chunk_layout c;
	int64_t columns;
	size_t prefix;
	int r = head_decode(at, len, n_rows, &c, fault);

	if (r < 0)
		return r;
	prefix = chunk_prefix_len(n_rows, c.n_runs, c.row_len, c.flags, c.time_len);
	if (prefix > len)
		return fault_set(fault, -EBADMSG, "chunk of %zu bytes, its head says at least %zu",
				 len, prefix);
	c.runs = at + CHUNK_HEAD_LEN;
	c.times = c.runs + (size_t)c.n_runs * CHUNK_RUN_LEN;
	c.columns = at + prefix;
	c.codes = c.columns - (size_t)c.row_len * CHUNK_CODE_LEN;
	if (c.flags & CHUNK_HAS_CHAIN)
		c.chains = c.codes - (size_t)n_rows * 4;
	columns = columns_check(&c, fault);
	if (columns < 0)
		return (int)columns;
	if (prefix + (uint64_t)columns != len)
		return fault_set(fault, -EBADMSG, "chunk of %zu bytes, its head says %llu", len,
				 (unsigned long long)(prefix + (uint64_t)columns));
	r = runs_check(&c, fault);
	if (r < 0)
		return r;
	*ret = c;
	return 0;
}

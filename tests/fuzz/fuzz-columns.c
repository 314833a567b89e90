// SPDX-License-Identifier: MIT
/* First two bytes: length of a row and gap between rows. Rows must come back as they were, and as
 * the payload of a CHUNK the input must be refused or hold what it says. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "format/chunk.h"
#include "tape/columns.h"
#include "merge/chunk-cache.h"

static void there_and_back(const uint8_t *rows, size_t size, size_t len, size_t stride)
{
	size_t n = size < len ? 0 : (size - len) / stride + 1;
	uint8_t *columns CLEANUP(free_p) = malloc(n * len + 1);
	uint8_t *back CLEANUP(free_p) = malloc(size + 1);

	if (!columns || !back)
		return;
	memcpy(back, rows, size);
	columns_split(rows, stride, n, len, columns);
	for (size_t i = 0; i < n; i++)
		memset(back + i * stride, 0, len);
	columns_join(columns, n, len, back, stride);
	if (memcmp(back, rows, size))
		abort();
}

static void as_chunk(const uint8_t *payload, size_t size, uint32_t n_rows)
{
	static const struct tape_tracepoint tracepoint = {.name = "x"};
	const struct row_selection want = {.tracepoint = &tracepoint, .until = UINT64_MAX};
	struct buffer scratch CLEANUP(buffer_done) = {0};
	struct chunk_cache pool CLEANUP(chunk_cache_done);
	struct chunk_layout layout;
	struct cached_chunk *held;

	if (chunk_cache_init(&pool, NULL) < 0)
		abort();
	if (chunk_layout_decode(payload, size, n_rows, &layout, NULL) < 0)
		return;
	if (cached_chunk_new(&pool, &scratch, &layout, &want, &held) < 0)
		return;
	for (uint32_t i = 0; i < held->n_runs; i++) {
		for (uint32_t k = 1; k < held->runs[i].n; k++) {
			if (held->runs[i].times[k] < held->runs[i].times[k - 1])
				abort();
		}
	}
	cached_chunk_free(&pool, held);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	there_and_back(data + 2, size - 2, data[0] + 1u, data[0] + 1u + data[1] % 20u);
	as_chunk(data + 2, size - 2, data[0] + 1u);
	return 0;
}

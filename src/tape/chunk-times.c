// SPDX-License-Identifier: MIT
#include "tape/chunk-times.h"

#include <string.h>

#include "tape/columns.h"

void chunk_times(const struct chunk_layout *layout, uint64_t *times)
{
	uint32_t row = 0;

	if (layout->time_len < 8)
		memset(times, 0, (size_t)layout->n_rows * 8);
	columns_join(layout->times, layout->n_rows, layout->time_len, (uint8_t *)times, 8);
	for (uint32_t i = 0; i < layout->n_runs; i++) {
		struct chunk_run run = chunk_run_decode(layout, i);
		uint32_t end = row + run.n_rows;
		uint64_t ts = run.first_ts - le64_get(&times[row]);

		for (; row < end; row++) {
			ts += le64_get(&times[row]);
			times[row] = ts;
		}
	}
}

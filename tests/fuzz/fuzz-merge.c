// SPDX-License-Identifier: MIT
/* Rows of a tape with right sums must come out in order, but for those that are counted late, and
 * every byte of them must be there. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "support/resum.h"
#include "tape/merge.h"

static int take_task(void *userdata, const struct task_record *task)
{
	size_t *bytes = userdata;

	*bytes += strlen(task->comm);
	return 0;
}

static bool wants(void *userdata, const struct tape_tracepoint *tp)
{
	return tp->index % 3 != 2;
}

static void merge(struct tape_reader *r)
{
	struct tape_merge *m CLEANUP(tape_merge_free_p) = NULL;
	struct merge_ops ops = {.wants = wants, .task = take_task, .until_ns = UINT64_MAX};
	uint64_t last = 0, late = 0;
	volatile uint8_t sum = 0;
	struct tape_row row;
	size_t bytes = 0;

	ops.userdata = &bytes;
	if (tape_merge_new(r, &ops, &m, NULL) < 0)
		return;
	while (tape_merge_next(m, &row, NULL) > 0) {
		if (row.ts_ns < last)
			late++;
		else
			last = row.ts_ns;
		for (size_t i = 0; i < row.len; i++)
			sum = (uint8_t)(sum + row.data[i]);
	}
	if (late != tape_merge_late(m))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tape_reader *r CLEANUP(tape_reader_close_p) = NULL;
	struct source *source CLEANUP(source_close_p) = NULL;
	uint8_t *copy CLEANUP(free_p) = malloc(size + 1);

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	resum_all(copy, size);
	if (source_open_memory(copy, size, &source) < 0 || tape_reader_open(source, &r, NULL) < 0)
		return 0;
	source = NULL;
	merge(r);
	return 0;
}

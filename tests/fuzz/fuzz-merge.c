// SPDX-License-Identifier: MIT
/* Rows of a tape with right sums must come out in order, but for those that are counted late, and
 * every byte of them must be there. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "support/resum.h"
#include "merge/warmup.h"

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

/* What a tape comes to. */
struct outcome {
	uint64_t n, sum, late;
};

static struct outcome merge(struct tape_reader *r, size_t n_threads, uint64_t since)
{
	struct tape_merge *m CLEANUP(tape_merge_free_p) = NULL;
	size_t task_bytes = 0;
	struct merge_options options = {.wants = wants,
					.task = take_task,
					.until_ns = UINT64_MAX,
					.n_threads = n_threads,
					.userdata = &task_bytes};
	struct outcome o = {0};
	uint64_t last = 0;
	const struct tape_row *row;

	if (since && (tape_reader_head(r, NULL) < 0 ||
		      merge_warmup(r, &options, since, 64, &options.since_ns, NULL) < 0))
		return o;
	if (tape_merge_new(r, &options, &m, NULL) < 0)
		return o;
	while (tape_merge_next(m, &row, NULL) > 0) {
		if (row->ts_ns < last)
			o.late++;
		else
			last = row->ts_ns;
		for (size_t i = 0; i < row->len; i++)
			o.sum = o.sum * 31 + row->data[i];
		o.n++;
	}
	if (o.late != tape_merge_late(m))
		abort();
	return o;
}

static struct outcome read_tape(const uint8_t *data, size_t size, size_t n_threads, uint64_t since)
{
	struct tape_reader *r CLEANUP(tape_reader_close_p) = NULL;
	struct source *source CLEANUP(source_close_p) = NULL;

	if (source_open_memory(data, size, &source) < 0 || tape_reader_open(source, &r, NULL) < 0)
		return (struct outcome){0};
	source = NULL;
	return merge(r, n_threads, since);
}

/* Alone, with threads, and from a moment on by the index. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy CLEANUP(free_p) = malloc(size + 1);
	struct outcome alone, threaded;
	uint64_t since = 0;

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	resum_all(copy, size);
	alone = read_tape(copy, size, 0, 0);
	threaded = read_tape(copy, size, 1, 0);
	if (memcmp(&alone, &threaded, sizeof(alone)) != 0)
		abort();
	if (size >= sizeof(since))
		memcpy(&since, data + size / 2, sizeof(since) / 2);
	(void)read_tape(copy, size, 0, since * 1000 + 1);
	return 0;
}

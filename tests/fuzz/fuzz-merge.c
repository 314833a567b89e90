// SPDX-License-Identifier: MIT
/* Rows of a tape with right sums must come out in order, but for those that are counted late, and
 * every byte of them must be there. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "support/resum.h"
#include "merge/merge.h"

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

struct way {
	struct merge_ops ops; /* first: the userdata of all functions */
	struct tape_merge *merge;
	size_t bytes;
	uint64_t since;
};

static int begin(void *userdata, struct fault *fault)
{
	struct way *w = userdata;

	return tape_merge_lead(w->merge, w->since, 64, &w->ops.since_ns, fault);
}

static int take_a_task(void *userdata, const struct task_record *task)
{
	struct way *w = userdata;

	return take_task(&w->bytes, task);
}

static struct outcome merge(struct tape_reader *r, size_t n_threads, uint64_t since)
{
	struct way w = {.ops = {.wants = wants,
				.task = take_a_task,
				.until_ns = UINT64_MAX,
				.n_threads = n_threads},
			.since = since};
	struct outcome o = {0};
	uint64_t last = 0;
	struct tape_row row;

	w.ops.userdata = &w;
	w.ops.begin = since ? begin : NULL;
	if (tape_merge_new(r, &w.ops, &w.merge, NULL) < 0)
		return o;
	while (tape_merge_next(w.merge, &row, NULL) > 0) {
		if (row.ts_ns < last)
			o.late++;
		else
			last = row.ts_ns;
		for (size_t i = 0; i < row.len; i++)
			o.sum = o.sum * 31 + row.data[i];
		o.n++;
	}
	if (o.late != tape_merge_late(w.merge))
		abort();
	tape_merge_free(w.merge);
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

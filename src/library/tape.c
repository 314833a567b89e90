// SPDX-License-Identifier: MIT
/*
 * tape: the reader as others may use it, include/tcptape/tape.h.
 */
#include <tcptape/tape.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "merge/merge.h"

struct tcptape {
	struct tape_reader *reader;
	struct tape_merge *merge;
	struct merge_ops ops;
	bool is_at_end;
};

static int open_all(const char *path, struct tcptape *t, struct fault *fault)
{
	struct source *source CLEANUP(source_close_p) = NULL;
	int r = source_open(path, &source, fault);

	if (r < 0)
		return r;
	r = tape_reader_open(source, &t->reader, fault);
	if (r < 0)
		return r;
	source = NULL;
	t->ops.until_ns = UINT64_MAX;
	return tape_merge_new(t->reader, &t->ops, &t->merge, fault);
}

int tcptape_open(const char *path, struct tcptape **ret, char *why, size_t why_len)
{
	struct tcptape *t = calloc(1, sizeof(*t));
	struct fault fault = FAULT_INIT;
	int r = t ? open_all(path, t, &fault) : fault_set(&fault, -ENOMEM, "out of memory");

	if (r < 0) {
		snprintf(why, why_len, "%s", fault.text);
		tcptape_close(t);
		return r;
	}
	*ret = t;
	return 0;
}

void tcptape_close(struct tcptape *t)
{
	if (!t)
		return;
	tape_merge_free(t->merge);
	tape_reader_close(t->reader);
	free(t);
}

int tcptape_next(struct tcptape *t, struct tcptape_row *ret)
{
	struct tape_row row;
	int r = tape_merge_next(t->merge, &row, NULL);

	t->is_at_end = !r;
	if (r <= 0)
		return r;
	*ret = (struct tcptape_row){
		.ts_ns = row.ts_ns,
		.cpu = row.cpu,
		.system = row.tracepoint->system,
		.name = row.tracepoint->name,
		.format = row.tracepoint->format,
		.format_len = row.tracepoint->format_len,
		.data = row.data,
		.len = row.len,
	};
	ret->has_real = meta_wall_time(tape_reader_meta(t->reader), row.ts_ns, &ret->real_ns);
	return 1;
}

const char *tcptape_host(const struct tcptape *t, const char *key)
{
	return meta_host(tape_reader_meta(t->reader), key);
}

const char *tcptape_damage(const struct tcptape *t)
{
	const struct tape_damage *d = tape_reader_damage(t->reader);

	if (d->first_what[0])
		return d->first_what;
	return t->is_at_end && tape_damage_any(d) ? "the tape has no end" : NULL;
}

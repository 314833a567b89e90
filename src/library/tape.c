// SPDX-License-Identifier: MIT
/*
 * tape: opens a tape for another program and gives it the rows and what the tape says about its
 * host.
 */
#include "library/tape-state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

const char *tcptape_version(void)
{
	return TCPTAPE_VERSION;
}

static int tape_parts_open(const char *path, struct tcptape *t, struct fault *fault)
{
	static const struct merge_options all = {.until_ns = UINT64_MAX};
	int r = tape_reader_open_path(path, &t->reader, fault);

	return r ? r : tape_merge_new(t->reader, &all, &t->merge, fault);
}

int tcptape_open(const char *path, struct tcptape **ret, char *why, size_t why_len)
{
	struct tcptape *t = calloc(1, sizeof(*t));
	struct fault fault = FAULT_INIT;
	int r = t ? tape_parts_open(path, t, &fault) : fault_set(&fault, -ENOMEM, "out of memory");

	if (r < 0) {
		if (why_len)
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
	for (size_t i = 0; i < ARRAY_SIZE(t->formats); i++)
		free(t->formats[i]);
	tape_merge_free(t->merge);
	tape_reader_close(t->reader);
	free(t);
}

const char *tcptape_error(const struct tcptape *t)
{
	return t->fault.text;
}

const char *tcptape_damage(const struct tcptape *t)
{
	const struct tape_damage *d = tape_reader_damage(t->reader);

	if (d->first_what[0])
		return d->first_what;
	return t->is_at_end && tape_damage_any(d) ? "the tape has no end" : NULL;
}

int tcptape_next(struct tcptape *t, const struct tcptape_row **ret)
{
	const struct tape_row *row;
	int r;

	t->fault = FAULT_INIT;
	r = tape_merge_next(t->merge, &row, &t->fault);
	t->is_at_end = !r;
	t->has_row = r > 0;
	if (r < 0)
		return fault_errno(&t->fault, r, "cannot read the tape");
	if (!r)
		return 0;
	t->row = (struct tcptape_row){
		.ts_ns = row->ts_ns,
		.cpu = row->cpu,
		.chain = row->chain,
		.tracepoint = row->tracepoint->index,
		.system = row->tracepoint->system,
		.name = row->tracepoint->name,
		.format = row->tracepoint->format,
		.format_len = row->tracepoint->format_len,
		.data = row->data,
		.len = row->len,
	};
	t->row.has_real = meta_wall_time(tape_reader_meta(t->reader), row->ts_ns, &t->row.real_ns);
	*ret = &t->row;
	return 1;
}

const char *tcptape_host(const struct tcptape *t, const char *key)
{
	return meta_host(tape_reader_meta(t->reader), key);
}

size_t tcptape_n_host(const struct tcptape *t)
{
	return tape_reader_meta(t->reader)->n_host;
}

const char *tcptape_host_key(const struct tcptape *t, size_t i)
{
	const struct tape_meta *meta = tape_reader_meta(t->reader);

	return i < meta->n_host ? meta->host[i].key : NULL;
}

const char *tcptape_host_value(const struct tcptape *t, size_t i)
{
	const struct tape_meta *meta = tape_reader_meta(t->reader);

	return i < meta->n_host ? meta->host[i].value : NULL;
}

uint64_t tcptape_n_late(const struct tcptape *t)
{
	return tape_merge_late(t->merge);
}

// SPDX-License-Identifier: MIT
/*
 * connects --count: the table of failures: how many attempts to a destination failed alike, why,
 * and after how long.
 */
#include <stdlib.h>
#include <string.h>

#include "cells/conn-cells.h"
#include "tcp/names.h"
#include "view/connects.h"

#define COUNT(type, member) column_u64, .at = offsetof(type, member), .is_right = true

static struct cell table_failures(const void *at)
{
	return cell_word("failures");
}

static struct cell failure_result(const void *at)
{
	const struct connect_failure *f = at;

	return cell_word(connect_result_name(f->key.result));
}

static struct cell failure_err(const void *at)
{
	const struct connect_failure *f = at;

	return f->key.err ? cell_word(tcp_errno_name(f->key.err)) : cell_absent();
}

static struct cell failure_least_ns(const void *at)
{
	const struct connect_failure *f = at;

	return cell_if(f->n_ns, f->least_ns);
}

static struct cell failure_greatest_ns(const void *at)
{
	const struct connect_failure *f = at;

	return cell_if(f->n_ns, f->greatest_ns);
}

static struct cell failure_least_ms(const void *at)
{
	const struct connect_failure *f = at;

	return f->n_ns ? cell_fixed((f->least_ns + 5000) / 10000) : cell_absent();
}

static struct cell failure_greatest_ms(const void *at)
{
	const struct connect_failure *f = at;

	return f->n_ns ? cell_fixed((f->greatest_ns + 5000) / 10000) : cell_absent();
}

#define FAILURE(member) .at = offsetof(struct connect_failure, member)

static const struct view_column failure_columns[] = {
	{"table", NULL, COLUMN_DATA, 0, table_failures, .at = 0},
	{"remote", "FAILED", COLUMN_TEXT, 21, column_endpoint, FAILURE(key.to)},
	{"raddr", NULL, COLUMN_DATA, 0, column_addr, FAILURE(key.to.addr)},
	{"rport", NULL, COLUMN_DATA, 0, column_port, FAILURE(key.to.port)},
	{"count", "CONNS", COLUMN_ALL, 6, COUNT(struct connect_failure, n)},
	{"least_ns", NULL, COLUMN_DATA, 0, failure_least_ns, .at = 0},
	{"greatest_ns", NULL, COLUMN_DATA, 0, failure_greatest_ns, .at = 0},
	{"least_ms", "MIN_MS", COLUMN_TEXT, 8, failure_least_ms, .at = 0, .is_right = true,
	 .decimals = 2},
	{"greatest_ms", "MAX_MS", COLUMN_TEXT, 8, failure_greatest_ms, .at = 0, .is_right = true,
	 .decimals = 2},
	{"result", "RESULT", COLUMN_ALL, 8, failure_result, .at = 0},
	{"err_name", "ERR", COLUMN_ALL, 0, failure_err, .at = 0},
	{"why", "WHY", COLUMN_ALL, 0, column_word, FAILURE(key.why)},
};

static int by_failures(const void *a, const void *b)
{
	const struct connect_failure *x = *(struct connect_failure *const *)a;
	const struct connect_failure *y = *(struct connect_failure *const *)b;
	int r;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	r = endpoint_compare(&x->key.to, &y->key.to);
	if (r)
		return r;
	if (x->key.result != y->key.result)
		return x->key.result < y->key.result ? -1 : 1;
	if (x->key.err != y->key.err)
		return x->key.err < y->key.err ? -1 : 1;
	return strcmp(x->key.why ? x->key.why : "", y->key.why ? y->key.why : "");
}

int connect_failures_emit(const struct connect_counts *t, struct view_table *table,
			  struct table_sink *out, struct fault *fault)
{
	void **items CLEANUP(free_p) = groups_sorted(&t->failures, by_failures);
	int r;

	if (!items)
		return fault_no_memory(fault);
	if (!t->failures.n)
		return 0;
	r = view_table_begin(table, failure_columns, ARRAY_SIZE(failure_columns), 0, out, fault);
	for (size_t i = 0; !r && i < t->failures.n; i++)
		r = view_table_row(table, (const void *[]){items[i]}, out, fault);
	return r;
}

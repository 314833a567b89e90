// SPDX-License-Identifier: MIT
/*
 * host: what the kernel's own counters did. In text there is a table for each group of counters; in
 * other formats all are rows of one table.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"
#include "base/vec.h"
#include "counter/book.h"
#include "counter/meaning.h"
#include "view/host-columns.h"
#include "view/view.h"

struct host_options {
	uint64_t netns; /* 0: all */
	bool all;
	bool sources;
};

struct host {
	struct host_options options;
	const struct view_context *context;
	struct host_columns columns;
	struct host_row *rows;
	size_t n, cap;
};

#define AT(member) offsetof(struct host_options, member)

static const struct option_spec options[] = {
	{"all", 'a', NULL, "counters that did not move, and the ticks of each CPU, too",
	 option_flag, AT(all), NULL},
	{"netns", 0, "INODE", "of one network namespace alone (readlink /proc/PID/ns/net)",
	 option_u64, AT(netns), NULL},
	{"sources", 0, NULL, "in text, too: where the meaning of each counter is written down",
	 option_flag, AT(sources), NULL},
};

/* The counters are no events. */
static tcp_kinds host_wants(const void *view_options)
{
	return 0;
}

static int host_init(void *state, const void *view_options, const struct view_context *context,
		     struct table_sink *out, struct fault *fault)
{
	struct host *v = state;

	v->options = *(const struct host_options *)view_options;
	v->context = context;
	return 0;
}

/* Ticks of single CPUs tell little beside those of all. */
static bool is_cpu_ticks(const char *name)
{
	return fnmatch("stat.cpu[0-9]*", name, 0) == 0 && !strstr(name, "irq") &&
	       !strstr(name, "steal");
}

static bool host_shows(const struct host *v, const struct counter_change *c)
{
	return v->options.all || ((c->grew || c->fell) && !is_cpu_ticks(c->name));
}

static int by_group(const void *a, const void *b)
{
	const struct host_row *x = a, *y = b;

	if (x->meaning->group != y->meaning->group)
		return x->meaning->group < y->meaning->group ? -1 : 1;
	/* What nobody knows comes last in its group: its meaning is no entry of the table. */
	if (x->meaning != y->meaning)
		return !x->meaning->what	 ? 1
		       : !y->meaning->what	 ? -1
		       : x->meaning < y->meaning ? -1
						 : 1;
	return strcmp(x->change.name, y->change.name);
}

static int host_collect(struct host *v)
{
	const struct counter_book *book = v->context->counters;
	struct counter_change c;
	size_t i = 0;

	while (counter_book_next(book, &i, &c)) {
		if (v->options.netns &&
		    !counter_book_get_of(book, (uint32_t)v->options.netns, c.name, &c))
			continue;
		if (!host_shows(v, &c))
			continue;
		if (vec_reserve(v->rows, v->cap, v->n + 1) < 0)
			return -ENOMEM;
		v->rows[v->n++] =
			(struct host_row){.change = c, .meaning = counter_meaning_of(c.name)};
	}
	if (v->n)
		qsort(v->rows, v->n, sizeof(*v->rows), by_group);
	return 0;
}

static int host_put_rows(struct host *v, struct table_sink *out, struct fault *fault)
{
	bool is_text = out->shows & COLUMN_TEXT;
	int r = 0;

	for (size_t i = 0; !r && i < v->n; i++) {
		enum counter_group g = v->rows[i].meaning->group;

		if (!i || (is_text && g != v->rows[i - 1].meaning->group))
			r = host_columns_begin(&v->columns, g, out, fault);
		if (!r)
			r = host_row_put(&v->columns, &v->rows[i], out, fault);
	}
	return r;
}

/* How often the namespaces were read: the recorder's own each second, others as a budget allows. */
static int host_note_readings(const struct counter_book *book, struct table_sink *out,
			      struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};
	uint64_t longest_ns = 0;
	size_t n = 0, n_twice = 0;

	for (size_t i = 0; i < counter_book_n_spaces(book); i++) {
		struct counter_space_info s = counter_book_space(book, i);

		if (!s.netns)
			continue;
		n++;
		n_twice += s.n_readings > 1;
		if (s.longest_ns > longest_ns)
			longest_ns = s.longest_ns;
	}
	text_printf(&t, "host and %zu network namespace%s", n, n == 1 ? "" : "s");
	if (n_twice < n)
		text_printf(&t, " (%zu read only once: left out)", n - n_twice);
	if (longest_ns) {
		text_str(&t, ", each read at least every ");
		units_duration(&t, longest_ns);
	}
	return table_note(out, text_cstr(&t), fault);
}

static int host_emit(void *state, struct table_sink *out, struct fault *fault)
{
	struct host *v = state;
	const struct counter_book *book = v->context->counters;
	int r;

	if (!counter_book_has_readings(book))
		return table_note(out, "no readings of the kernel's counters are on this tape",
				  fault);
	host_columns_init(&v->columns, v->context, v->options.sources);
	if (host_collect(v) < 0)
		return fault_no_memory(fault);
	r = host_put_rows(v, out, fault);
	if (!r && !v->n)
		r = table_note(out, "no counter moved (--all shows those that did not)", fault);
	return r ? r : host_note_readings(book, out, fault);
}

static void host_done(void *state)
{
	struct host *v = state;

	free(v->rows);
}

const struct view view_host = {
	.name = "host",
	.summary = "the kernel's own counters: what moved, how fast, when, and what it means",
	.detail =
		"Counters are summed up over the network namespaces that were recorded. WORST/S "
		"is\n"
		"the fastest growth between two readings, which are mostly a second apart, and AT\n"
		"when that was. Of a level, such as sockets in TIME_WAIT, TOTAL is by how much it "
		"is\n"
		"higher or lower at the end, and WORST/S is its largest value. A counter that "
		"this\n"
		"program does not know is shown under \"other\".",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.options_size = sizeof(struct host_options),
	.state_size = sizeof(struct host),
	.wants = host_wants,
	.uses_counters = true,
	.init = host_init,
	.emit = host_emit,
	.done = host_done,
};

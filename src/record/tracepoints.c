// SPDX-License-Identifier: MIT
/*
 * tracepoints: keeps the text of each format file for the tape, and parses it for the recorder.
 */
#include "record/tracepoints.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format/layout.h"
#include "tracepoint/catalog.h"
#include "tracepoint/print-fmt.h"
#include "tracepoint/socket-row.h"

/* The most synthetic tracepoints. */
#define SYNTHETIC_MAX 3u

/* Numbers that a record can carry, because common_type is a u16. */
#define TYPES 65536u

static uint16_t format_row_len(const struct trace_format *f)
{
	for (size_t i = 0; i < f->n_fields; i++) {
		if (f->fields[i].is_dynamic)
			return 0;
	}
	return f->record_size <= TAPE_ROW_MAX ? (uint16_t)f->record_size : 0;
}

static int tracepoint_load(const struct tracefs *t, struct tracepoint *tp,
			   struct block_tracepoint *places, struct trace_format *parsed,
			   struct fault *fault)
{
	const struct tracepoint_info *info;
	int r = tracefs_event_format(t, tp->system, tp->name, &tp->format, fault);

	if (r < 0)
		return r;
	r = trace_format_parse((const char *)tp->format.data, tp->format.len, parsed, fault);
	if (r < 0)
		return r;
	if (parsed->id >= TYPES)
		return fault_set(fault, -EBADMSG, "%s:%s has number %u, which no record can carry",
				 tp->system, tp->name, parsed->id);
	print_fmt_read((const char *)tp->format.data, tp->format.len, parsed);
	tp->kernel_id = parsed->id;
	tp->row_len = format_row_len(parsed);
	info = catalog_find(tp->system, tp->name);
	if (info && info->kind == TCP_KIND_RETRANSMIT)
		row_ends_find(parsed, &tp->trouble);
	places->n_fields = anonymise_fields(parsed, places->fields, BLOCK_FIELDS_MAX);
	return 0;
}

/* Joins the filter of the selection with the one that the user asked for. */
static int tracepoint_make_filter(struct tracepoint *tp, const char *selected,
				  const struct trace_format *format, const struct event_filter *f,
				  struct fault *fault)
{
	const struct tracepoint_info *info = catalog_find(tp->system, tp->name);
	struct text t CLEANUP(text_done) = {0};

	if (info)
		record_filter_expression(f, format, info->from_packet, &t);
	if (selected)
		text_printf(&t, "%s(%s)", t.len ? "&&" : "", selected);
	if (!t.len)
		return 0;
	tp->filter = text_cstr(&t) ? strdup(text_cstr(&t)) : NULL;
	return tp->filter ? 0 : fault_no_memory(fault);
}

/* Appends a tracepoint for rows about sockets. */
static int tracepoints_add_synthetic(struct tracepoints *ts, const char *name, uint32_t id,
				     uint32_t tcp_info_len)
{
	struct text format CLEANUP(text_done) = {0};
	struct tracepoint *tp = &ts->items[ts->n];

	socket_row_format(&format, name, id, tcp_info_len);
	if (!text_cstr(&format) || buffer_append(&tp->format, format.data, format.len + 1) < 0)
		return -ENOMEM;
	tp->system = SOCKET_ROW_SYSTEM;
	tp->name = name;
	tp->kernel_id = id;
	tp->row_len = socket_row_len(id, tcp_info_len);
	ts->n++;
	ts->n_synthetic++;
	return 0;
}

static int tracepoints_add_all_synthetic(struct tracepoints *ts, const struct synthetic_rows *s)
{
	int r = 0;

	if (s->tcp_info_len)
		r = tracepoints_add_synthetic(ts, SOCKET_ROW_TABLE, SOCKET_ROW_TABLE_ID,
					      s->tcp_info_len);
	if (!r && s->tcp_info_len)
		r = tracepoints_add_synthetic(ts, SOCKET_ROW_SAMPLE, SOCKET_ROW_SAMPLE_ID,
					      s->tcp_info_len);
	if (!r && s->tcp_info_len && s->with_final)
		r = tracepoints_add_synthetic(ts, SOCKET_ROW_DESTROY, SOCKET_ROW_DESTROY_ID,
					      s->tcp_info_len);
	return r;
}

/* The first tracepoint with a kernel number takes the rows of that number. A second one takes the
 * rows that have a call chain (selection_divide()). */
static void tracepoints_note_type(struct tracepoints *ts)
{
	struct tracepoint *tp = &ts->items[ts->n];
	uint16_t *first = &ts->by_type[tp->kernel_id];

	tp->with_chain = (uint16_t)ts->n;
	if (*first == TRACEPOINT_NONE)
		*first = (uint16_t)ts->n;
	else
		ts->items[*first].with_chain = (uint16_t)ts->n;
}

int tracepoints_load(const struct tracefs *t, const struct selected_list *selected,
		     const struct event_filter *filter, const struct synthetic_rows *synthetic,
		     struct tracepoints *ret, struct fault *fault)
{
	struct tracepoints ts CLEANUP(tracepoints_done) = {0};
	struct trace_format *parsed CLEANUP(free_p) = malloc(sizeof(*parsed));

	if (selected->n + SYNTHETIC_MAX > TAPE_TRACEPOINTS_MAX)
		return fault_set(fault, -E2BIG, "%zu tracepoints at once; a tape has room for %u",
				 selected->n, TAPE_TRACEPOINTS_MAX - SYNTHETIC_MAX);
	ts.items = calloc(selected->n + SYNTHETIC_MAX, sizeof(*ts.items));
	ts.places = calloc(selected->n + SYNTHETIC_MAX, sizeof(*ts.places));
	ts.by_type = malloc(TYPES * sizeof(*ts.by_type));
	if (!parsed || !ts.items || !ts.places || !ts.by_type)
		return fault_no_memory(fault);
	memset(ts.by_type, 0xff, TYPES * sizeof(*ts.by_type));
	for (; ts.n < selected->n; ts.n++) {
		struct tracepoint *tp = &ts.items[ts.n];
		int r;

		tp->system = selected->items[ts.n].system;
		tp->name = selected->items[ts.n].name;
		tp->with_stack = selected->items[ts.n].with_stack;
		r = tracepoint_load(t, tp, &ts.places[ts.n], parsed, fault);
		if (!r)
			r = tracepoint_make_filter(tp, selected->items[ts.n].filter, parsed, filter,
						   fault);
		if (r < 0) {
			buffer_done(&tp->format);
			return r;
		}
		tracepoints_note_type(&ts);
	}
	if (tracepoints_add_all_synthetic(&ts, synthetic) < 0)
		return fault_no_memory(fault);
	*ret = ts;
	ts = (struct tracepoints){0};
	return 0;
}

void tracepoints_done(struct tracepoints *t)
{
	for (size_t i = 0; i < t->n; i++) {
		buffer_done(&t->items[i].format);
		free(t->items[i].filter);
	}
	free(t->items);
	free(t->places);
	free(t->by_type);
	*t = (struct tracepoints){0};
}

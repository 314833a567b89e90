// SPDX-License-Identifier: MIT
#include "decode/decoder.h"

#include <errno.h>
#include <stdlib.h>

#include "decode/binding.h"
#include "decode/callchains.h"
#include "decode/tep.h"

struct decoder {
	const struct tape_meta *meta;
	enum decoder_print print;
	bool without_extras;
	struct arena arena;
	struct binding **bindings; /* by tracepoint index; NULL: not yet */
	size_t n_bindings;
	struct callchains callchains;
	struct printer *printer; /* NULL: not needed yet */
	struct text print_text;
};

int decoder_new(const struct tape_meta *meta, enum decoder_print print, struct decoder **ret,
		struct fault *fault)
{
	struct decoder *d = calloc(1, sizeof(*d));

	if (!d)
		return fault_errno(fault, -ENOMEM, "decoding events");
	d->meta = meta;
	d->print = print;
	d->callchains.meta = meta;
	*ret = d;
	return 0;
}

struct decoder *decoder_free(struct decoder *d)
{
	if (d) {
		printer_free(d->printer);
		callchains_done(&d->callchains);
		text_done(&d->print_text);
		free(d->bindings);
		arena_done(&d->arena);
		free(d);
	}
	return NULL;
}

static int grow(struct decoder *d, uint32_t index)
{
	size_t n = d->n_bindings ? d->n_bindings : 64;
	struct binding **bigger;

	if (index >= TAPE_TRACEPOINTS_MAX)
		return -EINVAL;
	while (n <= index)
		n *= 2;
	bigger = realloc(d->bindings, n * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	memset(bigger + d->n_bindings, 0, (n - d->n_bindings) * sizeof(*bigger));
	d->bindings = bigger;
	d->n_bindings = n;
	return 0;
}

static int make(struct decoder *d, const struct tape_tracepoint *tp, struct binding **ret)
{
	const struct wire wire = {
		.is_swapped = d->meta->is_big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__),
		.long_size = d->meta->long_size,
	};
	int r = tp->index < d->n_bindings ? 0 : grow(d, tp->index);

	if (r == 0)
		r = binding_make(tp, &wire, !d->without_extras, &d->arena, ret);
	if (r == 0)
		d->bindings[tp->index] = *ret;
	return r;
}

static inline int binding_of(struct decoder *d, const struct tape_tracepoint *tp,
			     struct binding **ret)
{
	if (tp->index < d->n_bindings && d->bindings[tp->index]) {
		*ret = d->bindings[tp->index];
		return 0;
	}
	return make(d, tp, ret);
}

enum decoder_bound decoder_binding(struct decoder *d, const struct tape_tracepoint *tp)
{
	struct binding *b;

	return binding_of(d, tp, &b) < 0 ? DECODER_NO_FORMAT : b->bound;
}

enum tcp_kind decoder_kind(struct decoder *d, const struct tape_tracepoint *tp)
{
	struct binding *b;

	return binding_of(d, tp, &b) < 0 ? TCP_KIND_OTHER : b->kind;
}

void decoder_leave_out_extras(struct decoder *d)
{
	d->without_extras = true;
}

/* Whoever prints a row looks at all of it. */
static bool is_printed(const struct decoder *d, const struct binding *b)
{
	return d->print == DECODER_PRINT_ALL ||
	       (d->print == DECODER_PRINT_UNBOUND && b->bound != DECODER_BOUND);
}

const struct column_set *decoder_columns(struct decoder *d, const struct tape_tracepoint *tp)
{
	struct binding *b;

	return binding_of(d, tp, &b) < 0 || is_printed(d, b) ? NULL : &b->columns;
}

static int add_chain(struct decoder *d, uint32_t id, struct tcp_event *e)
{
	const struct chain *chain;
	int r = callchains_find(&d->callchains, id, e->kind == TCP_KIND_RETRANSMIT_SYNACK, &chain);

	if (r < 0 || !chain)
		return r;
	e->frames = chain->frames;
	e->n_frames = chain->n_frames;
	if (e->kind == TCP_KIND_RETRANSMIT || e->kind == TCP_KIND_RETRANSMIT_SYNACK)
		e->chain = chain->cause;
	return 0;
}

static int add_print(struct decoder *d, const struct binding *b, const struct tape_row *row,
		     struct tcp_event *e)
{
	int r = d->printer ? 0 : printer_new(d->meta, &d->printer);

	if (r < 0)
		return r;
	text_clear(&d->print_text);
	r = printer_print(d->printer, b, row->data, row->len, &d->print_text);
	if (r == 0)
		e->print = text_cstr(&d->print_text);
	return r;
}

int decoder_event(struct decoder *d, const struct tape_row *row, struct tcp_event *ret,
		  struct fault *fault)
{
	struct binding *b;
	int r = binding_of(d, row->tracepoint, &b);

	if (r < 0)
		return fault_errno(fault, r, "decoding %s:%s", row->tracepoint->system,
				   row->tracepoint->name);
	*ret = (struct tcp_event){
		.ts_ns = row->ts_ns,
		.kind = b->kind,
		.cpu = row->cpu,
		.tracepoint = row->tracepoint->index,
		.system = row->tracepoint->system,
		.name = row->tracepoint->name,
	};
	binding_decode(b, row->data, row->len, ret);
	if (row->chain)
		r = add_chain(d, row->chain, ret);
	if (r == 0 && is_printed(d, b))
		r = add_print(d, b, row, ret);
	return r < 0 ? fault_errno(fault, r, "decoding %s:%s", ret->system, ret->name) : 0;
}

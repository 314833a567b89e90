// SPDX-License-Identifier: MIT
#include "decode/decoder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "decode/binding.h"
#include "decode/callchains.h"
#include "decode/tep.h"

struct decoder {
	const struct tape_meta *meta;
	enum decoder_print print;
	struct binding_wants wants;
	struct arena arena;
	struct binding **bindings; /* by tracepoint index; NULL: not bound yet */
	size_t n_bindings, cap_bindings;
	struct callchains callchains;
	struct decoder_chains chains_seen;
	struct printer *printer; /* NULL: not needed yet */
	struct text print_text;
};

int decoder_new(const struct tape_meta *meta, enum decoder_print print, struct decoder **ret,
		struct fault *fault)
{
	struct decoder *d = calloc(1, sizeof(*d));

	if (!d)
		return fault_no_memory(fault);
	d->meta = meta;
	d->print = print;
	d->wants = (struct binding_wants){.extras = true, .tcp_info = ~(uint64_t)0};
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

static int bindings_reserve(struct decoder *d, uint32_t index)
{
	if (index >= TAPE_TRACEPOINTS_MAX)
		return -EINVAL;
	if (vec_reserve(d->bindings, d->cap_bindings, (size_t)index + 1) < 0)
		return -ENOMEM;
	memset(d->bindings + d->n_bindings, 0, (index + 1 - d->n_bindings) * sizeof(*d->bindings));
	d->n_bindings = (size_t)index + 1;
	return 0;
}

static int decoder_bind(struct decoder *d, const struct tape_tracepoint *tp, struct binding **ret)
{
	const struct wire wire = {
		.is_swapped = d->meta->is_big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__),
		.long_size = d->meta->long_size,
	};
	int r = tp->index < d->n_bindings ? 0 : bindings_reserve(d, tp->index);

	if (r == 0)
		r = binding_make(tp, &wire, &d->wants, &d->arena, ret);
	if (r == 0)
		d->bindings[tp->index] = *ret;
	return r;
}

static inline int decoder_binding_of(struct decoder *d, const struct tape_tracepoint *tp,
				     struct binding **ret)
{
	if (tp->index < d->n_bindings && d->bindings[tp->index]) {
		*ret = d->bindings[tp->index];
		return 0;
	}
	return decoder_bind(d, tp, ret);
}

enum decoder_bound decoder_binding(struct decoder *d, const struct tape_tracepoint *tp)
{
	struct binding *b;

	return decoder_binding_of(d, tp, &b) < 0 ? DECODER_NO_FORMAT : b->bound;
}

enum tcp_kind decoder_kind(struct decoder *d, const struct tape_tracepoint *tp)
{
	struct binding *b;

	return decoder_binding_of(d, tp, &b) < 0 ? TCP_KIND_OTHER : b->kind;
}

void decoder_leave_out_extras(struct decoder *d)
{
	d->wants.extras = false;
}

void decoder_limit_tcp_info(struct decoder *d, uint64_t fields)
{
	d->wants.tcp_info = fields;
}

/* True if the event gets its text in the kernel's print format, which reads the whole row. */
static bool is_printed(const struct decoder *d, const struct binding *b)
{
	return d->print == DECODER_PRINT_ALL ||
	       (d->print == DECODER_PRINT_UNBOUND && b->bound != DECODER_BOUND);
}

const struct column_set *decoder_columns(struct decoder *d, const struct tape_tracepoint *tp)
{
	struct binding *b;

	return decoder_binding_of(d, tp, &b) < 0 || is_printed(d, b) ? NULL : &b->columns;
}

static int event_add_chain(struct decoder *d, uint32_t id, struct tcp_event *e)
{
	const struct chain *chain;
	int r = callchains_find(&d->callchains, id, e->kind == TCP_KIND_RETRANSMIT_SYNACK, &chain);

	if (r < 0 || !chain)
		return r;
	e->frames = chain->frames;
	e->n_frames = chain->n_frames;
	if (e->kind == TCP_KIND_RETRANSMIT || e->kind == TCP_KIND_RETRANSMIT_SYNACK) {
		e->chain = chain->cause;
		d->chains_seen.n++;
		d->chains_seen.n_mute += e->chain.cause <= TCP_CAUSE_UNKNOWN;
	}
	return 0;
}

struct decoder_chains decoder_chains(const struct decoder *d)
{
	return d->chains_seen;
}

static int event_add_print(struct decoder *d, const struct binding *b, const struct tape_row *row,
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
	int r = decoder_binding_of(d, row->tracepoint, &b);

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
		r = event_add_chain(d, row->chain, ret);
	if (r == 0 && is_printed(d, b))
		r = event_add_print(d, b, row, ret);
	return r < 0 ? fault_errno(fault, r, "decoding %s:%s", ret->system, ret->name) : 0;
}

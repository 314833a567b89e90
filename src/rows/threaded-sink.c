// SPDX-License-Identifier: MIT
/*
 * threaded-sink: a few blocks of packed calls go round between the two threads.
 */
#include "rows/threaded-sink.h"

#include <stdlib.h>
#include <string.h>

#include "base/handoff.h"
#include "rows/queue-block.h"

#define BLOCKS	    4u
#define BLOCK_BYTES (256u << 10)

struct threaded_sink {
	struct table_sink inner;
	struct packing packing;
	struct queue_block blocks[BLOCKS];

	/* With the lock held. */
	struct handoff handoff;
	uint64_t n_given, n_used; /* blocks ever */
	struct fault fault;	  /* of the inner sink, the first one */

	/* The thread's. */
	const struct sink_call *now; /* being made; NULL: none */
	struct column *columns;	     /* of the table that is open */
};

/* The first fault of the inner sink. */
static int sink_verdict(struct threaded_sink *s, struct fault *fault)
{
	int r;

	handoff_lock(&s->handoff);
	r = s->fault.code;
	if (r)
		fault_set(fault, r, "%s", s->fault.text);
	handoff_unlock(&s->handoff);
	return r;
}

static struct queue_block *sink_open_block(struct threaded_sink *s)
{
	return &s->blocks[s->n_given % BLOCKS];
}

/* Gives the open block away, and waits until there is another one. */
static int sink_send(struct threaded_sink *s, struct fault *fault)
{
	if (sink_open_block(s)->len) {
		handoff_lock(&s->handoff);
		s->n_given++;
		handoff_give(&s->handoff);
		while (s->n_given - s->n_used == BLOCKS)
			handoff_wait_returned(&s->handoff);
		handoff_unlock(&s->handoff);
		sink_open_block(s)->len = 0;
	}
	return sink_verdict(s, fault);
}

static int sink_pack(struct threaded_sink *s, const struct sink_call *call, const void *data,
		     struct fault *fault)
{
	int r;

	if (queue_block_add(sink_open_block(s), &s->packing, call, data))
		return 0;
	r = sink_send(s, fault);
	while (!r && !queue_block_add(sink_open_block(s), &s->packing, call, data)) {
		if (queue_block_widen(sink_open_block(s)) < 0)
			r = fault_no_memory(fault);
	}
	return r;
}

/* Columns that the sink inside does not show are left out, here and in the rows. */
static int threaded_sink_begin(struct table_sink *sink, const struct column *columns,
			       size_t n_columns, struct fault *fault)
{
	struct threaded_sink *s = sink->self;
	struct sink_call call = {.kind = SINK_BEGIN};
	struct column *shown CLEANUP(free_p) = calloc(n_columns + 1, sizeof(*shown));
	size_t *places = calloc(n_columns + 1, sizeof(*places));

	free(s->packing.columns);
	s->packing.columns = places;
	s->packing.n_columns = 0;
	if (!shown || !places)
		return fault_no_memory(fault);
	for (size_t i = 0; i < n_columns; i++) {
		if (!(columns[i].where & s->inner.shows))
			continue;
		shown[s->packing.n_columns] = columns[i];
		places[s->packing.n_columns++] = i;
	}
	call.n = (uint32_t)(s->packing.n_columns * sizeof(*shown));
	return sink_pack(s, &call, shown, fault);
}

static int threaded_sink_row(struct table_sink *sink, const struct cell *cells, struct fault *fault)
{
	const struct sink_call call = {.kind = SINK_ROW};

	return sink_pack(sink->self, &call, cells, fault);
}

static int threaded_sink_note(struct table_sink *sink, const char *line, struct fault *fault)
{
	const struct sink_call call = {.kind = SINK_NOTE, .n = (uint32_t)strlen(line) + 1};

	return sink_pack(sink->self, &call, line, fault);
}

static int threaded_sink_page(struct table_sink *sink, uint64_t ts_ns, const char *title,
			      bool is_screen, struct fault *fault)
{
	const struct sink_call call = {.kind = SINK_PAGE,
				       .n = (uint32_t)strlen(title) + 1,
				       .is_screen = is_screen,
				       .ts_ns = ts_ns};

	return sink_pack(sink->self, &call, title, fault);
}

static int threaded_sink_flush(struct table_sink *sink, struct fault *fault)
{
	const struct sink_call call = {.kind = SINK_FLUSH};
	int r = sink_pack(sink->self, &call, NULL, fault);

	return r ? r : sink_send(sink->self, fault);
}

static const struct table_ops threaded_sink_ops = {
	.begin = threaded_sink_begin,
	.row = threaded_sink_row,
	.note = threaded_sink_note,
	.page = threaded_sink_page,
	.flush = threaded_sink_flush,
};

/* The sink inside borrows columns for longer than a block lasts. */
static int call_begin(struct threaded_sink *s, const struct sink_call *call, struct fault *fault)
{
	struct column *columns = malloc(call->n + 1);
	int r;

	if (!columns)
		return fault_no_memory(fault);
	memcpy(columns, call->data, call->n);
	r = table_begin(&s->inner, columns, call->n / sizeof(*columns), fault);
	free(s->columns);
	s->columns = columns;
	return r;
}

static int call_make(struct threaded_sink *s, const struct sink_call *call, struct fault *fault)
{
	switch (call->kind) {
	case SINK_BEGIN: return call_begin(s, call, fault);
	case SINK_ROW: return table_row(&s->inner, call->data, fault);
	case SINK_NOTE: return table_note(&s->inner, call->data, fault);
	case SINK_PAGE:
		return table_page(&s->inner, call->ts_ns, call->data, call->is_screen, fault);
	case SINK_FLUSH: return table_flush(&s->inner, fault);
	}
	return 0;
}

/* No call is made after one that failed. */
static int block_make_calls(struct threaded_sink *s, const struct queue_block *b,
			    struct fault *fault)
{
	int r = 0;

	for (size_t at = 0; !r && at < b->len; at += s->now->size) {
		s->now = (const struct sink_call *)(b->bytes + at);
		r = call_make(s, s->now, fault);
	}
	s->now = NULL;
	return r;
}

static void *threaded_sink_main(void *userdata)
{
	struct threaded_sink *s = userdata;
	struct fault fault = FAULT_INIT;
	int r = 0;

	handoff_lock(&s->handoff);
	for (;;) {
		while (s->n_used == s->n_given && !s->handoff.is_ending)
			handoff_wait_given(&s->handoff);
		if (s->n_used == s->n_given)
			break;
		handoff_unlock(&s->handoff);
		if (!r)
			r = block_make_calls(s, &s->blocks[s->n_used % BLOCKS], &fault);
		handoff_lock(&s->handoff);
		s->fault = fault;
		s->n_used++;
		handoff_return(&s->handoff);
	}
	handoff_unlock(&s->handoff);
	return NULL;
}

/* The clock of the renderer inside knows the times that were packed with the call. */
static bool packed_clock_wall(void *userdata, uint64_t ts_ns, int64_t *ret_real_ns)
{
	const struct threaded_sink *s = userdata;

	for (uint32_t i = 0; s->now && i < s->now->n_times; i++) {
		if (s->now->times[i].ts_ns == ts_ns) {
			*ret_real_ns = s->now->times[i].real_ns;
			return s->now->times[i].is_known;
		}
	}
	return false;
}

static uint64_t packed_clock_start(void *userdata)
{
	const struct threaded_sink *s = userdata;

	return s->now ? s->now->start_ns : 0;
}

struct tape_clock threaded_sink_clock(struct threaded_sink *s)
{
	return (struct tape_clock){
		.wall = packed_clock_wall, .start = packed_clock_start, .userdata = s};
}

static void threaded_sink_free(struct threaded_sink *s)
{
	handoff_done(&s->handoff);
	for (size_t i = 0; i < BLOCKS; i++)
		queue_block_done(&s->blocks[i]);
	free(s->columns);
	free(s->packing.columns);
	free(s);
}

int threaded_sink_new(const struct tape_clock *clock, struct threaded_sink **ret,
		      struct fault *fault)
{
	struct threaded_sink *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return fault_no_memory(fault);
	s->packing.clock = *clock;
	r = handoff_init(&s->handoff, fault);
	for (size_t i = 0; !r && i < BLOCKS; i++) {
		if (queue_block_init(&s->blocks[i], BLOCK_BYTES) < 0)
			r = fault_no_memory(fault);
	}
	if (r < 0) {
		threaded_sink_free(s);
		return r;
	}
	*ret = s;
	return 0;
}

int threaded_sink_start(struct threaded_sink *s, const struct table_sink *inner,
			struct table_sink *ret, struct fault *fault)
{
	int r;

	s->inner = *inner;
	r = handoff_start(&s->handoff, threaded_sink_main, s, fault);
	if (r < 0)
		return r;
	*ret = (struct table_sink){.ops = &threaded_sink_ops, .self = s, .shows = inner->shows};
	return 0;
}

int threaded_sink_finish(struct threaded_sink *s, struct fault *fault)
{
	int r = 0;

	if (s->handoff.n_threads) {
		r = sink_send(s, fault);
		handoff_end(&s->handoff);
		if (!r)
			r = sink_verdict(s, fault);
	}
	threaded_sink_free(s);
	return r;
}

// SPDX-License-Identifier: MIT
/*
 * threaded-sink: calls are packed into parcels, one after the other; a few parcels go round between the two
 * threads. A cell's own bytes are packed with it. Keys, labels and heads are constants of the
 * program or of the tape, and stay where they are.
 */
#include "rows/threaded-sink.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define PARCELS	     4u
#define PARCEL_BYTES (256u << 10)

enum call_kind { CALL_BEGIN, CALL_ROW, CALL_NOTE, CALL_PAGE, CALL_FLUSH };

/* What the clock says of a moment. */
struct packed_clock {
	uint64_t ts_ns;
	int64_t real_ns;
	bool is_known;
};

/* Behind it its bytes. */
struct call {
	enum call_kind kind;
	uint32_t size; /* with everything behind it */
	uint32_t n;    /* bytes of the data; 0 for a row: it has a cell for each column shown */
	uint32_t n_told;
	bool is_screen;
	uint64_t ts_ns;
	uint64_t start_ns;
	struct packed_clock *packed_clock;
	void *data; /* cells, columns, words */
};

struct queue_block {
	char *bytes;
	size_t len, cap;
};

struct threaded_sink {
	struct tape_clock clock;
	struct table_sink inner;
	size_t *shown; /* columns of the open table that the sink inside shows */
	size_t n_shown;

	struct queue_block parcels[PARCELS];
	uint64_t n_sent, n_taken; /* parcels ever */
	pthread_mutex_t lock;
	pthread_cond_t moved;
	bool is_ending;
	struct fault fault; /* of the inner sink, first; under the lock */
	bool has_thread;
	pthread_t thread;

	/* The thread's. */
	const struct call *now;
	struct column *columns; /* of the table that is open */
};

/* Room in a parcel, aligned for anything; NULL when it is full. */
static void *take(struct queue_block *p, size_t size)
{
	void *at = p->bytes + p->len;

	size = (size + 7) & ~(size_t)7;
	if (size > p->cap - p->len)
		return NULL;
	p->len += size;
	return at;
}

static void *put(struct queue_block *p, const void *data, size_t size)
{
	void *at = take(p, size);

	if (at && size)
		memcpy(at, data, size);
	return at;
}

static void tell(const struct threaded_sink *r, struct call *call, uint64_t ts_ns)
{
	const struct tape_clock *c = &r->clock;
	struct packed_clock *t = &call->packed_clock[call->n_told++];

	*t = (struct packed_clock){.ts_ns = ts_ns};
	t->is_known = c->wall && c->wall(c->userdata, ts_ns, &t->real_ns);
	if (c->start)
		call->start_ns = c->start(c->userdata);
}

static bool pack_addr(struct queue_block *p, struct cell *cell)
{
	uint8_t *addr = take(p, 16);

	if (!addr)
		return false;
	if (cell->family == 4)
		memcpy(addr, cell->addr, 4);
	else if (cell->family)
		memcpy(addr, cell->addr, 16);
	cell->addr = addr;
	return true;
}

static bool pack_list(struct queue_block *p, struct cell *cell)
{
	const char **list = put(p, cell->list, cell->n * sizeof(*list));

	if (!list)
		return false;
	for (uint32_t i = 0; i < cell->n; i++) {
		if (list[i])
			list[i] = put(p, list[i], strlen(list[i]) + 1);
		if (!list[i] && cell->list[i])
			return false;
	}
	cell->list = list;
	return true;
}

static bool pack_cell(struct queue_block *p, struct cell *cell);

/* Most cells are numbers and words. */
static inline bool is_by_itself(const struct cell *cell)
{
	return cell->kind < CELL_STR || cell->kind == CELL_TIME ||
	       (cell->kind == CELL_STR && cell->is_constant);
}

static bool pack_fields(struct queue_block *p, struct cell *cell)
{
	struct cell_field *fields = put(p, cell->fields, cell->n * sizeof(*fields));

	if (!fields)
		return false;
	for (uint32_t i = 0; i < cell->n; i++) {
		if (!is_by_itself(&fields[i].cell) && !pack_cell(p, &fields[i].cell))
			return false;
	}
	cell->fields = fields;
	return true;
}

/* What the cell points to. */
static bool pack_cell(struct queue_block *p, struct cell *cell)
{
	switch (cell->kind) {
	case CELL_STR: return (cell->str = put(p, cell->str, cell->n));
	case CELL_ADDR:
	case CELL_ENDPOINT: return pack_addr(p, cell);
	case CELL_FIELDS: return pack_fields(p, cell);
	case CELL_LIST: return pack_list(p, cell);
	default: return true;
	}
}

/* A row, and what the clock says of its moments; false when the parcel is too full for it. */
static bool pack_row(const struct threaded_sink *r, struct queue_block *p, struct call *call,
		     const struct cell *cells)
{
	struct cell *copies = take(p, r->n_shown * sizeof(*copies));
	size_t n_times = 0;

	if (!copies)
		return false;
	for (size_t i = 0; i < r->n_shown; i++) {
		copies[i] = cells[r->shown[i]];
		n_times += copies[i].kind == CELL_TIME;
	}
	call->packed_clock = take(p, n_times * sizeof(*call->packed_clock));
	if (!call->packed_clock)
		return false;
	for (size_t i = 0; i < r->n_shown; i++) {
		if (copies[i].kind == CELL_TIME)
			tell(r, call, copies[i].u64);
		if (!is_by_itself(&copies[i]) && !pack_cell(p, &copies[i]))
			return false;
	}
	call->data = copies;
	return true;
}

static bool pack(const struct threaded_sink *r, struct queue_block *p, const struct call *what,
		 const void *data)
{
	size_t before = p->len;
	struct call *call = put(p, what, sizeof(*what));
	bool fits = call != NULL;

	if (fits && call->kind == CALL_ROW) {
		fits = pack_row(r, p, call, data);
	} else if (fits && data) {
		call->data = put(p, data, call->n);
		fits = call->data != NULL;
	}
	if (fits && call->kind == CALL_PAGE) {
		call->packed_clock = take(p, sizeof(*call->packed_clock));
		fits = call->packed_clock != NULL;
		if (fits)
			tell(r, call, call->ts_ns);
	}
	if (fits)
		call->size = (uint32_t)(p->len - before);
	else
		p->len = before;
	return fits;
}

/* The first fault of the inner sink. */
static int verdict(struct threaded_sink *r, struct fault *fault)
{
	int code;

	pthread_mutex_lock(&r->lock);
	code = r->fault.code;
	if (code)
		fault_set(fault, code, "%s", r->fault.text);
	pthread_mutex_unlock(&r->lock);
	return code;
}

static struct queue_block *open_queue_block(struct threaded_sink *r)
{
	return &r->parcels[r->n_sent % PARCELS];
}

/* Gives the open parcel away, and waits until there is another. */
static int send(struct threaded_sink *r, struct fault *fault)
{
	if (open_queue_block(r)->len) {
		pthread_mutex_lock(&r->lock);
		r->n_sent++;
		pthread_cond_broadcast(&r->moved);
		while (r->n_sent - r->n_taken == PARCELS)
			pthread_cond_wait(&r->moved, &r->lock);
		pthread_mutex_unlock(&r->lock);
		open_queue_block(r)->len = 0;
	}
	return verdict(r, fault);
}

/* An empty parcel that is twice as large. */
static int widen(struct queue_block *p, struct fault *fault)
{
	size_t cap = p->cap * 2;

	free(p->bytes);
	p->bytes = malloc(cap);
	p->cap = p->bytes ? cap : 0;
	return p->bytes ? 0 : fault_set(fault, -ENOMEM, "out of memory");
}

static int add(struct threaded_sink *r, const struct call *what, const void *data,
	       struct fault *fault)
{
	int err = 0;

	if (pack(r, open_queue_block(r), what, data))
		return 0;
	err = send(r, fault);
	while (!err && !pack(r, open_queue_block(r), what, data))
		err = widen(open_queue_block(r), fault);
	return err;
}

/* Columns that the sink inside does not show are left out, here and in the rows. */
static int threaded_sink_begin(struct table_sink *s, const struct column *columns, size_t n_columns,
			       struct fault *fault)
{
	struct threaded_sink *r = s->self;
	struct call call = {.kind = CALL_BEGIN};
	struct column *shown CLEANUP(free_p) = calloc(n_columns + 1, sizeof(*shown));
	size_t *places = realloc(r->shown, (n_columns + 1) * sizeof(*places));

	if (places)
		r->shown = places;
	if (!shown || !places)
		return fault_set(fault, -ENOMEM, "out of memory");
	r->n_shown = 0;
	for (size_t i = 0; i < n_columns; i++) {
		if (!(columns[i].where & r->inner.shows))
			continue;
		shown[r->n_shown] = columns[i];
		r->shown[r->n_shown++] = i;
	}
	call.n = (uint32_t)(r->n_shown * sizeof(*shown));
	return add(r, &call, shown, fault);
}

static int threaded_sink_row(struct table_sink *s, const struct cell *cells, struct fault *fault)
{
	const struct call call = {.kind = CALL_ROW};

	return add(s->self, &call, cells, fault);
}

static int threaded_sink_note(struct table_sink *s, const char *line, struct fault *fault)
{
	const struct call call = {.kind = CALL_NOTE, .n = (uint32_t)strlen(line) + 1};

	return add(s->self, &call, line, fault);
}

static int threaded_sink_page(struct table_sink *s, uint64_t ts_ns, const char *title,
			      bool is_screen, struct fault *fault)
{
	const struct call call = {.kind = CALL_PAGE,
				  .n = (uint32_t)strlen(title) + 1,
				  .is_screen = is_screen,
				  .ts_ns = ts_ns};

	return add(s->self, &call, title, fault);
}

static int threaded_sink_flush(struct table_sink *s, struct fault *fault)
{
	const struct call call = {.kind = CALL_FLUSH};
	int err = add(s->self, &call, NULL, fault);

	return err ? err : send(s->self, fault);
}

static const struct table_ops threaded_sink_ops = {
	.begin = threaded_sink_begin,
	.row = threaded_sink_row,
	.note = threaded_sink_note,
	.page = threaded_sink_page,
	.flush = threaded_sink_flush,
};

/* Columns are borrowed for longer than a parcel lasts. */
static int begin_table(struct threaded_sink *r, const struct call *call, struct fault *fault)
{
	struct column *columns = malloc(call->n + 1);
	int err;

	if (!columns)
		return fault_set(fault, -ENOMEM, "out of memory");
	memcpy(columns, call->data, call->n);
	err = table_begin(&r->inner, columns, call->n / sizeof(*columns), fault);
	free(r->columns);
	r->columns = columns;
	return err;
}

static int hand_on(struct threaded_sink *r, const struct call *call, struct fault *fault)
{
	switch (call->kind) {
	case CALL_BEGIN: return begin_table(r, call, fault);
	case CALL_ROW: return table_row(&r->inner, call->data, fault);
	case CALL_NOTE: return table_note(&r->inner, call->data, fault);
	case CALL_PAGE:
		return table_page(&r->inner, call->ts_ns, call->data, call->is_screen, fault);
	case CALL_FLUSH: return table_flush(&r->inner, fault);
	}
	return 0;
}

/* Nothing is handed on behind an error. */
static int hand_queue_block_on(struct threaded_sink *r, const struct queue_block *p,
			       struct fault *fault)
{
	int err = 0;

	for (size_t at = 0; !err && at < p->len; at += r->now->size) {
		r->now = (const struct call *)(p->bytes + at);
		err = hand_on(r, r->now, fault);
	}
	r->now = NULL;
	return err;
}

static void *threaded_sink_main(void *userdata)
{
	struct threaded_sink *r = userdata;
	struct fault fault = FAULT_INIT;
	int err = 0;

	pthread_mutex_lock(&r->lock);
	for (;;) {
		while (r->n_taken == r->n_sent && !r->is_ending)
			pthread_cond_wait(&r->moved, &r->lock);
		if (r->n_taken == r->n_sent)
			break;
		pthread_mutex_unlock(&r->lock);
		if (!err)
			err = hand_queue_block_on(r, &r->parcels[r->n_taken % PARCELS], &fault);
		pthread_mutex_lock(&r->lock);
		r->fault = fault;
		r->n_taken++;
		pthread_cond_broadcast(&r->moved);
	}
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

/* The clock of the renderer inside: what was told with the call that it is about. */
static bool packed_clock_wall(void *userdata, uint64_t ts_ns, int64_t *ret_real_ns)
{
	const struct threaded_sink *r = userdata;

	for (uint32_t i = 0; r->now && i < r->now->n_told; i++) {
		if (r->now->packed_clock[i].ts_ns == ts_ns) {
			*ret_real_ns = r->now->packed_clock[i].real_ns;
			return r->now->packed_clock[i].is_known;
		}
	}
	return false;
}

static uint64_t packed_clock_start(void *userdata)
{
	const struct threaded_sink *r = userdata;

	return r->now ? r->now->start_ns : 0;
}

struct tape_clock threaded_sink_clock(struct threaded_sink *r)
{
	return (struct tape_clock){
		.wall = packed_clock_wall, .start = packed_clock_start, .userdata = r};
}

static void threaded_sink_free(struct threaded_sink *r)
{
	pthread_mutex_destroy(&r->lock);
	pthread_cond_destroy(&r->moved);
	for (size_t i = 0; i < PARCELS; i++)
		free(r->parcels[i].bytes);
	free(r->columns);
	free(r->shown);
	free(r);
}

int threaded_sink_new(const struct tape_clock *clock, struct threaded_sink **ret,
		      struct fault *fault)
{
	struct threaded_sink *r = calloc(1, sizeof(*r));
	bool is_whole = r != NULL;

	if (!r)
		return fault_set(fault, -ENOMEM, "out of memory");
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->moved, NULL);
	r->clock = *clock;
	r->fault = FAULT_INIT;
	for (size_t i = 0; i < PARCELS; i++) {
		r->parcels[i].bytes = malloc(PARCEL_BYTES);
		r->parcels[i].cap = PARCEL_BYTES;
		is_whole &= r->parcels[i].bytes != NULL;
	}
	if (!is_whole) {
		threaded_sink_free(r);
		return fault_set(fault, -ENOMEM, "out of memory");
	}
	*ret = r;
	return 0;
}

int threaded_sink_start(struct threaded_sink *r, const struct table_sink *inner,
			struct table_sink *ret, struct fault *fault)
{
	int err;

	r->inner = *inner;
	err = pthread_create(&r->thread, NULL, threaded_sink_main, r);
	if (err)
		return fault_errno(fault, -err, "starting a thread");
	r->has_thread = true;
	*ret = (struct table_sink){.ops = &threaded_sink_ops, .self = r, .shows = inner->shows};
	return 0;
}

int threaded_sink_finish(struct threaded_sink *r, struct fault *fault)
{
	int err = 0;

	if (r->has_thread) {
		err = send(r, fault);
		pthread_mutex_lock(&r->lock);
		r->is_ending = true;
		pthread_cond_broadcast(&r->moved);
		pthread_mutex_unlock(&r->lock);
		pthread_join(r->thread, NULL);
		if (!err)
			err = verdict(r, fault);
	}
	threaded_sink_free(r);
	return err;
}

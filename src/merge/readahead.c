// SPDX-License-Identifier: MIT
/*
 * readahead: a ring of jobs in the order of the tape, under one lock. A thread takes the oldest job
 * that nobody has begun, and so does the reader when it comes to one: it never waits for a thread
 * that was not given a CPU.
 */
#include "merge/readahead.h"

#include <assert.h>
#include <stdlib.h>

#include "base/handoff.h"
#include "tape/payload.h"

/* Sections that one call of readahead_look looks at. */
#define LOOK_SECTIONS 64
/* A larger buffer of a job is freed with the job. */
#define KEEP_BYTES (4u << 20)

enum job_state { JOB_FREE, JOB_WAITING, JOB_RUNNING, JOB_DONE, JOB_FAILED };

struct job {
	enum job_state state;
	uint64_t at; /* of the section */
	struct section_header header;
	struct row_selection want;
	struct buffer raw;
	struct cached_chunk *rows; /* NULL: none, or given away */
};

/* What a thread expands with. */
struct worker {
	struct readahead *readahead;
	struct expander *expander;
	struct buffer stored;
	struct buffer columns;
};

struct readahead {
	struct readahead_options options;
	uint64_t next; /* where the next header is */
	struct handoff handoff;

	/* With the lock held, where a thread may read or change it. */
	struct job jobs[READAHEAD_JOBS];
	size_t first, n_jobs; /* a ring */
	uint64_t n_rows;      /* in all of them */

	struct worker
		workers[HANDOFF_THREADS_MAX + 1]; /* one per thread; the last one is the reader's */
	size_t n_workers;
};

static struct job *job_at(struct readahead *a, size_t i)
{
	return &a->jobs[(a->first + i) % READAHEAD_JOBS];
}

static int worker_expand(struct worker *w, struct job *j)
{
	struct chunk_layout layout;
	int r = payload_read(w->readahead->options.source, j->at, &j->header, &w->stored);

	if (!r)
		r = payload_expand(w->expander, &j->header, w->stored.data, &j->raw, NULL);
	if (!r)
		r = chunk_layout_decode(j->raw.data, j->header.raw_len, j->header.count, &layout,
					NULL);
	if (!r)
		r = cached_chunk_new(w->readahead->options.pool, &w->columns, &layout, &j->want,
				     &j->rows);
	return r;
}

/* With the lock held. */
static void worker_run(struct worker *w, struct job *j)
{
	struct handoff *h = &w->readahead->handoff;
	int r;

	j->state = JOB_RUNNING;
	handoff_unlock(h);
	r = worker_expand(w, j);
	handoff_lock(h);
	j->state = r < 0 ? JOB_FAILED : JOB_DONE;
	handoff_return(h);
}

static struct job *job_waiting(struct readahead *a)
{
	for (size_t i = 0; i < a->n_jobs; i++) {
		if (job_at(a, i)->state == JOB_WAITING)
			return job_at(a, i);
	}
	return NULL;
}

static void *worker_main(void *userdata)
{
	struct worker *w = userdata;
	struct readahead *a = w->readahead;

	handoff_lock(&a->handoff);
	while (!a->handoff.is_ending) {
		struct job *j = job_waiting(a);

		if (j)
			worker_run(w, j);
		else
			handoff_wait_given(&a->handoff);
	}
	handoff_unlock(&a->handoff);
	return NULL;
}

/* Waits until the job was run, and runs it when nobody has begun it. With the lock held. */
static void job_finish(struct readahead *a, struct job *j)
{
	if (j->state == JOB_WAITING)
		worker_run(&a->workers[a->n_workers - 1], j);
	while (j->state == JOB_RUNNING)
		handoff_wait_returned(&a->handoff);
}

/* Forgets the oldest job. With the lock held. */
static void readahead_drop(struct readahead *a)
{
	struct job *j = job_at(a, 0);

	assert(a->n_jobs);
	if (j->state == JOB_WAITING)
		j->state = JOB_FREE;
	job_finish(a, j);
	if (j->rows)
		cached_chunk_free(a->options.pool, j->rows);
	j->rows = NULL;
	j->state = JOB_FREE;
	if (j->raw.cap > KEEP_BYTES)
		buffer_done(&j->raw);
	a->n_rows -= j->header.count;
	a->first = (a->first + 1) % READAHEAD_JOBS;
	a->n_jobs--;
}

static bool readahead_has_room(const struct readahead *a, const struct section_header *h)
{
	return a->n_jobs < READAHEAD_JOBS && (!a->n_jobs || a->n_rows + h->count <= READAHEAD_ROWS);
}

static void readahead_add(struct readahead *a, const struct section_header *h,
			  const struct row_selection *want)
{
	struct job *j = job_at(a, a->n_jobs);

	j->at = a->next;
	j->header = *h;
	j->want = *want;
	j->state = JOB_WAITING;
	a->n_jobs++;
	a->n_rows += h->count;
	handoff_give(&a->handoff);
}

/* Looks at the section at a->next, with the lock held. False: at nothing more for now. */
static bool readahead_look_at_one(struct readahead *a)
{
	const struct readahead_options *o = &a->options;
	uint8_t bytes[TAPE_HEADER_LEN];
	struct section_header h;
	struct row_selection want = {0};

	if (source_read_at(o->source, a->next, bytes, sizeof(bytes)) != sizeof(bytes) ||
	    section_header_decode(bytes, &h, NULL) < 0)
		return false;
	if (h.kind == TAPE_KIND_CHUNK && !o->wants(o->userdata, &h, &want))
		return false;
	if (want.tracepoint) {
		if (!readahead_has_room(a, &h))
			return false;
		readahead_add(a, &h, &want);
	}
	a->next += TAPE_HEADER_LEN + (uint64_t)h.stored_len;
	return true;
}

void readahead_look(struct readahead *a, uint64_t at)
{
	handoff_lock(&a->handoff);
	while (a->n_jobs && job_at(a, 0)->at < at)
		readahead_drop(a);
	/* The reader steps over damage, and knows where to go on. */
	if (a->next < at)
		a->next = at;
	for (int i = 0; i < LOOK_SECTIONS && a->n_jobs < READAHEAD_JOBS; i++) {
		if (!readahead_look_at_one(a))
			break;
	}
	handoff_unlock(&a->handoff);
}

static struct job *job_find(struct readahead *a, uint64_t at)
{
	for (size_t i = 0; i < a->n_jobs; i++) {
		if (job_at(a, i)->at == at)
			return job_at(a, i);
	}
	return NULL;
}

static bool header_is_same(const struct section_header *a, const struct section_header *b)
{
	return a->kind == b->kind && a->codec == b->codec && a->count == b->count &&
	       a->subject == b->subject && a->raw_len == b->raw_len &&
	       a->stored_len == b->stored_len && a->payload_sum == b->payload_sum;
}

const uint8_t *readahead_payload(struct readahead *a, uint64_t at, const struct section_header *h)
{
	struct job *j = job_find(a, at);
	bool is_done;

	if (!j || !header_is_same(&j->header, h))
		return NULL;
	handoff_lock(&a->handoff);
	job_finish(a, j);
	is_done = j->state == JOB_DONE;
	handoff_unlock(&a->handoff);
	return is_done ? j->raw.data : NULL;
}

struct cached_chunk *readahead_rows(struct readahead *a, uint64_t at)
{
	struct job *j = job_find(a, at);
	struct cached_chunk *rows = NULL;

	handoff_lock(&a->handoff);
	if (j && j->state == JOB_DONE)
		rows = TAKE(j->rows);
	handoff_unlock(&a->handoff);
	return rows;
}

static int readahead_start(struct readahead *a, struct fault *fault)
{
	size_t n = a->options.n_threads;

	if (n > HANDOFF_THREADS_MAX)
		n = HANDOFF_THREADS_MAX;
	while (a->n_workers < n + 1) {
		struct worker *w = &a->workers[a->n_workers];
		int r = expander_new(&w->expander, fault);

		if (r < 0)
			return r;
		w->readahead = a;
		a->n_workers++;
	}
	/* The reader expands alone when no thread can be started. */
	for (size_t i = 0; i < n; i++) {
		if (handoff_start(&a->handoff, worker_main, &a->workers[i], NULL) < 0)
			break;
	}
	return 0;
}

int readahead_new(const struct readahead_options *o, struct readahead **ret, struct fault *fault)
{
	struct readahead *a CLEANUP(readahead_free_p) = calloc(1, sizeof(*a));
	int r;

	assert(o->n_threads);
	if (!a)
		return fault_no_memory(fault);
	a->options = *o;
	r = handoff_init(&a->handoff, fault);
	if (!r)
		r = readahead_start(a, fault);
	if (r < 0)
		return r;
	*ret = TAKE(a);
	return 0;
}

struct readahead *readahead_free(struct readahead *a)
{
	if (!a)
		return NULL;
	handoff_done(&a->handoff);
	for (size_t i = 0; i < a->n_workers; i++) {
		expander_free(a->workers[i].expander);
		buffer_done(&a->workers[i].stored);
		buffer_done(&a->workers[i].columns);
	}
	for (size_t i = 0; i < READAHEAD_JOBS; i++) {
		if (a->jobs[i].rows)
			cached_chunk_free(a->options.pool, a->jobs[i].rows);
		buffer_done(&a->jobs[i].raw);
	}
	free(a);
	return NULL;
}

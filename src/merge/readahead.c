// SPDX-License-Identifier: MIT
/*
 * readahead: a ring of jobs in the order of the tape, under one lock. A thread takes the oldest that
 * nobody has begun; so does the reader when it comes to one: it never waits for a thread that has
 * not been given a CPU.
 */
#include "merge/readahead.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "tape/payload.h"

/* Sections that are looked at in a go. */
#define LOOK_SECTIONS 64
/* Buffers of a job that has been done shrink back to this. */
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

/* What a thread works with. */
struct desk {
	struct readahead *readahead;
	struct expander *expander;
	struct buffer stored;
	struct buffer columns;
	pthread_t thread;
	bool has_thread;
};

struct readahead {
	struct readahead_options options;
	uint64_t next; /* where the next header is */
	struct job jobs[READAHEAD_JOBS];
	size_t first, n_jobs; /* a ring */
	uint64_t n_rows;      /* in all of them */

	pthread_mutex_t lock; /* states, and the three above as far as threads read them */
	pthread_cond_t given, done;
	bool is_ending;
	struct desk *desks; /* the last one is the reader's */
	size_t n_desks;
};

static struct job *job_at(struct readahead *a, size_t i)
{
	return &a->jobs[(a->first + i) % READAHEAD_JOBS];
}

static int hold_rows(struct desk *d, struct job *j)
{
	struct chunk_layout layout;
	int r = chunk_layout_decode(j->raw.data, j->header.raw_len, j->header.count, &layout, NULL);

	if (!r)
		r = cached_chunk_new(d->readahead->options.pool, &d->columns, &layout, &j->want,
				     &j->rows);
	return r;
}

static bool run(struct desk *d, struct job *j)
{
	return !payload_read(d->readahead->options.source, j->at, &j->header, &d->stored) &&
	       !payload_expand(d->expander, &j->header, d->stored.data, &j->raw, NULL) &&
	       !hold_rows(d, j);
}

/* With the lock held. */
static void run_job(struct desk *d, struct job *j)
{
	bool is_good;

	j->state = JOB_RUNNING;
	pthread_mutex_unlock(&d->readahead->lock);
	is_good = run(d, j);
	pthread_mutex_lock(&d->readahead->lock);
	j->state = is_good ? JOB_DONE : JOB_FAILED;
	pthread_cond_broadcast(&d->readahead->done);
}

static struct job *next_waiting(struct readahead *a)
{
	for (size_t i = 0; i < a->n_jobs; i++) {
		if (job_at(a, i)->state == JOB_WAITING)
			return job_at(a, i);
	}
	return NULL;
}

static void *readahead_main(void *userdata)
{
	struct desk *d = userdata;
	struct readahead *a = d->readahead;

	pthread_mutex_lock(&a->lock);
	while (!a->is_ending) {
		struct job *j = next_waiting(a);

		if (j)
			run_job(d, j);
		else
			pthread_cond_wait(&a->given, &a->lock);
	}
	pthread_mutex_unlock(&a->lock);
	return NULL;
}

/* Waits until the job is run; runs it when nobody has begun. With the lock held. */
static void finish(struct readahead *a, struct job *j)
{
	if (j->state == JOB_WAITING)
		run_job(&a->desks[a->n_desks - 1], j);
	while (j->state == JOB_RUNNING)
		pthread_cond_wait(&a->done, &a->lock);
}

/* Forgets the oldest job. With the lock held. */
static void drop(struct readahead *a)
{
	struct job *j = job_at(a, 0);

	if (j->state == JOB_WAITING)
		j->state = JOB_FREE;
	finish(a, j);
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

static bool has_room(const struct readahead *a, const struct section_header *h)
{
	return a->n_jobs < READAHEAD_JOBS && (!a->n_jobs || a->n_rows + h->count <= READAHEAD_ROWS);
}

/* Takes the section at a->next in: false when it looks no further for now. */
static bool look_at_one(struct readahead *a)
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
		struct job *j = job_at(a, a->n_jobs);

		if (!has_room(a, &h))
			return false;
		j->at = a->next;
		j->header = h;
		j->want = want;
		j->state = JOB_WAITING;
		a->n_jobs++;
		a->n_rows += h.count;
		pthread_cond_signal(&a->given);
	}
	a->next += TAPE_HEADER_LEN + (uint64_t)h.stored_len;
	return true;
}

void readahead_look(struct readahead *a, uint64_t at)
{
	pthread_mutex_lock(&a->lock);
	while (a->n_jobs && job_at(a, 0)->at < at)
		drop(a);
	/* Damage is the reader's business: it knows where to go on. */
	if (a->next < at)
		a->next = at;
	for (int i = 0; i < LOOK_SECTIONS && a->n_jobs < READAHEAD_JOBS; i++) {
		if (!look_at_one(a))
			break;
	}
	pthread_mutex_unlock(&a->lock);
}

static struct job *find(struct readahead *a, uint64_t at)
{
	for (size_t i = 0; i < a->n_jobs; i++) {
		if (job_at(a, i)->at == at)
			return job_at(a, i);
	}
	return NULL;
}

static bool is_same(const struct section_header *a, const struct section_header *b)
{
	return a->kind == b->kind && a->codec == b->codec && a->count == b->count &&
	       a->subject == b->subject && a->raw_len == b->raw_len &&
	       a->stored_len == b->stored_len && a->payload_sum == b->payload_sum;
}

const uint8_t *readahead_payload(struct readahead *a, uint64_t at, const struct section_header *h)
{
	struct job *j = find(a, at);
	bool is_done;

	if (!j || !is_same(&j->header, h))
		return NULL;
	pthread_mutex_lock(&a->lock);
	finish(a, j);
	is_done = j->state == JOB_DONE;
	pthread_mutex_unlock(&a->lock);
	return is_done ? j->raw.data : NULL;
}

struct cached_chunk *readahead_rows(struct readahead *a, uint64_t at)
{
	struct job *j = find(a, at);
	struct cached_chunk *rows = NULL;

	pthread_mutex_lock(&a->lock);
	if (j && j->state == JOB_DONE) {
		rows = j->rows;
		j->rows = NULL;
	}
	pthread_mutex_unlock(&a->lock);
	return rows;
}

static int make_desks(struct readahead *a, struct fault *fault)
{
	size_t n = a->options.n_threads + 1;

	a->desks = calloc(n, sizeof(*a->desks));
	if (!a->desks)
		return fault_set(fault, -ENOMEM, "out of memory");
	for (; a->n_desks < n; a->n_desks++) {
		struct desk *d = &a->desks[a->n_desks];
		int r = expander_new(&d->expander, fault);

		if (r < 0)
			return r;
		d->readahead = a;
	}
	/* The reader can do it all, if it must. */
	for (size_t i = 0; i + 1 < n; i++)
		a->desks[i].has_thread =
			!pthread_create(&a->desks[i].thread, NULL, readahead_main, &a->desks[i]);
	return 0;
}

int readahead_new(const struct readahead_options *o, struct readahead **ret, struct fault *fault)
{
	struct readahead *a CLEANUP(readahead_free_p) = calloc(1, sizeof(*a));
	int r;

	if (!a)
		return fault_set(fault, -ENOMEM, "out of memory");
	a->options = *o;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->given, NULL);
	pthread_cond_init(&a->done, NULL);
	r = make_desks(a, fault);
	if (r < 0)
		return r;
	*ret = TAKE(a);
	return 0;
}

struct readahead *readahead_free(struct readahead *a)
{
	if (!a)
		return NULL;
	pthread_mutex_lock(&a->lock);
	a->is_ending = true;
	pthread_cond_broadcast(&a->given);
	pthread_mutex_unlock(&a->lock);
	for (size_t i = 0; i < a->n_desks; i++) {
		if (a->desks[i].has_thread)
			pthread_join(a->desks[i].thread, NULL);
		expander_free(a->desks[i].expander);
		buffer_done(&a->desks[i].stored);
		buffer_done(&a->desks[i].columns);
	}
	for (size_t i = 0; i < READAHEAD_JOBS; i++) {
		if (a->jobs[i].rows)
			cached_chunk_free(a->options.pool, a->jobs[i].rows);
		buffer_done(&a->jobs[i].raw);
	}
	pthread_mutex_destroy(&a->lock);
	pthread_cond_destroy(&a->given);
	pthread_cond_destroy(&a->done);
	free(a->desks);
	free(a);
	return NULL;
}

// SPDX-License-Identifier: MIT
/*
 * members: rings are emptied one after the other, so the rows of a thread that has changed its CPU
 * may come out of order within one drain.
 */
#include "record/members.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format/records.h"
#include "kernel/cgroup.h"

#define MOUNTINFO "/proc/self/mountinfo"

int members_init(struct members *m, const char *proc)
{
	m->proc = proc;
	m->places = calloc((size_t)MEMBERS_SETS * MEMBERS_WAYS, sizeof(*m->places));
	return m->places ? 0 : -ENOMEM;
}

void members_done(struct members *m)
{
	cgroup_names_done(&m->names);
	free(m->places);
	m->places = NULL;
}

static int record_add(struct batch *b, const struct member_record *record)
{
	size_t before = b->members.records.len;
	int r = member_record_encode(&b->members.records, record);

	if (r < 0)
		return r;
	batch_records_count(&b->members, record->ts_ns);
	b->bytes += b->members.records.len - before;
	return 0;
}

static int member_add(struct members *m, struct batch *b, int32_t tid, uint64_t cgroup,
		      uint64_t time)
{
	const struct member_record record = {
		.ts_ns = time,
		.tid = tid,
		.cgroup = cgroup,
		.path = cgroup_names_take(&m->names, cgroup, time),
	};

	return record_add(b, &record);
}

/* FNV-1a: stands for a control group of which only the path is known. */
static uint64_t path_id(const char *path)
{
	uint64_t h = 0xcbf29ce484222325ULL;

	for (; *path; path++)
		h = (h ^ (uint8_t)*path) * 0x100000001b3ULL;
	return h;
}

/* Looks a thread up in /proc. *ret is 0 if it is gone. 0 or -ENOMEM. */
static int member_ask(struct members *m, int32_t tid, uint64_t *ret)
{
	char path[CGROUP_PATH_MAX];
	int r = cgroup_of(m->proc, tid, path);

	*ret = 0;
	if (r < 0)
		return 0;
	if (!r)
		strcpy(path, "/");
	*ret = path_id(path);
	return cgroup_names_learn(&m->names, *ret, path);
}

/* The place of the thread; or the one of its set that was silent longest, which has another tid. */
static struct member *member_place(struct members *m, int32_t tid)
{
	struct member *set = members_set(m, tid), *oldest = set;

	for (unsigned int i = 0; i < MEMBERS_WAYS; i++) {
		if (set[i].tid == tid)
			return &set[i];
		if (set[i].last_ns < oldest->last_ns)
			oldest = &set[i];
	}
	return oldest;
}

int members_learn(struct members *m, int32_t tid, uint64_t cgroup, uint64_t time, struct batch *b)
{
	struct member *place = member_place(m, tid);
	int r = 0;

	if (!cgroup) {
		if (m->n_asked >= MEMBERS_ASKED_MAX)
			return 0;
		m->n_asked++;
		r = member_ask(m, tid, &cgroup);
		if (r < 0)
			return r;
	}
	if (cgroup)
		r = member_add(m, b, tid, cgroup, time);
	/* A row from before the last move, which came out of the ring of another CPU. */
	if (place->tid == tid && time < place->since_ns)
		return r;
	/* The thread was elsewhere for a while: it is back by the time of its last row. */
	if (place->tid == tid && time < place->last_ns)
		return r ? r : member_add(m, b, tid, place->cgroup, place->last_ns);
	*place = (struct member){.tid = tid, .cgroup = cgroup, .since_ns = time, .last_ns = time};
	return r;
}

int members_fork(struct members *m, int32_t tid, uint64_t time, struct batch *b)
{
	struct member *place = member_place(m, tid);

	if (place->tid != tid)
		return 0;
	if (place->last_ns <= time) {
		*place = (struct member){0};
		return 0;
	}
	/* Rows of the new thread have come before the report of its birth. */
	if (place->since_ns < time)
		place->since_ns = time;
	return place->cgroup ? member_add(m, b, tid, place->cgroup, place->since_ns) : 0;
}

int members_new_cgroup(struct members *m, uint64_t cgroup, const char *path, uint64_t time,
		       struct batch *b)
{
	const struct member_record record = {
		.ts_ns = time, .tid = -1, .cgroup = cgroup, .path = path};
	int r = cgroup_names_learn(&m->names, cgroup, path);

	(void)cgroup_names_take(&m->names, cgroup, time);
	return r ? r : record_add(b, &record);
}

int members_name(struct members *m, uint64_t now_ns, struct batch *b)
{
	struct member_record record = {.ts_ns = now_ns, .tid = -1};
	int r = cgroup_names_look(&m->names, MOUNTINFO);

	while (!r && cgroup_names_found(&m->names, &record.cgroup, &record.path))
		r = record_add(b, &record);
	return r;
}

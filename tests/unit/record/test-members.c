// SPDX-License-Identifier: MIT
/* members: what is written of control groups, and what a reader makes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/members.h"

struct world {
	struct members members;
	struct batch *batch;
	char proc[64];
};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	strcpy(w->proc, "/tmp/tcptape-members-XXXXXX");
	assert_non_null(mkdtemp(w->proc));
	assert_int_equal(members_init(&w->members, w->proc), 0);
	assert_int_equal(batch_new(1, &w->batch), 0);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", w->proc);
	members_done(&w->members);
	batch_free(w->batch);
	free(w);
	return system(command);
}

static void see(struct world *w, int32_t tid, uint64_t cgroup, uint64_t time)
{
	assert_int_equal(members_see(&w->members, tid, cgroup, time, w->batch), 0);
}

/* Where a reader of all records has the thread at this time; 0: it does not know. */
static uint64_t place_at(const struct world *w, int32_t tid, uint64_t time)
{
	const struct batch_records *r = &w->batch->members;
	struct cursor c = cursor_of(r->records.data, r->records.len);
	struct member_record m;
	uint64_t at = 0, cgroup = 0;

	while (member_record_decode(&c, &m) > 0) {
		if (m.tid == tid && m.ts_ns <= time && m.ts_ns >= at) {
			at = m.ts_ns;
			cgroup = m.cgroup;
		}
	}
	return cgroup;
}

static const char *path_of(const struct world *w, uint64_t cgroup)
{
	const struct batch_records *r = &w->batch->members;
	struct cursor c = cursor_of(r->records.data, r->records.len);
	struct member_record m;

	while (member_record_decode(&c, &m) > 0) {
		if (m.cgroup == cgroup && *m.path)
			return m.path;
	}
	return "";
}

/* A thread costs one record, and one more for each move. */
static void test_members_only_what_is_new(void **state)
{
	struct world *w = *state;

	for (uint64_t t = 100; t < 200; t++)
		see(w, 7, 1, t);
	assert_int_equal(w->batch->members.n, 1);
	see(w, 8, 1, 200);
	assert_int_equal(w->batch->members.n, 2);
	see(w, 7, 2, 300);
	see(w, 7, 2, 400);
	assert_int_equal(w->batch->members.n, 3);
	assert_int_equal(place_at(w, 7, 299), 1);
	assert_int_equal(place_at(w, 7, 300), 2);
	assert_int_equal(place_at(w, 8, 400), 1);
	assert_int_equal(w->batch->members.time_from, 100);
	assert_int_equal(w->batch->members.time_to, 300);
	assert_int_equal(w->batch->bytes, w->batch->members.records.len);
}

/* The ring of one CPU is emptied before that of another one, on which the thread was before. */
static void test_members_out_of_order(void **state)
{
	struct world *w = *state;

	see(w, 7, 2, 500);
	see(w, 7, 2, 900);
	see(w, 7, 1, 100);
	see(w, 7, 1, 300);
	assert_int_equal(place_at(w, 7, 100), 1);
	assert_int_equal(place_at(w, 7, 300), 1);
	assert_int_equal(place_at(w, 7, 500), 2);
	see(w, 7, 2, 1000);
	assert_int_equal(place_at(w, 7, 1000), 2);
	/* Away for a while, and back. */
	see(w, 7, 3, 800);
	assert_int_equal(place_at(w, 7, 800), 3);
	assert_int_equal(place_at(w, 7, 1000), 2);
	see(w, 7, 2, 1100);
	assert_int_equal(place_at(w, 7, 1100), 2);
}

/* What was known of a thread number is not said of the next thread that gets it. */
static void test_members_number_used_again(void **state)
{
	struct world *w = *state;

	see(w, 7, 1, 100);
	assert_int_equal(members_fork(&w->members, 7, 200, w->batch), 0);
	see(w, 7, 1, 300);
	assert_int_equal(w->batch->members.n, 2);
	/* The row of the new thread comes out of its ring before the report of the fork. */
	see(w, 8, 1, 100);
	see(w, 8, 1, 300);
	assert_int_equal(w->batch->members.n, 3);
	assert_int_equal(members_fork(&w->members, 8, 200, w->batch), 0);
	assert_int_equal(w->batch->members.n, 4);
	assert_int_equal(place_at(w, 8, 200), 1);
	see(w, 8, 1, 400);
	assert_int_equal(w->batch->members.n, 4);
}

/* More threads than are remembered: each is right all the same. */
static void test_members_forgets(void **state)
{
	struct world *w = *state;
	uint64_t time = 1;

	for (int32_t round = 0; round < 2; round++) {
		for (int32_t i = 1; i <= 6; i++)
			see(w, i * (int32_t)MEMBERS_SETS, (uint64_t)(10 + i), time++);
	}
	for (int32_t i = 1; i <= 6; i++)
		assert_int_equal(place_at(w, i * (int32_t)MEMBERS_SETS, time), 10 + i);
}

static void test_members_paths(void **state)
{
	struct world *w = *state;

	assert_int_equal(cgroup_names_learn(&w->members.names, 5, "/old"), 0);
	see(w, 7, 5, 100);
	see(w, 8, 5, 100);
	assert_string_equal(path_of(w, 5), "/old");
	/* The path stands on the tape once. */
	assert_true(w->batch->members.records.len < 2 * (20 + sizeof("/old")));
	/* A new one, whose report comes after the first row from it. */
	see(w, 9, 6, 200);
	assert_string_equal(path_of(w, 6), "");
	assert_int_equal(members_new_cgroup(&w->members, 6, "/new", 150, w->batch), 0);
	assert_string_equal(path_of(w, 6), "/new");
	see(w, 10, 6, 300);
	assert_int_equal(w->batch->members.n, 5);
}

/* The report of a new control group was lost: its path is looked for later, and once only. */
static void test_members_lost_report(void **state)
{
	struct world *w = *state;
	struct cgroup_names *names = &w->members.names;
	const char *path;
	uint64_t id;

	see(w, 7, 5, 100);
	see(w, 8, 6, 100);
	assert_false(cgroup_names_are_due(names, 100 + CGROUP_NAMES_WAIT_NS));
	assert_true(cgroup_names_are_due(names, 101 + CGROUP_NAMES_WAIT_NS));
	assert_int_equal(cgroup_names_learn(names, 5, "/found"), 0);
	assert_true(cgroup_names_found(names, &id, &path));
	assert_int_equal(id, 5);
	assert_string_equal(path, "/found");
	assert_false(cgroup_names_found(names, &id, &path));
	/* 6 is gone, and not looked for any more. */
	see(w, 9, 6, 200);
	assert_false(cgroup_names_are_due(names, UINT64_MAX));
}

static void process_put(struct world *w, int32_t pid, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%d", w->proc, pid);
	assert_int_equal(mkdir(path, 0755), 0);
	strcat(path, "/cgroup");
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* A kernel that does not say control groups: /proc is asked, once for each thread. */
static void test_members_from_proc(void **state)
{
	struct world *w = *state;

	process_put(w, 7, "0::/docker/abc\n");
	process_put(w, 8, "0::/\n");
	see(w, 7, 0, 100);
	see(w, 7, 0, 200);
	assert_int_equal(w->batch->members.n, 1);
	assert_string_equal(path_of(w, place_at(w, 7, 100)), "/docker/abc");
	see(w, 8, 0, 100);
	assert_string_equal(path_of(w, place_at(w, 8, 100)), "/");
	/* A process that is gone has no control group, which is not that of anybody else. */
	see(w, 9, 0, 100);
	see(w, 9, 0, 110);
	assert_int_equal(w->batch->members.n, 2);
	assert_int_equal(w->members.n_asked, 3);
	assert_int_equal(place_at(w, 9, 100), 0);
	/* One drain asks for so many at most; the others are asked for in the next one. */
	w->members.n_asked = MEMBERS_ASKED_MAX;
	process_put(w, 10, "0::/late\n");
	see(w, 10, 0, 300);
	assert_int_equal(place_at(w, 10, 300), 0);
	w->members.n_asked = 0;
	see(w, 10, 0, 400);
	assert_string_equal(path_of(w, place_at(w, 10, 400)), "/late");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_members_only_what_is_new),
		TEST(test_members_out_of_order),
		TEST(test_members_number_used_again),
		TEST(test_members_forgets),
		TEST(test_members_paths),
		TEST(test_members_lost_report),
		TEST(test_members_from_proc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

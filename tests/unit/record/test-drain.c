// SPDX-License-Identifier: MIT
/*
 * drain and writer thread together: records in rings of plain memory become a tape in memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <unistd.h>

#include "merge/merge.h"
#include "world.h"

static void test_drain_rows_reach_the_tape(void **state)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	struct tape_merge *merge CLEANUP(tape_merge_free_p) = NULL;
	const struct merge_options ops = {.until_ns = UINT64_MAX};
	struct world w;
	const struct tape_row *row;
	uint64_t pointer;
	uint32_t value;

	world_open(&w, &(struct world_options){.n_batches = 2});
	for (uint32_t i = 0; i < 500; i++)
		world_put_row(&w, i % 2, 1000 + i, 0xffff888100000000ULL + (i % 7) * 64, i);
	assert_int_equal(drain_run(&w.drain, NULL), 1);
	world_put_lost(&w, 1, 2000, 42);
	world_put_row(&w, 1, 2000, 0, 500);
	assert_int_equal(drain_run(&w.drain, NULL), 1);
	assert_int_equal(w.rings[0].tail, w.rings[0].head);
	world_finish(&w);
	assert_int_equal(w.event_counts.rows[0], 250);
	assert_int_equal(w.event_counts.rows[1], 251);
	assert_int_equal(writer_thread_rows(w.writer_thread), 501);

	reader = world_open_tape(&w);
	assert_int_equal(tape_merge_new(reader, &ops, &merge, NULL), 0);
	for (uint32_t i = 0; i <= 500; i++) {
		assert_int_equal(tape_merge_next(merge, &row, NULL), 1);
		assert_int_equal(row->len, 20);
		memcpy(&pointer, row->data + 8, 8);
		memcpy(&value, row->data + 16, 4);
		assert_int_equal(value, i);
		if (i == 500)
			assert_int_equal(pointer, 0);
		else
			assert_in_range(pointer, 1, 7);
		assert_int_equal(row->cpu, i == 500 || i % 2 ? 3 : 0);
	}
	assert_int_equal(tape_merge_next(merge, &row, NULL), 0);
	assert_int_equal(tape_reader_meta(reader)->n_losses, 1);
	assert_int_equal(tape_reader_meta(reader)->losses[0].count, 42);
	assert_int_equal(tape_reader_meta(reader)->losses[0].cpu, 3);
	assert_int_equal(tape_reader_meta(reader)->losses[0].from_ns, 1499);
	assert_int_equal(tape_reader_meta(reader)->losses[0].to_ns, 2000);
	world_close(&w);
}

/* The count of a ring's losses is what the counts of its events are compared with at the end. */
static void test_drain_adds_up_losses(void **state)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	const struct loss_record *losses;
	struct tape_section s;
	struct world w;

	world_open(&w, &(struct world_options){.n_batches = 2});
	world_put_lost(&w, 0, 1000, 40);
	world_put_lost(&w, 0, 2000, 2);
	world_put_lost(&w, 1, 2000, 7);
	assert_int_equal(drain_run(&w.drain, NULL), 1);
	assert_int_equal(w.cpus[0].ring_lost, 42);
	assert_int_equal(w.cpus[1].ring_lost, 7);
	assert_int_equal(w.drain.lost, 49);
	world_finish(&w);
	/* A loss begins where the one before it ended. */
	reader = world_open_tape(&w);
	while (tape_reader_next(reader, NULL, NULL, &s, NULL) == 1)
		continue;
	losses = tape_reader_meta(reader)->losses;
	assert_int_equal(losses[0].from_ns, 0);
	assert_int_equal(losses[0].to_ns, 1000);
	assert_int_equal(losses[1].from_ns, 1000);
	assert_int_equal(losses[1].to_ns, 2000);
	world_close(&w);
}

/* While no batch is free the records stay in the ring, and the drain goes on later. */
static void test_drain_waits_for_a_batch(void **state)
{
	struct batch *held;
	struct world w;

	world_open(&w, &(struct world_options){.n_batches = 1});
	held = writer_thread_take(w.writer_thread);
	world_put_row(&w, 0, 1000, 0, 1);
	world_put_row(&w, 1, 1001, 0, 2);
	assert_int_equal(drain_run(&w.drain, NULL), 0);
	assert_int_equal(w.rings[0].tail, 0);
	/* A record that comes meanwhile belongs to the next drain. */
	world_put_row(&w, 0, 1002, 0, 3);
	assert_int_equal(drain_run(&w.drain, NULL), 0);
	writer_thread_give(w.writer_thread, held);
	while (drain_run(&w.drain, NULL) == 0)
		usleep(1000);
	assert_int_equal(w.drain.rows, 2);
	assert_int_equal(drain_run(&w.drain, NULL), 1);
	assert_int_equal(w.drain.rows, 3);
	world_finish(&w);
	assert_int_equal(writer_thread_rows(w.writer_thread), 3);
	world_close(&w);
}

static void test_drain_refuses_nonsense(void **state)
{
	struct fault fault = FAULT_INIT;
	const uint8_t body[16] = {0};
	struct world w;

	world_open(&w, &(struct world_options){.n_batches = 2});
	world_put_row(&w, 0, 1000, 0, 1);
	world_put_record(&w, 0, SAMPLE_TYPE_ROW, body, sizeof(body));
	assert_int_equal(drain_run(&w.drain, &fault), -EBADMSG);
	assert_non_null(strstr(fault.text, "CPU 0"));
	/* The row before it is kept. */
	world_finish(&w);
	assert_int_equal(writer_thread_rows(w.writer_thread), 1);
	world_close(&w);
}

static void test_drain_mark_after_silence(void **state)
{
	struct world w;

	world_open(&w, &(struct world_options){.n_batches = 2});
	world_put_row(&w, 0, 1, 0, 1);
	assert_int_equal(drain_run(&w.drain, NULL), 1);
	drain_close_block(&w.drain);
	assert_false(drain_needs_mark(&w.drain));
	usleep(60000);
	assert_int_equal(drain_run(&w.drain, NULL), 1);
	assert_true(drain_needs_mark(&w.drain));
	assert_non_null(drain_batch(&w.drain));
	drain_close_block(&w.drain);
	assert_false(drain_needs_mark(&w.drain));
	world_finish(&w);
	world_close(&w);
}

/* A row with a call chain, of the second tracepoint. */
static void put_row_with_chain(struct world *w, uint64_t time, uint32_t value)
{
	const uint64_t chain[] = {1, 0xffffffff81000000};
	uint8_t body[56] = {0};
	uint32_t size = 28;
	uint16_t type = WORLD_TYPE;

	/* u64 time, u64 count, count x u64 frame, u32 size, the row */
	memcpy(body, &time, 8);
	memcpy(body + 8, chain, 16);
	memcpy(body + 24, &size, 4);
	memcpy(body + 28, &type, 2);
	memcpy(body + 44, &value, 4);
	world_put_record(w, 0, SAMPLE_TYPE_ROW, body, sizeof(body));
}

static void open_divided(struct world *w)
{
	world_open(w, &(struct world_options){.n_batches = 2, .n_synthetic = 1});
	w->items[0].with_chain = 1;
	w->items[1] = (struct tracepoint){.system = "tcp", .name = "fake", .with_stack = true};
}

/* Rows with a call chain belong to the tracepoint that takes those (selection_divide()). */
static void test_drain_divides_by_call_chain(void **state)
{
	struct world w;

	open_divided(&w);
	put_row_with_chain(&w, 1000, 0);
	world_put_row(&w, 0, 1001, 0, 1);
	assert_int_equal(drain_run(&w.drain, NULL), 1);
	world_finish(&w);
	assert_int_equal(w.event_counts.rows[0], 1);
	assert_int_equal(w.event_counts.rows[WORLD_CPUS], 1); /* the second tracepoint */
	assert_int_equal(world_count_sections(&w, TAPE_KIND_CHAINS), 1);
	world_close(&w);
}

/* Where the clock stands still, the rows of a ring keep their order, those of different
 * tracepoints, too, with and without the threads of a reader. */
static void test_drain_keeps_the_order_of_a_ring(void **state)
{
	struct world w;

	open_divided(&w);
	for (uint32_t i = 0; i < 200; i++) {
		uint64_t tick = 1000 + i / 40 * 4000000ULL;

		if (i % 3)
			world_put_row(&w, 0, tick, 0, i);
		else
			put_row_with_chain(&w, tick, i);
	}
	assert_int_equal(drain_run(&w.drain, NULL), 1);
	world_finish(&w);
	for (size_t n_threads = 0; n_threads <= 2; n_threads++) {
		struct tape_reader *reader CLEANUP(tape_reader_close_p) = world_open_tape(&w);
		struct merge_options ops = {.until_ns = UINT64_MAX, .n_threads = n_threads};
		struct tape_merge *merge CLEANUP(tape_merge_free_p) = NULL;
		const struct tape_row *row;
		uint32_t value;

		assert_int_equal(tape_merge_new(reader, &ops, &merge, NULL), 0);
		for (uint32_t i = 0; i < 200; i++) {
			assert_int_equal(tape_merge_next(merge, &row, NULL), 1);
			memcpy(&value, row->data + 16, 4);
			assert_int_equal(value, i);
			assert_int_equal(row->ts_ns, 1000 + i / 40 * 4000000ULL + i % 40);
		}
		assert_int_equal(tape_merge_next(merge, &row, NULL), 0);
	}
	world_close(&w);
}

/* A row with the control group of its task behind it, as the kernel writes it. */
static void put_row_of_task(struct world *w, uint64_t time, uint8_t flags, int32_t tid,
			    uint64_t cgroup)
{
	uint8_t body[48] = {0};
	uint32_t size = 28;
	uint16_t type = WORLD_TYPE;

	memcpy(body, &time, 8);
	memcpy(body + 8, &size, 4);
	memcpy(body + 12, &type, 2);
	body[14] = flags;
	memcpy(body + 16, &tid, 4);
	memcpy(body + 40, &cgroup, 8);
	world_put_record(w, 0, SAMPLE_TYPE_ROW, body, sizeof(body));
}

/* Only a row that was recorded in the context of a process tells where that process is. */
static void test_drain_members(void **state)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	struct {
		uint64_t id;
		char path[16];
		uint64_t time;
	} made = {77, "/docker/abc", 900};
	struct member_record m;
	struct tape_section s;
	struct cursor c;
	struct world w;

	world_open(&w, &(struct world_options){.n_batches = 2});
	put_row_of_task(&w, 1000, 0x10, 5, 66);
	put_row_of_task(&w, 1001, 0, 0, 66);
	put_row_of_task(&w, 1002, 0, 7, 77);
	put_row_of_task(&w, 1003, 0, 7, 77);
	world_put_record(&w, 1, SAMPLE_TYPE_CGROUP, &made, sizeof(made));
	assert_int_equal(drain_run(&w.drain, NULL), 1);
	world_finish(&w);
	reader = world_open_tape(&w);
	do
		assert_int_equal(tape_reader_next(reader, NULL, NULL, &s, NULL), 1);
	while (s.header.kind != TAPE_KIND_MEMBERS);
	assert_int_equal(s.header.count, 2);
	c = cursor_of(s.payload, s.header.raw_len);
	assert_int_equal(member_record_decode(&c, &m), 1);
	assert_int_equal(m.tid, 7);
	assert_int_equal(m.cgroup, 77);
	assert_int_equal(m.ts_ns, 1002);
	assert_int_equal(member_record_decode(&c, &m), 1);
	assert_int_equal(m.tid, -1);
	assert_int_equal(m.ts_ns, 900);
	assert_string_equal(meta_cgroup_path(tape_reader_meta(reader), 77), "/docker/abc");
	world_close(&w);
}

/* PERF_RECORD_FORK and _EXIT have the same layout, but only a fork has a parent worth telling. */
static void test_drain_tasks(void **state)
{
	const struct {
		uint32_t pid, ppid, tid, ptid;
		uint64_t time, time_of_sample;
	} task = {10, 7, 11, 7, 5000, 5000};
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	struct task_record r[3];
	struct tape_section s;
	struct cursor c;
	struct world w;

	world_open(&w, &(struct world_options){.n_batches = 2});
	world_put_record(&w, 0, SAMPLE_TYPE_FORK, &task, sizeof(task));
	world_put_comm(&w, 0, 5001, 10, "curl");
	world_put_record(&w, 0, SAMPLE_TYPE_EXIT, &task, sizeof(task));
	assert_int_equal(drain_run(&w.drain, NULL), 1);
	world_finish(&w);
	reader = world_open_tape(&w);
	do
		assert_int_equal(tape_reader_next(reader, NULL, NULL, &s, NULL), 1);
	while (s.header.kind != TAPE_KIND_TASKS);
	assert_int_equal(s.header.count, 3);
	c = cursor_of(s.payload, s.header.raw_len);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(task_record_decode(&c, &r[i]), 1);
	assert_int_equal(r[0].what, TASK_FORK);
	assert_int_equal(r[0].pid, 10);
	assert_int_equal(r[0].tid, 11);
	assert_int_equal(r[0].parent, 7);
	assert_int_equal(r[1].what, TASK_COMM);
	assert_string_equal(r[1].comm, "curl");
	assert_int_equal(r[2].what, TASK_EXIT);
	assert_int_equal(r[2].parent, 0);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_drain_rows_reach_the_tape),
		cmocka_unit_test(test_drain_adds_up_losses),
		cmocka_unit_test(test_drain_waits_for_a_batch),
		cmocka_unit_test(test_drain_refuses_nonsense),
		cmocka_unit_test(test_drain_mark_after_silence),
		cmocka_unit_test(test_drain_divides_by_call_chain),
		cmocka_unit_test(test_drain_keeps_the_order_of_a_ring),
		cmocka_unit_test(test_drain_members),
		cmocka_unit_test(test_drain_tasks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

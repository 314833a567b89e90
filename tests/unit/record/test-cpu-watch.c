// SPDX-License-Identifier: MIT
/*
 * cpu-watch: CPUs that go and come, by a list of CPUs and uevents that the test makes up. Opening
 * and closing their events is replaced; rings, drain and tape are those of a world.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>

#include "kernel/cpus.h"
#include "kernel/uevents.h"
#include "record/cpu-watch.h"
#include "world.h"

#define SECOND NSEC_PER_SEC

/* CPUs 0 and 3 are those of a world. */
static struct {
	bool is_online[4];
	unsigned int offline_messages; /* about CPU 3 */
	int refusal;
	unsigned int n_opened, n_closed;
} kernel;

int __wrap_cpus_online(struct cpus *ret, struct fault *fault);
int __wrap_cpus_online(struct cpus *ret, struct fault *fault)
{
	*ret = (struct cpus){.ids = calloc(4, sizeof(int))};
	for (int i = 0; i < 4; i++) {
		if (kernel.is_online[i])
			ret->ids[ret->n++] = i;
	}
	return 0;
}

int __wrap_uevents_open(void);
int __wrap_uevents_open(void)
{
	return -1;
}

bool __wrap_uevents_next(int fd, enum uevent_cpu *ret, unsigned int *ret_cpu);
bool __wrap_uevents_next(int fd, enum uevent_cpu *ret, unsigned int *ret_cpu)
{
	if (!kernel.offline_messages)
		return false;
	kernel.offline_messages--;
	*ret = UEVENT_CPU_OFFLINE;
	*ret_cpu = 3;
	return true;
}

int __wrap_events_open_cpu(struct events *e, size_t cpu, struct fault *fault);
int __wrap_events_open_cpu(struct events *e, size_t cpu, struct fault *fault)
{
	if (kernel.refusal)
		return fault_set(fault, kernel.refusal, "refused");
	assert_false(e->cpus[cpu].is_open);
	e->cpus[cpu].is_open = e->cpus[cpu].was_open = true;
	kernel.n_opened++;
	return 0;
}

int __wrap_events_close_cpu(struct events *e, size_t cpu, struct fault *fault);
int __wrap_events_close_cpu(struct events *e, size_t cpu, struct fault *fault)
{
	assert_true(e->cpus[cpu].is_open);
	e->cpus[cpu].is_open = false;
	kernel.n_closed++;
	return 0;
}

struct fixture {
	struct world world;
	struct cpu_watch watch;
	struct record_options options;
	struct text told;
	uint64_t now;
};

static void notice(void *userdata, const char *line)
{
	struct fixture *f = userdata;

	text_printf(&f->told, "%s\n", line);
}

static void fixture_open(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	memset(&kernel, 0, sizeof(kernel));
	kernel.is_online[0] = kernel.is_online[3] = true;
	world_open(&f->world, &(struct world_options){.n_batches = 2});
	f->options = (struct record_options){.notice = notice, .userdata = f};
	f->watch = CPU_WATCH_INIT;
	assert_int_equal(cpu_watch_open(&f->watch, &f->world.drain, &f->options, NULL), 0);
	f->now = f->watch.looked_ns = 1000 * SECOND;
}

static void fixture_close(struct fixture *f)
{
	cpu_watch_done(&f->watch);
	world_close(&f->world);
	text_done(&f->told);
}

/* A second later, after a complete drain. */
static void turn(struct fixture *f)
{
	f->now += SECOND;
	while (drain_run(&f->world.drain, NULL) == 0)
		;
	assert_int_equal(cpu_watch_turn(&f->watch, f->now, NULL), 0);
}

/* Ends the recording; the tape must have one gap of CPU 3, or none. */
static void expect_gap(struct fixture *f, uint64_t from_s, uint64_t to_s)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	const struct tape_meta *meta;
	struct tape_section s;

	assert_int_equal(cpu_watch_finish(&f->watch, f->now, NULL), 0);
	world_finish(&f->world);
	reader = world_open_tape(&f->world);
	while (tape_reader_next(reader, NULL, NULL, &s, NULL) == 1)
		;
	meta = tape_reader_meta(reader);
	assert_int_equal(meta->n_losses, !!to_s);
	if (!to_s)
		return;
	assert_int_equal(meta->losses[0].cpu, 3);
	assert_int_equal(meta->losses[0].count, 0);
	assert_int_equal(meta->losses[0].from_ns, (1000 + from_s) * SECOND);
	assert_int_equal(meta->losses[0].to_ns, (1000 + to_s) * SECOND);
}

static void test_cpus_that_stay_are_left_alone(void **state)
{
	struct fixture f;

	fixture_open(&f);
	for (int i = 0; i < 5; i++)
		turn(&f);
	assert_int_equal(kernel.n_opened + kernel.n_closed, 0);
	assert_null(f.told.data);
	expect_gap(&f, 0, 0);
	fixture_close(&f);
}

/* It is offline for three seconds: what it left in its ring is taken, and it is opened again. */
static void test_cpu_goes_and_comes_back(void **state)
{
	struct fixture f;

	fixture_open(&f);
	turn(&f);
	kernel.is_online[3] = false;
	world_put_row(&f.world, 1, 1, 0, 1);
	/* The row came after the drain: the ring is kept until it is empty. */
	f.now += SECOND;
	assert_int_equal(cpu_watch_turn(&f.watch, f.now, NULL), 0);
	assert_int_equal(kernel.n_closed, 0);
	turn(&f);
	assert_int_equal(kernel.n_closed, 1);
	turn(&f);
	assert_int_equal(kernel.n_opened, 0);
	kernel.is_online[3] = true;
	turn(&f);
	assert_int_equal(kernel.n_opened, 1);
	assert_non_null(strstr(text_cstr(&f.told), "CPU 3 came online"));
	/* Events happen again, and are drained. */
	world_put_row(&f.world, 1, 2, 0, 2);
	turn(&f);
	assert_int_equal(f.world.drain.rows, 2);
	expect_gap(&f, 4, 5);
	fixture_close(&f);
}

/* Offline and online again between two looks: only the message tells. */
static void test_cpu_is_gone_for_a_moment(void **state)
{
	struct fixture f;

	fixture_open(&f);
	turn(&f);
	kernel.offline_messages = 1;
	cpu_watch_hear(&f.watch);
	assert_true(f.watch.is_due);
	turn(&f);
	assert_int_equal(kernel.n_closed, 1);
	assert_int_equal(kernel.n_opened, 1);
	turn(&f);
	assert_int_equal(kernel.n_opened, 1);
	expect_gap(&f, 1, 2);
	fixture_close(&f);
}

/* A message makes the watch look at once. */
static void test_messages_are_not_waited_for(void **state)
{
	struct fixture f;

	fixture_open(&f);
	kernel.is_online[3] = false;
	f.now += CPU_WATCH_PERIOD_NS / 2;
	assert_int_equal(cpu_watch_turn(&f.watch, f.now, NULL), 0);
	assert_int_equal(kernel.n_closed, 0);
	kernel.offline_messages = 1;
	cpu_watch_hear(&f.watch);
	assert_int_equal(cpu_watch_turn(&f.watch, f.now, NULL), 0);
	assert_int_equal(kernel.n_closed, 1);
	/* Offline CPUs have no events that could be missing. */
	expect_gap(&f, 0, 0);
	fixture_close(&f);
}

/* It cannot be opened: that is said once, tried again, and the gap lasts until the end. */
static void test_cpu_cannot_be_opened(void **state)
{
	struct fixture f;
	const char *first;

	fixture_open(&f);
	kernel.is_online[3] = false;
	turn(&f);
	kernel.is_online[3] = true;
	kernel.refusal = -EMFILE;
	turn(&f);
	turn(&f);
	first = strstr(text_cstr(&f.told), "CPU 3 came online, but is not recorded: refused");
	assert_non_null(first);
	assert_null(strstr(first + 1, "CPU 3"));
	expect_gap(&f, 1, 3);
	fixture_close(&f);

	fixture_open(&f);
	kernel.is_online[3] = false;
	turn(&f);
	kernel.is_online[3] = true;
	kernel.refusal = -EMFILE;
	turn(&f);
	kernel.refusal = 0;
	turn(&f);
	assert_int_equal(kernel.n_opened, 1);
	expect_gap(&f, 1, 3);
	fixture_close(&f);
}

/* Offline again while its events are opened. */
static void test_cpu_changes_its_mind(void **state)
{
	struct fixture f;

	fixture_open(&f);
	kernel.is_online[3] = false;
	turn(&f);
	kernel.is_online[3] = true;
	kernel.refusal = -ENODEV;
	turn(&f);
	assert_null(f.told.data);
	kernel.refusal = 0;
	turn(&f);
	assert_int_equal(kernel.n_opened, 1);
	expect_gap(&f, 2, 3);
	fixture_close(&f);
}

/* A gap waits for a batch, and is not forgotten. */
static void test_gap_waits_for_a_batch(void **state)
{
	struct batch *taken[2];
	struct fixture f;

	fixture_open(&f);
	kernel.is_online[3] = false;
	turn(&f);
	for (size_t i = 0; i < 2; i++)
		taken[i] = writer_thread_take(f.world.writer_thread);
	kernel.is_online[3] = true;
	turn(&f);
	for (size_t i = 0; i < 2; i++)
		writer_thread_give(f.world.writer_thread, taken[i]);
	while (!drain_batch(&f.world.drain))
		;
	turn(&f);
	expect_gap(&f, 1, 2);
	fixture_close(&f);
}

static void test_uevents_parse(void **state)
{
	static const struct {
		const char *text;
		enum uevent_cpu what;
		unsigned int cpu;
	} cases[] = {
		{"offline@/devices/system/cpu/cpu3", UEVENT_CPU_OFFLINE, 3},
		{"online@/devices/system/cpu/cpu128", UEVENT_CPU_ONLINE, 128},
		{"add@/devices/system/cpu/cpu3", UEVENT_OTHER, 3},
		{"offline@/devices/system/cpu/cpufreq", UEVENT_OTHER, 0},
		{"offline@/devices/system/cpu/cpu3/cache", UEVENT_OTHER, 0},
		{"offline@/devices/system/cpu/cpu", UEVENT_OTHER, 0},
		{"offline@/devices/system/cpu/cpu99999999999999999999", UEVENT_OTHER, 0},
		{"online@/devices/system/memory/memory3", UEVENT_OTHER, 0},
		{"", UEVENT_OTHER, 0},
	};
	unsigned int cpu = 0;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t len = strlen(cases[i].text) + 1;

		assert_int_equal(uevents_parse(cases[i].text, len, &cpu), cases[i].what);
		if (cases[i].what != UEVENT_OTHER)
			assert_int_equal(cpu, cases[i].cpu);
		/* Cut before its NUL, it is nothing. */
		assert_int_equal(uevents_parse(cases[i].text, len - 1, &cpu), UEVENT_OTHER);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cpus_that_stay_are_left_alone),
		cmocka_unit_test(test_cpu_goes_and_comes_back),
		cmocka_unit_test(test_cpu_is_gone_for_a_moment),
		cmocka_unit_test(test_messages_are_not_waited_for),
		cmocka_unit_test(test_cpu_cannot_be_opened),
		cmocka_unit_test(test_cpu_changes_its_mind),
		cmocka_unit_test(test_gap_waits_for_a_batch),
		cmocka_unit_test(test_uevents_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

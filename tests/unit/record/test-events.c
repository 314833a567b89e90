// SPDX-License-Identifier: MIT
/*
 * events: opening rings and tracepoints on all CPUs, from a kernel that gives files for events.
 * syscall(2), ioctl(2) and mmap(2), which -D_FILE_OFFSET_BITS=64 makes mmap64, are replaced.
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
#include <sys/mman.h>
#include <unistd.h>

#include "kernel/cpus.h"
#include "record/events.h"

#define RING_MAX (16u << 20)

static struct {
	size_t ring_limit;    /* bytes of a mapping that are granted */
	unsigned int n_open;  /* events */
	unsigned int max;     /* events that may be opened */
	unsigned int n_calls; /* of ioctl(2) */
	int gone;	      /* a CPU that is not there; -1: none */
	uint64_t counted;     /* what an event that is read has counted */
} kernel;

/* CPUs 0 to 3 may be online; 2 is offline. */
static bool is_2_online;

static int list_cpus(struct cpus *ret, bool with_2)
{
	*ret = (struct cpus){.ids = calloc(4, sizeof(int))};
	for (int i = 0; i < 4; i++) {
		if (i != 2 || with_2)
			ret->ids[ret->n++] = i;
	}
	return 0;
}

int __wrap_cpus_possible(struct cpus *ret, struct fault *fault);
int __wrap_cpus_possible(struct cpus *ret, struct fault *fault)
{
	return list_cpus(ret, true);
}

int __wrap_cpus_online(struct cpus *ret, struct fault *fault);
int __wrap_cpus_online(struct cpus *ret, struct fault *fault)
{
	return list_cpus(ret, is_2_online);
}

int __wrap_perf_event_read(int fd, bool with_lost, struct perf_event_count *ret,
			   struct fault *fault);
int __wrap_perf_event_read(int fd, bool with_lost, struct perf_event_count *ret,
			   struct fault *fault)
{
	*ret = (struct perf_event_count){kernel.counted, 1};
	return 0;
}

long __wrap_syscall(long number, ...);
long __wrap_syscall(long number, ...)
{
	va_list args;
	int fd, cpu;

	/* perf_event_open(attr, pid, cpu, group, flags) */
	va_start(args, number);
	(void)va_arg(args, void *);
	(void)va_arg(args, int);
	cpu = va_arg(args, int);
	va_end(args);
	if (cpu >= 0 && cpu == kernel.gone) {
		errno = ENODEV;
		return -1;
	}
	if (kernel.n_open == kernel.max) {
		errno = EMFILE;
		return -1;
	}
	kernel.n_open++;
	fd = memfd_create("event", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, RING_MAX + 65536), 0);
	return fd;
}

int __wrap_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...)
{
	kernel.n_calls++;
	return 0;
}

void *__real_mmap64(void *at, size_t len, int prot, int flags, int fd, off_t offset);
void *__wrap_mmap64(void *at, size_t len, int prot, int flags, int fd, off_t offset);
void *__wrap_mmap64(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	/* A ring has a control page before its data. */
	if (fd >= 0 && len - (size_t)sysconf(_SC_PAGESIZE) > kernel.ring_limit) {
		errno = EPERM;
		return MAP_FAILED;
	}
	return __real_mmap64(at, len, prot, flags, fd, offset);
}

static struct tracepoint items[] = {
	{.system = "tcp", .name = "a", .kernel_id = 1},
	{.system = "tcp", .name = "b", .kernel_id = 2},
	{.system = "sock_diag", .name = "socket_table"},
};
static const struct tracepoints tracepoints = {.items = items, .n = 3, .n_synthetic = 1};

static int open_events(uint64_t ring_bytes, size_t ring_limit, unsigned int max, struct events *ret,
		       struct fault *fault)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.ring_limit = ring_limit;
	kernel.max = max;
	kernel.gone = -1;
	return events_open(&tracepoints, ring_bytes, ret, fault);
}

static unsigned int count_descriptors(void)
{
	unsigned int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += lseek(fd, 0, SEEK_CUR) >= 0 || errno != EBADF;
	return n;
}

static void test_events_ring_default(void **state)
{
	assert_int_equal(events_ring_default(1), 8u << 20);
	assert_int_equal(events_ring_default(64), 8u << 20);
	assert_int_equal(events_ring_default(65), 4u << 20);
	assert_int_equal(events_ring_default(256), 2u << 20);
	/* Many CPUs get small rings, but not tiny ones. */
	assert_int_equal(events_ring_default(100000), 512u << 10);
}

/* Per CPU an owner, and an event for each tracepoint but the synthetic ones. */
static void test_events_open(void **state)
{
	unsigned int before = count_descriptors();
	struct events e = {0};

	assert_int_equal(open_events(1u << 20, RING_MAX, 1000, &e, NULL), 0);
	assert_int_equal(e.n_tracepoints, 2);
	assert_int_equal(e.n_cpus, 4);
	assert_int_equal(events_n_open(&e), 3);
	assert_false(e.cpus[2].is_open || e.cpus[2].was_open);
	/* Two were opened to find out whether the kernel counts losses and says control groups. */
	assert_int_equal(kernel.n_open, 3 * 3 + 2);
	assert_true(e.with_lost && e.with_cgroups);
	assert_int_equal(e.ring_bytes, 1u << 20);
	/* Each event's records go into the ring of its CPU. */
	assert_int_equal(kernel.n_calls, 2 * 3);
	assert_int_equal(count_descriptors(), before + 3 * 3);
	events_close(&e);
	assert_int_equal(count_descriptors(), before);
}

static void test_events_ring_size_is_rounded_up(void **state)
{
	struct events e = {0};

	assert_int_equal(open_events(100000, RING_MAX, 1000, &e, NULL), 0);
	assert_int_equal(e.ring_bytes, 131072);
	events_close(&e);
}

/* A default is halved until the kernel grants it; what the user asked for is not. */
static void test_events_ring_is_refused(void **state)
{
	unsigned int before = count_descriptors();
	struct fault fault = FAULT_INIT;
	struct events e = {0};

	assert_int_equal(open_events(0, 256u << 10, 100000, &e, NULL), 0);
	assert_int_equal(e.ring_bytes, 256u << 10);
	events_close(&e);
	assert_int_equal(open_events(0, 32u << 10, 100000, &e, &fault), -EPERM);
	assert_non_null(strstr(fault.text, "mlock"));
	fault = FAULT_INIT;
	assert_int_equal(open_events(1u << 20, 256u << 10, 100000, &e, &fault), -EPERM);
	assert_true(fault.text[0]);
	assert_int_equal(count_descriptors(), before);
}

/* What was opened before a failure is closed again. */
static void test_events_open_fails_halfway(void **state)
{
	unsigned int before = count_descriptors();
	struct fault fault = FAULT_INIT;
	struct events e = {0};

	for (unsigned int max = 0; max < 4; max++) {
		fault = FAULT_INIT;
		assert_int_equal(open_events(65536, RING_MAX, max, &e, &fault), -EMFILE);
		assert_non_null(strstr(fault.text, "ulimit"));
		assert_int_equal(count_descriptors(), before);
	}
}

/* A CPU that comes online gets what the others have, and is enabled if they are. */
static void test_events_of_a_cpu_that_comes_online(void **state)
{
	unsigned int before = count_descriptors();
	struct events e = {0};

	assert_int_equal(open_events(65536, RING_MAX, 1000, &e, NULL), 0);
	kernel.n_calls = 0;
	assert_int_equal(events_open_cpu(&e, 2, NULL), 0);
	assert_int_equal(kernel.n_calls, 2); /* redirected */
	assert_int_equal(events_n_open(&e), 4);
	assert_int_equal(events_close_cpu(&e, 2, NULL), 0);
	assert_int_equal(count_descriptors(), before + 3 * 3);
	assert_int_equal(events_enable(&e, NULL), 0);
	kernel.n_calls = 0;
	assert_int_equal(events_open_cpu(&e, 2, NULL), 0);
	assert_int_equal(kernel.n_calls, 2 + 3); /* and enabled, as its owner */
	/* It is offline again: nothing of it is left open. */
	assert_int_equal(events_close_cpu(&e, 2, NULL), 0);
	kernel.gone = 2;
	assert_int_equal(events_open_cpu(&e, 2, NULL), -ENODEV);
	assert_false(e.cpus[2].is_open);
	assert_int_equal(count_descriptors(), before + 3 * 3);
	kernel.n_calls = 0;
	assert_int_equal(events_disable(&e, NULL), 0);
	assert_int_equal(kernel.n_calls, 3 * 3);
	events_close(&e);
	assert_int_equal(count_descriptors(), before);
}

/* The counts of a CPU go on where they were when it went offline. */
static void test_events_add_up_over_closing(void **state)
{
	struct perf_event_count count;
	struct events e = {0};

	assert_int_equal(open_events(65536, RING_MAX, 1000, &e, NULL), 0);
	kernel.counted = 10;
	assert_int_equal(events_close_cpu(&e, 1, NULL), 0);
	assert_int_equal(events_count(&e, 0, 1, &count, NULL), 0);
	assert_int_equal(count.counted, 10);
	assert_int_equal(events_open_cpu(&e, 1, NULL), 0);
	kernel.counted = 5;
	assert_int_equal(events_count(&e, 0, 1, &count, NULL), 0);
	assert_int_equal(count.counted, 15);
	assert_int_equal(count.lost, 2);
	assert_int_equal(events_close_cpu(&e, 1, NULL), 0);
	assert_int_equal(events_count(&e, 1, 1, &count, NULL), 0);
	assert_int_equal(count.counted, 15);
	/* Others count for themselves, and one that never was online has counted nothing. */
	assert_int_equal(events_count(&e, 0, 3, &count, NULL), 0);
	assert_int_equal(count.counted, 5);
	assert_int_equal(events_count(&e, 0, 2, &count, NULL), 0);
	assert_int_equal(count.counted, 0);
	events_close(&e);
}

/* A CPU of the list goes offline while its events are opened. */
static void test_events_cpu_goes_while_opening(void **state)
{
	struct events e = {0};

	memset(&kernel, 0, sizeof(kernel));
	kernel.ring_limit = RING_MAX;
	kernel.max = 1000;
	kernel.gone = 1;
	assert_int_equal(events_open(&tracepoints, 65536, &e, NULL), 0);
	assert_int_equal(events_n_open(&e), 2);
	assert_int_equal(events_first_cpu(&e), 0);
	events_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events_ring_default),
		cmocka_unit_test(test_events_open),
		cmocka_unit_test(test_events_ring_size_is_rounded_up),
		cmocka_unit_test(test_events_ring_is_refused),
		cmocka_unit_test(test_events_open_fails_halfway),
		cmocka_unit_test(test_events_of_a_cpu_that_comes_online),
		cmocka_unit_test(test_events_add_up_over_closing),
		cmocka_unit_test(test_events_cpu_goes_while_opening),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

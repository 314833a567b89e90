// SPDX-License-Identifier: MIT
/*
 * perf-event: the attributes that the kernel is asked for, and the texts of its refusals.
 * syscall(2), ioctl(2) and the advice are replaced.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "kernel/perf-advice.h"
#include "kernel/perf-event.h"
#include "kernel/ring.h"

#define FD 1000

/*
 * struct perf_event_attr as linux/perf_event.h has it, at the size that is asked for: only the
 * kernel room may include that header.
 */
struct attr {
	uint32_t type, size;
	uint64_t config, sample_period, sample_type, read_format;
	uint64_t flags;
	uint32_t wakeup, bp_type;
	uint64_t config1, config2, branch_sample_type, sample_regs_user;
	uint32_t sample_stack_user;
	int32_t clockid;
	uint64_t sample_regs_intr;
	uint32_t aux_watermark;
	uint16_t sample_max_stack, reserved;
};
#define ATTR_DISABLED	   (1u << 0)
#define ATTR_COMM	   (1u << 9)
#define ATTR_TASK	   (1u << 13)
#define ATTR_WATERMARK	   (1u << 14)
#define ATTR_SAMPLE_ID_ALL (1u << 18)
#define ATTR_NO_USER_CHAIN (1u << 22)
#define ATTR_USE_CLOCKID   (1u << 25)
#define ATTR_CGROUP	   (1ull << 32)
#define TYPE_SOFTWARE	   1u
#define TYPE_TRACEPOINT	   2u
#define SAMPLE_TIME	   (1u << 2)
#define SAMPLE_CHAIN	   (1u << 5)
#define SAMPLE_RAW	   (1u << 10)
#define SAMPLE_CGROUP	   (1u << 21)
#define FORMAT_LOST	   (1u << 4)
#define FLAG_CLOEXEC	   (1ul << 3)

/* The last call, and what the kernel answers: the errno of each one, 0: it succeeds. */
static struct {
	struct attr attr;
	int pid, cpu, group;
	unsigned long flags;
	unsigned int n;
	int errors[2];
	unsigned int uid;
} kernel;

long __wrap_syscall(long number, ...);
long __wrap_syscall(long number, ...)
{
	va_list ap;
	int error;

	va_start(ap, number);
	assert_int_equal(number, SYS_perf_event_open);
	memcpy(&kernel.attr, va_arg(ap, void *), sizeof(kernel.attr));
	kernel.pid = va_arg(ap, int);
	kernel.cpu = va_arg(ap, int);
	kernel.group = va_arg(ap, int);
	kernel.flags = va_arg(ap, unsigned long);
	va_end(ap);
	assert_true(kernel.n < ARRAY_SIZE(kernel.errors));
	error = kernel.errors[kernel.n++];
	if (!error)
		return FD;
	errno = error;
	return -1;
}

struct perf_advice __wrap_perf_advice_now(void);
struct perf_advice __wrap_perf_advice_now(void)
{
	return (struct perf_advice){.why = "a reason", .brief = "what helps"};
}

static void kernel_answers(int first, int second)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.errors[0] = first;
	kernel.errors[1] = second;
}

static int open_tracepoint(bool with_chain, bool with_lost, struct fault *fault)
{
	struct perf_event_spec spec = {
		.system = "tcp",
		.name = "tcp_probe",
		.id = 1234,
		.cpu = 5,
		.with_chain = with_chain,
		.with_lost = with_lost,
	};
	int fd = -1;
	int r = perf_event_open_tracepoint(&spec, &fd, fault);

	assert_int_equal(fd, r < 0 ? -1 : FD);
	return r;
}

/* Rings are shared, and times compared, only because every event has these. */
static void expect_common(void)
{
	assert_int_equal(kernel.attr.size, 112); /* PERF_ATTR_SIZE_VER5 */
	assert_true(kernel.attr.flags & ATTR_DISABLED);
	assert_true(kernel.attr.flags & ATTR_SAMPLE_ID_ALL);
	assert_true(kernel.attr.flags & ATTR_USE_CLOCKID);
	assert_int_equal(kernel.attr.clockid, CLOCK_MONOTONIC);
	assert_true(kernel.attr.sample_type & SAMPLE_TIME);
	assert_int_equal(kernel.pid, -1);
	assert_int_equal(kernel.cpu, 5);
	assert_int_equal(kernel.group, -1);
	assert_int_equal(kernel.flags, FLAG_CLOEXEC);
}

static void test_perf_event_tracepoint(void **state)
{
	kernel_answers(0, 0);
	assert_int_equal(open_tracepoint(false, false, NULL), 0);
	expect_common();
	assert_int_equal(kernel.attr.type, TYPE_TRACEPOINT);
	assert_int_equal(kernel.attr.config, 1234);
	assert_int_equal(kernel.attr.sample_period, 1);
	assert_int_equal(kernel.attr.sample_type, SAMPLE_TIME | SAMPLE_RAW);
	assert_int_equal(kernel.attr.read_format, 0);

	kernel_answers(0, 0);
	assert_int_equal(open_tracepoint(true, true, NULL), 0);
	expect_common();
	assert_int_equal(kernel.attr.sample_type, SAMPLE_TIME | SAMPLE_RAW | SAMPLE_CHAIN);
	assert_true(kernel.attr.flags & ATTR_NO_USER_CHAIN);
	assert_int_equal(kernel.attr.sample_max_stack, PERF_EVENT_STACK_MAX);
	assert_int_equal(kernel.attr.read_format, FORMAT_LOST);
}

/* get_callchain_buffers() refuses a chain longer than kernel.perf_event_max_stack. */
static void test_perf_event_takes_the_kernels_chain_length(void **state)
{
	kernel_answers(EOVERFLOW, 0);
	assert_int_equal(open_tracepoint(true, false, NULL), 0);
	assert_int_equal(kernel.n, 2);
	assert_int_equal(kernel.attr.sample_max_stack, 0);
	kernel_answers(EOVERFLOW, EOVERFLOW);
	assert_int_equal(open_tracepoint(true, false, NULL), -EOVERFLOW);
}

static void test_perf_event_owner(void **state)
{
	struct perf_event_owner owner = {.cpu = 5, .wakeup_bytes = 4096};
	int fd = -1;

	kernel_answers(0, 0);
	assert_int_equal(perf_event_open_owner(&owner, &fd, NULL), 0);
	assert_int_equal(fd, FD);
	expect_common();
	assert_int_equal(kernel.attr.type, TYPE_SOFTWARE);
	assert_true(kernel.attr.flags & ATTR_COMM);
	assert_true(kernel.attr.flags & ATTR_TASK);
	assert_true(kernel.attr.flags & ATTR_WATERMARK);
	assert_int_equal(kernel.attr.wakeup, 4096);
}

static void test_perf_event_lost_is_tried(void **state)
{
	kernel_answers(EINVAL, 0);
	assert_false(perf_event_knows_lost());
	assert_int_equal(kernel.attr.read_format, FORMAT_LOST);
}

static void test_perf_event_cgroups_are_tried(void **state)
{
	const struct perf_event_spec spec = {.system = "tcp", .name = "x", .with_cgroup = true};
	const struct perf_event_owner owner = {.with_cgroups = true};
	int fd = -1;

	kernel_answers(EINVAL, 0);
	assert_false(perf_event_knows_cgroups());
	assert_true(kernel.attr.sample_type & SAMPLE_CGROUP);
	assert_true(kernel.attr.flags & ATTR_CGROUP);
	kernel_answers(0, 0);
	assert_int_equal(perf_event_open_tracepoint(&spec, &fd, NULL), 0);
	assert_true(kernel.attr.sample_type & SAMPLE_CGROUP);
	kernel_answers(0, 0);
	assert_int_equal(perf_event_open_owner(&owner, &fd, NULL), 0);
	assert_true(kernel.attr.flags & ATTR_CGROUP);
}

static void expect_refusal(int error, const char *text)
{
	struct fault fault = FAULT_INIT;

	kernel_answers(error, 0);
	assert_int_equal(open_tracepoint(false, false, &fault), -error);
	assert_int_equal(fault.code, -error);
	assert_non_null(strstr(fault.text, text));
}

static void test_perf_event_refusals_say_what_to_do(void **state)
{
	expect_refusal(EACCES, "(tcp:tcp_probe): a reason: what helps");
	expect_refusal(EPERM, "what helps");
	expect_refusal(EMFILE, "ulimit -n");
	expect_refusal(ENOSYS, "CONFIG_PERF_EVENTS");
	expect_refusal(ENODEV, "CPU 5 went offline");
	expect_refusal(ENOENT, "tcp:tcp_probe");
	expect_refusal(EINVAL, "tcp:tcp_probe on CPU 5: Invalid argument");
}

/* u64 value, and with PERF_FORMAT_LOST u64 lost. */
static void test_perf_event_read(void **state)
{
	const uint64_t values[] = {77, 5};
	struct perf_event_count count;
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], values, 16), 16);
	assert_int_equal(perf_event_read(fds[0], true, &count, NULL), 0);
	assert_int_equal(count.counted, 77);
	assert_int_equal(count.lost, 5);
	assert_int_equal(write(fds[1], values, 8), 8);
	assert_int_equal(perf_event_read(fds[0], false, &count, NULL), 0);
	assert_int_equal(count.counted, 77);
	assert_int_equal(count.lost, 0);
	assert_int_equal(write(fds[1], values, 8), 8);
	assert_int_equal(perf_event_read(fds[0], true, &count, NULL), -EIO);
	close(fds[0]);
	close(fds[1]);
}

/* Kernels before 4.1 leave data_offset and data_size at 0. A file stands for the event. */
static void test_ring_map_of_an_old_kernel(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd CLEANUP(close_p) = memfd_create("ring", MFD_CLOEXEC);
	const struct {
		uint32_t type;
		uint16_t misc, size;
		uint64_t body;
	} record = {9, 0, 16, 42};
	const uint64_t head = 16;
	struct ring_record rec;
	struct ring ring;

	assert_int_equal(ftruncate(fd, (off_t)(3 * page)), 0);
	assert_int_equal(pwrite(fd, &record, 16, (off_t)page), 16);
	assert_int_equal(pwrite(fd, &head, 8, 1024), 8); /* data_head */
	assert_int_equal(ring_map(fd, 2 * page, &ring, NULL), 0);
	assert_int_equal(ring.mask + 1, 2 * page);
	assert_int_equal(ring_next(&ring, ring_head(&ring), &rec, NULL), 1);
	assert_int_equal(rec.type, 9);
	assert_memory_equal(rec.body, &record.body, 8);
	ring_done(&ring);
}

static void test_ring_map_refuses_data_outside_the_map(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd CLEANUP(close_p) = memfd_create("ring", MFD_CLOEXEC);
	const uint64_t places[][2] = {{page, 4 * page}, {4 * page, page}, {page, page + 8}};
	struct ring ring;

	assert_int_equal(ftruncate(fd, (off_t)(3 * page)), 0);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct fault fault = FAULT_INIT;

		assert_int_equal(pwrite(fd, places[i], 16, 1040), 16); /* data_offset, data_size */
		assert_int_equal(ring_map(fd, 2 * page, &ring, &fault), -EBADMSG);
		assert_true(fault.text[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_perf_event_tracepoint),
		cmocka_unit_test(test_perf_event_takes_the_kernels_chain_length),
		cmocka_unit_test(test_perf_event_owner),
		cmocka_unit_test(test_perf_event_lost_is_tried),
		cmocka_unit_test(test_perf_event_cgroups_are_tried),
		cmocka_unit_test(test_perf_event_refusals_say_what_to_do),
		cmocka_unit_test(test_perf_event_read),
		cmocka_unit_test(test_ring_map_of_an_old_kernel),
		cmocka_unit_test(test_ring_map_refuses_data_outside_the_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
/*
 * Each case is a process that puts the sandbox on and then tries one thing, as a tape that has
 * found a fault in its reader would.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "base/io.h"
#include "sandbox/runtime.h"
#include "sandbox/sandbox.h"

/* How an attempt ended. Everything else is the errno that it got. */
enum { DONE = 0, KILLED = 1000, NO_SANDBOX = 1001 };

struct attempt {
	int (*try)(const struct attempt *a); /* 0 or -errno */
	int output;			     /* may be written to; -1: none */
	int other;			     /* is open, and may not be written to */
	int tape;			     /* is open to read */
	pid_t child;			     /* may be ended */
};

/* Runs a->try in the sandbox, in a process of its own. */
static int outcome(const struct attempt *a)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		const struct sandbox_needs needs = {
			.outputs = &a->output, .n_outputs = a->output >= 0, .child = a->child};
		struct fault fault = FAULT_INIT;
		int r = sandbox_enter(&needs, &fault);

		if (r < 0) {
			fprintf(stderr, "%s\n", fault.text);
			_exit(255);
		}
		_exit(-a->try(a));
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS ? KILLED : -WTERMSIG(status);
	return WEXITSTATUS(status) == 255 ? NO_SANDBOX : WEXITSTATUS(status);
}

static int outcome_of(int (*try)(const struct attempt *a))
{
	const struct attempt a = {.try = try, .output = -1};

	return outcome(&a);
}

static int try_nothing(const struct attempt *a)
{
	return 0;
}

static int try_to_open(const struct attempt *a)
{
	int fd = open("/etc/passwd", O_RDONLY);

	return fd < 0 ? -errno : 0;
}

static int try_to_open_the_old_way(const struct attempt *a)
{
#ifdef SYS_open
	return syscall(SYS_open, "/etc/passwd", O_RDONLY) < 0 ? -errno : 0;
#else
	return -EACCES;
#endif
}

static int try_to_open_to_write(const struct attempt *a)
{
	return open("/dev/null", O_WRONLY) < 0 ? -errno : 0;
}

static int try_to_create(const struct attempt *a)
{
	return open("/dev/shm/tcptape-sandbox", O_RDONLY | O_CREAT, 0600) < 0 ? -errno : 0;
}

static int try_to_connect(const struct attempt *a)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? -errno : 0;
}

/* A socket that somebody left open. */
static int try_to_connect_what_is_open(const struct attempt *a)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};

	return connect(a->other, (struct sockaddr *)&to, sizeof(to)) < 0 ? -errno : 0;
}

static int try_to_execute(const struct attempt *a)
{
	char *const argv[] = {(char *)"true", NULL}, *const none[] = {NULL};

	return execve("/bin/true", argv, none) < 0 ? -errno : 0;
}

static int try_to_fork(const struct attempt *a)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	return child < 0 ? -errno : 0;
}

static int try_to_trace(const struct attempt *a)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) < 0 ? -errno : 0;
}

static int try_to_signal(const struct attempt *a)
{
	return kill(getppid(), 0) < 0 ? -errno : 0;
}

static int try_to_remove(const struct attempt *a)
{
	return unlink("/nonexistent/tcptape") < 0 ? -errno : 0;
}

static int try_to_make_code(const struct attempt *a)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	return p == MAP_FAILED ? -errno : 0;
}

static int try_to_write_output(const struct attempt *a)
{
	return write(a->output, "x", 1) < 0 ? -errno : 0;
}

static int try_to_write_another(const struct attempt *a)
{
	return write(a->other, "x", 1) < 0 ? -errno : 0;
}

static int try_to_end_the_child(const struct attempt *a)
{
	int status;

	if (kill(a->child, SIGTERM) < 0)
		return -errno;
	/* It is not the child of this process, but of the one before. */
	return waitpid(a->child, &status, 0) < 0 && errno != ECHILD ? -errno : 0;
}

static int try_to_kill_the_child(const struct attempt *a)
{
	return kill(a->child, SIGKILL) < 0 ? -errno : 0;
}

static void *thread_run(void *result)
{
	*(int *)result = open("/etc/passwd", O_RDONLY) < 0 ? errno : 0;
	return NULL;
}

/* A thread that is started later is in the sandbox, too. */
static int try_in_a_thread(const struct attempt *a)
{
	pthread_t thread;
	int got = 0;

	if (pthread_create(&thread, NULL, thread_run, &got) || pthread_join(thread, NULL))
		return -EAGAIN;
	return -got;
}

/* What a reader does. */
static int try_to_read(const struct attempt *a)
{
	struct stat st;
	struct tm tm;
	time_t now = time(NULL);
	char byte, *memory = malloc(8u << 20);

	if (!memory || pread(a->tape, &byte, 1, 0) != 1 || fstat(a->tape, &st) < 0 ||
	    !localtime_r(&now, &tm))
		return -EIO;
	memset(memory, 1, 8u << 20);
	free(memory);
	isatty(STDOUT_FILENO);
	return dprintf(STDOUT_FILENO, "# read\n") < 0 ? -errno : 0;
}

static bool has_sandbox(void)
{
	return outcome_of(try_nothing) != NO_SANDBOX;
}

static int setup(void **state)
{
	if (!has_sandbox())
		skip();
	return 0;
}

/* The kernel says of the process that it is in a sandbox. */
static void test_the_kernel_shows_the_sandbox(void **state)
{
	static const struct sandbox_needs none;
	struct buffer status CLEANUP(buffer_done) = {0};
	int ready[2], end[2];
	char path[64], byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(end), 0);
	pid = fork();
	if (pid == 0) {
		close(end[1]);
		if (sandbox_enter(&none, NULL) < 0)
			_exit(1);
		close(ready[1]);
		_exit(read(end[0], &byte, 1) != 0);
	}
	assert_true(pid > 0);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 0);
	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	assert_int_equal(io_read_file(path, 65536, &status), 0);
	assert_non_null(strstr((char *)status.data, "NoNewPrivs:\t1\n"));
	assert_non_null(strstr((char *)status.data, "Seccomp:\t2\n"));
	close(ready[0]);
	close(end[0]);
	close(end[1]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void test_a_reader_reads(void **state)
{
	const struct attempt a = {
		.try = try_to_read, .output = -1, .tape = open("/proc/self/exe", O_RDONLY)};

	tzset();
	assert_true(a.tape >= 0);
	assert_int_equal(outcome(&a), DONE);
	close(a.tape);
}

static void test_nothing_is_opened(void **state)
{
	const int to_read = RUNTIME_OPENS_FILES ? DONE : EACCES;

	assert_int_equal(outcome_of(try_to_open), to_read);
	assert_int_equal(outcome_of(try_to_open_the_old_way), to_read);
	assert_int_equal(outcome_of(try_in_a_thread), to_read);
	if (RUNTIME_WRITES_FILES)
		return;
	assert_int_equal(outcome_of(try_to_open_to_write), KILLED);
	assert_int_equal(outcome_of(try_to_create), KILLED);
}

static void test_nobody_is_talked_to(void **state)
{
	const struct attempt a = {.try = try_to_connect_what_is_open,
				  .output = -1,
				  .other = socket(AF_INET, SOCK_DGRAM, 0)};

	assert_true(a.other >= 0);
	assert_int_equal(outcome_of(try_to_connect), KILLED);
	assert_int_equal(outcome(&a), KILLED);
	close(a.other);
}

static void test_nothing_is_started(void **state)
{
	assert_int_equal(outcome_of(try_to_execute), KILLED);
	if (RUNTIME_TRACES)
		return;
	assert_int_equal(outcome_of(try_to_fork), ENOSYS);
	assert_int_equal(outcome_of(try_to_make_code), ENOSYS);
}

static void test_no_process_is_touched(void **state)
{
	assert_int_equal(outcome_of(try_to_signal), ENOSYS);
	if (!RUNTIME_TRACES)
		assert_int_equal(outcome_of(try_to_trace), KILLED);
}

static void test_no_name_is_changed(void **state)
{
	assert_int_equal(outcome_of(try_to_remove), KILLED);
}

static void test_only_outputs_are_written(void **state)
{
	int pipes[2][2];
	struct attempt a;

	assert_int_equal(pipe(pipes[0]), 0);
	assert_int_equal(pipe(pipes[1]), 0);
	a = (struct attempt){
		.try = try_to_write_output, .output = pipes[0][1], .other = pipes[1][1]};
	assert_int_equal(outcome(&a), DONE);
	a.try = try_to_write_another;
	if (!RUNTIME_OPENS_FILES)
		assert_int_equal(outcome(&a), ENOSYS);
	for (int i = 0; i < 4; i++)
		close(pipes[i / 2][i % 2]);
}

static void test_only_the_child_is_ended(void **state)
{
	struct attempt a = {.output = -1, .child = fork()};
	int status;

	if (a.child == 0) {
		pause();
		_exit(0);
	}
	assert_true(a.child > 0);
	a.try = try_to_kill_the_child;
	assert_int_equal(outcome(&a), ENOSYS);
	a.try = try_to_end_the_child;
	assert_int_equal(outcome(&a), DONE);
	assert_int_equal(waitpid(a.child, &status, 0), a.child);
	assert_int_equal(WTERMSIG(status), SIGTERM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_the_kernel_shows_the_sandbox, setup),
		cmocka_unit_test_setup(test_a_reader_reads, setup),
		cmocka_unit_test_setup(test_nothing_is_opened, setup),
		cmocka_unit_test_setup(test_nobody_is_talked_to, setup),
		cmocka_unit_test_setup(test_nothing_is_started, setup),
		cmocka_unit_test_setup(test_no_process_is_touched, setup),
		cmocka_unit_test_setup(test_no_name_is_changed, setup),
		cmocka_unit_test_setup(test_only_outputs_are_written, setup),
		cmocka_unit_test_setup(test_only_the_child_is_ended, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

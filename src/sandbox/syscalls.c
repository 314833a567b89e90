// SPDX-License-Identifier: MIT
/*
 * The two lists below are all of the policy. A call that a machine does not have is a negative
 * number of libseccomp, and no rule.
 */
#include "sandbox/syscalls.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sandbox/runtime.h"

/* clone() takes its flags second on s390 (CONFIG_CLONE_BACKWARDS2). */
#ifdef __s390__
#define CLONE_FLAGS 1
#else
#define CLONE_FLAGS 0
#endif

/* Calls that are let through, whatever their arguments. */
static const int allowed[] = {
	/* what is open */
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(pread64),
	SCMP_SYS(lseek),
	SCMP_SYS(_llseek),
	SCMP_SYS(fstat),
	SCMP_SYS(fstat64),
	SCMP_SYS(close),
	SCMP_SYS(fsync),
	SCMP_SYS(fdatasync),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(ppoll_time64),
	/* memory */
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	/* threads */
	SCMP_SYS(futex),
	SCMP_SYS(futex_time64),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(gettid),
	SCMP_SYS(getpid),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	/* signals */
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(restart_syscall),
	/* time, chance, and figures of the machine */
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_gettime64),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(nanosleep),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(clock_nanosleep_time64),
	SCMP_SYS(getrandom),
	SCMP_SYS(uname),
	SCMP_SYS(sysinfo),
};

/* Calls that no reader makes, which end the process. */
static const int deadly[] = {
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(fork),
	SCMP_SYS(vfork),
	SCMP_SYS(socket),
	SCMP_SYS(socketpair),
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(listen),
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(sendto),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sendmmsg),
	SCMP_SYS(socketcall),
	SCMP_SYS(open_by_handle_at),
	SCMP_SYS(openat2),
	SCMP_SYS(creat),
	SCMP_SYS(rename),
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
	SCMP_SYS(link),
	SCMP_SYS(linkat),
	SCMP_SYS(symlink),
	SCMP_SYS(symlinkat),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(rmdir),
	SCMP_SYS(mknod),
	SCMP_SYS(mknodat),
	SCMP_SYS(truncate),
	SCMP_SYS(truncate64),
	SCMP_SYS(chmod),
	SCMP_SYS(fchmod),
	SCMP_SYS(fchmodat),
	SCMP_SYS(chown),
	SCMP_SYS(fchown),
	SCMP_SYS(fchownat),
	SCMP_SYS(lchown),
	SCMP_SYS(setxattr),
	SCMP_SYS(fsetxattr),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),
	SCMP_SYS(setns),
	SCMP_SYS(unshare),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(pidfd_open),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(bpf),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(memfd_create),
	SCMP_SYS(keyctl),
	SCMP_SYS(add_key),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(kexec_load),
	SCMP_SYS(setuid),
	SCMP_SYS(setgid),
	SCMP_SYS(setresuid),
	SCMP_SYS(setresgid),
};

/* What the runtime of a sanitizer needs at the end beyond these. */
static const int traces[] = {
	SCMP_SYS(clone),      SCMP_SYS(ptrace),	  SCMP_SYS(prctl),	SCMP_SYS(wait4),
	SCMP_SYS(getppid),    SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(mmap),
	SCMP_SYS(mmap2),      SCMP_SYS(mprotect), SCMP_SYS(getdents64), SCMP_SYS(newfstatat),
	SCMP_SYS(fstatat64),  SCMP_SYS(statx),	  SCMP_SYS(getrlimit),	SCMP_SYS(prlimit64),
	SCMP_SYS(ugetrlimit), SCMP_SYS(write),	  SCMP_SYS(tgkill),	SCMP_SYS(access),
	SCMP_SYS(faccessat),  SCMP_SYS(dup),	  SCMP_SYS(getdents),
};

/* What writing the counts of a coverage build needs. */
static const int writes_counts[] = {
	SCMP_SYS(open),	 SCMP_SYS(openat),     SCMP_SYS(mkdir),
	SCMP_SYS(fcntl), SCMP_SYS(fcntl64),    SCMP_SYS(ftruncate),
	SCMP_SYS(write), SCMP_SYS(newfstatat), SCMP_SYS(fstatat64),
};

/* The rules of one filter, and the first failure to add one. */
struct filter {
	scmp_filter_ctx context;
	int failed; /* 0 or a negative errno */
};

static void rule_add(struct filter *f, uint32_t action, int call, unsigned int n,
		     const struct scmp_arg_cmp *args)
{
	int r = f->failed ? 0 : seccomp_rule_add_array(f->context, action, call, n, args);

	if (r < 0)
		f->failed = r;
}

static void rule_one(struct filter *f, uint32_t action, int call, struct scmp_arg_cmp arg)
{
	rule_add(f, action, call, 1, &arg);
}

static void list_add(struct filter *f, uint32_t action, const int *calls, size_t n)
{
	for (size_t i = 0; i < n; i++)
		rule_add(f, action, calls[i], 0, NULL);
}

/* Opening to read is refused, opening to write ends the process. The argument number `flags` of the
 * call has the flags. */
static void open_limit(struct filter *f, int call, unsigned int flags, uint32_t to_read)
{
	const scmp_datum_t writes = O_WRONLY | O_RDWR | O_CREAT;

	rule_one(f, to_read, call, SCMP_CMP(flags, SCMP_CMP_MASKED_EQ, writes, 0));
	rule_one(f, SCMP_ACT_KILL_PROCESS, call,
		 SCMP_CMP(flags, SCMP_CMP_MASKED_EQ, O_WRONLY, O_WRONLY));
	rule_one(f, SCMP_ACT_KILL_PROCESS, call,
		 SCMP_CMP(flags, SCMP_CMP_MASKED_EQ, O_RDWR, O_RDWR));
	rule_one(f, SCMP_ACT_KILL_PROCESS, call,
		 SCMP_CMP(flags, SCMP_CMP_MASKED_EQ, O_CREAT, O_CREAT));
}

static void outputs_allow(struct filter *f, const struct sandbox_needs *needs)
{
	static const int calls[] = {SCMP_SYS(write), SCMP_SYS(writev)};

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		rule_one(f, SCMP_ACT_ALLOW, calls[i], SCMP_A0(SCMP_CMP_EQ, STDOUT_FILENO));
		rule_one(f, SCMP_ACT_ALLOW, calls[i], SCMP_A0(SCMP_CMP_EQ, STDERR_FILENO));
		for (size_t k = 0; k < needs->n_outputs; k++)
			rule_one(f, SCMP_ACT_ALLOW, calls[i],
				 SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)needs->outputs[k]));
	}
}

/* Nothing in memory becomes code. */
static void memory_allow(struct filter *f)
{
	static const int calls[] = {SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect)};

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		rule_one(f, SCMP_ACT_ALLOW, calls[i], SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

/* Threads, not processes. clone3 has its flags in memory, which a filter cannot look at: the C
 * library falls back on clone. */
static void threads_allow(struct filter *f)
{
	rule_one(f, SCMP_ACT_ALLOW, SCMP_SYS(clone),
		 SCMP_CMP(CLONE_FLAGS, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
}

/* stat of what is open, and no look at the limits of another process or at setting them. */
static void queries_allow(struct filter *f)
{
	const struct scmp_arg_cmp own_limits[] = {SCMP_A0(SCMP_CMP_EQ, 0), SCMP_A2(SCMP_CMP_EQ, 0)};

	rule_one(f, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat),
		 SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
	rule_one(f, SCMP_ACT_ALLOW, SCMP_SYS(fstatat64),
		 SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
	rule_one(f, SCMP_ACT_ALLOW, SCMP_SYS(statx),
		 SCMP_A2(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
	rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), ARRAY_SIZE(own_limits), own_limits);
}

/* Is it a terminal, and of which size? Nothing else is asked of a device. */
static void terminal_allow(struct filter *f)
{
	rule_one(f, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), SCMP_A1(SCMP_CMP_EQ, TCGETS));
	rule_one(f, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), SCMP_A1(SCMP_CMP_EQ, TIOCGWINSZ));
}

/* abort() sends a signal to its own thread. */
static void own_signals_allow(struct filter *f)
{
	rule_one(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
}

static void child_allow(struct filter *f, pid_t child)
{
	const struct scmp_arg_cmp end[] = {SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)child),
					   SCMP_A1(SCMP_CMP_EQ, SIGTERM)};

	rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(kill), ARRAY_SIZE(end), end);
	rule_one(f, SCMP_ACT_ALLOW, SCMP_SYS(wait4), SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)child));
}

static void runtime_allow(struct filter *f)
{
	if (RUNTIME_TRACES)
		list_add(f, SCMP_ACT_ALLOW, traces, ARRAY_SIZE(traces));
	if (RUNTIME_WRITES_FILES)
		list_add(f, SCMP_ACT_ALLOW, writes_counts, ARRAY_SIZE(writes_counts));
}

static void rules_add(struct filter *f, const struct sandbox_needs *needs)
{
	const uint32_t to_read = RUNTIME_TRACES ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EACCES);

	list_add(f, SCMP_ACT_ALLOW, allowed, ARRAY_SIZE(allowed));
	list_add(f, SCMP_ACT_KILL_PROCESS, deadly, ARRAY_SIZE(deadly));
	if (!RUNTIME_WRITES_FILES) {
		open_limit(f, SCMP_SYS(open), 1, to_read);
		open_limit(f, SCMP_SYS(openat), 2, to_read);
	}
	outputs_allow(f, needs);
	memory_allow(f);
	threads_allow(f);
	queries_allow(f);
	terminal_allow(f);
	own_signals_allow(f);
	if (needs->child)
		child_allow(f, needs->child);
	if (!RUNTIME_TRACES)
		rule_add(f, SCMP_ACT_KILL_PROCESS, SCMP_SYS(ptrace), 0, NULL);
	runtime_allow(f);
}

int syscalls_limit(const struct sandbox_needs *needs, struct fault *fault)
{
	struct filter f = {.context = seccomp_init(SCMP_ACT_ERRNO(ENOSYS))};
	int r;

	if (!f.context)
		return fault_no_memory(fault);
	r = seccomp_attr_set(f.context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	rules_add(&f, needs);
	if (!r)
		r = f.failed ? f.failed : seccomp_load(f.context);
	seccomp_release(f.context);
	return r < 0 ? fault_errno(fault, r, "seccomp") : 0;
}

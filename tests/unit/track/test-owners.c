// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tcp/names.h"
#include "track/owners.h"

#define SOFTIRQ 0x10

enum { CLIENT = 100, SERVER = 200, WORKER = 300 };

struct fixture {
	struct conns conns;
	struct listeners listeners;
	struct task_cgroups cgroups;
	struct tcp_conn *c;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	conns_init(&f->conns);
	f->c = conns_make(&f->conns);
	assert_non_null(f->c);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	conns_done(&f->conns);
	listeners_done(&f->listeners);
	task_cgroups_done(&f->cgroups);
	free(f);
	return 0;
}

/* An event of the socket in the context of a process. */
static struct tcp_event event(enum tcp_kind kind, int32_t pid, const char *comm)
{
	return (struct tcp_event){.kind = kind, .cpu_tid = pid, .cpu_pid = pid, .cpu_comm = comm};
}

static void learn(struct fixture *f, const struct tcp_event *e)
{
	assert_int_equal(owners_learn(&f->conns, f->c, e, &f->listeners, &f->cgroups), 0);
}

static void change(struct fixture *f, int from, int to, int32_t pid, const char *comm)
{
	struct tcp_event e = event(TCP_KIND_SET_STATE, pid, comm);

	e.oldstate = from;
	e.newstate = to;
	learn(f, &e);
}

static void own(struct fixture *f, int32_t pid, enum owner_basis basis)
{
	f->c->owner = (struct owner){.pid = pid, .basis = basis};
}

static void assert_owner(const struct fixture *f, int32_t pid, enum owner_basis basis)
{
	assert_int_equal(f->c->owner.pid, pid);
	assert_int_equal(f->c->owner.basis, basis);
}

/* The container of a connection is that of its owner when the owner was seen, whatever the process
 * does later; what is not known later does not undo it. */
static void test_owners_control_group(void **state)
{
	struct fixture *f = *state;
	struct tcp_event e = {0};

	assert_int_equal(task_cgroups_set(&f->cgroups, CLIENT, "/a", CGROUP_BY_EVENT), 0);
	change(f, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT, "curl");
	owners_show(&e, f->c, &f->cgroups);
	assert_string_equal(e.cgroup->path, "/a");
	assert_int_equal(task_cgroups_set(&f->cgroups, CLIENT, "/b", CGROUP_BY_EVENT), 0);
	owners_show(&e, f->c, &f->cgroups);
	assert_string_equal(e.cgroup->path, "/a");
	change(f, TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1, CLIENT, "curl");
	owners_show(&e, f->c, &f->cgroups);
	assert_string_equal(e.cgroup->path, "/b");
	assert_int_equal(task_cgroups_set(&f->cgroups, CLIENT, NULL, CGROUP_BY_EVENT), 0);
	change(f, TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1, CLIENT, "curl");
	owners_show(&e, f->c, &f->cgroups);
	assert_string_equal(e.cgroup->path, "/b");
	/* Another process is somewhere that nobody knows, and not where the first one was. */
	change(f, TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1, WORKER, "worker");
	owners_show(&e, f->c, &f->cgroups);
	assert_null(e.cgroup);
}

/* inetd, systemd and others accept for a process that they start, and close their own copy. */
static void test_owners_close_of_the_acceptors_copy(void **state)
{
	struct fixture *f = *state;

	own(f, SERVER, OWNER_LISTENER);
	change(f, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, SERVER, "inetd");
	assert_owner(f, SERVER, OWNER_LISTENER);
	change(f, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, WORKER, "worker");
	assert_owner(f, WORKER, OWNER_CLOSE);
	/* That it reads or writes does say that the acceptor uses the socket itself. */
	own(f, SERVER, OWNER_LISTENER);
	learn(f, &(struct tcp_event){
			 .kind = TCP_KIND_RECV_LENGTH, .cpu_tid = SERVER, .cpu_pid = SERVER});
	assert_owner(f, SERVER, OWNER_IO);
}

static void test_owners_are_no_kernel_threads(void **state)
{
	struct fixture *f = *state;

	change(f, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, 40, "kworker/0:1");
	assert_owner(f, 0, OWNER_NONE);
	change(f, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, 41, "ksoftirqd/1");
	assert_owner(f, 0, OWNER_NONE);
	change(f, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, 42, "kube-proxy");
	assert_owner(f, 42, OWNER_CLOSE);
}

/* A task that an interrupt has stopped has nothing to do with the packet (common_flags). */
static void test_owners_are_not_learned_in_interrupts(void **state)
{
	struct fixture *f = *state;
	struct tcp_event e = event(TCP_KIND_DESTROY, WORKER, "worker");

	e.common_flags = SOFTIRQ;
	learn(f, &e);
	assert_owner(f, 0, OWNER_NONE);
	e.common_flags = 0;
	e.cpu_tid = e.cpu_pid = 0;
	learn(f, &e);
	assert_owner(f, 0, OWNER_NONE);
}

/* After a FIN a segment of the peer ends the connection, in whatever context it arrives. */
static void test_owners_after_a_fin(void **state)
{
	static const int after[] = {TCP_STATE_FIN_WAIT1, TCP_STATE_FIN_WAIT2, TCP_STATE_CLOSING,
				    TCP_STATE_LAST_ACK};
	struct fixture *f = *state;
	struct tcp_event destroy = event(TCP_KIND_DESTROY, WORKER, "tunnel");

	for (size_t i = 0; i < ARRAY_SIZE(after); i++) {
		change(f, after[i], TCP_STATE_CLOSE, WORKER, "tunnel");
		assert_owner(f, 0, OWNER_NONE);
		f->c->last_state = (uint8_t)after[i];
		learn(f, &destroy);
		assert_owner(f, 0, OWNER_NONE);
	}
	change(f, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, WORKER, "worker");
	assert_owner(f, WORKER, OWNER_CLOSE);
	/* close() of a socket that a RST had closed before. */
	own(f, 0, OWNER_NONE);
	f->c->last_state = TCP_STATE_ESTABLISHED;
	learn(f, &destroy);
	assert_owner(f, WORKER, OWNER_CLOSE);
}

static void test_owners_by_strength_and_then_by_time(void **state)
{
	struct fixture *f = *state;
	struct tcp_event io = event(TCP_KIND_SEND_LENGTH, WORKER, "worker");

	change(f, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT, "curl");
	assert_owner(f, CLIENT, OWNER_CONNECT);
	learn(f, &io);
	assert_owner(f, WORKER, OWNER_IO);
	change(f, TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1, SERVER, "nginx");
	assert_owner(f, WORKER, OWNER_IO);
	io.cpu_pid = SERVER;
	learn(f, &io);
	assert_owner(f, SERVER, OWNER_IO);
	/* The process that connected is remembered. */
	assert_int_equal(tcp_conn_opener(f->c).pid, CLIENT);
	assert_int_equal(tcp_conn_opener(f->c).basis, OWNER_CONNECT);
	assert_string_equal(tcp_conn_opener(f->c).comm, "curl");
}

/* The name of a process is not known in its own close(), as after a loss of records. */
static void test_owners_keep_a_name(void **state)
{
	struct fixture *f = *state;

	change(f, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT, "curl");
	change(f, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, CLIENT, NULL);
	assert_owner(f, CLIENT, OWNER_CLOSE);
	assert_string_equal(f->c->owner.comm, "curl");
	change(f, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, WORKER, NULL);
	assert_owner(f, WORKER, OWNER_CLOSE);
	assert_null(f->c->owner.comm);
}

static void test_owners_by_the_socket_table(void **state)
{
	struct fixture *f = *state;

	own(f, SERVER, OWNER_LISTENER);
	assert_int_equal(owners_found(&f->conns, f->c, WORKER, "worker", 3), 0);
	assert_owner(f, WORKER, OWNER_TABLE);
	assert_int_equal(owners_found(&f->conns, f->c, 0, NULL, 1), 0);
	assert_owner(f, WORKER, OWNER_TABLE);
	/* One of several holders may well be the one that is known to use the socket. */
	own(f, CLIENT, OWNER_CONNECT);
	assert_int_equal(owners_found(&f->conns, f->c, WORKER, "worker", 2), 0);
	assert_owner(f, CLIENT, OWNER_CONNECT);
	assert_int_equal(owners_found(&f->conns, f->c, CLIENT, "curl", 1), 0);
	assert_owner(f, CLIENT, OWNER_CONNECT);
	/* The only holder has been given the socket. */
	assert_int_equal(owners_found(&f->conns, f->c, WORKER, "worker", 1), 0);
	assert_owner(f, WORKER, OWNER_TABLE);
}

static void listen_at(struct fixture *f, uint16_t port, int32_t pid)
{
	struct tcp_conn *l = conns_make(&f->conns);

	assert_non_null(l);
	l->origin = TCP_ORIGIN_LISTEN;
	l->local = (struct endpoint){.addr = {.family = 4}, .port = port};
	l->has_local_addr = true;
	l->owner = (struct owner){.pid = pid, .basis = OWNER_CONNECT};
	assert_int_equal(listeners_add(&f->listeners, l), 0);
}

/* Up to 6.14 LISTEN to SYN_RECV has the listener's addresses, and the next change is the first that
 * has those of the connection. */
static void test_owners_of_accepted_connections(void **state)
{
	struct fixture *f = *state;
	struct tcp_event e = event(TCP_KIND_SET_STATE, WORKER, "worker");

	listen_at(f, 80, SERVER);
	e.common_flags = SOFTIRQ;
	e.local = (struct endpoint){ip_addr_v4((const uint8_t[]){10, 0, 0, 1}), 80};
	e.oldstate = TCP_STATE_SYN_RECV;
	e.newstate = TCP_STATE_CLOSE;
	learn(f, &e);
	assert_owner(f, 0, OWNER_NONE);
	e.oldstate = TCP_STATE_ESTABLISHED;
	e.newstate = TCP_STATE_CLOSE_WAIT;
	learn(f, &e);
	assert_owner(f, 0, OWNER_NONE);
	e.oldstate = TCP_STATE_SYN_RECV;
	e.newstate = TCP_STATE_ESTABLISHED;
	learn(f, &e);
	assert_owner(f, SERVER, OWNER_LISTENER);
	own(f, 0, OWNER_NONE);
	e.oldstate = TCP_STATE_LISTEN;
	e.newstate = TCP_STATE_SYN_RECV;
	learn(f, &e);
	assert_owner(f, SERVER, OWNER_LISTENER);
	own(f, 0, OWNER_NONE);
	e.local.port = 81;
	learn(f, &e);
	assert_owner(f, 0, OWNER_NONE);
}

static void test_owners_words(void **state)
{
	struct fixture *f = *state;
	struct tcp_event e = {0};

	owners_show(&e, f->c, &f->cgroups);
	assert_null(e.owner);
	own(f, SERVER, OWNER_CONNECT);
	owners_show(&e, f->c, &f->cgroups);
	assert_string_equal(e.owner, "connect");
	assert_int_equal(e.pid, SERVER);
	/* A listener does not connect: the process called listen(). */
	f->c->origin = TCP_ORIGIN_LISTEN;
	owners_show(&e, f->c, &f->cgroups);
	assert_string_equal(e.owner, "listener");
}

#define OWNERS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		OWNERS_TEST(test_owners_control_group),
		OWNERS_TEST(test_owners_close_of_the_acceptors_copy),
		OWNERS_TEST(test_owners_are_no_kernel_threads),
		OWNERS_TEST(test_owners_are_not_learned_in_interrupts),
		OWNERS_TEST(test_owners_after_a_fin),
		OWNERS_TEST(test_owners_by_strength_and_then_by_time),
		OWNERS_TEST(test_owners_keep_a_name),
		OWNERS_TEST(test_owners_by_the_socket_table),
		OWNERS_TEST(test_owners_of_accepted_connections),
		OWNERS_TEST(test_owners_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

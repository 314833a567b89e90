// SPDX-License-Identifier: MIT
/*
 * sockets: dumps and messages about destroyed sockets, from a kernel that is the other end of a
 * socket pair. recvmmsg(2) can be made to report an overrun.
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
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/inet_diag.h>
#include <linux/mptcp.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/clock.h"
#include "merge/merge.h"
#include "record/sockets.h"
#include "tcp/names.h"
#include "world.h"

#define INFO_LEN   232u
#define N_SPACES   2u
#define INODE_HELD 100u

static struct {
	bool has_overrun;
} kernel;

int __real_recvmmsg(int fd, struct mmsghdr *messages, unsigned int n, int flags,
		    struct timespec *timeout);
int __wrap_recvmmsg(int fd, struct mmsghdr *messages, unsigned int n, int flags,
		    struct timespec *timeout);
int __wrap_recvmmsg(int fd, struct mmsghdr *messages, unsigned int n, int flags,
		    struct timespec *timeout)
{
	if (kernel.has_overrun) {
		kernel.has_overrun = false;
		errno = ENOBUFS;
		return -1;
	}
	return __real_recvmmsg(fd, messages, n, flags, timeout);
}

struct fixture {
	struct world world;
	struct sockets sockets;
	/* The kernel's ends. */
	int tables[N_SPACES], destroys[N_SPACES], subflows[N_SPACES];
	int opened[N_SPACES]; /* what the recorder gets for a dump */
	int refusal;	      /* of the last namespace; 0: it is let in */
	unsigned int n_opened;
	uint32_t time_waits; /* in the first namespace */
};

static void make_pair(int *ours, int *kernels)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, fds), 0);
	*ours = fds[0];
	*kernels = fds[1];
}

static int open_table(void *userdata, size_t space, int *ret_fd, uint32_t *ret_time_waits)
{
	struct fixture *f = userdata;

	*ret_time_waits = space ? 0 : f->time_waits;
	if (space == N_SPACES - 1 && f->refusal)
		return f->refusal;
	f->n_opened++;
	*ret_fd = dup(f->opened[space]);
	return *ret_fd < 0 ? -errno : 0;
}

static void begin_dump(struct fixture *f, enum socket_dump kind)
{
	socket_dumper_begin(&f->sockets.dumper, kind, open_table, f);
}

static void fixture_open(struct fixture *f)
{
	struct sockets *s = &f->sockets;

	memset(f, 0, sizeof(*f));
	kernel.has_overrun = false;
	world_open(&f->world, &(struct world_options){.n_batches = 3, .n_synthetic = 2});
	assert_int_equal(socket_rows_init(&s->rows, INFO_LEN, NULL), 0);
	s->buffer = malloc(1u << 20);
	for (uint32_t i = 0; i < N_SPACES; i++) {
		int destroy, subflows;

		make_pair(&f->opened[i], &f->tables[i]);
		make_pair(&destroy, &f->destroys[i]);
		make_pair(&subflows, &f->subflows[i]);
		assert_int_equal(socket_spaces_add(&s->spaces, 4000 + i, destroy, subflows), 0);
	}
	assert_int_equal(sockets_begin(s, &f->world.drain, &f->world.tracepoints, NULL), 0);
	begin_dump(f, SOCKET_DUMP_START);
	/* A process that holds a socket, as a walk over /proc finds it. */
	*map_put(&s->rows.holders.by_inode, INODE_HELD, NULL) = (uint64_t)3 << 32 | 42;
}

static void fixture_close(struct fixture *f)
{
	for (size_t i = 0; i < N_SPACES; i++) {
		close(f->tables[i]);
		close(f->destroys[i]);
		close(f->subflows[i]);
		close(f->opened[i]);
	}
	sockets_done(&f->sockets);
	world_close(&f->world);
}

struct answer {
	uint8_t bytes[8192];
	size_t len;
};

static void answer_add(struct answer *a, uint16_t type, uint16_t flags, const void *body,
		       size_t len)
{
	struct nlmsghdr h = {
		.nlmsg_len = (uint32_t)(sizeof(h) + len), .nlmsg_type = type, .nlmsg_flags = flags};

	memcpy(a->bytes + a->len, &h, sizeof(h));
	memcpy(a->bytes + a->len + sizeof(h), body, len);
	a->len += NLMSG_ALIGN(h.nlmsg_len);
}

static void answer_add_socket(struct answer *a, uint8_t family, uint16_t port, uint32_t inode)
{
	struct {
		struct inet_diag_msg m;
		struct rtattr info_attr;
		uint8_t info[INFO_LEN];
	} body = {
		.m = {.idiag_family = family, .idiag_state = TCP_STATE_ESTABLISHED},
		.info_attr = {.rta_type = INET_DIAG_INFO,
			      .rta_len = sizeof(struct rtattr) + INFO_LEN},
	};

	body.m.id.idiag_sport = htons(port);
	body.m.idiag_inode = inode;
	answer_add(a, SOCK_DIAG_BY_FAMILY, 0, &body, sizeof(body));
}

/* A socket in TIME_WAIT or of a listener. */
static void answer_add_ends(struct answer *a, uint8_t state, uint16_t sport, uint16_t dport)
{
	struct inet_diag_msg m = {.idiag_family = AF_INET, .idiag_state = state};

	m.id.idiag_sport = htons(sport);
	m.id.idiag_dport = htons(dport);
	m.id.idiag_src[0] = htonl(0x0a000001);
	m.id.idiag_dst[0] = htonl(dport ? 0x0a000005 : 0);
	answer_add(a, SOCK_DIAG_BY_FAMILY, 0, &m, sizeof(m));
}

static void answer_send(int fd, const struct answer *a)
{
	assert_int_equal(send(fd, a->bytes, a->len, 0), a->len);
}

/* The whole dump of one request: a socket for each port, and how it ends. */
static void send_dump(int fd, uint8_t family, uint16_t port, uint32_t inode, uint16_t done_flags)
{
	struct answer a = {0};
	const int32_t zero = 0;

	answer_add_socket(&a, family, port, inode);
	answer_send(fd, &a);
	a.len = 0;
	answer_add(&a, NLMSG_DONE, done_flags, &zero, sizeof(zero));
	answer_send(fd, &a);
}

static void send_refusal(int fd, int32_t error)
{
	struct answer a = {0};

	answer_add(&a, NLMSG_ERROR, 0, &error, sizeof(error));
	answer_send(fd, &a);
}

/* The family of the next request that the kernel got; -1: there is none. */
static int next_request(int fd)
{
	uint8_t bytes[256];
	ssize_t n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	struct nlmsghdr h;

	if (n < 0)
		return -1;
	memcpy(&h, bytes, sizeof(h));
	assert_int_equal(h.nlmsg_len, n);
	assert_int_equal(h.nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	return h.nlmsg_type == TCPDIAG_GETSOCK ? AF_UNSPEC : bytes[sizeof(h)];
}

/* The states that the next request asks for, which is one for both families. */
static uint32_t next_states(int fd)
{
	struct {
		struct nlmsghdr header;
		struct inet_diag_req request;
	} ask;

	assert_int_equal(recv(fd, &ask, sizeof(ask), MSG_DONTWAIT), sizeof(ask));
	return ask.request.idiag_states;
}

static void turn_until_done(struct fixture *f)
{
	for (int i = 0; i < 1000 && sockets_is_busy(&f->sockets); i++)
		assert_int_equal(sockets_turn(&f->sockets, NULL), 0);
	assert_false(sockets_is_busy(&f->sockets));
}

/* Finishes the tape and gives its rows. */
static size_t read_details(struct fixture *f, struct socket_row *rows, uint32_t *tracepoints,
			   struct socket_detail *details, size_t max)
{
	const struct merge_options ops = {.until_ns = UINT64_MAX};
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	struct tape_merge *merge CLEANUP(tape_merge_free_p) = NULL;
	const struct tape_row *row;
	size_t n = 0;

	world_finish(&f->world);
	reader = world_open_tape(&f->world);
	assert_int_equal(tape_merge_new(reader, &ops, &merge, NULL), 0);
	while (tape_merge_next(merge, &row, NULL) == 1) {
		assert_true(n < max);
		memcpy(&rows[n], row->data, sizeof(*rows));
		assert_int_equal(row->len, socket_row_len(rows[n].common_type, INFO_LEN));
		if (rows[n].common_type == SOCKET_ROW_TABLE_ID)
			memcpy(&details[n], row->data + socket_row_detail_at(INFO_LEN),
			       sizeof(*details));
		tracepoints[n] = row->tracepoint->index;
		n++;
	}
	return n;
}

/* The PAUSES of the finished tape: "4000+ " for a pause of a namespace, "4000- " for its end. */
static void expect_pauses(struct fixture *f, const char *want)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = world_open_tape(&f->world);
	struct text told CLEANUP(text_done) = {0};
	const struct tape_meta *meta;
	struct tape_section section;

	while (tape_reader_next(reader, NULL, NULL, &section, NULL) > 0)
		;
	meta = tape_reader_meta(reader);
	for (size_t i = 0; i < meta->n_pauses; i++)
		text_printf(&told, "%u%c ", meta->pauses[i].netns,
			    meta->pauses[i].is_paused ? '+' : '-');
	assert_string_equal(told.len ? text_cstr(&told) : "", want);
}

static size_t read_rows(struct fixture *f, struct socket_row *rows, uint32_t *tracepoints,
			size_t max)
{
	struct socket_detail details[16];

	assert_true(max <= ARRAY_SIZE(details));
	return read_details(f, rows, tracepoints, details, max);
}

static void test_sockets_dump_of_both_families(void **state)
{
	struct socket_row rows[8];
	uint32_t tracepoints[8];
	struct fixture f;

	fixture_open(&f);
	send_dump(f.tables[0], AF_INET, 80, INODE_HELD, 0);
	send_dump(f.tables[1], AF_INET6, 443, 7, 0);
	turn_until_done(&f);
	assert_int_equal(next_request(f.tables[0]), AF_UNSPEC);
	assert_int_equal(next_request(f.tables[0]), -1);
	assert_int_equal(read_rows(&f, rows, tracepoints, 8), 3);
	assert_int_equal(rows[0].common_type, SOCKET_ROW_TABLE_ID);
	assert_int_equal(tracepoints[0], 1);
	assert_int_equal(rows[0].listing, SOCKET_DUMP_START);
	assert_int_equal(rows[0].netns, 4000);
	assert_int_equal(rows[0].sport, 80);
	assert_int_equal(rows[0].pid, 42);
	assert_int_equal(rows[0].holders, 3);
	assert_int_equal(rows[0].has_figures, 1);
	assert_int_equal(rows[1].netns, 4001);
	assert_int_equal(rows[1].pid, 0);
	/* The last row tells that no namespace is missing. */
	assert_int_equal(rows[2].listing, SOCKET_DUMP_START_DONE);
	assert_int_equal(rows[2].holders, 0);
	fixture_close(&f);
}

/* Sockets in TIME_WAIT are told as numbers: those of a listener by its port, those that this host
 * opened by the peer's. */
static void test_sockets_count_time_waits(void **state)
{
	struct socket_detail details[8];
	struct socket_row rows[8];
	uint32_t tracepoints[8];
	const int32_t zero = 0;
	struct answer a = {0};
	struct fixture f;

	fixture_open(&f);
	answer_add_ends(&a, TCP_STATE_LISTEN, 443, 0);
	for (uint16_t i = 0; i < 30; i++)
		answer_add_ends(&a, TCP_STATE_TIME_WAIT, 40000 + i, 80);
	for (uint16_t i = 0; i < 20; i++)
		answer_add_ends(&a, TCP_STATE_TIME_WAIT, 443, 50000 + i);
	answer_add(&a, NLMSG_DONE, 0, &zero, sizeof(zero));
	answer_send(f.tables[0], &a);
	send_dump(f.tables[1], AF_INET, 82, 7, 0);
	turn_until_done(&f);
	assert_int_equal(read_details(&f, rows, tracepoints, details, 8), 5);
	assert_int_equal(rows[0].state, TCP_STATE_LISTEN);
	assert_int_equal(details[0].sockets, 1);
	/* The newest end comes first. */
	assert_int_equal(rows[1].state, TCP_STATE_TIME_WAIT);
	assert_int_equal(rows[1].netns, 4000);
	assert_int_equal(rows[1].sport, 443);
	assert_int_equal(rows[1].dport, 0);
	assert_int_equal(rows[1].saddr[3], 1);
	assert_int_equal(rows[1].daddr[3], 0);
	assert_int_equal(details[1].sockets, 20);
	assert_int_equal(rows[2].sport, 0);
	assert_int_equal(rows[2].dport, 80);
	assert_int_equal(rows[2].daddr[3], 5);
	assert_int_equal(details[2].sockets, 30);
	/* Another namespace has its own. */
	assert_int_equal(rows[3].sport, 82);
	assert_int_equal(rows[4].listing, SOCKET_DUMP_START_DONE);
	fixture_close(&f);
}

/* Where there are very many, only their number is told. The kernel counts sockets in FIN_WAIT2
 * among them that are no whole sockets any more, of which the dump tells. */
static void test_sockets_leave_many_time_waits_out(void **state)
{
	static const struct {
		uint32_t n, told;
	} cases[] = {{SOCKET_DUMPER_TIME_WAITS_MAX, 1}, {SOCKET_DUMPER_TIME_WAITS_MAX + 1, 2}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		bool is_told = cases[i].told == 2;
		struct socket_detail details[8];
		struct socket_row rows[8];
		uint32_t tracepoints[8];
		const int32_t zero = 0;
		struct answer a = {0};
		struct fixture f;

		fixture_open(&f);
		f.time_waits = cases[i].n;
		answer_add_ends(&a, TCP_STATE_FIN_WAIT2, 40000, 80);
		answer_add(&a, NLMSG_DONE, 0, &zero, sizeof(zero));
		answer_send(f.tables[0], &a);
		send_dump(f.tables[1], AF_INET, 82, 7, 0);
		turn_until_done(&f);
		assert_int_equal(!(next_states(f.tables[0]) & 1u << TCP_STATE_TIME_WAIT), is_told);
		assert_true(next_states(f.tables[1]) & 1u << TCP_STATE_TIME_WAIT);
		assert_int_equal(read_details(&f, rows, tracepoints, details, 8),
				 2 + cases[i].told);
		assert_int_equal(rows[0].state, TCP_STATE_FIN_WAIT2);
		if (is_told) {
			assert_int_equal(rows[1].state, TCP_STATE_TIME_WAIT);
			assert_int_equal(rows[1].family, AF_UNSPEC);
			assert_int_equal(details[1].sockets, SOCKET_DUMPER_TIME_WAITS_MAX);
		}
		fixture_close(&f);
	}
}

/* What an answer that fails has told is not counted twice. */
static void test_sockets_count_time_waits_once(void **state)
{
	struct socket_detail details[8];
	struct socket_row rows[8];
	uint32_t tracepoints[8];
	const int32_t zero = 0;
	struct answer a = {0};
	struct fixture f;

	fixture_open(&f);
	answer_add_ends(&a, TCP_STATE_TIME_WAIT, 40000, 80);
	answer_add(&a, NLMSG_DONE, NLM_F_DUMP_INTR, &zero, sizeof(zero));
	answer_send(f.tables[0], &a);
	a.len = 0;
	answer_add_ends(&a, TCP_STATE_TIME_WAIT, 40000, 80);
	answer_add(&a, NLMSG_DONE, 0, &zero, sizeof(zero));
	answer_send(f.tables[0], &a);
	send_dump(f.tables[0], AF_INET6, 82, 7, 0);
	send_dump(f.tables[1], AF_INET, 82, 7, 0);
	turn_until_done(&f);
	assert_int_equal(read_details(&f, rows, tracepoints, details, 8), 4);
	assert_int_equal(rows[1].state, TCP_STATE_TIME_WAIT);
	assert_int_equal(details[1].sockets, 1);
	fixture_close(&f);
}

/* More ends than find room are told in one number. */
static void test_sockets_count_time_waits_of_many_ends(void **state)
{
	struct sock_diag_socket s = {.row = {.state = TCP_STATE_TIME_WAIT, .family = AF_INET}};
	struct time_waits t = {0};

	time_waits_begin(&t);
	for (unsigned int i = 0; i < TIME_WAITS_MAX + 5; i++) {
		s.row.dport = (uint16_t)(1000 + i);
		assert_int_equal(time_waits_take(&t, &s), 1);
		assert_int_equal(time_waits_take(&t, &s), 1);
	}
	assert_int_equal(t.n_others, 10);
	assert_int_equal(time_waits_rows(&t), TIME_WAITS_MAX + 1);
	time_waits_begin(&t);
	assert_int_equal(time_waits_rows(&t), 0);
	time_waits_done(&t);
}

/* A kernel that refuses the request for both families is asked for each. */
static void test_sockets_dump_by_family(void **state)
{
	struct socket_row rows[8];
	uint32_t tracepoints[8];
	struct fixture f;

	fixture_open(&f);
	begin_dump(&f, SOCKET_DUMP_END);
	send_refusal(f.tables[0], -EINVAL);
	send_dump(f.tables[0], AF_INET, 80, 1, 0);
	send_dump(f.tables[0], AF_INET6, 81, 2, 0);
	send_dump(f.tables[1], AF_INET, 82, 3, 0);
	turn_until_done(&f);
	assert_int_equal(next_request(f.tables[0]), AF_UNSPEC);
	assert_int_equal(next_request(f.tables[0]), AF_INET);
	assert_int_equal(next_request(f.tables[0]), AF_INET6);
	/* Each namespace is asked for both families first. */
	assert_int_equal(next_request(f.tables[1]), AF_UNSPEC);
	assert_int_equal(next_request(f.tables[1]), -1);
	assert_int_equal(read_rows(&f, rows, tracepoints, 8), 4);
	assert_int_equal(rows[1].sport, 81);
	assert_int_equal(rows[2].sport, 82);
	assert_int_equal(rows[2].listing, SOCKET_DUMP_END);
	assert_int_equal(rows[3].listing, SOCKET_DUMP_END_DONE);
	assert_int_equal(rows[3].holders, 0);
	fixture_close(&f);
}

/* One namespace counts once, whether it was refused, interrupted, or could not be entered. */
static void test_sockets_dump_counts_failed_namespaces(void **state)
{
	struct socket_row rows[8];
	uint32_t tracepoints[8];
	struct fixture f;

	fixture_open(&f);
	/* Interrupted for both families, whole for IPv4, interrupted for IPv6. */
	send_dump(f.tables[0], AF_INET, 80, 1, NLM_F_DUMP_INTR);
	send_dump(f.tables[0], AF_INET, 81, 1, 0);
	send_dump(f.tables[0], AF_INET6, 82, 1, NLM_F_DUMP_INTR);
	f.refusal = -EPERM;
	turn_until_done(&f);
	assert_int_equal(read_rows(&f, rows, tracepoints, 8), 4);
	assert_int_equal(rows[3].listing, SOCKET_DUMP_START_DONE);
	assert_int_equal(rows[3].holders, 2);
	fixture_close(&f);

	fixture_open(&f);
	send_refusal(f.tables[0], -EINVAL);
	send_refusal(f.tables[0], -EINVAL);
	send_dump(f.tables[1], AF_INET, 80, 1, 0);
	turn_until_done(&f);
	/* A family that is refused alone ends its namespace. */
	assert_int_equal(next_request(f.tables[0]), AF_UNSPEC);
	assert_int_equal(next_request(f.tables[0]), AF_INET);
	assert_int_equal(next_request(f.tables[0]), -1);
	assert_int_equal(read_rows(&f, rows, tracepoints, 8), 2);
	assert_int_equal(rows[1].holders, 1);
	fixture_close(&f);
}

/* The last tcp_info of a socket comes without a request, before anything of a dump. */
static void test_sockets_destroyed(void **state)
{
	struct socket_row rows[8];
	uint32_t tracepoints[8];
	struct answer a = {0};
	struct fixture f;

	fixture_open(&f);
	answer_add_socket(&a, AF_INET, 80, 1);
	answer_send(f.destroys[1], &a);
	a.len = 0;
	answer_add_socket(&a, AF_INET, 81, 1);
	answer_send(f.destroys[1], &a);
	assert_int_equal(sockets_turn(&f.sockets, NULL), 0);
	assert_true(sockets_is_busy(&f.sockets));
	assert_int_equal(read_rows(&f, rows, tracepoints, 8), 2);
	assert_int_equal(rows[0].common_type, SOCKET_ROW_DESTROY_ID);
	assert_int_equal(tracepoints[0], 2);
	assert_int_equal(rows[0].netns, 4001);
	assert_int_equal(rows[0].sport, 80);
	assert_int_equal(rows[1].sport, 81);
	fixture_close(&f);
}

static void answer_add_subflow(struct answer *a, uint16_t sport)
{
	struct {
		struct genlmsghdr g;
		struct nlattr a0;
		uint32_t token;
		struct nlattr a1;
		uint16_t family, pad1;
		struct nlattr a2;
		uint16_t sport, pad2;
		struct nlattr a3;
		uint16_t dport, pad3;
	} body = {
		.g = {.cmd = MPTCP_EVENT_SUB_ESTABLISHED},
		.a0 = {8, MPTCP_ATTR_TOKEN},
		.token = 7,
		.a1 = {6, MPTCP_ATTR_FAMILY},
		.family = AF_INET,
		.a2 = {6, MPTCP_ATTR_SPORT},
		.sport = htons(sport),
		.a3 = {6, MPTCP_ATTR_DPORT},
		.dport = htons(80),
	};

	answer_add(a, 0x20, 0, &body, sizeof(body));
}

/* Messages about subflows become rows; one that makes no sense is passed over. */
static void test_sockets_subflows(void **state)
{
	struct socket_row rows[8];
	uint32_t tracepoints[8];
	struct answer a = {0};
	struct fixture f;

	fixture_open(&f);
	answer_add_subflow(&a, 4000);
	answer_send(f.subflows[1], &a);
	a.bytes[0] = 3;
	answer_send(f.subflows[1], &a);
	a.len = 0;
	answer_add_subflow(&a, 4001);
	answer_send(f.subflows[0], &a);
	assert_int_equal(sockets_turn(&f.sockets, NULL), 0);
	assert_int_equal(read_rows(&f, rows, tracepoints, 8), 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(rows[i].common_type, SOCKET_ROW_SAMPLE_ID);
		assert_int_equal(rows[i].listing, SOCKET_SAMPLE_SUBFLOW);
		assert_int_equal(rows[i].dport, 80);
		assert_int_equal(rows[i].has_figures, 0);
	}
	assert_int_equal(rows[0].netns + rows[1].netns, 4000 + 4001);
	assert_int_equal(rows[0].sport + rows[1].sport, 4000 + 4001);
	fixture_close(&f);
}

/* ENOBUFS: messages were lost. It is counted, and later ones are still read. */
static void test_sockets_overrun(void **state)
{
	struct socket_row rows[8];
	uint32_t tracepoints[8];
	struct answer a = {0};
	struct fixture f;

	fixture_open(&f);
	answer_add_socket(&a, AF_INET, 80, 1);
	answer_send(f.destroys[0], &a);
	kernel.has_overrun = true;
	assert_int_equal(sockets_turn(&f.sockets, NULL), 0);
	assert_int_equal(f.sockets.finals.n_overruns, 1);
	assert_int_equal(read_rows(&f, rows, tracepoints, 8), 1);
	/* The tape tells from when to when some are missing. */
	expect_pauses(&f, "4000+ 4000- ");
	fixture_close(&f);
}

static void send_destroyed(struct fixture *f, size_t space, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		struct answer a = {0};

		answer_add_socket(&a, AF_INET, 80, 1);
		answer_send(f->destroys[space], &a);
	}
}

/* A message costs so much that two of them are too dear, however slow the machine is. */
static void give_budget(struct fixture *f)
{
	socket_dumper_done(&f->sockets.dumper);
	f->sockets.finals.has_budget = true;
	figure_budget_init(&f->sockets.finals.budget, FIGURE_BUDGET_SAVED_NS / 10 * 9, clock_now());
}

static void turn(struct fixture *f)
{
	assert_int_equal(sockets_turn(&f->sockets, NULL), 0);
}

/* The namespace whose messages are dearest is done without; another one is still heard. */
static void test_sockets_do_without_the_dearest(void **state)
{
	const struct socket_space *spaces;
	struct fixture f;

	fixture_open(&f);
	give_budget(&f);
	spaces = f.sockets.spaces.items;
	send_destroyed(&f, 1, 1);
	turn(&f);
	assert_false(spaces[1].is_deaf);
	send_destroyed(&f, 1, 3);
	turn(&f);
	assert_true(spaces[1].is_deaf);
	assert_false(spaces[0].is_deaf);
	/* What is owed was spent before the pause. */
	send_destroyed(&f, 0, 1);
	f.sockets.finals.window_ns = clock_now();
	turn(&f);
	assert_false(spaces[0].is_deaf);
	/* What had come before is not lost. */
	send_destroyed(&f, 1, 1);
	turn(&f);
	assert_int_equal(f.sockets.finals.n_messages, 6);
	world_finish(&f.world);
	expect_pauses(&f, "4001+ ");
	fixture_close(&f);
}

/* A pause of all namespaces, which ends when few sockets are closed; those in it are counted. */
static void test_sockets_pause_and_resume(void **state)
{
	struct figure_budget *b;
	struct fixture f;

	fixture_open(&f);
	give_budget(&f);
	b = &f.sockets.finals.budget;
	send_destroyed(&f, 0, 3);
	send_destroyed(&f, 1, 2);
	turn(&f);
	assert_true(b->is_paused);
	assert_true(f.sockets.spaces.is_deaf);
	for (uint32_t i = 0; i < 9; i++)
		world_put_row(&f.world, 0, 1000 + i, 0, i);
	assert_int_equal(drain_run(&f.world.drain, NULL), 1);
	assert_int_equal(socket_finals_unasked(&f.sockets.finals), 4);
	turn(&f);
	assert_true(b->is_paused);
	/* As if that had been long ago. */
	b->balance_ns = FIGURE_BUDGET_SAVED_NS;
	b->calm_from_ns = b->window_ns = clock_now() - 100 * NSEC_PER_SEC;
	turn(&f);
	assert_false(b->is_paused);
	assert_false(f.sockets.spaces.items[0].is_deaf || f.sockets.spaces.items[1].is_deaf);
	assert_int_equal(socket_finals_unasked(&f.sockets.finals), 4);
	world_finish(&f.world);
	expect_pauses(&f, "4000+ 0+ 0- ");
	fixture_close(&f);
}

/* While no batch is free messages stay in the kernel. */
static void test_sockets_wait_for_a_batch(void **state)
{
	struct socket_row rows[8];
	uint32_t tracepoints[8];
	struct batch *taken[3];
	struct answer a = {0};
	struct fixture f;

	fixture_open(&f);
	for (size_t i = 0; i < 3; i++)
		taken[i] = writer_thread_take(f.world.writer_thread);
	answer_add_socket(&a, AF_INET, 80, 1);
	answer_send(f.destroys[0], &a);
	assert_int_equal(sockets_turn(&f.sockets, NULL), 0);
	for (size_t i = 0; i < 3; i++)
		writer_thread_give(f.world.writer_thread, taken[i]);
	while (!drain_batch(&f.world.drain))
		usleep(1000);
	assert_int_equal(sockets_turn(&f.sockets, NULL), 0);
	assert_int_equal(read_rows(&f, rows, tracepoints, 8), 1);
	assert_int_equal(rows[0].sport, 80);
	fixture_close(&f);
}

/* Whether the recorder has not read all yet that was sent to it. */
static bool has_unread(int fd)
{
	int bytes = 0;

	assert_int_equal(ioctl(fd, SIOCOUTQ, &bytes), 0);
	return bytes;
}

/* Rows about sockets are large: a batch is full by its bytes in the middle of a datagram, unless
 * there is room for the whole one. Where no other batch is free, the datagram waits. */
static void test_sockets_wait_for_room_for_a_datagram(void **state)
{
	const int32_t zero = 0;
	struct batch *taken[2];
	struct answer a = {0};
	struct fixture f;
	size_t n = 0;

	fixture_open(&f);
	/* One batch is nearly full by bytes, and the other two are being written. */
	assert_non_null(drain_batch(&f.world.drain));
	f.world.drain.batch->bytes =
		BATCH_BYTES_MAX - socket_row_len(SOCKET_ROW_TABLE_ID, INFO_LEN);
	for (size_t i = 0; i < 2; i++)
		taken[i] = writer_thread_take(f.world.writer_thread);
	for (uint16_t i = 0; i < 10; i++)
		answer_add_socket(&a, AF_INET, 80, i);
	answer_send(f.tables[0], &a);
	for (uint16_t i = 0; i < 10; i++) {
		a.len = 0;
		answer_add_socket(&a, AF_INET, 81, i);
		answer_send(f.destroys[0], &a);
	}
	a.len = 0;
	answer_add(&a, NLMSG_DONE, 0, &zero, sizeof(zero));
	answer_send(f.tables[0], &a);
	send_dump(f.tables[1], AF_INET, 82, 7, 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(sockets_turn(&f.sockets, NULL), 0);
	for (size_t i = 0; i < 2; i++)
		writer_thread_give(f.world.writer_thread, taken[i]);
	while (sockets_is_busy(&f.sockets) || has_unread(f.destroys[0])) {
		assert_int_equal(sockets_turn(&f.sockets, NULL), 0);
		usleep(1000);
	}
	world_finish(&f.world);
	for (size_t i = 0; i < 3 * WORLD_CPUS; i++)
		n += f.world.event_counts.rows[i];
	assert_int_equal(n, 10 + 10 + 1 + 1);
	assert_int_equal(f.sockets.rows.n_dropped, 0);
	fixture_close(&f);
}

/* A row that finds no batch after all is counted, and ends no recording. */
static void test_sockets_drop_and_count(void **state)
{
	struct sock_diag_socket socket = {.row.family = AF_INET};
	struct batch *taken[3];
	struct fixture f;
	struct socket_rows_source source;

	fixture_open(&f);
	source = (struct socket_rows_source){.rows = &f.sockets.rows, .tracepoint = 1};
	for (size_t i = 0; i < 3; i++)
		taken[i] = writer_thread_take(f.world.writer_thread);
	assert_int_equal(socket_rows_take(&source, &socket), 0);
	assert_int_equal(f.sockets.rows.n_dropped, 1);
	for (size_t i = 0; i < 3; i++)
		writer_thread_give(f.world.writer_thread, taken[i]);
	world_finish(&f.world);
	fixture_close(&f);
}

/* The kernel's own errors are about one namespace, whatever their number. */
static void test_sockets_survive_every_refusal(void **state)
{
	static const int32_t errors[] = {-EBUSY, -ENOMEM, -EMFILE, -EAGAIN, -ENOENT};
	struct socket_row rows[8];
	uint32_t tracepoints[8];

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		struct fixture f;

		fixture_open(&f);
		send_refusal(f.tables[0], errors[i]);
		send_refusal(f.tables[0], errors[i]);
		send_dump(f.tables[1], AF_INET, 80, 1, 0);
		turn_until_done(&f);
		assert_int_equal(read_rows(&f, rows, tracepoints, 8), 2);
		assert_int_equal(rows[1].listing, SOCKET_DUMP_START_DONE);
		assert_int_equal(rows[1].holders, 1);
		fixture_close(&f);
	}
}

/* A namespace that has ended since it was seen, or has no sockets, lacks none. */
static void test_sockets_dump_passes_over_what_is_gone(void **state)
{
	static const int nothing_there[] = {-ESTALE, -ENODATA};
	struct socket_row rows[8];
	uint32_t tracepoints[8];

	for (size_t i = 0; i < ARRAY_SIZE(nothing_there); i++) {
		struct fixture f;

		fixture_open(&f);
		f.refusal = nothing_there[i];
		send_dump(f.tables[0], AF_INET, 80, 1, 0);
		turn_until_done(&f);
		assert_int_equal(read_rows(&f, rows, tracepoints, 8), 2);
		assert_int_equal(rows[1].listing, SOCKET_DUMP_START_DONE);
		assert_int_equal(rows[1].holders, 0);
		fixture_close(&f);
	}
}

/* Who cannot come home from a namespace may not go on. */
static void test_sockets_dump_ends_away_from_home(void **state)
{
	struct fixture f;
	int r = 0;

	fixture_open(&f);
	f.refusal = -ENOTRECOVERABLE;
	send_dump(f.tables[0], AF_INET, 80, 1, 0);
	/* A turn that takes long, on a busy machine, leaves the rest to the next one. */
	for (int i = 0; i < 1000 && !r; i++)
		r = sockets_turn(&f.sockets, NULL);
	assert_int_equal(r, -ENOTRECOVERABLE);
	world_finish(&f.world);
	fixture_close(&f);
}

static unsigned int count_descriptors(void)
{
	unsigned int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* A dump keeps one descriptor, in the namespace where it is; a dump that is given up takes the rest
 * of its answer with it. */
static void test_sockets_dump_keeps_no_descriptors(void **state)
{
	struct socket_row rows[8];
	uint32_t tracepoints[8];
	unsigned int before;
	struct answer a = {0};
	struct fixture f;

	fixture_open(&f);
	before = count_descriptors();
	answer_add_socket(&a, AF_INET, 80, 1);
	answer_send(f.tables[0], &a);
	assert_int_equal(sockets_turn(&f.sockets, NULL), 0);
	assert_int_equal(count_descriptors(), before + 1);
	begin_dump(&f, SOCKET_DUMP_END);
	assert_int_equal(count_descriptors(), before);
	send_dump(f.tables[0], AF_INET, 81, 1, 0);
	send_dump(f.tables[1], AF_INET, 82, 1, 0);
	turn_until_done(&f);
	assert_int_equal(count_descriptors(), before);
	assert_int_equal(f.n_opened, 3);
	assert_int_equal(read_rows(&f, rows, tracepoints, 8), 4);
	fixture_close(&f);
}

/* The list of names that belongs to the spaces: the first was not seen twice. */
static void give_names(struct fixture *f)
{
	struct netns_list *names = &f->sockets.spaces.names;

	names->items = calloc(N_SPACES, sizeof(*names->items));
	names->n = names->cap = N_SPACES;
	names->n_finds = 5;
	for (uint32_t i = 0; i < N_SPACES; i++) {
		names->items[i] = (struct netns){.inode = 4000 + i, .seen = i ? 4 : 3};
		*map_put(&names->places, 4000 + i, NULL) = i;
	}
}

/* Namespaces that no process has any more are forgotten, and no longer kept alive; the others'
 * messages are still theirs. */
static void test_sockets_forget_namespaces(void **state)
{
	struct socket_row rows[8];
	uint32_t tracepoints[8];
	struct answer a = {0};
	struct fixture f;
	char byte;

	fixture_open(&f);
	give_names(&f);
	socket_spaces_forget(&f.sockets.spaces);
	assert_int_equal(f.sockets.spaces.n, 1);
	assert_int_equal(f.sockets.spaces.items[0].netns, 4001);
	assert_int_equal(f.sockets.spaces.names.n, 1);
	/* Its other end is closed. */
	assert_int_equal(recv(f.destroys[0], &byte, 1, MSG_DONTWAIT), -1);
	assert_int_equal(send(f.destroys[0], "x", 1, MSG_NOSIGNAL), -1);
	answer_add_socket(&a, AF_INET, 80, 1);
	answer_send(f.destroys[1], &a);
	socket_dumper_done(&f.sockets.dumper);
	assert_int_equal(sockets_turn(&f.sockets, NULL), 0);
	assert_int_equal(read_rows(&f, rows, tracepoints, 8), 1);
	assert_int_equal(rows[0].netns, 4001);
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sockets_dump_of_both_families),
		cmocka_unit_test(test_sockets_count_time_waits),
		cmocka_unit_test(test_sockets_leave_many_time_waits_out),
		cmocka_unit_test(test_sockets_count_time_waits_once),
		cmocka_unit_test(test_sockets_count_time_waits_of_many_ends),
		cmocka_unit_test(test_sockets_dump_by_family),
		cmocka_unit_test(test_sockets_dump_counts_failed_namespaces),
		cmocka_unit_test(test_sockets_destroyed),
		cmocka_unit_test(test_sockets_subflows),
		cmocka_unit_test(test_sockets_overrun),
		cmocka_unit_test(test_sockets_do_without_the_dearest),
		cmocka_unit_test(test_sockets_pause_and_resume),
		cmocka_unit_test(test_sockets_wait_for_a_batch),
		cmocka_unit_test(test_sockets_wait_for_room_for_a_datagram),
		cmocka_unit_test(test_sockets_drop_and_count),
		cmocka_unit_test(test_sockets_survive_every_refusal),
		cmocka_unit_test(test_sockets_dump_passes_over_what_is_gone),
		cmocka_unit_test(test_sockets_dump_ends_away_from_home),
		cmocka_unit_test(test_sockets_dump_keeps_no_descriptors),
		cmocka_unit_test(test_sockets_forget_namespaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

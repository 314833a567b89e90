// SPDX-License-Identifier: MIT
/*
 * samples: listeners and connections in trouble, from kernels that are the other ends of socket
 * pairs: one for each network namespace. Answers stand ready before a question is asked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "merge/merge.h"
#include "record/samples.h"
#include "tcp/names.h"
#include "world.h"

#define INFO_LEN 232u
#define N_SPACES 2u

struct fixture {
	struct world world;
	struct sockets sockets;
	struct samples samples;
	int kernels[N_SPACES]; /* the kernel's ends */
	uint64_t now;
};

static void fixture_open(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->samples = (struct samples)SAMPLES_INIT;
	world_open(&f->world, &(struct world_options){.n_batches = 3, .n_synthetic = 3});
	assert_int_equal(socket_rows_init(&f->sockets.rows, INFO_LEN, NULL), 0);
	assert_int_equal(sockets_begin(&f->sockets, &f->world.drain, &f->world.tracepoints, NULL),
			 0);
	assert_int_equal(samples_begin(&f->samples, &f->sockets, NULL), 0);
	/* No namespace is on the list, so that these stay as they are. */
	f->samples.spaces.items = calloc(N_SPACES, sizeof(struct sample_space));
	f->samples.spaces.n = f->samples.spaces.cap = N_SPACES;
	for (uint32_t i = 0; i < N_SPACES; i++) {
		int fds[2];

		assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, fds), 0);
		f->samples.spaces.items[i] = (struct sample_space){.netns = 4000 + i, .fd = fds[0]};
		f->kernels[i] = fds[1];
	}
	/* The tests look at one turn after the other, however long they take. */
	f->samples.budget.ppm = 1000000;
	f->samples.budget.saved_ns = 1000 * NSEC_PER_SEC;
	f->now = NSEC_PER_SEC;
}

static void fixture_close(struct fixture *f)
{
	for (size_t i = 0; i < N_SPACES; i++)
		close(f->kernels[i]);
	samples_done(&f->samples);
	sockets_done(&f->sockets);
	world_close(&f->world);
}

struct answer {
	uint8_t bytes[8192];
	size_t len;
};

static void answer_add(struct answer *a, uint16_t type, uint32_t sequence, const void *body,
		       size_t len)
{
	struct nlmsghdr h = {.nlmsg_len = (uint32_t)(sizeof(h) + len),
			     .nlmsg_type = type,
			     .nlmsg_seq = sequence};

	memcpy(a->bytes + a->len, &h, sizeof(h));
	memcpy(a->bytes + a->len + sizeof(h), body, len);
	a->len += NLMSG_ALIGN(h.nlmsg_len);
}

static void answer_send(const struct fixture *f, size_t space, struct answer *a)
{
	assert_int_equal(send(f->kernels[space], a->bytes, a->len, 0), a->len);
	a->len = 0;
}

/* A dump of listeners: one, with so long a queue. */
static void send_listeners(const struct fixture *f, size_t space, uint32_t queue)
{
	struct inet_diag_msg m = {
		.idiag_family = AF_INET, .idiag_state = TCP_STATE_LISTEN, .idiag_rqueue = queue};
	const int32_t zero = 0;
	struct answer a = {0};

	m.id.idiag_sport = htons(80);
	m.id.idiag_cookie[0] = (uint32_t)space + 1;
	m.idiag_wqueue = 128;
	answer_add(&a, SOCK_DIAG_BY_FAMILY, 0, &m, sizeof(m));
	answer_send(f, space, &a);
	answer_add(&a, NLMSG_DONE, 0, &zero, sizeof(zero));
	answer_send(f, space, &a);
}

/* The connection from this port, as the kernel shows it. */
static void send_conn(const struct fixture *f, size_t space, uint32_t sequence, uint8_t state,
		      uint16_t port)
{
	struct {
		struct inet_diag_msg m;
		struct rtattr info_attr;
		uint8_t info[INFO_LEN];
	} body = {
		.m = {.idiag_family = AF_INET, .idiag_state = state},
		.info_attr = {.rta_type = INET_DIAG_INFO,
			      .rta_len = sizeof(struct rtattr) + INFO_LEN},
	};
	struct answer a = {0};

	body.m.id.idiag_sport = htons(port);
	body.m.id.idiag_dport = htons(443);
	body.m.id.idiag_src[0] = htonl(1);
	body.m.id.idiag_dst[0] = htonl(2);
	body.m.id.idiag_cookie[0] = port;
	body.info[80] = 10; /* snd_cwnd */
	answer_add(&a, SOCK_DIAG_BY_FAMILY, sequence, &body, sizeof(body));
	answer_send(f, space, &a);
}

static void send_denial(const struct fixture *f, size_t space, uint32_t sequence)
{
	const int32_t error = -ENOENT;
	struct answer a = {0};

	answer_add(&a, NLMSG_ERROR, sequence, &error, sizeof(error));
	answer_send(f, space, &a);
}

static void add_troubled(struct fixture *f, uint16_t port)
{
	const struct socket_row row = {.family = AF_INET,
				       .sport = port,
				       .dport = 443,
				       .saddr = {0, 0, 0, 1},
				       .daddr = {0, 0, 0, 2},
				       .sock_cookie = port,
				       .timer = 4};
	struct troubled *t = &f->samples.troubled;

	assert_int_equal(troubled_socket(t, &row, f->now), 0);
	/* As if a row of a tracepoint had named it: neither namespace nor cookie is known. */
	map_clear(&t->by_cookie);
	t->items[t->n - 1].cookie = t->items[t->n - 1].netns = 0;
}

static void turn(struct fixture *f)
{
	assert_int_equal(samples_turn(&f->samples, f->now, NULL), 0);
}

struct got {
	struct socket_row rows[16];
	struct socket_detail details[16];
	size_t n;
};

/* Finishes the tape and gives its rows. */
static void read_rows(struct fixture *f, struct got *ret)
{
	const struct merge_options ops = {.until_ns = UINT64_MAX};
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	struct tape_merge *merge CLEANUP(tape_merge_free_p) = NULL;
	const struct tape_row *row;

	world_finish(&f->world);
	reader = world_open_tape(&f->world);
	assert_int_equal(tape_merge_new(reader, &ops, &merge, NULL), 0);
	ret->n = 0;
	while (tape_merge_next(merge, &row, NULL) == 1) {
		assert_true(ret->n < ARRAY_SIZE(ret->rows));
		assert_int_equal(row->tracepoint->index, 2);
		assert_int_equal(row->len, socket_row_len(SOCKET_ROW_SAMPLE_ID, INFO_LEN));
		memcpy(&ret->rows[ret->n], row->data, sizeof(ret->rows[0]));
		memcpy(&ret->details[ret->n], row->data + socket_row_detail_at(INFO_LEN),
		       sizeof(ret->details[0]));
		assert_int_equal(ret->rows[ret->n].common_type, SOCKET_ROW_SAMPLE_ID);
		ret->n++;
	}
}

static void test_samples_of_listeners(void **state)
{
	struct fixture f;
	struct got got;

	fixture_open(&f);
	for (uint32_t i = 0; i < 4; i++) {
		for (size_t k = 0; k < N_SPACES; k++)
			send_listeners(&f, k, k && i == 2 ? 7 : 0);
		turn(&f);
		/* Nothing is due twice in a second. */
		f.now += NSEC_PER_SEC / 2;
		turn(&f);
		f.now += NSEC_PER_SEC / 2;
	}
	read_rows(&f, &got);
	/* The start; both listeners; up to then; a queue; up to then; it is empty again. */
	assert_int_equal(got.n, 7);
	assert_int_equal(got.rows[0].listing, SOCKET_SAMPLE_DONE);
	assert_int_equal(got.details[0].sockets, 0);
	assert_int_equal(got.rows[1].listing, SOCKET_SAMPLE_LISTENER);
	assert_int_equal(got.rows[1].netns, 4000);
	assert_int_equal(got.rows[1].sport, 80);
	assert_int_equal(got.rows[1].wqueue, 128);
	assert_int_equal(got.rows[2].netns, 4001);
	assert_int_equal(got.rows[3].listing, SOCKET_SAMPLE_DONE);
	assert_int_equal(got.details[3].sockets, 1);
	assert_int_equal(got.rows[4].rqueue, 7);
	assert_int_equal(got.rows[5].listing, SOCKET_SAMPLE_DONE);
	assert_int_equal(got.details[5].sockets, 2);
	assert_int_equal(got.rows[6].rqueue, 0);
	fixture_close(&f);
}

/* The namespace of a connection is not known at first: each is asked, and later only the right
 * one. */
static void test_samples_of_connections(void **state)
{
	struct fixture f;
	struct got got;

	fixture_open(&f);
	f.samples.jobs[SAMPLE_JOB_LISTENERS].began_ns = UINT64_MAX / 2;
	add_troubled(&f, 5000);
	send_denial(&f, 0, 1);
	send_conn(&f, 1, 1, TCP_STATE_ESTABLISHED, 5000);
	turn(&f);
	assert_int_equal(f.samples.troubled.items[0].netns, 4001);
	assert_int_equal(f.samples.troubled.items[0].cookie, 5000);
	f.now += NSEC_PER_SEC;
	send_conn(&f, 1, 1, TCP_STATE_ESTABLISHED, 5000);
	turn(&f);
	/* It is gone: the namespace that had it says so. */
	f.now += NSEC_PER_SEC;
	send_denial(&f, 1, 1);
	turn(&f);
	assert_int_equal(f.samples.troubled.n, 0);
	read_rows(&f, &got);
	assert_int_equal(got.n, 5);
	assert_int_equal(got.rows[1].listing, SOCKET_SAMPLE_TROUBLED);
	assert_int_equal(got.rows[1].sport, 5000);
	assert_int_equal(got.rows[1].netns, 4001);
	assert_int_equal(got.rows[1].has_figures, 1);
	assert_int_equal(got.rows[2].listing, SOCKET_SAMPLE_DONE);
	assert_int_equal(got.rows[3].listing, SOCKET_SAMPLE_TROUBLED);
	assert_int_equal(got.rows[4].listing, SOCKET_SAMPLE_DONE);
	fixture_close(&f);
}

/* A connection that no namespace has is forgotten; neither the listener at its port nor another
 * connection answers for it. */
static void test_samples_of_nobody(void **state)
{
	struct fixture f;
	struct got got;

	fixture_open(&f);
	f.samples.jobs[SAMPLE_JOB_LISTENERS].began_ns = UINT64_MAX / 2;
	add_troubled(&f, 5000);
	send_conn(&f, 0, 1, TCP_STATE_LISTEN, 5000);
	send_conn(&f, 1, 1, TCP_STATE_ESTABLISHED, 5001);
	turn(&f);
	assert_int_equal(f.samples.troubled.n, 0);
	read_rows(&f, &got);
	assert_int_equal(got.n, 1);
	fixture_close(&f);
}

/* A question that is not answered is asked again a second later, and not at once for ever. */
static void test_samples_without_an_answer(void **state)
{
	struct fixture f;

	fixture_open(&f);
	f.samples.jobs[SAMPLE_JOB_LISTENERS].began_ns = UINT64_MAX / 2;
	add_troubled(&f, 5000);
	add_troubled(&f, 5001);
	send_conn(&f, 0, 1, TCP_STATE_ESTABLISHED, 5001);
	turn(&f);
	assert_int_equal(f.samples.troubled.n, 2);
	assert_int_equal(f.samples.troubled.items[0].netns, 0);
	assert_int_equal(f.samples.troubled.items[1].netns, 4000);
	world_finish(&f.world);
	fixture_close(&f);
}

/* What finds no room is told, even if nothing else is. */
static void test_samples_tell_what_was_left_out(void **state)
{
	struct fixture f;
	struct got got;

	fixture_open(&f);
	f.samples.jobs[SAMPLE_JOB_LISTENERS].began_ns = UINT64_MAX / 2;
	turn(&f);
	f.now += NSEC_PER_SEC;
	turn(&f);
	f.samples.troubled.n_left_out = 17;
	f.now += NSEC_PER_SEC;
	turn(&f);
	f.now += NSEC_PER_SEC;
	turn(&f);
	f.now += SAMPLES_TELL_QUIET_NS;
	turn(&f);
	read_rows(&f, &got);
	assert_int_equal(got.n, 3);
	assert_int_equal(got.rows[0].holders, 0);
	assert_int_equal(got.rows[1].holders, 17);
	assert_int_equal(got.rows[2].holders, 0);
	fixture_close(&f);
}

/* Who has spent the budget waits. */
static void test_samples_wait_for_the_budget(void **state)
{
	struct fixture f;
	struct got got;

	fixture_open(&f);
	f.samples.budget.ppm = 1000;
	f.samples.budget.saved_ns = NSEC_PER_MSEC;
	turn(&f);
	sample_budget_spend(&f.samples.budget, 10 * NSEC_PER_SEC);
	f.now += 2 * SAMPLES_TELL_QUIET_NS;
	turn(&f);
	read_rows(&f, &got);
	assert_int_equal(got.n, 1);
	fixture_close(&f);
}

/* Without rows about sockets there are no samples. */
static void test_samples_of_no_sockets(void **state)
{
	struct samples s = SAMPLES_INIT;
	struct sockets sockets = {0};

	assert_int_equal(samples_begin(&s, &sockets, NULL), 0);
	assert_int_equal(samples_turn(&s, 1, NULL), 0);
	samples_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples_of_listeners),
		cmocka_unit_test(test_samples_of_connections),
		cmocka_unit_test(test_samples_of_nobody),
		cmocka_unit_test(test_samples_without_an_answer),
		cmocka_unit_test(test_samples_tell_what_was_left_out),
		cmocka_unit_test(test_samples_wait_for_the_budget),
		cmocka_unit_test(test_samples_of_no_sockets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

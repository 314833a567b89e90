// SPDX-License-Identifier: MIT
/*
 * sockets: in every turn messages about destroyed sockets are read first, because the kernel drops
 * them when its buffer is full; a dump waits in the kernel.
 */
#include "record/sockets.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/clock.h"
#include "kernel/sock-diag.h"
#include "record/signals.h"

/* Messages about destroyed sockets that are received at once. Each is an inet_diag_msg and a
 * tcp_info. */
#define MESSAGES      64u
#define MESSAGE_BYTES 1024u
/* Messages that are received in one turn; further ones wait in the kernel for the next turn. */
#define TURN_MESSAGES 65536u
/* Longest time in one turn that a dump is read while the rings wait. */
#define DUMP_SLICE_NS (5 * NSEC_PER_MSEC)
/* Namespaces that are asked at once whether they have messages. */
#define READY 64
/* Size of the buffer that dumps and messages share. */
#define BUFFER_BYTES                                                                               \
	(MESSAGES * MESSAGE_BYTES > SOCK_DIAG_BYTES ? MESSAGES * MESSAGE_BYTES : SOCK_DIAG_BYTES)

void sockets_done(struct sockets *s)
{
	socket_dumper_done(&s->dumper);
	socket_spaces_done(&s->spaces);
	socket_rows_done(&s->rows);
	free(s->buffer);
	*s = (struct sockets){0};
}

static int sockets_open_table(void *userdata, size_t space, int *ret_fd)
{
	const struct sockets *s = userdata;

	return socket_spaces_open_table(&s->spaces, space, ret_fd);
}

int sockets_look_again(struct sockets *s, struct fault *fault)
{
	int r = s->rows.row ? socket_spaces_find(&s->spaces, fault) : 0;

	/* A dump that is under way counts on its place in the list. */
	if (!r && !s->dumper.is_running)
		socket_spaces_forget(&s->spaces);
	return r;
}

int sockets_open(struct sockets *s, const struct synthetic_rows *synthetic, struct fault *fault)
{
	int r;

	if (!synthetic->tcp_info_len)
		return 0;
	s->spaces.with_final = synthetic->with_final;
	s->open_table = sockets_open_table;
	r = socket_rows_init(&s->rows, synthetic->tcp_info_len, fault);
	if (r < 0)
		return r;
	s->buffer = malloc(BUFFER_BYTES);
	return s->buffer ? sockets_look_again(s, fault) : fault_no_memory(fault);
}

int sockets_begin(struct sockets *s, struct drain *d, const struct tracepoints *t,
		  struct fault *fault)
{
	if (!s->rows.row)
		return 0;
	s->rows.drain = d;
	s->rows.cpu = events_first_cpu(d->events);
	s->rows.tracepoint_table = (uint16_t)(t->n - t->n_synthetic);
	s->rows.tracepoint_destroy = (uint16_t)(t->n - 1);
	socket_dumper_begin(&s->dumper, SOCKET_DUMP_START, s->open_table, s);
	return socket_rows_find_holders(&s->rows, fault);
}

/* Receives messages about destroyed sockets of one namespace. Returns 1: there may be more
 * messages; 0: there are none, or no batch has room for them; -errno. */
static int destroyed_take(struct sockets *s, const struct socket_space *space)
{
	struct mmsghdr messages[MESSAGES];
	struct iovec parts[MESSAGES];
	struct socket_rows_source source = {
		.rows = &s->rows,
		.tracepoint = s->rows.tracepoint_destroy,
		.id = SOCKET_ROW_DESTROY_ID,
		.netns = space->netns,
	};
	int n;

	/* Each received message needs room in the batch; an empty batch has room for far more. */
	if (!drain_room(s->rows.drain, MESSAGES * socket_rows_most(MESSAGE_BYTES), s->rows.row_len))
		return 0;
	memset(messages, 0, sizeof(messages));
	for (size_t i = 0; i < MESSAGES; i++) {
		parts[i] = (struct iovec){s->buffer + i * MESSAGE_BYTES, MESSAGE_BYTES};
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	n = recvmmsg(space->destroy, messages, MESSAGES, MSG_DONTWAIT, NULL);
	if (n < 0) {
		s->n_overruns += errno == ENOBUFS;
		return errno == ENOBUFS ? 1 : 0;
	}
	for (int i = 0; i < n; i++) {
		enum sock_diag_end end;
		int r = sock_diag_parse(parts[i].iov_base, messages[i].msg_len, socket_rows_take,
					&source, &end);

		if (s->rows.has_failed)
			return -ENOMEM;
		/* A message that makes no sense is passed over. */
		(void)r;
	}
	return n > 0;
}

/* Receives the messages of the namespaces that have some. */
static int destroyed_take_all(struct sockets *s)
{
	struct epoll_event ready[READY];
	size_t rounds = s->spaces.n / READY + 1;
	int n = READY;

	/* What is ready comes round, so that no namespace waits for the others. */
	while (s->spaces.has_watch && n == READY && rounds--) {
		n = epoll_wait(s->spaces.watch, ready, READY, 0);
		for (int i = 0; i < n; i++) {
			unsigned int turns = TURN_MESSAGES / MESSAGES;
			int r = 1;

			while (r > 0 && turns--)
				r = destroyed_take(s, &s->spaces.items[ready[i].data.u64]);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

int sockets_turn(struct sockets *s, struct fault *fault)
{
	uint64_t began = clock_now();
	int r;

	if (!s->rows.row)
		return 0;
	r = destroyed_take_all(s);
	while (r >= 0 && s->dumper.is_running) {
		r = socket_dumper_step(&s->dumper, s->spaces.items, s->spaces.n, &s->rows,
				       s->buffer);
		if (r <= 0 || clock_now() - began > DUMP_SLICE_NS)
			break;
	}
	if (r == -ENOTRECOVERABLE)
		return fault_set(fault, r, "cannot return from a network namespace");
	return r < 0 ? fault_errno(fault, r, "rows about sockets") : 0;
}

/* Waits until the writer thread gives a batch back or a signal arrives, a tenth of a second at
 * most. */
static int wait_for_batch(struct drain *d, int signals, struct fault *fault)
{
	struct pollfd wake[] = {
		{.fd = writer_thread_wake_fd(d->writer_thread), .events = POLLIN},
		{.fd = signals, .events = POLLIN},
	};

	if (drain_batch(d))
		return 0;
	if (poll(wake, ARRAY_SIZE(wake), 100) < 0 && errno != EINTR)
		return fault_errno(fault, -errno, "poll");
	writer_thread_wake_clear(d->writer_thread);
	return 0;
}

/* True if somebody wants the recorder to end now. */
static bool is_urged(int signals)
{
	int number;

	while ((number = signals_next(signals))) {
		if (number != SIGCHLD)
			return true;
	}
	return false;
}

int sockets_finish(struct sockets *s, int signals, struct fault *fault)
{
	struct drain *d = s->rows.drain;
	int r;

	if (!s->rows.row)
		return 0;
	r = sockets_look_again(s, fault);
	if (!r)
		r = socket_rows_find_holders(&s->rows, fault);
	if (r < 0)
		return r;
	/* The dump at the end replaces a first dump that is not complete yet: so short a recording
	 * has only one dump. */
	socket_dumper_begin(&s->dumper, SOCKET_DUMP_END, s->open_table, s);
	while (!r && s->dumper.is_running && !writer_thread_has_failed(d->writer_thread)) {
		s->is_given_up = is_urged(signals);
		if (s->is_given_up)
			break;
		r = wait_for_batch(d, signals, fault);
		if (!r)
			r = sockets_turn(s, fault);
	}
	drain_close_block(d);
	return r;
}

// SPDX-License-Identifier: MIT
/*
 * sockets: in every turn messages about destroyed sockets are read first, because the kernel drops
 * them when its buffer is full; a dump waits in the kernel.
 */
#include "record/sockets.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/clock.h"
#include "kernel/sock-diag.h"

/* Messages about destroyed sockets that are received at once. Each is an inet_diag_msg and a
 * tcp_info. */
#define MESSAGES      64u
#define MESSAGE_BYTES 1024u
/* Messages that are received in one turn; further ones wait in the kernel for the next turn. */
#define TURN_MESSAGES 65536u
/* Longest time in one turn that a dump is read while the rings wait. */
#define DUMP_SLICE_NS (5 * NSEC_PER_MSEC)
/* Size of the buffer that dumps and messages share. */
#define BUFFER_BYTES                                                                               \
	(MESSAGES * MESSAGE_BYTES > SOCK_DIAG_BYTES ? MESSAGES * MESSAGE_BYTES : SOCK_DIAG_BYTES)

void sockets_done(struct sockets *s)
{
	for (size_t i = 0; i < s->n_spaces; i++) {
		close_p(&s->spaces[i].table);
		close_p(&s->spaces[i].destroy);
	}
	free(s->spaces);
	netns_list_done(&s->names);
	socket_rows_done(&s->rows);
	free(s->buffer);
	*s = (struct sockets){0};
}

/* Opens netlink sockets in the namespaces that are new. */
static int spaces_open(struct sockets *s, struct fault *fault)
{
	struct socket_space *more = realloc(s->spaces, (s->names.n + 1) * sizeof(*more));

	if (!more)
		return fault_no_memory(fault);
	s->spaces = more;
	for (; s->n_spaces < s->names.n; s->n_spaces++) {
		const struct netns *ns = &s->names.items[s->n_spaces];
		struct socket_space *space = &s->spaces[s->n_spaces];
		int r = 0;

		*space = (struct socket_space){ns->inode, -1, -1};
		if (s->with_final)
			r = netns_open(ns, sock_diag_subscribe, &space->destroy, fault);
		if (!r)
			r = netns_open(ns, sock_diag_open, &space->table, fault);
		if (r == -ENOTRECOVERABLE)
			return r;
		s->n_missed += r < 0;
	}
	return 0;
}

int sockets_look_again(struct sockets *s, struct fault *fault)
{
	if (!s->rows.row)
		return 0;
	if (netns_list_find(&s->names, "/proc", "/run/netns") < 0)
		return fault_no_memory(fault);
	return s->names.n > s->n_spaces ? spaces_open(s, fault) : 0;
}

int sockets_open(struct sockets *s, const struct synthetic_rows *synthetic, struct fault *fault)
{
	int r;

	if (!synthetic->tcp_info_len)
		return 0;
	s->with_final = synthetic->with_final;
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
	s->rows.tracepoint_table = (uint16_t)(t->n - t->n_synthetic);
	s->rows.tracepoint_destroy = (uint16_t)(t->n - 1);
	socket_dumper_begin(&s->dumper, SOCKET_DUMP_START);
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

static int destroyed_take_all(struct sockets *s)
{
	for (size_t i = 0; i < s->n_spaces; i++) {
		unsigned int turns = TURN_MESSAGES / MESSAGES;
		int r = 1;

		while (s->spaces[i].destroy >= 0 && r > 0 && turns--)
			r = destroyed_take(s, &s->spaces[i]);
		if (r < 0)
			return r;
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
		r = socket_dumper_step(&s->dumper, s->spaces, s->n_spaces, &s->rows, s->buffer);
		if (r <= 0 || clock_now() - began > DUMP_SLICE_NS)
			break;
	}
	return r < 0 ? fault_errno(fault, r, "rows about sockets") : 0;
}

/* Waits until the writer thread gives a batch back, a tenth of a second at most. */
static int wait_for_batch(struct drain *d, struct fault *fault)
{
	struct pollfd wake = {.fd = writer_thread_wake_fd(d->writer_thread), .events = POLLIN};

	if (drain_batch(d))
		return 0;
	if (poll(&wake, 1, 100) < 0 && errno != EINTR)
		return fault_errno(fault, -errno, "poll");
	writer_thread_wake_clear(d->writer_thread);
	return 0;
}

/* Gives up a dump that is under way. Its netlink socket still holds the rest of the answer, and the
 * kernel refuses the next request with EBUSY until all of it is read: a new socket replaces it. */
static int sockets_abandon_dump(struct sockets *s, struct fault *fault)
{
	struct socket_space *space = &s->spaces[s->dumper.space];
	int r;

	if (!s->dumper.is_running || !s->dumper.is_asked)
		return 0;
	close_p(&space->table);
	space->table = -1;
	r = netns_open(&s->names.items[s->dumper.space], sock_diag_open, &space->table, fault);
	return r == -ENOTRECOVERABLE ? r : 0;
}

int sockets_finish(struct sockets *s, struct fault *fault)
{
	struct drain *d = s->rows.drain;
	int r;

	if (!s->rows.row)
		return 0;
	r = sockets_look_again(s, fault);
	if (!r)
		r = socket_rows_find_holders(&s->rows, fault);
	if (!r)
		r = sockets_abandon_dump(s, fault);
	if (r < 0)
		return r;
	/* The dump at the end replaces a first dump that is not complete yet: so short a recording
	 * has only one dump. */
	socket_dumper_begin(&s->dumper, SOCKET_DUMP_END);
	while (!r && s->dumper.is_running && !writer_thread_has_failed(d->writer_thread)) {
		r = wait_for_batch(d, fault);
		if (!r)
			r = sockets_turn(s, fault);
	}
	drain_close_block(d);
	return r;
}

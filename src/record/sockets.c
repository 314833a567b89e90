// SPDX-License-Identifier: MIT
#include "record/sockets.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/clock.h"
#include "kernel/sock-diag.h"

/* Messages about sockets that are gone, at once: each has an inet_diag_msg and a tcp_info. */
#define MESSAGES      64u
#define MESSAGE_BYTES 1024u
/* And in one turn; more than that stays where it is for the next one. */
#define TURN_MESSAGES 65536u
/* Rings may not wait for a table longer than this. */
#define TABLE_SLICE_NS (5 * NSEC_PER_MSEC)

/* What is asked for, one after the other; the second and third only if the first is refused. */
static const uint8_t families[] = {AF_UNSPEC, AF_INET, AF_INET6};

void sockets_done(struct sockets *s)
{
	for (size_t i = 0; i < s->n_spaces; i++) {
		close_p(&s->spaces[i].table);
		close_p(&s->spaces[i].destroy);
	}
	free(s->spaces);
	netns_list_done(&s->names);
	socket_holders_done(&s->holders);
	free(s->row);
	free(s->buffer);
	*s = (struct sockets){0};
}

/* Opens what there is in the namespaces that are new. */
static int open_spaces(struct sockets *s, struct fault *fault)
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
		if (s->made.with_last)
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
	if (!s->row)
		return 0;
	if (netns_list_find(&s->names, "/proc", "/run/netns") < 0)
		return fault_no_memory(fault);
	return s->names.n > s->n_spaces ? open_spaces(s, fault) : 0;
}

int sockets_open(struct sockets *s, const struct synthetic_rows *made, struct fault *fault)
{
	if (!made->tcp_info_len)
		return 0;
	s->made = *made;
	s->row_len = socket_row_len(made->tcp_info_len);
	s->row = malloc(s->row_len);
	s->buffer = malloc(MESSAGES * MESSAGE_BYTES > SOCK_DIAG_BYTES ? MESSAGES * MESSAGE_BYTES
								      : SOCK_DIAG_BYTES);
	if (!s->row || !s->buffer)
		return fault_no_memory(fault);
	return sockets_look_again(s, fault);
}

static int find_holders(struct sockets *s, struct fault *fault)
{
	if (socket_holders_find(&s->holders, "/proc", getpid()) < 0)
		return fault_no_memory(fault);
	return 0;
}

static void begin_dump(struct sockets *s, enum socket_dump listing)
{
	s->is_listing = true;
	s->listing = listing;
	s->space = 0;
	s->family = 0;
	s->is_asked = false;
	s->n_failed = 0;
}

int sockets_begin(struct sockets *s, struct drain *d, const struct tracepoints *t,
		  struct fault *fault)
{
	if (!s->row)
		return 0;
	s->drain = d;
	s->tracepoint_table = (uint16_t)(t->n - t->n_synthetic);
	s->tracepoint_destroy = (uint16_t)(t->n - 1);
	begin_dump(s, SOCKET_DUMP_START);
	return find_holders(s, fault);
}

/* The row in s->row, onto the tape; 1, 0 no batch is free, -ENOMEM. */
static int put_row(struct sockets *s, uint16_t tracepoint)
{
	struct batch_row row = {
		.tracepoint = tracepoint,
		.len = s->row_len,
		.cpu = s->drain->events->cpus[0].cpu,
		.time = clock_now(),
		.data = s->row,
	};

	return drain_add(s->drain, &row);
}

/* Which socket a message is about, and where it goes. */
struct taking {
	struct sockets *sockets;
	uint16_t tracepoint;
	uint16_t id;
	uint8_t listing;
	uint32_t netns;
};

static int take_socket(void *userdata, const struct socket_row *row, const void *info,
		       uint32_t info_len)
{
	const struct taking *t = userdata;
	struct sockets *s = t->sockets;
	struct socket_row whole = *row;
	int r;

	whole.common_type = t->id;
	whole.listing = t->listing;
	whole.netns = t->netns;
	whole.has_figures = info_len > 0;
	(void)socket_holders_get(&s->holders, row->inode, &whole.pid, &whole.holders);
	memset(s->row, 0, s->row_len);
	memcpy(s->row, &whole, sizeof(whole));
	if (info_len)
		socket_row_put_tcp_info(s->row, s->made.tcp_info_len, info, info_len);
	r = put_row(s, t->tracepoint);
	/* The caller has seen to it that there is a batch; one that fills up is replaced. */
	return r == 0 ? -EBUSY : r < 0 ? r : 0;
}

/* 1 there was something; 0 nothing (more), or no place for it; -errno. */
static int take_destroyed(struct sockets *s, const struct socket_space *space)
{
	struct mmsghdr messages[MESSAGES];
	struct iovec parts[MESSAGES];
	struct taking taking = {.sockets = s,
				.tracepoint = s->tracepoint_destroy,
				.id = SOCKET_ROW_DESTROY_ID,
				.netns = space->netns};
	int n;

	/* What is received must find a place: a batch takes far more than this. */
	if (!drain_room(s->drain, MESSAGES))
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
		int r = sock_diag_parse(parts[i].iov_base, messages[i].msg_len, take_socket,
					&taking, &end);

		if (r == -ENOMEM || r == -EBUSY)
			return r;
	}
	return n > 0;
}

/* Everybody's messages. */
static int take_all_destroyed(struct sockets *s)
{
	for (size_t i = 0; i < s->n_spaces; i++) {
		unsigned int turns = TURN_MESSAGES / MESSAGES;
		int r = 1;

		while (s->spaces[i].destroy >= 0 && r > 0 && turns--)
			r = take_destroyed(s, &s->spaces[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

static void next_question(struct sockets *s, bool is_whole)
{
	bool is_both = families[s->family] == AF_UNSPEC, is_last = s->family == 2;

	s->is_asked = false;
	/* A family that failed says enough about its namespace. */
	if (is_both ? !is_whole : is_whole && !is_last) {
		s->family++;
		return;
	}
	s->n_failed += !is_whole;
	s->family = 0;
	s->space++;
}

static int end_dump(struct sockets *s)
{
	struct socket_row row = {.common_type = SOCKET_ROW_TABLE_ID};
	int r;

	row.listing =
		s->listing == SOCKET_DUMP_START ? SOCKET_DUMP_START_DONE : SOCKET_DUMP_END_DONE;
	row.holders = s->n_failed;
	memset(s->row, 0, s->row_len);
	memcpy(s->row, &row, sizeof(row));
	r = put_row(s, s->tracepoint_table);
	if (r > 0)
		s->is_listing = false;
	return r;
}

/* One step of the table: 1 go on; 0 nothing to be had for now; -errno. */
static int dump_more(struct sockets *s)
{
	struct taking taking = {.sockets = s,
				.tracepoint = s->tracepoint_table,
				.id = SOCKET_ROW_TABLE_ID,
				.listing = (uint8_t)s->listing};
	const struct socket_space *space = &s->spaces[s->space];
	enum sock_diag_end end;
	ssize_t n;
	int r;

	if (s->space == s->n_spaces)
		return end_dump(s);
	taking.netns = space->netns;
	if (space->table < 0) {
		s->n_failed++;
		s->space++;
		return 1;
	}
	if (!s->is_asked) {
		s->is_asked = sock_diag_ask(space->table, families[s->family], NULL) == 0;
		if (!s->is_asked)
			next_question(s, false);
		return 1;
	}
	if (!drain_room(s->drain, SOCK_DIAG_BYTES / sizeof(struct socket_row)))
		return 0;
	n = recv(space->table, s->buffer, SOCK_DIAG_BYTES, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	r = n < 0 ? -errno : sock_diag_parse(s->buffer, (size_t)n, take_socket, &taking, &end);
	if (r == -ENOMEM || r == -EBUSY)
		return r;
	if (r < 0)
		next_question(s, false);
	else if (end != SOCK_DIAG_MORE)
		next_question(s, end == SOCK_DIAG_DONE);
	return 1;
}

int sockets_turn(struct sockets *s, struct fault *fault)
{
	uint64_t began = clock_now();
	int r;

	if (!s->row)
		return 0;
	r = take_all_destroyed(s);
	while (r >= 0 && s->is_listing) {
		r = dump_more(s);
		if (r <= 0 || clock_now() - began > TABLE_SLICE_NS)
			break;
	}
	return r < 0 ? fault_errno(fault, r, "rows about sockets") : 0;
}

/* The writer thread gives a batch back before long. */
static int wait_for_batch(struct sockets *s, struct fault *fault)
{
	struct pollfd wake = {.fd = writer_thread_wake_fd(s->drain->writer_thread),
			      .events = POLLIN};

	if (drain_batch(s->drain))
		return 0;
	if (poll(&wake, 1, 100) < 0 && errno != EINTR)
		return fault_errno(fault, -errno, "poll");
	writer_thread_wake_clear(s->drain->writer_thread);
	return 0;
}

int sockets_finish(struct sockets *s, struct fault *fault)
{
	int r;

	if (!s->row)
		return 0;
	r = sockets_look_again(s, fault);
	if (!r)
		r = find_holders(s, fault);
	if (r < 0)
		return r;
	/* A recording so short that its first table never came to its end has only one. */
	begin_dump(s, SOCKET_DUMP_END);
	while (!r && s->is_listing && !writer_thread_has_failed(s->drain->writer_thread)) {
		r = wait_for_batch(s, fault);
		if (!r)
			r = sockets_turn(s, fault);
	}
	drain_close_block(s->drain);
	return r;
}

// SPDX-License-Identifier: MIT
/*
 * socket-dumper: asks in each namespace for both families at once and, where the kernel refuses
 * that, for IPv4 and then for IPv6.
 */
#include "record/socket-dumper.h"

#include <assert.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/sock-diag.h"

static const uint8_t families[] = {AF_UNSPEC, AF_INET, AF_INET6};
#define FAMILY_LAST (ARRAY_SIZE(families) - 1)

static void dumper_close_table(struct socket_dumper *d)
{
	if (d->has_table)
		close(d->table);
	d->has_table = false;
}

void socket_dumper_begin(struct socket_dumper *d, enum socket_dump kind, socket_dumper_open_fn open,
			 void *userdata)
{
	assert(kind == SOCKET_DUMP_START || kind == SOCKET_DUMP_END);
	dumper_close_table(d);
	time_waits_done(&d->time_waits);
	*d = (struct socket_dumper){
		.open = open, .userdata = userdata, .is_running = true, .kind = kind};
	time_waits_begin(&d->time_waits);
}

void socket_dumper_done(struct socket_dumper *d)
{
	dumper_close_table(d);
	time_waits_done(&d->time_waits);
	d->is_running = false;
}

static void dumper_next_space(struct socket_dumper *d, bool is_whole)
{
	dumper_close_table(d);
	time_waits_begin(&d->time_waits);
	d->n_failed += !is_whole;
	d->family = 0;
	d->space++;
}

/* The answers of a namespace have ended: its sockets in TIME_WAIT are told as numbers. */
static void dumper_end_space(struct socket_dumper *d, bool is_whole)
{
	if (d->n_unlisted)
		time_waits_add_others(&d->time_waits, d->n_unlisted);
	if (time_waits_rows(&d->time_waits)) {
		d->is_counted = true;
		d->is_whole = is_whole;
	} else {
		dumper_next_space(d, is_whole);
	}
}

/* Chooses the next request after an answer is complete or a request has failed. */
static void dumper_next_request(struct socket_dumper *d, bool is_whole)
{
	bool is_both = families[d->family] == AF_UNSPEC;

	d->is_asked = false;
	/* After a failure the netlink socket may still hold the rest of an answer, and the kernel
	 * refuses the next request with EBUSY until all of it is read: a new one replaces it. */
	if (!is_whole)
		dumper_close_table(d);
	/* What a first answer has told of both families comes again. */
	if (is_both && !is_whole)
		time_waits_begin(&d->time_waits);
	/* After a failure with both families, each family is asked for alone. After a failure with
	 * one family the next namespace follows, because failures are counted per namespace. */
	if (is_both ? !is_whole : is_whole && d->family != FAMILY_LAST)
		d->family++;
	else
		dumper_end_space(d, is_whole);
}

static int dumper_end(struct socket_dumper *d, struct socket_rows *rows)
{
	enum socket_dump end =
		d->kind == SOCKET_DUMP_START ? SOCKET_DUMP_START_DONE : SOCKET_DUMP_END_DONE;
	int r = socket_rows_put_end(rows, end, d->n_failed);

	if (r > 0)
		d->is_running = false;
	return r;
}

static struct socket_rows_source dumper_source(const struct socket_dumper *d,
					       const struct socket_space *space,
					       struct socket_rows *rows)
{
	return (struct socket_rows_source){
		.rows = rows,
		.tracepoint = rows->tracepoint_table,
		.id = SOCKET_ROW_TABLE_ID,
		.dump = (uint8_t)d->kind,
		.netns = space->netns,
	};
}

/* What takes the sockets of an answer. */
struct dumper_taker {
	struct time_waits *time_waits;
	struct socket_rows_source source;
};

static int dumper_take(void *userdata, const struct sock_diag_socket *socket)
{
	struct dumper_taker *taker = userdata;
	int r = time_waits_take(taker->time_waits, socket);

	if (!r)
		return socket_rows_take(&taker->source, socket);
	taker->source.rows->has_failed |= r < 0;
	return r < 0 ? r : 0;
}

/* Gives the rows of sockets in TIME_WAIT. */
static int dumper_tell_time_waits(struct socket_dumper *d, const struct socket_space *space,
				  struct socket_rows *rows)
{
	struct socket_rows_source source = dumper_source(d, space, rows);
	int r;

	if (!drain_room(rows->drain, time_waits_rows(&d->time_waits), rows->row_len))
		return 0;
	r = time_waits_put(&d->time_waits, socket_rows_take, &source);
	if (r < 0)
		return r;
	d->is_counted = false;
	dumper_next_space(d, d->is_whole);
	return 1;
}

static int dumper_receive(struct socket_dumper *d, const struct socket_space *space,
			  struct socket_rows *rows, uint8_t *buffer)
{
	struct dumper_taker taker = {&d->time_waits, dumper_source(d, space, rows)};
	enum sock_diag_end end = SOCK_DIAG_MORE;
	ssize_t n;
	int r;

	if (!drain_room(rows->drain, socket_rows_most(SOCK_DIAG_BYTES), rows->row_len))
		return 0;
	n = recv(d->table, buffer, SOCK_DIAG_BYTES, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	r = n < 0 ? -errno : sock_diag_parse(buffer, (size_t)n, dumper_take, &taker, &end);
	if (rows->has_failed)
		return -ENOMEM;
	if (r < 0)
		dumper_next_request(d, false);
	else if (end != SOCK_DIAG_MORE)
		dumper_next_request(d, end == SOCK_DIAG_DONE);
	return 1;
}

/* Opens a netlink socket in the namespace that is dumped, unless it is open. 0, or
 * -ENOTRECOVERABLE; *ret_is_open: whether there is one. */
static int dumper_open_table(struct socket_dumper *d, bool *ret_is_open)
{
	uint32_t n = 0;
	int r = d->has_table ? 0 : d->open(d->userdata, d->space, &d->table, &n);

	if (!d->has_table)
		d->n_unlisted = n > SOCKET_DUMPER_TIME_WAITS_MAX ? n : 0;
	*ret_is_open = d->has_table = !r;
	if (r == -ENOTRECOVERABLE)
		return r;
	/* A namespace that has ended has no sockets that could be missing, either. */
	if (r < 0)
		dumper_next_space(d, r == -ESTALE || r == -ENODATA);
	return 0;
}

int socket_dumper_step(struct socket_dumper *d, const struct socket_space *spaces, size_t n_spaces,
		       struct socket_rows *rows, uint8_t *buffer)
{
	bool is_open;
	int r;

	assert(d->is_running);
	if (d->space == n_spaces)
		return dumper_end(d, rows);
	if (d->is_counted)
		return dumper_tell_time_waits(d, &spaces[d->space], rows);
	if (d->is_asked)
		return dumper_receive(d, &spaces[d->space], rows, buffer);
	r = dumper_open_table(d, &is_open);
	if (r < 0 || !is_open)
		return r < 0 ? r : 1;
	d->is_asked = sock_diag_ask(d->table, families[d->family], !d->n_unlisted, NULL) == 0;
	if (!d->is_asked)
		dumper_next_request(d, false);
	return 1;
}

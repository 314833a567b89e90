// SPDX-License-Identifier: MIT
/*
 * socket-dumper: asks in each namespace for both families at once and, where the kernel refuses
 * that, for IPv4 and then for IPv6.
 */
#include "record/socket-dumper.h"

#include <assert.h>
#include <errno.h>
#include <sys/socket.h>

#include "kernel/sock-diag.h"

static const uint8_t families[] = {AF_UNSPEC, AF_INET, AF_INET6};
#define FAMILY_LAST (ARRAY_SIZE(families) - 1)

void socket_dumper_begin(struct socket_dumper *d, enum socket_dump kind)
{
	assert(kind == SOCKET_DUMP_START || kind == SOCKET_DUMP_END);
	*d = (struct socket_dumper){.is_running = true, .kind = kind};
}

static void dumper_next_space(struct socket_dumper *d, bool is_whole)
{
	d->n_failed += !is_whole;
	d->family = 0;
	d->space++;
}

/* Chooses the next request after an answer is complete or a request has failed. */
static void dumper_next_request(struct socket_dumper *d, bool is_whole)
{
	bool is_both = families[d->family] == AF_UNSPEC;

	d->is_asked = false;
	/* After a failure with both families, each family is asked for alone. After a failure with
	 * one family the next namespace follows, because failures are counted per namespace. */
	if (is_both ? !is_whole : is_whole && d->family != FAMILY_LAST)
		d->family++;
	else
		dumper_next_space(d, is_whole);
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

static int dumper_receive(struct socket_dumper *d, const struct socket_space *space,
			  struct socket_rows *rows, uint8_t *buffer)
{
	struct socket_rows_source source = {
		.rows = rows,
		.tracepoint = rows->tracepoint_table,
		.id = SOCKET_ROW_TABLE_ID,
		.dump = (uint8_t)d->kind,
		.netns = space->netns,
	};
	enum sock_diag_end end = SOCK_DIAG_MORE;
	ssize_t n;
	int r;

	if (!drain_room(rows->drain, socket_rows_most(SOCK_DIAG_BYTES), rows->row_len))
		return 0;
	n = recv(space->table, buffer, SOCK_DIAG_BYTES, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	r = n < 0 ? -errno : sock_diag_parse(buffer, (size_t)n, socket_rows_take, &source, &end);
	if (rows->has_failed)
		return -ENOMEM;
	if (r < 0)
		dumper_next_request(d, false);
	else if (end != SOCK_DIAG_MORE)
		dumper_next_request(d, end == SOCK_DIAG_DONE);
	return 1;
}

int socket_dumper_step(struct socket_dumper *d, const struct socket_space *spaces, size_t n_spaces,
		       struct socket_rows *rows, uint8_t *buffer)
{
	const struct socket_space *space;

	assert(d->is_running);
	if (d->space == n_spaces)
		return dumper_end(d, rows);
	space = &spaces[d->space];
	if (space->table < 0) {
		dumper_next_space(d, false);
		return 1;
	}
	if (d->is_asked)
		return dumper_receive(d, space, rows, buffer);
	d->is_asked = sock_diag_ask(space->table, families[d->family], NULL) == 0;
	if (!d->is_asked)
		dumper_next_request(d, false);
	return 1;
}

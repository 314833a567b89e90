// SPDX-License-Identifier: MIT
/*
 * socket-rows: builds each row in one buffer, and copies it from there into the batch.
 */
#include "record/socket-rows.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/units.h"
#include "kernel/clock.h"
#include "kernel/sock-diag.h"

/* CPU time that may be spent on finding out which process holds which socket, at the start and
 * again at the end. */
#define HOLDERS_CPU_NS (250 * NSEC_PER_MSEC)

int socket_rows_init(struct socket_rows *r, uint32_t tcp_info_len, struct fault *fault)
{
	assert(tcp_info_len);
	r->tcp_info_len = tcp_info_len;
	r->row_len = socket_row_len(SOCKET_ROW_TABLE_ID, tcp_info_len);
	r->row = malloc(r->row_len);
	return r->row ? 0 : fault_no_memory(fault);
}

void socket_rows_done(struct socket_rows *r)
{
	socket_holders_done(&r->holders);
	free(r->row);
	*r = (struct socket_rows){0};
}

int socket_rows_find_holders(struct socket_rows *r, struct fault *fault)
{
	int n = socket_holders_find(&r->holders, "/proc", getpid(), HOLDERS_CPU_NS);

	return n < 0 ? fault_no_memory(fault) : 0;
}

static void row_begin(struct socket_rows *r, const struct socket_row *row)
{
	memset(r->row, 0, r->row_len);
	memcpy(r->row, row, sizeof(*row));
}

/* Puts the row that is in r->row into the batch. 1; 0: no batch is free; -ENOMEM. */
static int row_put(struct socket_rows *r, uint16_t tracepoint, const struct socket_detail *detail)
{
	struct socket_row *head = (struct socket_row *)r->row;
	struct batch_row row = {
		.tracepoint = tracepoint,
		.len = socket_row_len(head->common_type, r->tcp_info_len),
		.cpu = r->cpu,
		.time = clock_now(),
		.data = r->row,
	};
	uint16_t at = socket_row_detail_at(r->tcp_info_len);

	if (row.len > at)
		memcpy(r->row + at, detail, sizeof(*detail));
	return drain_add(r->drain, &row);
}

uint32_t socket_rows_most(size_t bytes)
{
	return (uint32_t)(bytes / SOCK_DIAG_SOCKET_BYTES_MIN + 1);
}

int socket_rows_take(void *userdata, const struct sock_diag_socket *socket)
{
	const struct socket_rows_source *source = userdata;
	struct socket_rows *rows = source->rows;
	struct socket_row whole = socket->row;
	int r;

	whole.common_type = source->id;
	whole.listing = source->dump;
	whole.netns = source->netns;
	whole.has_figures = socket->info_len > 0;
	(void)socket_holders_get(&rows->holders, whole.inode, &whole.pid, &whole.holders);
	row_begin(rows, &whole);
	if (socket->info_len)
		socket_row_put_tcp_info(rows->row, rows->tcp_info_len, socket->info,
					socket->info_len);
	r = row_put(rows, source->tracepoint, &socket->detail);
	/* The caller has made room for every row that a datagram can have. */
	rows->n_dropped += r == 0;
	rows->has_failed |= r < 0;
	return r < 0 ? r : 0;
}

static int row_put_about_none(struct socket_rows *r, uint16_t tracepoint,
			      const struct socket_row *row, uint32_t sockets)
{
	const struct socket_detail detail = {.sockets = sockets};

	row_begin(r, row);
	return row_put(r, tracepoint, &detail);
}

int socket_rows_put_end(struct socket_rows *r, enum socket_dump kind, uint32_t n_failed)
{
	const struct socket_row row = {
		.common_type = SOCKET_ROW_TABLE_ID,
		.listing = (uint8_t)kind,
		.holders = n_failed,
	};

	return row_put_about_none(r, r->tracepoint_table, &row, 0);
}

int socket_rows_put_samples(struct socket_rows *r, uint32_t n_rounds, uint32_t n_left_out)
{
	const struct socket_row row = {
		.common_type = SOCKET_ROW_SAMPLE_ID,
		.listing = SOCKET_SAMPLE_DONE,
		.holders = n_left_out,
	};

	return row_put_about_none(r, r->tracepoint_sample, &row, n_rounds);
}

int socket_rows_put_subflow(struct socket_rows *r, uint32_t netns, const struct mptcp_event *e)
{
	const struct socket_detail detail = {
		.sockets = 1,
		.mptcp_token = e->token,
		.mptcp_subflow = (uint8_t)e->subflow,
	};
	struct socket_row row = {
		.common_type = SOCKET_ROW_SAMPLE_ID,
		.listing = SOCKET_SAMPLE_SUBFLOW,
		.family = e->family,
		.sport = e->sport,
		.dport = e->dport,
		.netns = netns,
	};

	if (e->family == AF_INET) {
		memcpy(row.saddr, e->saddr, sizeof(row.saddr));
		memcpy(row.daddr, e->daddr, sizeof(row.daddr));
	} else {
		memcpy(row.saddr_v6, e->saddr, sizeof(row.saddr_v6));
		memcpy(row.daddr_v6, e->daddr, sizeof(row.daddr_v6));
	}
	row_begin(r, &row);
	return row_put(r, r->tracepoint_sample, &detail);
}

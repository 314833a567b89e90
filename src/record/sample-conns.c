// SPDX-License-Identifier: MIT
#include "record/sample-conns.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "kernel/sock-diag-ask.h"
#include "tcp/names.h"

/* A request: a question about each of some connections, in one namespace. */
struct question {
	size_t item; /* index in troubled */
	bool is_answered;
	bool is_gone; /* the namespace that had the connection has it no more */
};

struct request {
	struct question questions[SAMPLE_CONNS_AT_ONCE];
	size_t n;
	size_t space; /* index in spaces */
};

/* Whether the connection has a namespace in which it can be asked about; c->space is its index. */
static bool conn_find_space(const struct sample_spaces *spaces, struct troubled_conn *c)
{
	if (c->netns)
		c->space = (uint32_t)sample_spaces_find(spaces, c->netns);
	while (!c->netns && c->space < spaces->n && spaces->items[c->space].fd < 0)
		c->space++;
	return c->space < spaces->n && spaces->items[c->space].fd >= 0;
}

/* Forgets the connections that no namespace has. */
static void conns_forget_lost(const struct sample_conns *s)
{
	for (size_t i = s->troubled->n; i-- > 0;) {
		if (!conn_find_space(s->spaces, &s->troubled->items[i]))
			troubled_forget(s->troubled, i);
	}
}

/* Chooses as many as can be asked about in the same namespace, the last one first. */
static void request_choose(const struct sample_conns *s, struct request *r)
{
	struct troubled *t = s->troubled;

	r->n = 0;
	for (size_t i = t->n; i-- > 0 && r->n < SAMPLE_CONNS_AT_ONCE;) {
		const struct troubled_conn *c = &t->items[i];

		if (c->round == s->round || (r->n && c->space != r->space))
			continue;
		r->space = c->space;
		r->questions[r->n++] = (struct question){.item = i};
	}
}

static int request_send(const struct sample_conns *s, const struct request *r)
{
	struct sock_diag_query queries[SAMPLE_CONNS_AT_ONCE];

	for (size_t i = 0; i < r->n; i++) {
		const struct troubled_conn *c = &s->troubled->items[r->questions[i].item];

		queries[i] = (struct sock_diag_query){
			.ends = &c->ends, .cookie = c->cookie, .sequence = (uint32_t)i + 1};
	}
	return sock_diag_query(s->spaces->items[r->space].fd, queries, r->n);
}

/* Who takes the answer to a question. */
struct answer_taker {
	const struct sample_conns *conns;
	size_t item;
	uint32_t netns;
	bool is_there;
	bool has_failed; /* out of memory */
};

static int answer_take(void *userdata, const struct sock_diag_socket *socket)
{
	struct answer_taker *a = userdata;
	struct troubled *t = a->conns->troubled;
	struct socket_row row = socket->row;
	struct socket_rows_source source = {
		.rows = a->conns->rows,
		.tracepoint = a->conns->rows->tracepoint_sample,
		.id = SOCKET_ROW_SAMPLE_ID,
		.dump = SOCKET_SAMPLE_TROUBLED,
		.netns = a->netns,
	};
	int r;

	/* A listener answers for a connection that is gone. */
	if (row.state == TCP_STATE_LISTEN || row.state == TCP_STATE_TIME_WAIT ||
	    !troubled_is_at(&t->items[a->item].ends, &row))
		return 0;
	a->is_there = true;
	row.netns = a->netns;
	r = troubled_answer(t, a->item, &row, a->conns->now);
	if (!r)
		r = socket_rows_take(&source, socket);
	a->has_failed = r < 0;
	return r;
}

static int answer_read(const struct sample_conns *s, struct request *r, const uint8_t *data,
		       size_t len, uint32_t *ret_n)
{
	struct answer_taker a = {.conns = s, .netns = s->spaces->items[r->space].netns};
	uint32_t number = sock_diag_sequence(data, len);
	struct question *q;
	enum sock_diag_end end;
	int error;

	if (!number || number > r->n)
		return 0;
	q = &r->questions[number - 1];
	a.item = q->item;
	error = sock_diag_parse(data, len, answer_take, &a, &end);
	/* An error of the kernel's says that the connection is not there. */
	if (a.has_failed)
		return error;
	q->is_answered = true;
	*ret_n += a.is_there;
	if (a.is_there)
		s->troubled->items[q->item].round = s->round;
	else if (s->troubled->items[q->item].netns)
		q->is_gone = true;
	else
		s->troubled->items[q->item].space++;
	return 0;
}

static int request_receive(const struct sample_conns *s, struct request *r, uint32_t *ret_n)
{
	struct mmsghdr messages[SAMPLE_CONNS_AT_ONCE];
	struct iovec parts[SAMPLE_CONNS_AT_ONCE];
	int n, error = 0;

	memset(messages, 0, sizeof(messages));
	for (size_t i = 0; i < r->n; i++) {
		parts[i] = (struct iovec){s->buffer + i * SAMPLE_CONNS_ANSWER_BYTES,
					  SAMPLE_CONNS_ANSWER_BYTES};
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	n = recvmmsg(s->spaces->items[r->space].fd, messages, (unsigned int)r->n, MSG_DONTWAIT,
		     NULL);
	for (int i = 0; !error && i < n; i++)
		error = answer_read(s, r, parts[i].iov_base, messages[i].msg_len, ret_n);
	return error;
}

int sample_conns_step(const struct sample_conns *s, uint32_t *ret_n)
{
	struct request r;
	int error;

	*ret_n = 0;
	if (!drain_room(s->rows->drain, SAMPLE_CONNS_AT_ONCE, s->rows->row_len))
		return 0;
	conns_forget_lost(s);
	request_choose(s, &r);
	if (!r.n)
		return 0;
	error = request_send(s, &r) < 0 ? 0 : request_receive(s, &r, ret_n);
	if (error < 0)
		return error;
	/* The highest index comes first: what takes the place of one that is forgotten was behind
	 * all that are left. */
	for (size_t i = 0; i < r.n; i++) {
		const struct question *q = &r.questions[i];

		if (q->is_gone)
			troubled_forget(s->troubled, q->item);
		else if (!q->is_answered)
			s->troubled->items[q->item].round = s->round;
	}
	return 1;
}

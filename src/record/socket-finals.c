// SPDX-License-Identifier: MIT
#include "record/socket-finals.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "kernel/clock.h"
#include "kernel/sock-diag.h"

/* Messages that are received in one turn; further ones wait in the kernel for the next turn. */
#define TURN_MESSAGES 65536u
/* Namespaces that are asked at once whether they have messages. */
#define READY 64
/* The messages of namespaces are compared over so long. */
#define WINDOW_NS NSEC_PER_SEC
/* In a long pause the tape tells this often how many sockets were destroyed in it. */
#define TOLD_NS (60 * NSEC_PER_SEC)

/* Sockets that were destroyed since the start, and of which no message tells. */
static uint64_t finals_unheard(const struct socket_finals *f)
{
	uint64_t n = f->tracepoint_closed == TRACEPOINT_NONE
			     ? 0
			     : drain_rows_of(f->rows->drain, f->tracepoint_closed);

	return n > f->n_messages ? n - f->n_messages : 0;
}

uint64_t socket_finals_unasked(const struct socket_finals *f)
{
	uint64_t now = f->budget.is_paused ? finals_unheard(f) : 0;

	return f->n_unasked + (now > f->unheard_before ? now - f->unheard_before : 0);
}

/* Puts a record about a pause on the tape; there must be a batch. */
static int pause_write(struct socket_finals *f, uint64_t ts_ns, uint32_t netns, bool is_paused)
{
	struct batch *b = drain_batch(f->rows->drain);
	struct pause_record record = {
		.ts_ns = ts_ns,
		.netns = netns,
		.is_paused = is_paused,
		.n_unasked = socket_finals_unasked(f),
	};

	if (!b)
		return 0;
	if (pause_record_encode(&b->pauses.records, &record) < 0)
		return -ENOMEM;
	batch_records_count(&b->pauses, ts_ns);
	return 0;
}

/* Receives messages of one namespace. Returns 1: there may be more messages; 0: there are none, or
 * no batch has room for them; -ENOMEM. */
static int space_receive(struct socket_finals *f, struct socket_space *space, bool *has_overrun)
{
	struct mmsghdr messages[SOCKET_FINALS_MESSAGES];
	struct iovec parts[SOCKET_FINALS_MESSAGES];
	struct socket_rows *rows = f->rows;
	struct socket_rows_source source = {
		.rows = rows,
		.tracepoint = rows->tracepoint_destroy,
		.id = SOCKET_ROW_DESTROY_ID,
		.netns = space->netns,
	};
	const uint32_t most =
		SOCKET_FINALS_MESSAGES * socket_rows_most(SOCKET_FINALS_MESSAGE_BYTES);
	int n;

	/* Each received message needs room in the batch; an empty batch has room for far more. */
	if (!drain_room(rows->drain, most, rows->row_len))
		return 0;
	memset(messages, 0, sizeof(messages));
	for (size_t i = 0; i < SOCKET_FINALS_MESSAGES; i++) {
		parts[i] = (struct iovec){f->buffer + i * SOCKET_FINALS_MESSAGE_BYTES,
					  SOCKET_FINALS_MESSAGE_BYTES};
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	n = recvmmsg(space->destroy, messages, SOCKET_FINALS_MESSAGES, MSG_DONTWAIT, NULL);
	if (n < 0) {
		*has_overrun |= errno == ENOBUFS;
		return errno == ENOBUFS ? 1 : 0;
	}
	for (int i = 0; i < n; i++) {
		enum sock_diag_end end;
		int r = sock_diag_parse(parts[i].iov_base, messages[i].msg_len, socket_rows_take,
					&source, &end);

		if (rows->has_failed)
			return -ENOMEM;
		/* A message that makes no sense is passed over. */
		(void)r;
	}
	space->n_messages += (uint64_t)n;
	f->n_messages += (uint64_t)n;
	return n > 0;
}

/* Reads all messages of one namespace. The kernel drops them while its buffer is full. */
static int space_take(struct socket_finals *f, struct socket_space *space, bool *is_emptied)
{
	unsigned int turns = TURN_MESSAGES / SOCKET_FINALS_MESSAGES;
	bool has_overrun = false;
	int r = 1;

	while (r > 0 && turns--)
		r = space_receive(f, space, &has_overrun);
	*is_emptied &= r == 0;
	if (r < 0 || !has_overrun)
		return r < 0 ? r : 0;
	f->n_overruns++;
	r = pause_write(f, f->emptied_ns, space->netns, true);
	return r || space->is_deaf ? r : pause_write(f, clock_now(), space->netns, false);
}

/* Reads the messages of the namespaces that have some. */
static int finals_take(struct socket_finals *f)
{
	struct socket_spaces *spaces = f->spaces;
	struct epoll_event ready[READY];
	size_t rounds = spaces->n / READY + 1;
	uint64_t now = clock_now();
	bool is_emptied = true;
	int n = READY;

	/* What is ready comes round, so that no namespace waits for the others. */
	while (spaces->has_watch && n == READY && rounds--) {
		n = epoll_wait(spaces->watch, ready, READY, 0);
		for (int i = 0; i < n; i++) {
			int r = space_take(f, &spaces->items[ready[i].data.u64], &is_emptied);

			if (r < 0)
				return r;
		}
	}
	if (is_emptied)
		f->emptied_ns = now;
	return 0;
}

/* The namespace whose messages are to be done without next. NULL: none is heard. */
static struct socket_space *spaces_loudest(const struct socket_spaces *s)
{
	struct socket_space *loudest = NULL;

	for (size_t i = 0; i < s->n; i++) {
		struct socket_space *x = &s->items[i];

		if (x->destroy >= 0 && !x->is_deaf &&
		    (!loudest || x->n_messages > loudest->n_messages))
			loudest = x;
	}
	return loudest;
}

/* Messages of the namespaces that are heard, in the second that is counted now. */
static uint64_t finals_heard(const struct socket_finals *f)
{
	uint64_t n = 0;

	for (size_t i = 0; i < f->spaces->n; i++)
		n += f->spaces->items[i].is_deaf ? 0 : f->spaces->items[i].n_messages;
	return n;
}

/* Counts the messages of a second anew. */
static void window_begin(struct socket_finals *f, uint64_t now)
{
	for (size_t i = 0; i < f->spaces->n; i++)
		f->spaces->items[i].n_messages = 0;
	f->window_ns = now;
}

/* Does without the messages of the namespaces that have the most, until the others are cheap
 * enough. */
static int finals_pause(struct socket_finals *f, uint64_t now)
{
	struct socket_space *space = spaces_loudest(f->spaces);
	int r = 0;

	if (!f->budget.is_paused && space)
		f->unheard_before = finals_unheard(f);
	while (!r && space) {
		uint32_t netns = space->netns;

		/* A namespace that cannot be left is read on, and the budget stays overdrawn. */
		sock_diag_hear(space->destroy, false, NULL);
		space->is_deaf = true;
		figure_budget_pause(&f->budget, now, finals_unheard(f));
		space = spaces_loudest(f->spaces);
		if (!space)
			f->spaces->is_deaf = true;
		r = pause_write(f, clock_now(), space ? netns : PAUSE_EVERYWHERE, true);
		if (figure_budget_affords(&f->budget, finals_heard(f), now - f->window_ns))
			break;
	}
	window_begin(f, now);
	f->told_ns = now;
	return r;
}

static int finals_resume(struct socket_finals *f)
{
	uint64_t now = clock_now();
	uint64_t unheard = finals_unheard(f);
	int r;

	f->n_unasked += unheard > f->unheard_before ? unheard - f->unheard_before : 0;
	f->told_ns = now;
	r = pause_write(f, now, PAUSE_EVERYWHERE, false);
	socket_spaces_hear(f->spaces);
	window_begin(f, now);
	return r;
}

/* Tells the tape again of a pause that goes on. */
static int finals_tell(struct socket_finals *f, uint64_t now)
{
	uint32_t netns = PAUSE_EVERYWHERE;

	for (size_t i = 0; i < f->spaces->n && !f->spaces->is_deaf; i++)
		netns = f->spaces->items[i].is_deaf ? f->spaces->items[i].netns : netns;
	f->told_ns = now;
	return f->budget.is_paused ? pause_write(f, now, netns, true) : 0;
}

/* Whether messages that still come are too many. In a pause a whole second is looked at: what is
 * owed then was spent before the pause. */
static bool finals_are_dear(const struct socket_finals *f, uint64_t now)
{
	if (!figure_budget_is_overdrawn(&f->budget))
		return false;
	return !f->budget.is_paused ||
	       (now - f->window_ns > WINDOW_NS && finals_heard(f) &&
		!figure_budget_affords(&f->budget, finals_heard(f), now - f->window_ns));
}

static int finals_judge(struct socket_finals *f, uint64_t n, uint64_t own_ns)
{
	uint64_t now = clock_now();
	int r = 0;

	figure_budget_spend(&f->budget, now, n, own_ns);
	/* What is decided is put on the tape: without a batch it waits for the next turn. */
	if (finals_are_dear(f, now))
		return drain_batch(f->rows->drain) ? finals_pause(f, now) : 0;
	if (f->budget.is_paused && drain_batch(f->rows->drain)) {
		if (figure_budget_ends_pause(&f->budget, now, finals_unheard(f)))
			r = finals_resume(f);
		else if (now - f->told_ns > TOLD_NS)
			r = finals_tell(f, now);
	}
	if (now - f->window_ns > WINDOW_NS)
		window_begin(f, now);
	return r;
}

void socket_finals_begin(struct socket_finals *f, const struct tracepoints *t)
{
	f->tracepoint_closed = TRACEPOINT_NONE;
	for (size_t i = 0; i < t->n - t->n_synthetic; i++) {
		if (!strcmp(t->items[i].name, "tcp_destroy_sock"))
			f->tracepoint_closed = (uint16_t)i;
	}
	f->emptied_ns = f->window_ns = clock_now();
	socket_spaces_hear(f->spaces);
}

int socket_finals_turn(struct socket_finals *f)
{
	uint64_t began_ns = clock_thread_cpu(), before = f->n_messages;
	int r = finals_take(f);

	if (r < 0 || !f->has_budget)
		return r;
	return finals_judge(f, f->n_messages - before, clock_thread_cpu() - began_ns);
}

int socket_finals_end(struct socket_finals *f)
{
	return f->budget.is_paused ? finals_tell(f, clock_now()) : 0;
}

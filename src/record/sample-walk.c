// SPDX-License-Identifier: MIT
#include "record/sample-walk.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/sock-diag-ask.h"
#include "kernel/sock-diag.h"

void sample_walk_done(struct sample_walk *w)
{
	close_p(&w->fd);
	w->fd = -1;
	w->space = 0;
}

static void walk_next_space(struct sample_walk *w)
{
	close_p(&w->fd);
	w->fd = -1;
	w->space++;
}

struct walk_taker {
	struct troubled *troubled;
	uint32_t netns;
	uint64_t now;
	bool has_failed;
};

static int walk_take(void *userdata, const struct sock_diag_socket *socket)
{
	struct walk_taker *t = userdata;
	struct socket_row row = socket->row;
	int r;

	row.netns = t->netns;
	r = troubled_socket(t->troubled, &row, t->now);
	t->has_failed |= r < 0;
	return r;
}

static int walk_receive(struct sample_walk *w, struct troubled *t, uint8_t *buffer, uint64_t now)
{
	struct walk_taker taker = {.troubled = t, .netns = w->netns, .now = now};
	ssize_t n = recv(w->fd, buffer, SOCK_DIAG_BYTES, MSG_DONTWAIT);
	enum sock_diag_end end = SOCK_DIAG_MORE;
	int r = n < 0 ? -errno : sock_diag_parse(buffer, (size_t)n, walk_take, &taker, &end);

	if (taker.has_failed)
		return r;
	if (r < 0 || end != SOCK_DIAG_MORE)
		walk_next_space(w);
	return 1;
}

int sample_walk_step(struct sample_walk *w, const struct socket_spaces *list, struct troubled *t,
		     uint8_t *buffer, uint64_t now)
{
	int r;

	if (w->space >= list->n) {
		sample_walk_done(w);
		return 0;
	}
	if (w->fd >= 0)
		return walk_receive(w, t, buffer, now);
	w->netns = list->items[w->space].netns;
	r = socket_spaces_open_table(list, w->space, &w->fd);
	if (r < 0)
		w->fd = -1;
	if (r == -ENOTRECOVERABLE)
		return r;
	if (r < 0 || sock_diag_ask_senders(w->fd) < 0)
		walk_next_space(w);
	return 1;
}

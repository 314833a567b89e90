// SPDX-License-Identifier: MIT
#include "record/subflow-notices.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>

/* Namespaces that are asked at once whether they have messages. */
#define READY 16
/* Messages of one namespace that are received in one turn. */
#define TURN_MESSAGES 4096u

struct notice {
	struct socket_rows *rows;
	uint32_t netns;
	int error;
};

static int notice_take(void *userdata, const struct mptcp_event *e)
{
	struct notice *n = userdata;
	int r = socket_rows_put_subflow(n->rows, n->netns, e);

	n->rows->n_dropped += r == 0;
	n->error = r < 0 ? r : 0;
	return n->error;
}

/* Receives one message. 1; 0: there is none, or no room for its row; -ENOMEM. */
static int notice_receive(struct notice *n, int fd, uint8_t *buffer)
{
	ssize_t len;

	if (!drain_room(n->rows->drain, 1, n->rows->row_len))
		return 0;
	len = recv(fd, buffer, SUBFLOW_NOTICES_BYTES, MSG_DONTWAIT);
	/* Where messages were lost, the subflows they told of stay without a connection. */
	if (len < 0)
		return errno == ENOBUFS ? 1 : 0;
	/* A message that makes no sense is passed over. */
	(void)!mptcp_events_parse(buffer, (size_t)len, notice_take, n);
	return n->error ? n->error : 1;
}

static int space_take(const struct socket_space *space, struct socket_rows *rows, uint8_t *buffer)
{
	struct notice n = {rows, space->netns, 0};
	unsigned int left = TURN_MESSAGES;
	int r = 1;

	while (r > 0 && left--)
		r = notice_receive(&n, space->subflows, buffer);
	return r < 0 ? r : 0;
}

int subflow_notices_turn(const struct socket_spaces *spaces, struct socket_rows *rows,
			 uint8_t *buffer)
{
	struct epoll_event ready[READY];
	int n, r = 0;

	if (!spaces->has_subflow_watch)
		return 0;
	n = epoll_wait(spaces->subflow_watch, ready, READY, 0);
	for (int i = 0; !r && i < n; i++)
		r = space_take(&spaces->items[ready[i].data.u64], rows, buffer);
	return r;
}

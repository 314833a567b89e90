// SPDX-License-Identifier: MIT
#include "gather/conn-story.h"

static void story_copy(struct conn_story *s, const struct tcp_conn *c)
{
	s->conn = *c;
	s->info = *tcp_conn_info(c);
	s->cold = *tcp_conn_cold(c);
	s->attempt = *tcp_conn_attempt(c);
	s->opener = tcp_conn_opener(c);
	s->conn.tcp_info = &s->info;
	s->conn.cold = &s->cold;
	s->cold.attempt = &s->attempt;
	if (s->cold.opener)
		s->cold.opener = &s->opener;
}

void conn_story_offer(struct conn_story *s, const struct tcp_conn *c, const struct worst_conn *rank)
{
	if (s->is_known && worst_conn_is_better(rank, &s->rank))
		return;
	s->is_known = true;
	s->rank = *rank;
	story_copy(s, c);
}

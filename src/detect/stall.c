// SPDX-License-Identifier: MIT
#include "detect/stall.h"

#include <errno.h>

#include "base/units.h"
#include "tcp/names.h"

enum stall_kind stall_kind(const struct worst_conn *c)
{
	return c->life.was_established ? stall_kind_of(c->conn_history, c->life.ending)
				       : STALL_NONE;
}

bool stall_is_open(const struct worst_conn *c)
{
	return c->life.ending == TCP_ENDING_OPEN && c->conn_history->run.n >= STALL_TIMEOUTS;
}

bool stall_is_lasting(const struct worst_conn *c)
{
	return stall_is_for_good(c->conn_history, c->life.ending);
}

const struct timeout_run *stall_run(const struct worst_conn *c)
{
	const struct conn_history *t = c->conn_history;

	return stall_is_lasting(c) && t->run.n ? &t->run : &t->worst_run;
}

bool stall_is_older(const struct worst_conn *c)
{
	return stall_run(c)->n_before > 0;
}

uint64_t stall_from_ns(const struct worst_conn *c)
{
	const struct conn_history *t = c->conn_history;
	uint64_t first_ns;

	if (stall_kind(c) == STALL_WINDOW && t->figures.heard_ns)
		return t->figures.heard_ns;
	if (stall_run(c)->from_ns)
		return stall_run(c)->from_ns;
	first_ns = conn_history_trouble_ns(t);
	return first_ns ? first_ns : c->life.end_ns;
}

static uint64_t end_ns(const struct worst_conn *c)
{
	const struct timeout_run *run = stall_run(c);

	if (stall_is_lasting(c) || (!run->moved_ns && c->conn_history->is_run_worst))
		return c->life.end_ns;
	return run->moved_ns ? run->moved_ns : run->to_ns;
}

uint64_t stall_to_ns(const struct worst_conn *c)
{
	uint64_t from = stall_from_ns(c), to = end_ns(c);

	return to > from ? to : from;
}

const char *stall_outcome(const struct worst_conn *c)
{
	if (stall_is_open(c))
		return "still waiting at the end of the tape";
	if (c->life.ending == TCP_ENDING_TIMEOUT)
		return "given up by the kernel (ETIMEDOUT)";
	if (stall_is_given_up(c->conn_history, c->life.ending))
		return c->life.err == EHOSTUNREACH ? "given up by the kernel (EHOSTUNREACH)"
						   : "given up by the kernel";
	if (stall_run(c)->moved_ns)
		return "recovered";
	switch (c->life.ending) {
	case TCP_ENDING_OPEN: return "recovered";
	case TCP_ENDING_REMOTE_RESET: return "reset by the peer later";
	case TCP_ENDING_LOCAL_RESET:
	case TCP_ENDING_ABORTED: return "ended by its process";
	case TCP_ENDING_DESTROYED: return "destroyed by an administrator (ss -K)";
	case TCP_ENDING_ERROR: return "ended by an error";
	case TCP_ENDING_UNSEEN: return "not known: its end is not on the tape";
	default: return "recovered, or was closed";
	}
}

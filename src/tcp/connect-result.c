// SPDX-License-Identifier: MIT
#include "tcp/connect-result.h"

#include <errno.h>

#include "base/units.h"
#include "tcp/closer.h"
#include "tcp/names.h"

/*
 * A process that tries several addresses at a time (RFC 8305, 5) closes the other attempts once one
 * has succeeded: at once, on a busy host a little later. A process that gives up for a timeout of
 * its own does so at any time: so the success must be recent, by this time or by this share of the
 * attempt's length. An attempt over another family is hardly made for another reason.
 */
#define RACE_MS	       100u
#define RACE_PART      4u
#define RACE_FAMILY_MS 1000u

const char *connect_result_name(enum connect_result r)
{
	static const char *const names[CONNECT_RESULTS] = {
		[CONNECT_OK] = "ok",
		[CONNECT_REFUSED] = "refused",
		[CONNECT_RESET] = "reset",
		[CONNECT_TIMEOUT] = "timeout",
		[CONNECT_UNREACHABLE] = "unreachable",
		[CONNECT_LOCAL] = "local",
		[CONNECT_ERROR] = "error",
		[CONNECT_ABORTED] = "aborted",
		[CONNECT_SUPERSEDED] = "superseded",
		[CONNECT_PENDING] = "pending",
		[CONNECT_UNSEEN] = "unseen",
		[CONNECT_JOINED] = "joined",
		[CONNECT_NOT_JOINED] = "not-joined",
	};

	return (unsigned int)r < CONNECT_RESULTS ? names[r] : NULL;
}

bool connect_result_is_failure(enum connect_result r)
{
	switch (r) {
	case CONNECT_REFUSED:
	case CONNECT_RESET:
	case CONNECT_TIMEOUT:
	case CONNECT_UNREACHABLE:
	case CONNECT_LOCAL:
	case CONNECT_ERROR:
	case CONNECT_ABORTED: return true;
	default: return false;
	}
}

/* Whether the process gave up the attempt because it had connected to another address. */
static bool is_superseded(const struct tcp_conn *c)
{
	const struct tcp_conn_attempt *a = tcp_conn_attempt(c);
	bool is_other_family = a->rival.family != c->remote.addr.family;
	uint64_t since, length, limit;

	if (!a->rival_ns)
		return false;
	/* The process went on to the next address, which answered. Where that is of the same
	 * family, the attempt may have failed for all that its process knew. */
	if (a->rival_ns > c->end_ns)
		return is_other_family;
	since = c->end_ns - a->rival_ns;
	length = c->end_ns - c->seen_ns;
	limit = (is_other_family ? RACE_FAMILY_MS : RACE_MS) * NSEC_PER_MSEC;
	return since <= limit || since <= length / RACE_PART;
}

/* The errors of ICMP and ICMPv6 (icmp_err_convert, tab_unreach), but for ECONNREFUSED. */
static bool is_icmp_error(int32_t err)
{
	switch (err) {
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENETDOWN:
	case EHOSTDOWN:
	case ENONET:
	case EACCES:
	case EOPNOTSUPP:
	case EPROTO:
	case ENOPROTOOPT: return true;
	default: return false;
	}
}

static enum connect_result result_by_error(const struct tcp_conn *c)
{
	int32_t err = tcp_conn_cold(c)->err;

	/* An error that the kernel reports is not one of connect() itself. */
	if (tcp_conn_attempt(c)->closer == TCP_CLOSER_CONNECT && (!err || err == EADDRNOTAVAIL))
		return CONNECT_LOCAL;
	return is_icmp_error(err) ? CONNECT_UNREACHABLE : CONNECT_ERROR;
}

enum connect_result connect_result_of(const struct tcp_conn *c)
{
	bool is_established = c->was_established || c->established_ns;

	if (tcp_conn_is_join(c))
		return is_established ? CONNECT_JOINED : CONNECT_NOT_JOINED;
	if (is_established)
		return CONNECT_OK;
	switch (c->ending) {
	case TCP_ENDING_OPEN: return CONNECT_PENDING;
	case TCP_ENDING_UNSEEN: return CONNECT_UNSEEN;
	case TCP_ENDING_REMOTE_RESET:
		return c->last_state == TCP_STATE_SYN_RECV ? CONNECT_RESET : CONNECT_REFUSED;
	case TCP_ENDING_TIMEOUT: return CONNECT_TIMEOUT;
	case TCP_ENDING_ERROR:
	case TCP_ENDING_DESTROYED: return result_by_error(c);
	default: break;
	}
	if (tcp_conn_attempt(c)->icmp_ns)
		return CONNECT_UNREACHABLE;
	return is_superseded(c) ? CONNECT_SUPERSEDED : CONNECT_ABORTED;
}

static const char *why_aborted(const struct tcp_conn *c)
{
	switch (tcp_conn_attempt(c)->closer) {
	case TCP_CLOSER_EXIT: return "its process ended";
	case TCP_CLOSER_PROCESS: return "closed by its process";
	default: return NULL;
	}
}

static const char *why_not_joined(const struct tcp_conn *c)
{
	switch (c->ending) {
	case TCP_ENDING_REMOTE_RESET: return "RST";
	case TCP_ENDING_ERROR: return "error";
	case TCP_ENDING_UNSEEN: return "its end is not on the tape";
	default: return connect_syns(c) ? "no answer" : NULL;
	}
}

const char *connect_why(const struct tcp_conn *c, enum connect_result r)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);

	if (connect_is_unanswered(c, r) && connect_is_unsent(c))
		return "this host dropped the SYNs";
	switch (r) {
	case CONNECT_REFUSED: return cold->n_resets_received ? "RST" : "no RST seen";
	case CONNECT_RESET: return "RST";
	case CONNECT_TIMEOUT: return "no answer";
	case CONNECT_UNREACHABLE: return "ICMP error";
	case CONNECT_LOCAL:
		return cold->err == EADDRNOTAVAIL ? "no local port" : "connect() failed here";
	case CONNECT_ABORTED: return why_aborted(c);
	case CONNECT_SUPERSEDED: return "connected elsewhere";
	case CONNECT_PENDING:
		if (!c->is_born)
			return "no answer since before the recording";
		return connect_is_overdue(c, r) ? "no answer yet" : NULL;
	case CONNECT_UNSEEN: return "its end is not on the tape";
	case CONNECT_NOT_JOINED: return why_not_joined(c);
	default: return NULL;
	}
}

uint32_t connect_syns(const struct tcp_conn *c)
{
	return tcp_conn_cold(c)->n_syns + tcp_conn_attempt(c)->n_syns_before;
}

bool connect_is_overdue(const struct tcp_conn *c, enum connect_result r)
{
	return r == CONNECT_PENDING &&
	       (connect_syns(c) || tcp_conn_cold(c)->n_failed ||
		c->end_ns - c->seen_ns >= CONNECT_OVERDUE_MS * NSEC_PER_MSEC);
}

bool connect_has_failed(const struct tcp_conn *c, enum connect_result r)
{
	return connect_result_is_failure(r) || connect_is_overdue(c, r);
}

bool connect_is_unanswered(const struct tcp_conn *c, enum connect_result r)
{
	return r == CONNECT_TIMEOUT || r == CONNECT_ABORTED || connect_is_overdue(c, r);
}

bool connect_is_unsent(const struct tcp_conn *c)
{
	return tcp_conn_cold(c)->n_failed && !connect_syns(c);
}

bool connect_latency(const struct tcp_conn *c, uint64_t *ret_ns)
{
	uint64_t end = c->established_ns, born = tcp_conn_born_ns(c);

	if (!end && !c->was_established)
		end = c->end_ns;
	if (!end || !born || end < born)
		return false;
	*ret_ns = end - born;
	return true;
}

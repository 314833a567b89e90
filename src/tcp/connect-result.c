// SPDX-License-Identifier: MIT
#include "tcp/connect-result.h"

#include <errno.h>

const char *connect_result_name(enum connect_result r)
{
	static const char *const names[CONNECT_RESULTS] = {
		[CONNECT_OK] = "ok",	       [CONNECT_REFUSED] = "refused",
		[CONNECT_TIMEOUT] = "timeout", [CONNECT_UNREACHABLE] = "unreachable",
		[CONNECT_ERROR] = "error",     [CONNECT_ABORTED] = "aborted",
		[CONNECT_PENDING] = "pending",
	};

	return (unsigned int)r < CONNECT_RESULTS ? names[r] : NULL;
}

bool connect_result_is_failure(enum connect_result r)
{
	switch (r) {
	case CONNECT_REFUSED:
	case CONNECT_TIMEOUT:
	case CONNECT_UNREACHABLE:
	case CONNECT_ERROR: return true;
	default: return false;
	}
}

enum connect_result connect_result_of(const struct tcp_conn *c)
{
	if (c->was_established || c->established_ns)
		return CONNECT_OK;
	switch (c->ending) {
	case TCP_ENDING_OPEN: return CONNECT_PENDING;
	case TCP_ENDING_REMOTE_RESET: return CONNECT_REFUSED;
	case TCP_ENDING_TIMEOUT: return CONNECT_TIMEOUT;
	case TCP_ENDING_ERROR: break;
	default: return CONNECT_ABORTED;
	}
	switch (tcp_conn_cold(c)->err) {
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENETDOWN:
	case EHOSTDOWN:
	case EPROTO:
	case ENOPROTOOPT: return CONNECT_UNREACHABLE;
	default: return CONNECT_ERROR;
	}
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

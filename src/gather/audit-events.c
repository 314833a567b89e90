// SPDX-License-Identifier: MIT
#include "gather/audit-events.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "base/cleanup.h"
#include "tcp/names.h"

/* The kernel counts a segment before it hands it to the IP layer: one that is dropped there (err
 * above 0) counts, an attempt that failed before (err below 0) does not. */
static void retransmit_take(struct audit_events *a, const struct tcp_event *e)
{
	int err = tcp_event_has(e, TCP_FIELD_ERR) ? e->err : 0;

	if (err < 0) {
		a->failed++;
		return;
	}
	a->retrans++;
	if (tcp_event_has(e, TCP_FIELD_STATE) &&
	    (e->state == TCP_STATE_SYN_SENT || e->state == TCP_STATE_SYN_RECV))
		a->syns++;
	if (e->cause_by != TCP_BASIS_STACK) {
		a->unclear++;
		return;
	}
	a->probes += e->cause == TCP_CAUSE_TLP && !err;
	a->timeouts += e->cause == TCP_CAUSE_RTO ||
		       (e->cause == TCP_CAUSE_SYN && e->trigger == TCP_TRIGGER_TIMER);
}

/* The words are those of enum sk_rst_reason (include/net/rstreason.h). */
static void reset_take(struct audit_events *a, const struct tcp_event *e)
{
	static const char *const words[AUDIT_ABORTS] = {
		[AUDIT_ABORT_CLOSE] = "ABORT_ON_CLOSE",
		[AUDIT_ABORT_LINGER] = "ABORT_ON_LINGER",
		[AUDIT_ABORT_MEMORY] = "ABORT_ON_MEMORY",
		[AUDIT_ABORT_DATA] = "ABORT_ON_DATA",
	};

	a->resets++;
	if (!e->reason_name)
		return;
	a->resets_with_reason++;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		a->aborts[i] += strstr(e->reason_name, words[i]) != NULL;
}

static void state_take(struct audit_events *a, const struct tcp_event *e)
{
	if (e->newstate == TCP_STATE_SYN_SENT) {
		a->active += e->oldstate == TCP_STATE_CLOSE;
	} else if (e->newstate == TCP_STATE_SYN_RECV) {
		a->passive += e->oldstate == TCP_STATE_LISTEN;
	} else if (e->newstate == TCP_STATE_CLOSE) {
		a->estab_resets +=
			e->oldstate == TCP_STATE_ESTABLISHED || e->oldstate == TCP_STATE_CLOSE_WAIT;
		a->attempt_fails +=
			e->oldstate == TCP_STATE_SYN_SENT || e->oldstate == TCP_STATE_SYN_RECV;
	}
}

/* DCCP, SCTP and MPTCP pass through the same tracepoints of the inet layer. */
static bool event_is_tcp(const struct tcp_event *e)
{
	return !tcp_event_has(e, TCP_FIELD_PROTOCOL) || e->protocol == IPPROTO_TCP;
}

void audit_events_take(struct audit_events *a, const struct tcp_event *e)
{
	switch (e->kind) {
	case TCP_KIND_RETRANSMIT: retransmit_take(a, e); break;
	case TCP_KIND_RETRANSMIT_SYNACK: a->synacks++; break;
	case TCP_KIND_SEND_RESET: reset_take(a, e); break;
	case TCP_KIND_SET_STATE:
		if (event_is_tcp(e))
			state_take(a, e);
		break;
	case TCP_KIND_ERROR_REPORT: a->timed_out += event_is_tcp(e) && e->err == ETIMEDOUT; break;
	default: break;
	}
}

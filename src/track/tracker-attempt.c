// SPDX-License-Identifier: MIT
/*
 * Learns what became of attempts to connect: who ended each one, ICMP errors that came meanwhile,
 * and whether its process connected to another address instead.
 */
#include <errno.h>

#include "base/units.h"
#include "tcp/closer.h"
#include "tcp/names.h"
#include "track/event-socket.h"
#include "track/tracker-state.h"

/* connect() fails on this host within a call that sends nothing. */
#define CONNECT_CALL_NS NSEC_PER_MSEC
/* close() destroys the socket in the call that sets CLOSE. */
#define CLOSE_CALL_NS (20 * NSEC_PER_USEC)

/* Guesses who has ended c where the event has no call chain that tells it: connect() takes less
 * than a millisecond to fail; tracker_attempt_destroyed() sees whether it was close(). */
static enum tcp_closer guess_closer(const struct tcp_conn *c, const struct tcp_event *e)
{
	if (!tcp_event_in_process(e))
		return TCP_CLOSER_KERNEL;
	/* Without a port it has never sent anything, and close() is not called before connect()
	 * has returned. */
	if (!c->local.port || (c->is_born && e->ts_ns - c->seen_ns < CONNECT_CALL_NS))
		return TCP_CLOSER_CONNECT;
	return TCP_CLOSER_PROCESS;
}

static int attempt_closed(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e,
			  uint16_t old_port)
{
	struct tcp_conn_attempt *a = conns_attempt(&t->conns, c);
	struct tcp_conn_cold *cold = c->cold;

	if (!a)
		return -ENOMEM;
	a->closer = (uint8_t)tcp_closer_of_chain(e->frames, e->n_frames);
	/* A RST or an error that came during the call is handled at its end. */
	if (!a->closer && !cold->err && !cold->n_resets_received) {
		a->closer = (uint8_t)guess_closer(c, e);
		c->has_guessed_closer = true;
	}
	/* The SYN gets its port at the start of connect(). One that the socket had before is its
	 * bound port, or that of an earlier attempt: either way there was none for this one. */
	if (a->closer == TCP_CLOSER_CONNECT && c->local.port == old_port && !cold->err)
		cold->err = EADDRNOTAVAIL;
	a->icmp_ns = soft_errors_find(&t->soft_errors, c);
	return 0;
}

int tracker_attempt(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e,
		    uint16_t old_port)
{
	if (c->phase != CONN_ALIVE || !tracker_keeps(t))
		return 0;
	/* The kernel adds a subflow for another reason than that an address does not answer. */
	if (tcp_conn_is_join(c))
		return 0;
	if (e->newstate == TCP_STATE_ESTABLISHED)
		rivals_won(&t->conns, c, e->ts_ns);
	if (e->oldstate == TCP_STATE_SYN_SENT && e->newstate == TCP_STATE_CLOSE)
		return attempt_closed(t, c, e, old_port);
	if (c->origin == TCP_ORIGIN_CONNECT && event_is_birth(e) && c->owner.pid)
		return rivals_begin(&t->rivals, &t->conns, c, c->owner.pid);
	return 0;
}

int tracker_attempt_reset(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e)
{
	struct tcp_conn_attempt *a;

	if (e->kind != TCP_KIND_SEND_RESET || c->state != TCP_STATE_SYN_SENT)
		return 0;
	a = conns_attempt(&t->conns, c);
	if (!a)
		return -ENOMEM;
	a->n_resets_sent++;
	return 0;
}

void tracker_attempt_destroyed(struct tcp_conn *c, const struct tcp_event *e)
{
	if (!c->has_guessed_closer || tcp_conn_attempt(c)->closer != TCP_CLOSER_CONNECT ||
	    !c->local.port || !tcp_event_in_process(e) || e->ts_ns - c->end_ns >= CLOSE_CALL_NS)
		return;
	c->cold->attempt->closer = TCP_CLOSER_PROCESS;
	c->cold->err = 0;
}

bool tracker_attempt_waits(const struct tcp_conn *c, uint64_t now_ns, uint64_t wait_ns)
{
	const struct tcp_conn_attempt *a = tcp_conn_attempt(c);

	if (c->last_state != TCP_STATE_SYN_SENT || a->rival_ns || now_ns > c->end_ns + wait_ns)
		return false;
	/* Its process gave it up; or a name that has IPv6 addresses is likely to have others. */
	return a->closer == TCP_CLOSER_PROCESS || c->remote.addr.family == 6;
}

int tracker_attempt_open(struct tracker *t, struct tcp_conn *c)
{
	uint64_t icmp_ns = tcp_conn_is_attempt(c) && !c->established_ns
				   ? soft_errors_find(&t->soft_errors, c)
				   : 0;
	struct tcp_conn_attempt *a = icmp_ns ? conns_attempt(&t->conns, c) : NULL;

	if (icmp_ns && !a)
		return -ENOMEM;
	if (a)
		a->icmp_ns = icmp_ns;
	return 0;
}

int tracker_attempt_before(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e)
{
	struct tcp_conn_attempt *a;
	uint64_t n;

	if (c->is_born || e->state != TCP_STATE_SYN_SENT)
		return 0;
	a = conns_attempt(&t->conns, c);
	if (!a)
		return -ENOMEM;
	c->was_connecting = true;
	c->is_client = true;
	if (tcp_info_get(e->tcp_info, TCP_INFO_TOTAL_RETRANS, &n) && n > c->cold->n_syns)
		a->n_syns_before = (uint32_t)n - c->cold->n_syns;
	return 0;
}

int tracker_attempt_merge(struct tracker *t, struct tcp_conn *c, const struct tcp_conn *twin)
{
	struct tcp_conn_attempt *a;

	if (c->is_born || !twin->was_connecting)
		return 0;
	a = conns_attempt(&t->conns, c);
	if (!a)
		return -ENOMEM;
	c->was_connecting = true;
	a->n_syns_before = tcp_conn_attempt(twin)->n_syns_before;
	return 0;
}

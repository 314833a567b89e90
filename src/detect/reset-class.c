// SPDX-License-Identifier: MIT
#include "detect/reset-class.h"

#include <assert.h>

#include "base/units.h"
#include "tcp/names.h"
#include "tcp/reset-kind.h"

/* True if the connection is known to have carried no data, and was young. Load balancers end their
 * checks so, and port scanners. */
static bool is_check(const struct tcp_conn *c)
{
	uint64_t tx, rx, ns;

	return tcp_conn_duration(c, &ns) && ns < RESET_CHECK_S * NSEC_PER_SEC &&
	       tcp_conn_bytes(c, &tx, &rx) && !tx && !rx;
}

/* True if nothing contradicts that the connection was a check: with SO_LINGER 0 the kernel clears
 * the socket's figures before they are told. */
static bool may_be_check(const struct tcp_conn *c)
{
	uint64_t tx, rx, ns;

	if (!tcp_conn_duration(c, &ns) || ns >= RESET_CHECK_S * NSEC_PER_SEC)
		return false;
	return !tcp_conn_bytes(c, &tx, &rx) || (!tx && !rx);
}

static bool has_unacked(const struct tcp_conn *c)
{
	return tcp_conn_info(c)->has_unacked && tcp_conn_info(c)->unacked_bytes;
}

static enum reset_class class_of_closed(const struct tcp_conn *c, bool is_served)
{
	bool is_asked = reset_is_asked(tcp_conn_cold(c)->reset.reason);

	if (is_served)
		return is_asked ? RESET_OF_ASKED : RESET_OF_SERVER;
	if (!is_asked)
		return RESET_OF_LEFT_HERE;
	return may_be_check(c) ? RESET_OF_CHECK : RESET_OF_ASKED_HERE;
}

static enum reset_class class_of_sent(const struct tcp_conn *c, bool is_served)
{
	switch (reset_kind_at_end(tcp_conn_cold(c)->reset.kind, c)) {
	case RESET_DESTROYED: return RESET_OF_DESTROYED;
	case RESET_UNACCEPTED: return RESET_OF_UNACCEPTED;
	case RESET_KEEPALIVE: return RESET_OF_KEEPALIVE;
	case RESET_MEMORY: return RESET_OF_MEMORY;
	case RESET_MPTCP: return RESET_OF_MPTCP;
	case RESET_INVALID: return RESET_OF_INVALID;
	case RESET_ABORT: return class_of_closed(c, is_served);
	case RESET_LATE_DATA: return is_served ? RESET_OF_RACE_HERE : RESET_OF_LEFT_HERE;
	default: return RESET_OF_NOBODY;
	}
}

static enum reset_class class_of_received(const struct tcp_conn *c, bool is_served)
{
	const struct tcp_conn_reset *r = &tcp_conn_cold(c)->reset;
	enum reset_kind kind = reset_kind_at_end(r->kind, c);
	bool peer_closed = r->state == TCP_STATE_CLOSE_WAIT || r->state == TCP_STATE_LAST_ACK;

	if (kind != RESET_MIDSTREAM && kind != RESET_AFTER_FIN)
		return RESET_OF_NOBODY;
	if (is_served) {
		if (is_check(c))
			return RESET_OF_CHECK;
		return has_unacked(c) ? RESET_OF_LEFT_BUSY : RESET_OF_LEFT;
	}
	if (kind == RESET_MIDSTREAM)
		return RESET_OF_PEER;
	return peer_closed && has_unacked(c) ? RESET_OF_RACE_THERE : RESET_OF_CLOSED;
}

enum reset_class reset_class_of_conn(const struct tcp_conn *c, bool is_served)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);

	if (cold->reset.is_sent && cold->n_resets_sent)
		return class_of_sent(c, is_served);
	return cold->n_resets_received ? class_of_received(c, is_served) : RESET_OF_NOBODY;
}

/* True if the connection is handed out later, with all that is known of it. */
static bool conn_will_tell(const struct tcp_conn *c)
{
	return c && !tcp_conn_is_emitted(c) && !tcp_conn_is_listener(c) &&
	       c->origin != TCP_ORIGIN_HALF_OPEN;
}

enum reset_class reset_class_of_event(const struct tcp_event *e, bool is_served)
{
	bool is_sent = e->kind == TCP_KIND_SEND_RESET;

	switch (reset_kind_of(e)) {
	case RESET_NO_SOCKET: return RESET_OF_NO_SOCKET;
	case RESET_LISTENER: return RESET_OF_LISTENER;
	case RESET_OVERFLOW: return RESET_OF_OVERFLOW;
	case RESET_HANDSHAKE:
		if (!is_sent)
			return RESET_OF_GIVEN_UP;
		return reset_state_of(e) == TCP_STATE_SYN_SENT ? RESET_OF_ODD_ANSWER
							       : RESET_OF_REJECTED;
	/* A socket in TIME_WAIT is none that the connection could tell of. */
	case RESET_LATE_DATA:
		if (conn_will_tell(e->conn))
			return RESET_OF_NOBODY;
		return is_served ? RESET_OF_RACE_HERE : RESET_OF_LEFT_HERE;
	default: return RESET_OF_NOBODY;
	}
}

bool reset_conn_was_used(const struct tcp_conn *c)
{
	uint64_t tx, rx;

	return tcp_conn_bytes(c, &tx, &rx) && tx && rx;
}

/* The least number of RSTs of a class that is worth a finding, and the least percentage of the
 * connections at the port. A client may leave when it likes: its RSTs must have a large share. */
#define CUT	3, 1
#define SHARE	10, 10
#define HALF	10, 50
#define ANY	1, 0
#define KIND(k) (1u << RESET_##k)

const struct reset_class_info reset_classes[RESET_CLASSES] = {
	[RESET_OF_DESTROYED] =
		{DOCUMENT_WARNING, ANY, KIND(DESTROYED) | KIND(INVALID) | KIND(LATE_DATA), true,
		 "sent", "destroyed", "connection", "at", "were destroyed by an administrator",
		 "Somebody ended these sockets from outside of their program: ss -K, or another "
		 "program that uses SOCK_DESTROY. The program gets ECONNABORTED, and the peer a "
		 "RST."},
	[RESET_OF_UNACCEPTED] =
		{DOCUMENT_WARNING, CUT, KIND(UNACCEPTED), true, "sent", "unaccepted", "connection",
		 "at", "were cut: the listener was closed before its program had accepted them",
		 "They waited in the accept queue when the program ended, was restarted, or closed "
		 "its listener: what their peers had sent is lost. Accept what is in the queue "
		 "before closing, or hand the listener over."},
	[RESET_OF_RACE_HERE] = {DOCUMENT_WARNING, CUT, KIND(LATE_DATA), true, "sent", "late-data",
				"request", "at",
				"were lost: they came when the connection had been closed here",
				NULL},
	[RESET_OF_RACE_THERE] = {DOCUMENT_WARNING, CUT, KIND(AFTER_FIN), true, "received",
				 "after-fin", "request", "at",
				 "were lost: the peer had closed the connection", NULL},
	[RESET_OF_PEER] = {DOCUMENT_WARNING, CUT, KIND(MIDSTREAM), false, "received", "midstream",
			   "connection", "at", "were cut by the peer's RST", NULL},
	[RESET_OF_SERVER] = {DOCUMENT_WARNING, CUT, KIND(ABORT), true, "sent", "abort",
			     "connection", "at", "were cut by this host's RST", NULL},
	[RESET_OF_ASKED] = {DOCUMENT_NOTICE, CUT, KIND(ABORT), true, "sent", "abort", "connection",
			    "at", "were closed with a RST: the program asks for that",
			    "With SO_LINGER 0, a negative TCP_LINGER2 or connect() to AF_UNSPEC, "
			    "close() sends a "
			    "RST in place of a FIN: what has not been acknowledged by then is lost "
			    "for the peer."},
	[RESET_OF_KEEPALIVE] = {DOCUMENT_WARNING, ANY, KIND(KEEPALIVE) | KIND(INVALID), true,
				"sent", "keepalive", "connection", "at",
				"were given up: no answer to keepalive probes",
				"The peer had been gone, or cut off, for as long as the keepalive "
				"settings allow."},
	[RESET_OF_MEMORY] =
		{DOCUMENT_WARNING, ANY, KIND(MEMORY), true, "sent", "memory", "connection", "at",
		 "were dropped by the kernel: too many orphans, or too little memory for TCP",
		 "Their program had closed them and the last data was still under way. See "
		 "net.ipv4.tcp_max_orphans and net.ipv4.tcp_mem."},
	[RESET_OF_INVALID] = {DOCUMENT_WARNING, CUT, KIND(INVALID), false, "sent", "invalid",
			      "connection", "at", "were cut by this host's kernel", NULL},
	[RESET_OF_MPTCP] = {DOCUMENT_NOTICE, SHARE, KIND(MPTCP), true, "sent", "mptcp", "subflow",
			    "at", "of MPTCP were ended with a RST",
			    "Multipath TCP ends subflows so when it falls back, or does not need "
			    "them any more; "
			    "the kernel's reason says why."},
	[RESET_OF_LEFT_BUSY] = {DOCUMENT_NOTICE, SHARE, KIND(MIDSTREAM) | KIND(AFTER_FIN), false,
				"received", "midstream", "connection", "at",
				"were left by their clients with answers under way", NULL},
	[RESET_OF_LEFT] =
		{DOCUMENT_NOTICE, HALF, KIND(MIDSTREAM) | KIND(AFTER_FIN), false, "received",
		 "midstream", "connection", "at", "were ended by their clients with a RST",
		 "All that this host had sent on them had arrived at the peer's host. Load "
		 "generators, some proxies and programs that end close so: harmless, unless the "
		 "clients were still waiting for more."},
	[RESET_OF_LEFT_HERE] = {DOCUMENT_NOTICE, SHARE, KIND(ABORT) | KIND(LATE_DATA), true, "sent",
				"abort", "connection", "at",
				"were left by their program here with answers under way", NULL},
	[RESET_OF_ASKED_HERE] =
		{DOCUMENT_NOTICE, HALF, KIND(ABORT), true, "sent", "abort", "connection", "at",
		 "were closed with a RST: the program here asks for that",
		 "With SO_LINGER 0, close() sends a RST in place of a FIN. Proxies and load "
		 "generators end connections so that they have no more use for: harmless, unless "
		 "an answer was still on its way."},
	[RESET_OF_CLOSED] = {DOCUMENT_NOTICE, SHARE, KIND(AFTER_FIN), false, "received",
			     "after-fin", "connection", "at", "got a RST after one side had closed",
			     "No data of this host is known to be lost with it. The peer did not "
			     "wait for the end "
			     "of the connection, or had not read all that was sent to it."},
	[RESET_OF_CHECK] = {DOCUMENT_NOTICE, UINT32_MAX, 100, KIND(MIDSTREAM), false, "received",
			    "midstream", "connection", "at", "were checks", ""},
	[RESET_OF_OVERFLOW] =
		{DOCUMENT_WARNING, CUT, KIND(OVERFLOW), true, "sent", "overflow", "handshake", "at",
		 "were reset: the accept queue was full",
		 "The program does not take its connections with accept() as fast as they come, "
		 "and "
		 "net.ipv4.tcp_abort_on_overflow is set: clients beyond the backlog get a RST when "
		 "their connect() has already succeeded. Make it accept faster, or its backlog "
		 "(and "
		 "net.core.somaxconn) longer."},
	[RESET_OF_LISTENER] = {DOCUMENT_NOTICE, SHARE, KIND(LISTENER), false, "sent", "listener",
			       "segment", "for", "belonged to no connection that this host knows",
			       NULL},
	[RESET_OF_NO_SOCKET] = {DOCUMENT_NOTICE, SHARE, KIND(NO_SOCKET), false, "sent", "no-socket",
				"segment", "for", "were answered with a RST: nothing is there",
				NULL},
	[RESET_OF_GIVEN_UP] = {DOCUMENT_NOTICE, SHARE, KIND(HANDSHAKE), false, "received",
			       "handshake", "handshake", "at", "were given up by the peer",
			       "Port scans and some health checks end handshakes so."},
	[RESET_OF_REJECTED] = {DOCUMENT_NOTICE, SHARE, KIND(HANDSHAKE), false, "sent", "handshake",
			       "handshake", "at", "were rejected by this host",
			       "A segment of the peer did not fit the handshake that was under "
			       "way: its numbers or "
			       "flags were wrong."},
	[RESET_OF_ODD_ANSWER] = {DOCUMENT_NOTICE, SHARE, KIND(HANDSHAKE), false, "sent",
				 "handshake", "answer", "at",
				 "did not fit the SYN that this host had sent",
				 "The peer still held a connection with the same two ports, so it "
				 "acknowledged other "
				 "numbers; this host answered with a RST, and sent its SYN again."},
};

enum trouble_place reset_class_place(enum reset_class c)
{
	static const enum trouble_place places[RESET_CLASSES] = {
		[RESET_OF_DESTROYED] = PLACE_HOST,    [RESET_OF_UNACCEPTED] = PLACE_HOST,
		[RESET_OF_RACE_HERE] = PLACE_HOST,    [RESET_OF_RACE_THERE] = PLACE_PEER,
		[RESET_OF_PEER] = PLACE_PEER,	      [RESET_OF_SERVER] = PLACE_HOST,
		[RESET_OF_ASKED] = PLACE_HOST,	      [RESET_OF_ASKED_HERE] = PLACE_HOST,
		[RESET_OF_MEMORY] = PLACE_HOST,	      [RESET_OF_INVALID] = PLACE_UNKNOWN,
		[RESET_OF_KEEPALIVE] = PLACE_UNKNOWN, [RESET_OF_MPTCP] = PLACE_UNKNOWN,
		[RESET_OF_LEFT_BUSY] = PLACE_PEER,    [RESET_OF_LEFT] = PLACE_PEER,
		[RESET_OF_LEFT_HERE] = PLACE_HOST,    [RESET_OF_CLOSED] = PLACE_PEER,
		[RESET_OF_CHECK] = PLACE_PEER,	      [RESET_OF_OVERFLOW] = PLACE_HOST,
		[RESET_OF_LISTENER] = PLACE_UNKNOWN,  [RESET_OF_NO_SOCKET] = PLACE_UNKNOWN,
		[RESET_OF_GIVEN_UP] = PLACE_PEER,     [RESET_OF_REJECTED] = PLACE_UNKNOWN,
		[RESET_OF_ODD_ANSWER] = PLACE_PEER,
	};

	assert(c < RESET_CLASSES);
	return places[c];
}

/* SPDX-License-Identifier: MIT */
/*
 * resets: what the files of the view share: one reset, what kind it is, and counts. Private to
 * them.
 */
#pragma once

#include "base/groups.h"
#include "view/view.h"

/* What a RST means, as far as the socket's state tells. */
enum reset_kind {
	RESET_NO_SOCKET, /* sent: a segment for a port that is closed, or a connection that is gone */
	RESET_REFUSED,	 /* received for our SYN */
	RESET_HANDSHAKE, /* before the connection was established */
	RESET_LISTENER,	 /* sent by a listener: a segment that belongs to no connection */
	RESET_ABORT,	 /* sent: the process closed with data unread, or with SO_LINGER 0 */
	RESET_KEEPALIVE, /* sent: the peer did not answer keepalive probes */
	RESET_LATE_DATA, /* sent: data came after this host had closed */
	RESET_INVALID,	 /* sent by an open connection: the segment made no sense */
	RESET_MIDSTREAM, /* received by an open connection */
	RESET_AFTER_FIN, /* received after one side had closed */
	RESET_LATE,	 /* both sides had closed: nothing was lost */
	RESET_KINDS,
};
const char *reset_kind_name(enum reset_kind k);

struct reset {
	uint64_t ts_ns;
	bool is_sent;
	enum reset_kind kind;
	const char *reason; /* the recording kernel's word; NULL: none */
	uint64_t sk;	    /* 0: no socket */
	int state;	    /* of the socket before; 0: none */
	uint8_t family;
	struct endpoint local, remote;
	int32_t pid;
	char comm[16];
	const char *owner;
	bool has_age, is_age_exact;
	uint64_t age_ns;
	bool has_conn; /* the rest is known */
	uint64_t cookie;
	uint32_t netns;
	enum tcp_bytes_by bytes_by;
	uint64_t tx_bytes, rx_bytes;
	uint32_t retrans;
	bool knows_retrans;
	bool has_loss;
	const struct tcp_conn *waits_for; /* its end; NULL: complete */
};

/* What e says. */
void reset_of_event(struct reset *ret, const struct tcp_event *e);
/* What the connection says at its end. */
void reset_complete(struct reset *r, const struct tcp_conn *c);

/* {0} is a valid empty one, but for the sizes of groups: reset_counts_init. */
void reset_counts_init(struct groups *g);
int reset_counts_add(struct groups *g, const struct reset *r) MUST_CHECK;
int reset_counts_emit(const struct groups *g, struct table_sink *out,
		      struct fault *fault) MUST_CHECK;

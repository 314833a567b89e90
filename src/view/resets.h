/* SPDX-License-Identifier: MIT */
/*
 * resets: what the files of the view share: one reset, and counts. Private to them.
 */
#pragma once

#include "base/groups.h"
#include "tcp/reset-kind.h"
#include "view/view.h"

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

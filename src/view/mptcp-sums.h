/* SPDX-License-Identifier: MIT */
/*
 * mptcp-sums: adds the bytes of subflows up to those of their MPTCP connections.
 */
#pragma once

#include "base/groups.h"
#include "tcp/conn.h"
#include "view/view.h"

struct mptcp_sums {
	struct groups by_token;
	uint64_t n_unknown;  /* subflows of which it is not known whose they are */
	uint64_t n_left_out; /* subflows for whose connection there was no room */
};

void mptcp_sums_init(struct mptcp_sums *s);
void mptcp_sums_done(struct mptcp_sums *s);
/* Counts c, which may be no subflow. 0 or -ENOMEM. */
int mptcp_sums_add(struct mptcp_sums *s, const struct tcp_conn *c) MUST_CHECK;
/* Emits notes: the sums of the largest connections, and what is in none. */
int mptcp_sums_emit(const struct mptcp_sums *s, struct table_sink *out,
		    struct fault *fault) MUST_CHECK;
/* "mptcp 97a2fccb join"; without the token if that is not known. */
void mptcp_name_text(const struct tcp_conn *c, struct text *t);

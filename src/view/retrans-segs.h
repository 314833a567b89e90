/* SPDX-License-Identifier: MIT */
/*
 * retrans-segs: the segments that the kernel says it retransmitted, from its figures in the socket
 * tables and at the end of each socket. One event may stand for many segments (segmentation
 * offload). Private to the files of the view retrans.
 */
#pragma once

#include "base/map.h"
#include "view/view.h"

/* {0} is a valid empty one. */
struct retrans_segs {
	struct map bases; /* sock_cookie to the count when the recording began, if it was not 0 */
	bool has_whole_table; /* a socket that is not in `bases` had none */
	uint64_t total;
};

void retrans_segs_done(struct retrans_segs *s);
/* Takes a row of sock_diag. *ret_n: the segments that it adds; 0: none, or they are not known. 0 or
 * -ENOMEM. */
int retrans_segs_row(struct retrans_segs *s, const struct tcp_event *e, uint64_t *ret_n) MUST_CHECK;

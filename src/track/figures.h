/* SPDX-License-Identifier: MIT */
/*
 * figures: takes over the kernel's own figures of a connection, its struct tcp_info.
 */
#pragma once

#include "tcp/tcp-info.h"
#include "track/conns.h"

/* Copies the known fields of f into the tcp_info of c; f may be NULL. Bytes are those of data alone
 * (tcp/conn-data.h). is_final: the socket is gone. Where the kernel has cleared the figures of a
 * connection, they stay unknown. 0 or -ENOMEM. */
int figures_take(struct conns *s, struct tcp_conn *c, const struct tcp_info_values *f,
		 bool is_final) MUST_CHECK;

/* SPDX-License-Identifier: MIT */
/*
 * history-costs: how long it took after each retransmission until something was acknowledged.
 */
#pragma once

#include <stddef.h>

#include "gather/conn-history.h"

struct history_cost {
	bool has_progress; /* progress was seen after it */
	uint64_t progress_ns;
};

/*
 * Fills in one cost for each of n events, in time order. Progress after a retransmission of data is
 * an acknowledgement: data that tcp_probe shows to be acknowledged, FIN_WAIT2, or a congestion
 * state that only an acknowledgement leads to. After a SYN or SYN-ACK it is ESTABLISHED.
 */
void history_costs(const struct history_event *items, size_t n, struct history_cost *costs);

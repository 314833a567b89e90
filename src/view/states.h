/* SPDX-License-Identifier: MIT */
/*
 * states: what the files of the view share: what is summed up per state, and the queue of rows.
 * Private to them.
 */
#pragma once

#include "base/fifo.h"
#include "base/histogram.h"
#include "table/table.h"
#include "tcp/conn.h"

/* TCP states are 1 to 12. */
#define STATES 13

struct state_count {
	uint64_t entered;
	uint64_t open; /* still in it at the end */
	struct histogram spent_ns;
};

struct state_counts {
	struct state_count by_state[STATES];
};

int state_counts_emit(const struct state_counts *s, struct table_sink *out,
		      struct fault *fault) MUST_CHECK;

/* What a row is made of. */
struct state_row {
	uint64_t ts_ns;
	int oldstate, newstate; /* 0: none, it is still in the old one */
	bool has_spent;
	uint64_t spent_ns;
	uint64_t sk, cookie; /* 0: unknown */
	uint32_t netns;
	int32_t pid;
	char comm[16];
	const char *owner;
	uint8_t family;
	struct endpoint local, remote;
	const struct tcp_conn *waits_for; /* its local port; NULL: ready */
};

/* Rows in order of time, of which the first waits for its port. {.size = sizeof(struct state_row)}
 * is a valid empty one. The first row, if it is ready, or has waited long enough; else NULL. */
const struct state_row *state_queue_ready(struct fifo *q, uint64_t now_ns, bool is_live);
/* Nothing more will be learned of c: rows that wait for it do not any more. */
void state_queue_decide(struct fifo *q, const struct tcp_conn *c);

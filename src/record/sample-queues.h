/* SPDX-License-Identifier: MIT */
/*
 * sample-queues: the accept queues that listeners had when they were looked at last. One that was
 * empty and still is need not be told again.
 */
#pragma once

#include <stdbool.h>

#include "base/map.h"
#include "tracepoint/socket-row.h"

/* Listeners that are remembered; when there are more, all are told once more. */
#define SAMPLE_QUEUES_MAX 16384u

/* {0} is valid and empty. */
struct sample_queues {
	struct map by_cookie; /* length << 32 | limit */
};

static inline void sample_queues_done(struct sample_queues *q)
{
	map_done(&q->by_cookie);
}

/* Whether the queue of a listener is to be told: it is new, it is not empty, or it has changed.
 * Remembers it. 1, 0 or -ENOMEM. */
int sample_queues_take(struct sample_queues *q, const struct socket_row *row) MUST_CHECK;

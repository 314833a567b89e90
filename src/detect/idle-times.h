/* SPDX-License-Identifier: MIT */
/*
 * idle-times: when traffic came last on connections, and was sent, as their tcp_info tells. Kept of
 * those only that were without traffic for a while, or were reset.
 */
#pragma once

#include "base/map.h"
#include "base/pool.h"
#include "base/units.h"
#include "tcp/conn.h"
#include "tcp/event.h"
#include "tcp/tcp-info.h"

/* With less time without traffic a connection is in use. Devices on the way forget connections
 * after a minute or more; test beds do so earlier. */
#define IDLE_LEAST_S  4u
#define IDLE_LEAST_NS (IDLE_LEAST_S * NSEC_PER_SEC)

/* When something happened last on a connection, by its tcp_info; 0: not known. */
struct idle_times {
	uint64_t heard_ns, data_ns, sent_ns; /* acknowledgement or data came; data came; was sent */
	/* When something came last before the recording began, and until when nothing had. */
	uint64_t before_ns, looked_ns;
};

/* {0} is empty. */
struct all_idle_times {
	struct map by_conn; /* number of a connection to its struct idle_times, in the pool */
	struct pool pool;
	struct arena arena;
};

void idle_times_done(struct all_idle_times *s);
/* Notes the tcp_info of an event. 0 or -ENOMEM. */
int idle_times_note(struct all_idle_times *s, const struct tcp_event *e) MUST_CHECK;
/* Returns the times of a connection, all 0 where none are known, and forgets them. */
struct idle_times idle_times_take(struct all_idle_times *s, uint32_t id);
/* How long a connection had been without traffic when the recording began, if traffic came later;
 * else 0. */
uint64_t idle_worked_ns(const struct idle_times *t);

/* 0 if the end is before the beginning. */
static inline uint64_t idle_between(uint64_t from_ns, uint64_t to_ns)
{
	return to_ns > from_ns ? to_ns - from_ns : 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * playback-state: the pipeline from inside, for the files that make it up. Private to them.
 */
#pragma once

#include "playback/playback.h"
#include "decode/decoder.h"
#include "merge/merge.h"
#include "track/tracker.h"

struct playback {
	struct playback_options o;
	const struct tape_meta *meta;
	struct tape_reader *reader;
	struct decoder *decoder;
	struct tracker *tracker;
	struct tape_merge *merge;
	struct merge_options merge_options;
	struct event_filter filter; /* what is asked for, and what the tape was recorded with */
	struct event_filter tape_filter;
	struct arena arena;
	struct map forked;	     /* process to the cgroup of its parent */
	struct view_context context; /* the view's */
	void *state;
	bool is_view_begun;
	tcp_kinds view_wants;
	tcp_kinds needed; /* without them it is not whole */
	tcp_kinds wanted; /* those, and what the tracker needs for them */
	struct table_sink *out;
	const struct table_limit *limit; /* NULL: none */
	size_t n_losses;		 /* that the tracker knows */
	uint64_t last_ns;		 /* of the last row, shown or not */
	bool is_stream;
	bool has_unflushed;
	bool is_window_known;
	bool is_begun;	 /* the tracker knows what the tape has */
	bool is_stopped; /* by the limit, before the tape's end */
	bool is_misused; /* the view cannot do what its options say */
};

/* Tasks: names for the tracker, and where a process belongs that began later. */
int playback_task(void *userdata, const struct task_record *t);
const char *playback_cgroup(void *userdata, int32_t pid);

/* Finds out what --since and --until mean on the tape's clock. */
int playback_resolve_window(struct playback *p, struct fault *fault) MUST_CHECK;
/* Limits what is read to the window and what is learned from before it. */
int playback_limit_reading(struct playback *p, struct fault *fault) MUST_CHECK;

/* Rows. */
int playback_progress(void *userdata, uint64_t until_ns, struct fault *fault);
int playback_ended(void *userdata, const struct tcp_conn *c, struct fault *fault);

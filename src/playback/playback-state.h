/* SPDX-License-Identifier: MIT */
/*
 * playback-state: a playback from inside, for the files that make it up. Private to them.
 */
#pragma once

#include "decode/decoder.h"
#include "merge/merge.h"
#include "playback/playback.h"
#include "tape/clocks-ahead.h"
#include "track/tracker.h"

/* How far a playback is. */
enum playback_phase {
	PLAYBACK_OPENED,  /* the tape is open, and nothing was played */
	PLAYBACK_REFUSED, /* the view cannot do what its options ask for */
	PLAYBACK_BEGUN,	  /* the view has begun */
	PLAYBACK_ROWS,	  /* a row has come, or the end: the window and the kinds are known */
	PLAYBACK_FULL,	  /* the limit of rows was reached before the tape's end */
};

struct playback_kinds {
	tcp_kinds fed;	  /* to the view */
	tcp_kinds needed; /* without one of these the view is not whole */
	tcp_kinds read;	  /* those that are fed, and what the tracker needs for them */
};

/* Where the view's rows go. */
struct playback_output {
	struct table_sink *sink;
	const struct table_limit *limit; /* NULL: there is none */
	bool has_unflushed;		 /* something was shown since the last flush */
};

/* Which events are shown. */
struct playback_filters {
	struct event_filter asked;    /* what the user asks for, and `recorded` too */
	struct event_filter recorded; /* what the recorder was asked for */
	struct arena arena;	      /* of `recorded` */
	uint64_t n_hidden;	      /* events that only `recorded` hides */
};

/* How the window becomes context.since_ns and until_ns. */
struct playback_window {
	struct arena arena;
	struct wall_clock ahead; /* the wall clock of the whole tape, where has_ahead is set */
	bool has_ahead;
	bool is_known;
	size_t n_stretches; /* of the tape's wall clock when it was resolved */
};

/* What the tracker has heard of. */
struct playback_heard {
	size_t n_losses;  /* of those that the tape has so far */
	size_t n_pauses;  /* likewise */
	uint64_t last_ns; /* time of the last row, shown or not */
};

struct playback {
	struct playback_options o;
	enum playback_phase phase;
	struct tape_reader *reader;
	const struct tape_meta *meta;
	struct decoder *decoder;
	struct tracker *tracker;
	struct tape_merge *merge; /* NULL until rows are read */
	struct view_context context;
	void *state; /* the view's */
	struct playback_kinds kinds;
	struct playback_filters filters;
	struct playback_output output;
	struct playback_heard heard;
	struct playback_window window;
	struct counter_book *counters; /* NULL: the view does not use them */
	uint64_t read_from_ns;	       /* rows before it were passed over; 0: none were */
};

/* Tasks: their names and control groups, for the tracker. */
int playback_task(void *userdata, const struct task_record *t);
int playback_first_cgroup(void *userdata, const struct cgroup_record *c);
int playback_member(void *userdata, const struct member_record *m);
/* The control group with the number that struct owner has. */
const struct owner_cgroup *playback_cgroup(void *userdata, uint32_t number);

/* The window: finds out what --since and --until mean on the tape's clock. */
int playback_resolve_window(struct playback *p, struct fault *fault) MUST_CHECK;
/* True if CLOCKs came by since the window was resolved. Asked before each row. */
static inline bool playback_window_is_old(const struct playback *p)
{
	return p->meta->wall.n != p->window.n_stretches;
}
/* Resolves the window again, where that may give another one. */
int playback_follow_window(struct playback *p, struct fault *fault) MUST_CHECK;
/* Reads the wall clock of the whole tape where the window needs it and the tape has an INDEX. */
int playback_look_ahead(struct playback *p, struct fault *fault) MUST_CHECK;
/* Limits what will be read to the window, and to what is learned from before it. */
int playback_limit_reading(struct playback *p, struct merge_options *o,
			   struct fault *fault) MUST_CHECK;

/* Begins to read rows: the head of the tape, the window, the merge. */
int playback_begin_reading(struct playback *p, struct fault *fault) MUST_CHECK;

/* The recorder was held up from from_ns to to_ns. */
int playback_held_up(void *userdata, uint64_t from_ns, uint64_t to_ns);
/* All rows before until_ns were shown. */
int playback_progress(void *userdata, uint64_t until_ns, struct fault *fault);
/* Takes readings of the kernel's counters. */
int playback_counters(void *userdata, const void *payload, size_t len);
/* Gives a connection that the tracker knows all of to the view. */
int playback_conn(void *userdata, const struct tcp_conn *c, struct fault *fault);

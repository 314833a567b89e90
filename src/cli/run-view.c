// SPDX-License-Identifier: MIT
/*
 * run-view: writes the rows of a view to standard output in the format that the user chose, at most
 * as many as --limit allows.
 */
#include "cli/run-view.h"

#include "base/units.h"
#include "cells/labelled-sink.h"
#include "playback/spare-cpus.h"
#include "playback/playback.h"
#include "rows/threaded-sink.h"
#include "cli/replay-fields.h"
#include "cli/status.h"

/* The chain of sinks that a row passes: out (that of labels, where there are any), the limit's, a
 * thread, the renderer. */
struct row_output {
	struct table_sink out;
	struct labelled_sink labelled;
	struct table_limit limit;
	struct threaded_sink *threaded_sink; /* NULL: rows are rendered in the caller's thread */
	struct table_sink presented;	     /* the renderer's */
};

/* Rows are rendered in a thread of their own if a CPU is spare. The rows of a stream are not:
 * they are few, and must be out at once. */
static int row_output_open(struct row_output *s, const struct view_options *o, struct playback *p,
			   struct fault *fault)
{
	struct tape_clock clock = playback_clock(p);
	int r = 0;

	if (!playback_is_stream(p) && spare_cpus()) {
		r = threaded_sink_new(&clock, &s->threaded_sink, fault);
		if (r < 0)
			return r;
		clock = threaded_sink_clock(s->threaded_sink);
	}
	r = present_open(&o->output, o->reading.time, &clock, &s->presented, fault);
	if (r < 0)
		return r;
	if (s->threaded_sink)
		r = threaded_sink_start(s->threaded_sink, &s->presented, &s->limit.inner, fault);
	else
		s->limit.inner = s->presented;
	s->out = table_limit_sink(&s->limit);
	s->labelled = (struct labelled_sink){
		.inner = s->out,
		.labels = tape_options_labels(&o->reading),
	};
	if (s->labelled.labels)
		s->out = labelled_sink_open(&s->labelled);
	return r;
}

static int row_output_close(struct row_output *s, const struct view_options *o, struct fault *fault)
{
	int handed_on = s->threaded_sink ? threaded_sink_finish(s->threaded_sink, fault) : 0;
	int finished = s->presented.ops ? present_finish(&o->output, &s->presented, fault) : 0;

	labelled_sink_done(&s->labelled);
	return handed_on ? handed_on : finished;
}

static int limit_note(struct row_output *s, bool is_stopped, struct fault *fault)
{
	uint64_t n = is_stopped ? s->limit.max : s->limit.dropped;
	struct text t CLEANUP(text_done) = {0};

	if (!n)
		return 0;
	text_str(&t, is_stopped ? "stopped after " : "");
	units_count(&t, n);
	text_printf(&t, " %srow%s%s (--limit)", is_stopped ? "" : "more ", n == 1 ? "" : "s",
		    is_stopped ? "" : " not shown");
	return table_note(&s->out, text_cstr(&t), fault);
}

static int rows_play(struct playback *p, struct row_output *s, struct fault *fault)
{
	int r = playback_run(p, &s->out, &s->limit, fault);

	if (!r)
		r = limit_note(s, playback_is_stopped(p), fault);
	return r ? r : playback_notes(p, &s->out, fault);
}

enum status run_view(const struct tape_file *tape, const struct view *view,
		     const void *view_options, const struct view_options *o, struct fault *fault)
{
	struct playback_options options = tape_options_playback(&o->reading);
	struct playback *p CLEANUP(playback_close_p) = NULL;
	struct row_output output = {.limit.max = o->limit};
	int r, closed;

	if (view->shows_fields && view->shows_fields(view_options))
		return replay_fields(tape, o, fault);
	options.view = view;
	options.view_options = view_options;
	r = tape_file_play(tape, &options, &p, fault);
	if (r < 0)
		return STATUS_FAILED;
	if (playback_is_stream(p))
		stream_ignore_first_interrupt();
	r = row_output_open(&output, o, p, fault);
	if (!r)
		r = rows_play(p, &output, fault);
	closed = row_output_close(&output, o, fault);
	return status_of_playback(p, r ? r : closed, fault);
}

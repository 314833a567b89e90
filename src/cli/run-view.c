// SPDX-License-Identifier: MIT
/*
 * Puts the view's rows onto standard output as the user wants to see them, and no more of them
 * than that.
 */
#include "cli/run-view.h"

#include "base/units.h"
#include "playback/spare-cpus.h"
#include "playback/playback.h"
#include "rows/threaded-sink.h"
#include "cli/status.h"

/* Where rows go, from the last to the first: the renderer, a thread for it, the limit. */
struct out_buffer {
	struct table_sink presented;
	struct threaded_sink *threaded_sink; /* NULL: none */
	struct table_limit limit;
	struct table_sink out;
};

/* Rows are written out in a thread of its own where there is a CPU for it. A stream's rows are few,
 * and in a hurry. */
static int out_buffer_open(struct out_buffer *s, const struct run_view_options *o,
			   struct playback *p, struct fault *fault)
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
	return r;
}

static int out_buffer_close(struct out_buffer *s, const struct run_view_options *o,
			    struct fault *fault)
{
	int relayed = s->threaded_sink ? threaded_sink_finish(s->threaded_sink, fault) : 0;
	int finished = s->presented.ops ? present_finish(&o->output, &s->presented, fault) : 0;

	return relayed ? relayed : finished;
}

static int note_limit(struct out_buffer *s, bool is_stopped, struct fault *fault)
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

static int run(struct playback *p, struct out_buffer *s, struct fault *fault)
{
	int r = playback_run(p, &s->out, &s->limit, fault);

	if (!r)
		r = note_limit(s, playback_is_stopped(p), fault);
	return r ? r : playback_notes(p, &s->out, fault);
}

enum status run_view(const char *path, const struct view *view, const void *view_options,
		     const struct run_view_options *o, struct fault *fault)
{
	struct playback_options options = tape_options_playback(&o->reading, path);
	struct playback *p CLEANUP(playback_close_p) = NULL;
	struct out_buffer out_buffer = {.limit.max = o->limit};
	int r, closed;

	options.view = view;
	options.view_options = view_options;
	r = playback_open(&options, &p, fault);
	if (r < 0)
		return STATUS_FAILED;
	if (playback_is_stream(p))
		stream_ignore_first_interrupt();
	r = out_buffer_open(&out_buffer, o, p, fault);
	if (!r)
		r = run(p, &out_buffer, fault);
	closed = out_buffer_close(&out_buffer, o, fault);
	return status_of_playback(p, r ? r : closed, fault);
}

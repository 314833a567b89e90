// SPDX-License-Identifier: MIT
/*
 * Puts the view's rows onto standard output as the user wants to see them, and no more of them
 * than that.
 */
#include "cli/view-call.h"

#include "base/units.h"
#include "cli/cpus.h"
#include "cli/pipeline.h"
#include "render/relay.h"

/* Where rows go, from the last to the first: the renderer, a thread for it, the limit. */
struct outlet {
	struct table_sink presented;
	struct relay *relay; /* NULL: none */
	struct table_limit limit;
	struct table_sink out;
};

/* Rows are written out in a thread of its own where there is a CPU for it. A stream's rows are few,
 * and in a hurry. */
static int outlet_open(struct outlet *s, const struct view_call_options *o, struct pipeline *p,
		       struct fault *fault)
{
	struct render_clock clock = pipeline_clock(p);
	int r = 0;

	if (!pipeline_is_stream(p) && cpus_spare()) {
		r = relay_new(&clock, &s->relay, fault);
		if (r < 0)
			return r;
		clock = relay_clock(s->relay);
	}
	r = present_open(&o->output, o->reading.time, &clock, &s->presented, fault);
	if (r < 0)
		return r;
	if (s->relay)
		r = relay_start(s->relay, &s->presented, &s->limit.inner, fault);
	else
		s->limit.inner = s->presented;
	s->out = table_limit_sink(&s->limit);
	return r;
}

static int outlet_close(struct outlet *s, const struct view_call_options *o, struct fault *fault)
{
	int relayed = s->relay ? relay_finish(s->relay, fault) : 0;
	int finished = s->presented.ops ? present_finish(&o->output, &s->presented, fault) : 0;

	return relayed ? relayed : finished;
}

static int note_limit(struct outlet *s, bool is_stopped, struct fault *fault)
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

static int run(struct pipeline *p, struct outlet *s, struct fault *fault)
{
	int r = pipeline_run(p, &s->out, &s->limit, fault);

	if (!r)
		r = note_limit(s, pipeline_is_stopped(p), fault);
	return r ? r : pipeline_notes(p, &s->out, fault);
}

enum status view_call(const char *path, const struct view *view, const void *view_options,
		      const struct view_call_options *o, struct fault *fault)
{
	struct pipeline_options options = reading_options(&o->reading, path);
	struct pipeline *p CLEANUP(pipeline_close_p) = NULL;
	struct outlet outlet = {.limit.max = o->limit};
	int r, closed;

	options.view = view;
	options.view_options = view_options;
	r = pipeline_open(&options, &p, fault);
	if (r < 0)
		return STATUS_FAILED;
	r = outlet_open(&outlet, o, p, fault);
	if (!r)
		r = run(p, &outlet, fault);
	closed = outlet_close(&outlet, o, fault);
	return pipeline_verdict(p, r ? r : closed, fault);
}

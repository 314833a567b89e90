// SPDX-License-Identifier: MIT
/*
 * Any sequence of events through the tracker into every view: byte 0 says which view and options,
 * then EVENT_BYTES an event.
 */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/event-bytes.h"
#include "track/tracker.h"
#include "view/view.h"

struct scene {
	const struct view *view;
	void *state;
	struct table_sink sink;
	uint64_t end_ns; /* of the last connection given out */
	bool has_open;
};

static int nothing_begin(struct table_sink *s, const struct column *columns, size_t n,
			 struct fault *fault)
{
	return 0;
}

static int nothing_row(struct table_sink *s, const struct cell *cells, struct fault *fault)
{
	return 0;
}

static int nothing_note(struct table_sink *s, const char *line, struct fault *fault)
{
	return 0;
}

static int nothing_flush(struct table_sink *s, struct fault *fault)
{
	return 0;
}

static const struct table_ops nothing = {
	.begin = nothing_begin,
	.row = nothing_row,
	.note = nothing_note,
	.flush = nothing_flush,
};

/* Open ones come last. */
static int ended(void *userdata, const struct tcp_conn *c, struct fault *fault)
{
	struct scene *s = userdata;

	if (s->has_open && c->ending != TCP_ENDING_OPEN)
		abort();
	s->has_open |= c->ending == TCP_ENDING_OPEN;
	return s->view->conn ? s->view->conn(s->state, c, &s->sink, fault) : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event_filter filter = {0};
	struct view_context context = {.filter = &filter, .until_ns = UINT64_MAX};
	struct scene s = {.sink = {&nothing, NULL, COLUMN_TEXT}};
	struct tracker_options options = {.ended = ended, .userdata = &s};
	struct tracker *t CLEANUP(tracker_free_p) = NULL;
	void *values CLEANUP(free_p) = NULL, *state CLEANUP(free_p) = NULL;
	struct tcp_info_values tcp_info = {0};
	uint64_t now = 1000000;

	if (!size)
		return 0;
	s.view = views[data[0] % n_views];
	context.is_live = options.is_live = data[0] & 0x80;
	context.recorded = TCP_KINDS_ALL;
	s.sink.shows = data[0] & 0x40 ? COLUMN_JSON : COLUMN_TEXT;
	values = calloc(1, s.view->options_size + 1);
	s.state = state = calloc(1, s.view->state_size + 1);
	if (!values || !state || tracker_new(&options, &t, NULL) < 0)
		return 0;
	/* Every other view has a flag that sums up. */
	for (size_t i = 0; i < s.view->n_options; i++) {
		const struct option_spec *o = &s.view->options[i];

		if (o->parse == option_flag && data[0] & 0x20)
			*(bool *)((char *)values + o->offset) = true;
	}
	tracker_expect(t, TCP_KINDS_ALL);
	if (s.view->init(state, values, &context, &s.sink, NULL) < 0)
		return 0;
	for (size_t at = 1; at + EVENT_BYTES <= size; at += EVENT_BYTES) {
		struct tcp_event e;

		event_from_bytes(data + at, &now, &tcp_info, &e);
		if (tracker_advance(t, now, NULL) < 0 || tracker_feed(t, &e) < 0)
			break;
		if (s.view->feed && s.view->wants(values) & TCP_KIND_BIT(e.kind) &&
		    s.view->feed(state, &e, &s.sink, NULL) < 0)
			break;
		if (data[at] & 0x80 && tracker_loss(t, now > 5000 ? now - 5000 : 0, now) < 0)
			break;
	}
	if (tracker_finish(t, now, NULL) == 0 && s.view->emit)
		(void)!s.view->emit(state, &s.sink, NULL);
	if (s.view->done)
		s.view->done(state);
	return 0;
}

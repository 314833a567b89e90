/* SPDX-License-Identifier: MIT */
/*
 * replay: its state and its rows, private to the files of this view.
 */
#pragma once

#include "base/text.h"
#include "view/event-fields.h"
#include "view/event-names.h"
#include "view/view.h"

struct replay_options {
	bool raw;
	bool with_sockets;
	bool with_samples;
	bool fields;
};

struct replay {
	struct replay_options options;
	struct event_names names;
	struct event_fields fields;
	struct text line;
};

/* Begins the table that the options and the sink ask for. */
int replay_begin(const struct replay *v, struct table_sink *out, struct fault *fault) MUST_CHECK;
/* Emits the row of an event. */
int replay_row(struct replay *v, const struct tcp_event *e, struct table_sink *out,
	       struct fault *fault) MUST_CHECK;

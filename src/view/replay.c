// SPDX-License-Identifier: MIT
/*
 * replay: every event in time order, with all its fields, which have the names of
 * tracepoint/fields.h. Events that have no decoded form, and all events with --raw, are shown as
 * the recording kernel prints them.
 */
#include "view/replay.h"

#include <stddef.h>

static const struct option_spec options[] = {
	{"raw", 0, NULL, "as the kernel's own print format has it, like perf script", option_flag,
	 offsetof(struct replay_options, raw), NULL},
	{"sockets", 0, NULL,
	 "also the socket tables and last figures of sockets, which are no\ntracepoints of the "
	 "kernel",
	 option_flag, offsetof(struct replay_options, with_sockets), NULL},
	{"samples", 0, NULL,
	 "also the samples of listeners and of connections in trouble, which are\nno tracepoints "
	 "of "
	 "the kernel either",
	 option_flag, offsetof(struct replay_options, with_samples), NULL},
	{"fields", 0, NULL,
	 "every field of every row as it stands on the tape, undecoded: a JSON\nobject per row",
	 option_flag, offsetof(struct replay_options, fields), NULL},
};

static tcp_kinds replay_wants(const void *opts)
{
	const struct replay_options *o = opts;

	tcp_kinds kinds = TCP_KINDS_ALL & ~TCP_KINDS_SYNTHETIC;

	if (o->with_sockets)
		kinds |= TCP_KINDS_SYNTHETIC & ~TCP_KIND_BIT(TCP_KIND_SAMPLE);
	return o->with_samples ? kinds | TCP_KIND_BIT(TCP_KIND_SAMPLE) : kinds;
}

static enum view_print replay_print(const void *opts)
{
	const struct replay_options *o = opts;

	return o->raw ? VIEW_PRINT_ALL : VIEW_PRINT_UNBOUND;
}

static bool replay_shows_fields(const void *opts)
{
	const struct replay_options *o = opts;

	return o->fields;
}

static int replay_init(void *state, const void *opts, const struct view_context *context,
		       struct table_sink *out, struct fault *fault)
{
	struct replay *v = state;

	v->options = *(const struct replay_options *)opts;
	return replay_begin(v, out, fault);
}

static int replay_feed(void *state, const struct tcp_event *e, struct table_sink *out,
		       struct fault *fault)
{
	return replay_row(state, e, out, fault);
}

static void replay_done(void *state)
{
	struct replay *v = state;

	event_names_done(&v->names);
	text_done(&v->line);
}

const struct view view_replay = {
	.name = "replay",
	.summary = "every event, decoded, in time order",
	.detail =
		"DETAILS are the event's fields; states, congestion states, protocols, errors and\n"
		"reasons are words there. --format json has every field of the events that\n"
		"tcptape knows, also those that are zero, under the kernel's name where there is\n"
		"no better one, and the call chain; addresses, ports, pid and comm may be those\n"
		"that the socket had before. Other events have `print`. --fields has every field\n"
		"of every row as it is.\n"
		"--raw is the kernel's own text, except that pointers are ids. Where tcptape\n"
		"cannot use a print format, it shows the fields instead. A number for which\n"
		"neither the format file nor tcptape has a word stays a number.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.options_size = sizeof(struct replay_options),
	.state_size = sizeof(struct replay),
	.wants = replay_wants,
	.print = replay_print,
	.shows_fields = replay_shows_fields,
	.init = replay_init,
	.feed = replay_feed,
	.feeds_extras = true,
	.feeds_tcp_info = true,
	.done = replay_done,
};

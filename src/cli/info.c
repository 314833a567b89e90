// SPDX-License-Identifier: MIT
/*
 * info: the command that shows what a tape says about itself. It decodes no row, unless the tape
 * was recorded with a filter, to count what that hides, or has the kernel's counters and few
 * events, to compare the two.
 */
#include "cli/info.h"

#include <errno.h>

#include "cli/audited-tape.h"
#include "cli/commands.h"
#include "cli/note-list.h"
#include "playback/playback.h"
#include "playback/caveats.h"
#include "cli/present.h"
#include "cli/status.h"

/* info answers at once: with more events than these it does not count them. */
#define AUDIT_EVENTS_MAX 2000000u

struct info_options {
	struct present_options present;
	bool by_cpu;
};

static const struct option_spec cpu_specs[] = {
	{"cpus", 'v', NULL, "the table per CPU", option_flag, offsetof(struct info_options, by_cpu),
	 NULL},
};
static const struct option_table cpu_options = {.specs = cpu_specs,
						.n_specs = ARRAY_SIZE(cpu_specs)};
static const struct option_part option_parts[] = {
	{NULL, &present_option_table, offsetof(struct info_options, present)},
	{NULL, &cpu_options, 0},
};
static const struct option_table options = {.parts = option_parts,
					    .n_parts = ARRAY_SIZE(option_parts)};

static int info_show(const struct info_facts *f, const struct info_options *o, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};
	struct table_sink out;
	int r, finished;

	if (present_is_json(&o->present)) {
		info_json(f, &t);
		return print_out(&t, fault);
	}
	if (present_is_text(&o->present)) {
		info_text(f, &t);
		r = print_out(&t, fault);
		if (r < 0)
			return r;
	}
	r = present_open(&o->present, RENDER_TIME_LOCAL, NULL, &out, fault);
	if (r < 0)
		return r;
	r = info_table(f, o->by_cpu, &out, fault);
	finished = present_finish(&o->present, &out, fault);
	return r ? r : finished;
}

/* A tape that was read to its end. */
struct info_tape {
	struct tape_reader *reader;
	struct playback *playback; /* owns the reader; NULL: no row was decoded */
};

static void info_tape_done(struct info_tape *t)
{
	if (t->playback)
		playback_close(t->playback);
	else
		tape_reader_close(t->reader);
}

static tcp_kinds hidden_wants(const void *view_options)
{
	return TCP_KINDS_ALL;
}

static int hidden_init(void *state, const void *view_options, const struct view_context *context,
		       struct table_sink *out, struct fault *fault)
{
	return 0;
}

static int hidden_feed(void *state, const struct tcp_event *e, struct table_sink *out,
		       struct fault *fault)
{
	return 0;
}

/* Takes every event and shows none: what the filter hides is counted on the way. */
static const struct view hidden_view = {
	.name = "info",
	.wants = hidden_wants,
	.init = hidden_init,
	.feed = hidden_feed,
};

static int info_tape_play(struct info_tape *t, const struct tape_file *tape, struct fault *fault)
{
	struct playback_options play = {
		.path = tape->path, .reader = t->reader, .view = &hidden_view};
	struct note_list notes;
	int r = playback_open(&play, &t->playback, fault);

	if (r < 0)
		return r;
	note_list_init(&notes);
	r = playback_run(t->playback, &notes.sink, NULL, fault);
	note_list_done(&notes);
	return r;
}

/* What info opens before the sandbox is put on. */
struct info_outputs {
	int copy_fd; /* audited_tape_copy() */
};

static enum status info_open(struct invocation *inv, struct fault *fault)
{
	struct info_outputs *outputs = arena_alloc(inv->arena, sizeof(*outputs));

	inv->outputs = outputs;
	if (!outputs)
		return status_of_result(fault_no_memory(fault), fault);
	outputs->copy_fd = audited_tape_copy(inv->tapes);
	inv->needs.outputs = &outputs->copy_fd;
	inv->needs.n_outputs = 1;
	return STATUS_DONE;
}

/* Decodes rows only where the tape was recorded with a filter. */
static int info_tape_read(struct info_tape *t, const struct invocation *inv,
			  struct audited_tape *audited, struct fault *fault)
{
	const struct info_outputs *outputs = inv->outputs;
	struct tape_section section;
	int r = audited_tape_open(audited, inv->tapes, outputs->copy_fd, &t->reader, fault);

	if (!r)
		r = tape_reader_head(t->reader, fault);
	if (r < 0)
		return r;
	if (meta_host(tape_reader_meta(t->reader), "filter"))
		return info_tape_play(t, inv->tapes, fault);
	while ((r = tape_reader_next(t->reader, NULL, NULL, &section, fault)) > 0)
		;
	return r;
}

static enum status info_run(const struct invocation *inv, struct fault *fault)
{
	struct info_tape tape CLEANUP(info_tape_done) = {0};
	struct figure_pauses pauses CLEANUP(figure_pauses_done) = {0};
	struct text why CLEANUP(text_done) = {0};
	struct audited_tape audited CLEANUP(audited_tape_done) = {.copy.fd = -1};
	struct info_facts f;
	int r = info_tape_read(&tape, inv, &audited, fault);

	if (r < 0)
		return STATUS_FAILED;
	f = (struct info_facts){
		.meta = tape_reader_meta(tape.reader),
		.damage = tape_reader_damage(tape.reader),
		.size_bytes = tape_reader_bytes(tape.reader),
		.has_hidden = tape.playback,
		.n_hidden = tape.playback ? playback_hidden(tape.playback) : 0,
	};
	f.start_ns = meta_start_ns(f.meta);
	f.end_ns = meta_end_ns(f.meta);
	if (f.end_ns < f.start_ns)
		f.end_ns = f.start_ns;
	if (figure_pauses_find(f.meta, f.end_ns, &pauses) < 0)
		return status_of_result(fault_no_memory(fault), fault);
	f.pauses = &pauses;
	f.is_whole = !tape_damage_any(f.damage);
	r = audited_tape_make(&audited, tape.reader, AUDIT_EVENTS_MAX, fault);
	if (r < 0)
		return STATUS_FAILED;
	f.audit = audited.is_done ? &audited.audit : NULL;
	f.why_no_audit = audited.why_not;
	r = info_show(&f, inv->options, fault);
	if (r < 0 || f.is_whole)
		return status_of_result(r, fault);
	damage_text(f.damage, &why);
	fault_set(fault, -EBADMSG, "%s: %s (see tcptape check)", inv->operands[0], text_cstr(&why));
	return STATUS_DAMAGED;
}

const struct command command_info = {
	.name = "info",
	.summary = "host, kernel, clock, events and losses per tracepoint, sizes",
	.usage = "TAPE",
	.options = &options,
	.options_size = sizeof(struct info_options),
	.reads_tapes = true,
	.n_tapes = 1,
	.min_operands = 1,
	.max_operands = 1,
	.open = info_open,
	.run = info_run,
};

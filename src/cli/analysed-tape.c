// SPDX-License-Identifier: MIT
#include "cli/analysed-tape.h"
#include "cli/status.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "playback/accounting.h"
#include "playback/caveats.h"
#include "tracepoint/catalog.h"

void analysed_tape_done(struct analysed_tape *e)
{
	playback_close(e->playback);
	arena_done(&e->arena);
	text_done(&e->damage);
	free(e->notes);
}

/* The view has no rows; its notes are kept. */
static int sink_begin(struct table_sink *s, const struct column *columns, size_t n,
		      struct fault *fault)
{
	return 0;
}

static int sink_row(struct table_sink *s, const struct cell *cells, struct fault *fault)
{
	return 0;
}

static int sink_flush(struct table_sink *s, struct fault *fault)
{
	return 0;
}

static int sink_note(struct table_sink *s, const char *line, struct fault *fault)
{
	struct analysed_tape *e = s->self;
	char *copy = arena_str(&e->arena, line);

	if (e->n_notes == e->cap_notes) {
		size_t cap = e->cap_notes ? e->cap_notes * 2 : 8;
		const char **bigger = realloc(e->notes, cap * sizeof(*bigger));

		if (!bigger)
			return fault_errno(fault, -ENOMEM, "notes");
		e->notes = bigger;
		e->cap_notes = cap;
	}
	if (!copy)
		return fault_errno(fault, -ENOMEM, "notes");
	e->notes[e->n_notes++] = copy;
	return 0;
}

static const struct table_ops sink_ops = {
	.begin = sink_begin,
	.row = sink_row,
	.note = sink_note,
	.flush = sink_flush,
};

#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+,:@%=-"

static bool is_plain(const char *s, const char *characters)
{
	return *s && !s[strspn(s, characters)];
}

/* As a word of a shell. */
static const char *quoted(struct analysed_tape *e, const char *s)
{
	struct text t CLEANUP(text_done) = {0};

	if (!strcmp(s, "-"))
		return "TAPE";
	if (*s != '-' && is_plain(s, PLAIN))
		return s;
	text_str(&t, *s == '-' ? "./'" : "'");
	for (; *s; s++) {
		if (*s == '\'')
			text_str(&t, "'\\''");
		else
			text_char(&t, *s);
	}
	text_char(&t, '\'');
	return t.failed ? NULL : arena_str(&e->arena, text_cstr(&t));
}

/* What a shell would take for something else is left out: the command shows more then, not less. */
static int add_option(struct analysed_tape *e, const char *words)
{
	char *copy;

	if (!is_plain(words, PLAIN " ") || e->facts.n_options == ARRAY_SIZE(e->options))
		return 0;
	copy = arena_str(&e->arena, words);
	if (!copy)
		return -ENOMEM;
	e->options[e->facts.n_options++] = copy;
	return 0;
}

static int add_time_spec(struct analysed_tape *e, const char *name, const struct time_spec *m)
{
	struct text t CLEANUP(text_done) = {0};

	if (!m->typed)
		return 0;
	text_printf(&t, "%s %s", name, m->typed);
	return t.failed ? -ENOMEM : add_option(e, text_cstr(&t));
}

/* What the user asked for, so that the commands of the report show the same part of the tape. */
static int take_options(struct analysed_tape *e, const struct tape_options *r)
{
	const struct event_filter *f = &r->filter;
	const struct event_filter parts[] = {
		{.port = f->port},   {.lport = f->lport},   {.rport = f->rport},
		{.addrs = f->addrs}, {.family = f->family}, {.pids = f->pids},
		{.comms = f->comms},
	};
	int code = 0;

	for (size_t i = 0; !code && i < ARRAY_SIZE(parts); i++) {
		struct text t CLEANUP(text_done) = {0};

		filter_text(&parts[i], &t);
		code = t.failed ? -ENOMEM : add_option(e, text_cstr(&t));
	}
	if (!code)
		code = add_time_spec(e, "--since", &r->since);
	if (!code)
		code = add_time_spec(e, "--until", &r->until);
	e->facts.options = e->options;
	return code;
}

/* Of the kinds that a report looks at. */
static void count_missing(struct tape_facts *f, const struct tape_meta *meta)
{
	tcp_kinds wanted = gather_view.wants(NULL) | gather_view.uses;

	for (size_t i = 0; i < meta->n_tallies; i++) {
		const struct tally_record *t = &meta->tallies[i];
		const struct tape_tracepoint *tp = t->tracepoint < meta->n_tracepoints
							   ? meta->tracepoints[t->tracepoint]
							   : NULL;
		const struct tracepoint_info *info = tp ? catalog_find(tp->system, tp->name) : NULL;

		if (!info || !(TCP_KIND_BIT(info->kind) & wanted))
			continue;
		f->lost += t->lost;
		f->undelivered += accounting_undelivered(t);
	}
	/* The recorder did not get to its last tally: the rings' own loss records know more. */
	if (accounting_sum(meta, UINT32_MAX, UINT32_MAX).has_final)
		return;
	for (size_t i = 0, sum = 0; i < meta->n_losses; i++) {
		sum += meta->losses[i].count;
		f->lost = f->lost > sum ? f->lost : sum;
	}
}

static void take_facts(struct analysed_tape *e, const char *path)
{
	const struct tape_meta *meta = playback_meta(e->playback);
	const struct tape_damage *damage = playback_damage(e->playback);
	const struct clock_record *clock = meta->n_clocks ? &meta->clocks[0] : NULL;
	struct tape_facts *f = &e->facts;

	f->tape = quoted(e, path);
	f->host = meta_host(meta, "host");
	f->kernel = meta_host(meta, "kernel");
	f->arch = meta_host(meta, "arch");
	f->os = meta_host(meta, "os");
	f->command_line = meta_host(meta, "command_line");
	f->filter = meta_host(meta, "filter");
	f->recorded = meta->n_rows - account_synthetic(meta, NULL);
	f->is_synchronised = clock && clock->error_ns != UINT64_MAX;
	count_missing(f, meta);
	if (tape_damage_any(damage)) {
		damage_text(damage, &e->damage);
		f->damage = text_cstr(&e->damage);
	}
	f->notes = e->notes;
	f->n_notes = e->n_notes;
}

int analysed_tape_read(struct analysed_tape *e, const char *path,
		       const struct tape_options *reading, struct fault *fault)
{
	struct playback_options options = tape_options_playback(reading, path);
	int r;

	*e = (struct analysed_tape){.sink = {.ops = &sink_ops, .self = e}};
	options.view = &gather_view;
	r = playback_open(&options, &e->playback, fault);
	if (!r && playback_is_stream(e->playback))
		stream_ignore_first_interrupt();
	if (!r)
		r = playback_run(e->playback, &e->sink, NULL, fault);
	if (!r)
		r = playback_notes(e->playback, &e->sink, fault);
	if (r < 0)
		return r;
	e->gathered = playback_state(e->playback);
	take_facts(e, path);
	r = take_options(e, reading);
	if (r < 0)
		return fault_errno(fault, r, "report");
	return e->facts.tape ? 0 : fault_errno(fault, -ENOMEM, "report");
}

// SPDX-License-Identifier: MIT
#include "cli/analysed-tape.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/shell-word.h"
#include "cli/status.h"
#include "gather/gather-view.h"
#include "playback/accounting.h"
#include "playback/caveats.h"

void analysed_tape_done(struct analysed_tape *e)
{
	playback_close(e->playback);
	note_list_done(&e->notes);
	text_done(&e->damage);
	arena_done(&e->arena);
}

/* Counts the lost and undelivered events of the kinds that a report looks at, and of all kinds, as
 * `info` and the recorder count them. 0 or -ENOMEM. */
static int facts_count_missing(struct tape_facts *f, const struct tape_meta *meta,
			       struct arena *arena)
{
	struct accounting_missing *missing CLEANUP(free_p) = calloc(1, sizeof(*missing));
	struct accounting_gaps *gaps CLEANUP(free_p) = malloc(sizeof(*gaps));
	struct kind_missing *of_kinds = arena_alloc(arena, TCP_KIND_N * sizeof(*of_kinds));

	if (!missing || !gaps || !of_kinds)
		return -ENOMEM;
	for (unsigned int k = 0; k < TCP_KIND_N; k++) {
		accounting_missing(meta, TCP_KIND_BIT(k), missing);
		of_kinds[k] = (struct kind_missing){missing->lost, missing->undelivered};
	}
	f->missing = of_kinds;
	accounting_missing(meta, TCP_KINDS_ALL, missing);
	f->lost_all = missing->lost;
	f->undelivered_all = missing->undelivered;
	accounting_missing(meta, gather_view.wants(NULL) | gather_view.uses, missing);
	f->lost = missing->lost;
	f->undelivered = missing->undelivered;
	accounting_gaps(meta, gaps);
	f->unwatched_ns = gaps->ns + gaps->n;
	return 0;
}

static int by_start(const void *a, const void *b)
{
	const struct tape_gap *x = a, *y = b;

	return (x->from_ns > y->from_ns) - (x->from_ns < y->from_ns);
}

/* Takes the times in which events were lost, of all CPUs together. 0 or -ENOMEM. */
static int facts_take_gaps(struct analysed_tape *e, const struct tape_meta *meta)
{
	struct tape_gap *gaps = arena_alloc(&e->arena, (meta->n_losses + 1) * sizeof(*gaps));
	size_t n = 0;

	if (!gaps)
		return -ENOMEM;
	for (size_t i = 0; i < meta->n_losses; i++)
		gaps[i] = (struct tape_gap){meta->losses[i].from_ns, meta->losses[i].to_ns};
	qsort(gaps, meta->n_losses, sizeof(*gaps), by_start);
	for (size_t i = 0; i < meta->n_losses; i++) {
		if (n && gaps[i].from_ns <= gaps[n - 1].to_ns) {
			if (gaps[i].to_ns > gaps[n - 1].to_ns)
				gaps[n - 1].to_ns = gaps[i].to_ns;
			continue;
		}
		gaps[n++] = gaps[i];
	}
	e->facts.gaps = gaps;
	e->facts.n_gaps = n;
	return 0;
}

static int facts_take(struct analysed_tape *e)
{
	const struct tape_meta *meta = playback_meta(e->playback);
	const struct tape_damage *damage = playback_damage(e->playback);
	const struct clock_record *clock = meta->n_clocks ? &meta->clocks[0] : NULL;
	struct tape_facts *f = &e->facts;

	f->host = meta_host(meta, "host");
	f->kernel = meta_host(meta, "kernel");
	f->arch = meta_host(meta, "arch");
	f->os = meta_host(meta, "os");
	f->command_line = meta_host(meta, "command_line");
	f->filter = meta_host(meta, "filter");
	f->has_figure_pauses = meta->n_pauses > 0;
	f->recorded = meta->n_rows - accounting_synthetic(meta, NULL);
	if (meta_host(meta, "net_namespaces_missed"))
		f->n_namespaces_missed =
			strtoull(meta_host(meta, "net_namespaces_missed"), NULL, 10);
	f->is_synchronised = clock && clock->error_ns != UINT64_MAX;
	if (tape_damage_any(damage)) {
		damage_text(damage, &e->damage);
		f->damage = text_cstr(&e->damage);
	}
	f->notes = e->notes.notes;
	f->n_notes = e->notes.n;
	f->options = e->options.words;
	f->n_options = e->options.n;
	if (facts_take_gaps(e, meta) < 0)
		return -ENOMEM;
	return facts_count_missing(f, meta, &e->arena);
}

static int tape_play(struct analysed_tape *e, const struct tape_file *tape,
		     const struct tape_options *o, const struct analysed_tape_how *how,
		     struct fault *fault)
{
	struct playback_options options = tape_options_playback(o);
	int r;

	options.view = how->with_probes ? &gather_probes_view : &gather_view;
	options.view_options = how->gather;
	r = tape_file_play(tape, &options, &e->playback, fault);
	if (!r && playback_is_stream(e->playback))
		stream_ignore_first_interrupt();
	if (!r)
		r = playback_run(e->playback, &e->notes.sink, NULL, fault);
	return r ? r : playback_notes(e->playback, &e->notes.sink, fault);
}

int analysed_tape_read(struct analysed_tape *e, const struct tape_file *tape,
		       const struct tape_options *o, const struct analysed_tape_how *how,
		       struct fault *fault)
{
	int r;

	*e = (struct analysed_tape){0};
	note_list_init(&e->notes);
	r = tape_play(e, tape, o, how, fault);
	if (r < 0)
		return r;
	e->gathered = playback_state(e->playback);
	r = typed_options_make(o, &e->arena, &e->options);
	if (!r)
		r = facts_take(e);
	/* A stream has no name that another command could open. */
	e->facts.tape =
		strcmp(tape->path, "-") ? shell_word_of_path(tape->path, &e->arena) : "TAPE";
	if (r < 0 || !e->facts.tape)
		return fault_errno(fault, -ENOMEM, "report");
	return 0;
}

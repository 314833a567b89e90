// SPDX-License-Identifier: MIT
#include "playback/caveats.h"

#include <string.h>

#include "base/units.h"
#include "playback/accounting.h"
#include "playback/figure-pauses.h"
#include "tracepoint/catalog.h"

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static tcp_kinds kind_bit(const char *system, const char *name)
{
	const struct tracepoint_info *info = catalog_find(system, name);

	return TCP_KIND_BIT(info ? info->kind : TCP_KIND_OTHER);
}

static int note_absent(const struct caveats *c, struct table_sink *out, struct fault *fault)
{
	const struct tape_meta *meta = c->meta;
	int r = 0;

	for (size_t i = 0; !r && i < meta->n_absent; i++) {
		const struct absent_record *a = &meta->absent[i];
		struct text t CLEANUP(text_done) = {0};

		if (!(kind_bit(a->system, a->name) & c->needed))
			continue;
		text_printf(&t, "this tape lacks %s:%s: %s", a->system, a->name, a->why);
		r = table_note(out, text_cstr(&t), fault);
	}
	return r;
}

/* Kinds that are needed, and of which the tape says nothing. */
static tcp_kinds kinds_unrecorded(const struct caveats *c)
{
	const struct tape_meta *meta = c->meta;
	tcp_kinds left = c->needed;

	for (size_t i = 0; i < meta->n_tracepoints; i++) {
		if (meta->tracepoints[i])
			left &= ~TCP_KIND_BIT(decoder_kind(c->decoder, meta->tracepoints[i]));
	}
	for (size_t i = 0; i < meta->n_absent; i++)
		left &= ~kind_bit(meta->absent[i].system, meta->absent[i].name);
	return left;
}

/* A view that needs a few kinds says when the tape was recorded without any of them. A view of all
 * events needs no kind more than another. */
static int note_unrecorded(const struct caveats *c, struct table_sink *out, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};
	tcp_kinds left = kinds_unrecorded(c);

	if (c->needed & TCP_KIND_BIT(TCP_KIND_OTHER))
		return 0;
	for (size_t i = 0; i < n_tracepoint_catalog; i++) {
		const struct tracepoint_info *info = &tracepoint_catalog[i];

		/* A kind may have had other names on old kernels: only the first one is told. */
		if (!info->profiles || !(TCP_KIND_BIT(info->kind) & left))
			continue;
		left &= ~TCP_KIND_BIT(info->kind);
		text_printf(&t, "%s %s:%s", t.len ? "," : "this tape lacks", info->system,
			    info->name);
	}
	if (!t.len)
		return 0;
	text_str(&t, ": not recorded");
	return table_note(out, text_cstr(&t), fault);
}

/* "" when the rows of the tracepoint are understood. */
static void binding_text(const struct caveats *c, const struct tape_tracepoint *tp, struct text *t)
{
	switch (decoder_binding(c->decoder, tp)) {
	case DECODER_UNKNOWN_SHAPE:
		text_printf(t,
			    "%s:%s has a shape that this tcptape does not know: its fields "
			    "are taken by name",
			    tp->system, tp->name);
		break;
	case DECODER_NO_FORMAT:
		text_printf(t, "%s:%s has no readable format: only its times are known", tp->system,
			    tp->name);
		break;
	default: break;
	}
}

static int note_bindings(const struct caveats *c, struct table_sink *out, struct fault *fault)
{
	int r = 0;

	for (size_t i = 0; !r && i < c->meta->n_tracepoints; i++) {
		const struct tape_tracepoint *tp = c->meta->tracepoints[i];
		struct text t CLEANUP(text_done) = {0};

		if (!tp || !tp->rows || !(TCP_KIND_BIT(decoder_kind(c->decoder, tp)) & c->wanted))
			continue;
		binding_text(c, tp, &t);
		if (t.len)
			r = table_note(out, text_cstr(&t), fault);
	}
	return r;
}

/* Some unwinders stop in the tracepoint's own code (32-bit ARM), and a kernel may have functions of
 * other names. */
static int note_mute_chains(const struct caveats *c, struct table_sink *out, struct fault *fault)
{
	struct decoder_chains seen = decoder_chains(c->decoder);
	struct text t CLEANUP(text_done) = {0};

	if (!seen.n_mute || !(c->wanted & TCP_KIND_BIT(TCP_KIND_RETRANSMIT)))
		return 0;
	units_count(&t, seen.n_mute);
	text_str(&t, " of ");
	units_count(&t, seen.n);
	text_printf(&t,
		    " retransmission%s came with a call chain that the kernel cut short or that "
		    "names no known function: the socket's state gives their cause, right in about "
		    "nine of ten",
		    plural(seen.n));
	return table_note(out, text_cstr(&t), fault);
}

static int note_gaps(const struct caveats *c, struct table_sink *out, struct fault *fault)
{
	struct accounting_gaps *gaps CLEANUP(free_p) = malloc(sizeof(*gaps));
	struct text t CLEANUP(text_done) = {0};

	if (!gaps)
		return fault_no_memory(fault);
	accounting_gaps(c->meta, gaps);
	if (!gaps->n)
		return 0;
	cpu_set_text_print(&gaps->cpus, &t);
	text_str(&t, " came online during the recording, and what happened there in ");
	units_duration(&t, gaps->ns);
	text_str(&t, " before the recorder noticed is missing: counts are lower bounds");
	return table_note(out, text_cstr(&t), fault);
}

/* One figure for all outputs, and how much of it matters here. */
static void share_text(uint64_t n, uint64_t wanted, struct text *t)
{
	if (wanted == n)
		return;
	text_str(t, wanted ? ", " : ", none");
	if (wanted)
		units_count(t, wanted);
	text_str(t, " of the kinds that are looked at here");
}

static int note_undelivered(const struct accounting_missing *m, uint64_t wanted,
			    struct table_sink *out, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};

	if (!m->undelivered)
		return 0;
	text_str(&t, "the kernel counted ");
	units_count(&t, m->undelivered);
	text_printf(&t, " more event%s than it delivered (", plural(m->undelivered));
	cpu_set_text_print(&m->undelivered_cpus, &t);
	share_text(m->undelivered, wanted, &t);
	text_char(&t, ')');
	return table_note(out, text_cstr(&t), fault);
}

static int note_lost(const struct accounting_missing *m, uint64_t wanted, struct table_sink *out,
		     struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};

	if (!m->lost)
		return 0;
	text_str(&t, "lost ");
	units_count(&t, m->lost);
	text_printf(&t, " event%s on ", plural(m->lost));
	cpu_set_text_print(&m->lost_cpus, &t);
	share_text(m->lost, wanted, &t);
	if (wanted)
		text_str(&t, ": counts are lower bounds");
	return table_note(out, text_cstr(&t), fault);
}

static int note_missing(const struct caveats *c, struct table_sink *out, struct fault *fault)
{
	struct accounting_missing *all CLEANUP(free_p) = calloc(2, sizeof(*all));
	int r;

	if (!all)
		return fault_no_memory(fault);
	accounting_missing(c->meta, TCP_KINDS_ALL, &all[0]);
	accounting_missing(c->meta, c->wanted, &all[1]);
	r = note_undelivered(all, all[1].undelivered, out, fault);
	return r ? r : note_lost(all, all[1].lost, out, fault);
}

/* Bytes and owners of connections in a network namespace that could not be entered are less well
 * known, which matters to a view of connections. */
static int note_namespaces(const struct caveats *c, struct table_sink *out, struct fault *fault)
{
	const char *missed = meta_host(c->meta, "net_namespaces_missed");
	struct text t CLEANUP(text_done) = {0};

	if (!(c->wanted & TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL)) || !missed || !strcmp(missed, "0"))
		return 0;
	text_safe(&t, missed, strnlen(missed, 20));
	text_str(&t, " network namespaces could not be watched: exact bytes and some owners of the "
		     "connections there are missing");
	return table_note(out, text_cstr(&t), fault);
}

static int note_late(const struct caveats *c, struct table_sink *out, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};

	if (!c->n_late)
		return 0;
	units_count(&t, c->n_late);
	text_printf(&t, " event%s came late and stand%s out of order", plural(c->n_late),
		    c->n_late == 1 ? "s" : "");
	return table_note(out, text_cstr(&t), fault);
}

static void undescribed_text(uint64_t n, struct text *t)
{
	units_count(t, n);
	text_printf(t, " row%s cannot be read: the format of %s tracepoint is missing", plural(n),
		    n == 1 ? "its" : "their");
}

static int note_undescribed(const struct caveats *c, struct table_sink *out, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};

	if (!c->meta->n_undescribed)
		return 0;
	undescribed_text(c->meta->n_undescribed, &t);
	return table_note(out, text_cstr(&t), fault);
}

static int note_hidden(const struct caveats *c, struct table_sink *out, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};
	const char *words = meta_host(c->meta, "filter");

	if (!c->n_hidden || !words)
		return 0;
	text_str(&t, "the filter of the recording (");
	text_safe(&t, words, strnlen(words, 100));
	text_str(&t, ") hides ");
	units_count(&t, c->n_hidden);
	text_printf(&t, " event%s of the tape (replay --fields has all)", plural(c->n_hidden));
	return table_note(out, text_cstr(&t), fault);
}

int caveats_emit(const struct caveats *c, struct table_sink *out, struct fault *fault)
{
	int r = note_absent(c, out, fault);

	if (!r)
		r = note_unrecorded(c, out, fault);
	if (!r)
		r = note_undescribed(c, out, fault);
	if (!r)
		r = note_hidden(c, out, fault);
	if (!r)
		r = note_namespaces(c, out, fault);
	if (!r)
		r = c->wanted & TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL)
			    ? figure_pauses_note(c->meta, out, fault)
			    : 0;
	if (!r)
		r = note_bindings(c, out, fault);
	if (!r)
		r = note_mute_chains(c, out, fault);
	if (!r)
		r = note_gaps(c, out, fault);
	if (!r)
		r = note_late(c, out, fault);
	return r ? r : note_missing(c, out, fault);
}

void damage_text(const struct tape_damage *d, struct text *t)
{
	if (d->first_what[0])
		text_printf(t, "damaged at byte %llu: %s", (unsigned long long)d->first_at,
			    d->first_what);
	else if (d->missing_sections)
		text_printf(t, "%llu section%s missing", (unsigned long long)d->missing_sections,
			    d->missing_sections == 1 ? " is" : "s are");
	else if (d->is_cut)
		text_str(t, "cut off in the middle of a section");
	else if (d->undescribed_rows)
		undescribed_text(d->undescribed_rows, t);
	else if (d->is_unfinished)
		text_str(t, "has no end: its recorder was killed, or is still writing");
}

const char *tape_name(const char *path)
{
	return strcmp(path, "-") ? path : "standard input";
}

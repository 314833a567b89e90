// SPDX-License-Identifier: MIT
#include "playback/caveats.h"

#include <string.h>

#include "base/units.h"
#include "playback/accounting.h"
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

static int note_absent(const struct tape_meta *meta, tcp_kinds wanted, struct table_sink *out,
		       struct fault *fault)
{
	int r = 0;

	for (size_t i = 0; !r && i < meta->n_absent; i++) {
		const struct absent_record *a = &meta->absent[i];
		struct text t CLEANUP(text_done) = {0};

		if (!(kind_bit(a->system, a->name) & wanted))
			continue;
		text_printf(&t, "this tape lacks %s:%s: %s", a->system, a->name, a->why);
		r = table_note(out, text_cstr(&t), fault);
	}
	return r;
}

/* A view that wants a few kinds says when the tape was recorded without any of them. */
static int note_unrecorded(const struct tape_meta *meta, struct decoder *decoder, tcp_kinds wanted,
			   struct table_sink *out, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};
	tcp_kinds left = wanted;

	if (wanted & TCP_KIND_BIT(TCP_KIND_OTHER))
		return 0;
	for (size_t i = 0; i < meta->n_tracepoints; i++) {
		if (meta->tracepoints[i])
			left &= ~TCP_KIND_BIT(decoder_kind(decoder, meta->tracepoints[i]));
	}
	for (size_t i = 0; i < meta->n_absent; i++)
		left &= ~kind_bit(meta->absent[i].system, meta->absent[i].name);
	for (size_t i = 0; i < n_tracepoint_catalog; i++) {
		const struct tracepoint_info *info = &tracepoint_catalog[i];

		/* A kind may have had other names on old kernels. */
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

static int note_bindings(const struct tape_meta *meta, struct decoder *decoder, tcp_kinds wanted,
			 struct table_sink *out, struct fault *fault)
{
	int r = 0;

	for (size_t i = 0; !r && i < meta->n_tracepoints; i++) {
		const struct tape_tracepoint *tp = meta->tracepoints[i];
		struct text t CLEANUP(text_done) = {0};
		enum decoder_bound bound;

		if (!tp || !tp->rows || !(TCP_KIND_BIT(decoder_kind(decoder, tp)) & wanted))
			continue;
		bound = decoder_binding(decoder, tp);
		if (bound == DECODER_UNKNOWN_SHAPE)
			text_printf(&t,
				    "%s:%s has a shape that this tcptape does not know: its fields "
				    "are taken by name",
				    tp->system, tp->name);
		else if (bound == DECODER_NO_FORMAT)
			text_printf(&t, "%s:%s has no readable format: only its times are known",
				    tp->system, tp->name);
		else
			continue;
		r = table_note(out, text_cstr(&t), fault);
	}
	return r;
}

static int note_losses(const struct accounting_missing *m, struct table_sink *out,
		       struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};
	int r = 0;

	if (m->undelivered) {
		text_str(&t, "the kernel counted ");
		units_count(&t, m->undelivered);
		text_printf(&t, " more event%s than it delivered (", plural(m->undelivered));
		cpu_set_text_print(&m->undelivered_cpus, &t);
		text_char(&t, ')');
		r = table_note(out, text_cstr(&t), fault);
	}
	if (r || !m->lost)
		return r;
	text_clear(&t);
	text_str(&t, "lost ");
	units_count(&t, m->lost);
	text_printf(&t, " event%s on ", plural(m->lost));
	cpu_set_text_print(&m->lost_cpus, &t);
	text_str(&t, ": counts are lower bounds");
	return table_note(out, text_cstr(&t), fault);
}

/* Whoever shows connections says where their bytes and owners are less well known. */
static int note_namespaces(const struct tape_meta *meta, tcp_kinds wanted, struct table_sink *out,
			   struct fault *fault)
{
	const char *missed = meta_host(meta, "net_namespaces_missed");
	struct text t CLEANUP(text_done) = {0};

	if (!(wanted & TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL)) || !missed || !strcmp(missed, "0"))
		return 0;
	text_safe(&t, missed, strnlen(missed, 20));
	text_str(&t, " network namespaces could not be entered: exact bytes and some owners of the "
		     "connections there are missing");
	return table_note(out, text_cstr(&t), fault);
}

int caveats_emit(const struct tape_meta *meta, struct decoder *decoder, tcp_kinds needed,
		 tcp_kinds wanted, uint64_t n_late, struct table_sink *out, struct fault *fault)
{
	struct accounting_missing *missing CLEANUP(free_p) = calloc(1, sizeof(*missing));
	int r;

	if (!missing)
		return fault_no_memory(fault);
	r = note_absent(meta, needed, out, fault);
	if (!r)
		r = note_unrecorded(meta, decoder, needed, out, fault);
	if (!r)
		r = note_namespaces(meta, wanted, out, fault);
	if (!r)
		r = note_bindings(meta, decoder, wanted, out, fault);
	if (!r && n_late) {
		struct text t CLEANUP(text_done) = {0};

		units_count(&t, n_late);
		text_printf(&t, " event%s came late and stand%s out of order", plural(n_late),
			    n_late == 1 ? "s" : "");
		r = table_note(out, text_cstr(&t), fault);
	}
	if (r)
		return r;
	accounting_missing(meta, wanted, missing);
	return note_losses(missing, out, fault);
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
	else if (d->is_unfinished)
		text_str(t, "has no end: its recorder was killed, or is still writing");
}

const char *tape_name(const char *path)
{
	return strcmp(path, "-") ? path : "standard input";
}

// SPDX-License-Identifier: MIT
#include "base/units.h"
#include "base/walltime.h"
#include "playback/accounting.h"
#include "cli/info.h"
#include "playback/caveats.h"
#include "playback/clock-steps.h"
#include "tracepoint/socket-row.h"

static void label_put(struct text *t, const char *name)
{
	text_str(t, name);
	text_fill(t, ' ', 10 - strlen(name));
}

static void host_line(struct text *t, const char *name, const struct tape_meta *meta,
		      const char *key, const char *second_key)
{
	const char *value = meta_host(meta, key);
	const char *second = second_key ? meta_host(meta, second_key) : NULL;

	if (!value || !*value)
		return;
	label_put(t, name);
	text_safe(t, value, strlen(value));
	if (second && *second) {
		text_str(t, " (");
		text_safe(t, second, strlen(second));
		text_char(t, ')');
	}
	text_char(t, '\n');
}

/* Writes a line of at most 80 columns: a longer value is cut. */
static void long_line(struct text *t, const struct tape_meta *meta, const char *name,
		      const char *key)
{
	const char *value = meta_host(meta, key);
	size_t len = value ? strlen(value) : 0;

	if (!len)
		return;
	label_put(t, name);
	text_safe(t, value, len > 66 ? 66 : len);
	text_str(t, len > 66 ? " ...\n" : "\n");
}

static void clock_line(struct text *t, const struct tape_meta *meta)
{
	const struct clock_record *c = meta->n_clocks ? &meta->clocks[0] : NULL;

	label_put(t, "clock");
	text_str(t, "monotonic");
	if (!c)
		text_str(t, "; wall time unknown");
	else if (c->error_ns == UINT64_MAX)
		text_str(t, "; the host's wall clock was not synchronised");
	else
		text_printf(t, "; wall time within %llu us",
			    (unsigned long long)(c->error_ns / NSEC_PER_USEC));
	text_char(t, '\n');
}

static void when_line(struct text *t, const struct info_facts *f)
{
	int64_t real_ns;

	if (!f->end_ns)
		return;
	label_put(t, "recorded");
	if (meta_wall_time(f->meta, f->start_ns, &real_ns)) {
		walltime_date(t, real_ns, false);
		text_str(t, ", ");
	}
	units_duration(t, f->end_ns - f->start_ns);
	text_char(t, '\n');
}

static void step_lines(struct text *t, const struct tape_meta *meta)
{
	enum { SHOWN = 10 };
	size_t n = clock_steps_count(meta);

	for (size_t i = 0; i < n && i < SHOWN; i++) {
		struct clock_step s = clock_steps_get(meta, i);

		label_put(t, "");
		clock_step_text(&s, false, t);
		text_char(t, '\n');
	}
	if (n > SHOWN) {
		label_put(t, "");
		text_printf(t, "and %zu steps more (--json has all)\n", n - SHOWN);
	}
}

static void damage_line(struct text *t, const struct tape_damage *damage)
{
	struct text line CLEANUP(text_done) = {0};

	/* The text may quote bytes of the tape. */
	damage_text(damage, &line);
	label_put(t, "damage");
	text_safe(t, text_cstr(&line), line.len);
	text_char(t, '\n');
}

static void tape_lines(struct text *t, const struct info_facts *f)
{
	uint64_t made = accounting_synthetic(f->meta, NULL), events = f->meta->n_rows - made;
	uint64_t samples = accounting_synthetic(f->meta, SOCKET_ROW_SAMPLE);

	label_put(t, "tape");
	units_size(t, f->size_bytes);
	text_str(t, ", ");
	units_count(t, events);
	text_str(t, " events");
	if (events)
		text_printf(t, ", %.1f bytes/event", (double)f->size_bytes / (double)events);
	text_str(t, f->is_whole ? ", whole\n" : ", not whole\n");
	if (f->has_hidden) {
		label_put(t, "hidden");
		units_count(t, f->n_hidden);
		text_str(t,
			 " of these events are of connections that the filter leaves out: views do "
			 "not show them\n");
	}
	if (made) {
		label_put(t, "sockets");
		units_count(t, accounting_synthetic(f->meta, SOCKET_ROW_TABLE));
		text_str(t, " in the tables at start and end, last figures of ");
		units_count(t, accounting_synthetic(f->meta, SOCKET_ROW_DESTROY));
		if (samples) {
			text_str(t, ", ");
			units_count(t, samples);
			text_str(t, " samples");
		}
		text_char(t, '\n');
	}
	if (!f->is_whole)
		damage_line(t, f->damage);
}

/* When the last figures of sockets were not asked for. */
static void pause_lines(struct text *t, const struct info_facts *f)
{
	enum { SHOWN = 10 };
	const struct losses *w = &f->pauses->windows;

	if (!f->meta->n_pauses)
		return;
	label_put(t, "unasked");
	text_str(t, "last figures of ");
	figure_pauses_text(f->pauses, t);
	text_str(t, " (profiles life and bytes have all)\n");
	for (size_t i = 0; i < w->n && i < SHOWN; i++) {
		int64_t from, to;

		if (!meta_wall_time(f->meta, w->windows[i].from_ns, &from) ||
		    !meta_wall_time(f->meta, w->windows[i].to_ns, &to))
			continue;
		label_put(t, "");
		walltime_clock(t, from, false, 6);
		text_str(t, " to ");
		walltime_clock(t, to, false, 6);
		text_char(t, '\n');
	}
	if (w->n > SHOWN) {
		label_put(t, "");
		text_printf(t, "and %zu more (--json has all)\n", w->n - SHOWN);
	}
}

/* The rings also carry records about processes, which are no events. */
static void loss_sum_line(struct text *t, const struct tape_meta *meta)
{
	struct accounting_sum sum = accounting_sum(meta, ACCOUNTING_ALL, ACCOUNTING_ALL);
	uint64_t records = 0;

	for (size_t i = 0; i < meta->n_losses; i++)
		records += meta->losses[i].count;
	if (!meta->n_losses && !sum.lost)
		return;
	label_put(t, "losses");
	units_count(t, sum.has_final ? sum.lost : records);
	text_str(t, sum.has_final ? " events" : " records of the rings");
	if (sum.has_final && records > sum.lost) {
		text_str(t, "; with records about processes, the rings lost ");
		units_count(t, records);
	}
	text_char(t, '\n');
}

static void loss_lines(struct text *t, const struct tape_meta *meta)
{
	enum { SHOWN = 10 };

	loss_sum_line(t, meta);
	for (size_t i = 0; i < meta->n_losses && i < SHOWN; i++) {
		const struct loss_record *l = &meta->losses[i];
		int64_t from, to;

		label_put(t, "");
		if (l->count)
			units_count(t, l->count);
		else
			text_str(t, "unknown, it had just come online,");
		text_printf(t, " on CPU %u", l->cpu);
		if (meta_wall_time(meta, l->from_ns, &from) &&
		    meta_wall_time(meta, l->to_ns, &to)) {
			text_str(t, ", ");
			walltime_clock(t, from, false, 6);
			text_str(t, " to ");
			walltime_clock(t, to, false, 6);
		}
		text_char(t, '\n');
	}
	if (meta->n_losses > SHOWN) {
		label_put(t, "");
		text_printf(t, "and %zu more (--json has all)\n", meta->n_losses - SHOWN);
	}
}

static void absent_lines(struct text *t, const struct tape_meta *meta)
{
	for (size_t i = 0; i < meta->n_absent; i++) {
		struct text line CLEANUP(text_done) = {0};

		label_put(t, i ? "" : "absent");
		text_printf(&line, "%s:%s: %s", meta->absent[i].system, meta->absent[i].name,
			    meta->absent[i].why);
		text_safe(t, text_cstr(&line), line.len);
		text_char(t, '\n');
	}
}

/* What the kernel counted itself, against the tape. */
static void audit_lines(struct text *t, const struct info_facts *f)
{
	if (f->why_no_audit) {
		label_put(t, "audit");
		text_str(t, f->why_no_audit);
		text_char(t, '\n');
	}
	for (size_t i = 0; f->audit && i < f->audit->n; i++) {
		label_put(t, i ? "" : "audit");
		audit_row_text(&f->audit->rows[i], t);
		text_char(t, '\n');
	}
}

void info_text(const struct info_facts *f, struct text *t)
{
	host_line(t, "host", f->meta, "host", "os");
	host_line(t, "kernel", f->meta, "kernel", "arch");
	host_line(t, "cpus", f->meta, "cpus_online", NULL);
	long_line(t, f->meta, "command", "command_line");
	long_line(t, f->meta, "filter", "filter");
	clock_line(t, f->meta);
	when_line(t, f);
	step_lines(t, f->meta);
	tape_lines(t, f);
	pause_lines(t, f);
	loss_lines(t, f->meta);
	absent_lines(t, f->meta);
	audit_lines(t, f);
	text_char(t, '\n');
}

/* COL_CPU is first: a table without CPUs begins one column later. */
enum { COL_CPU, COL_EVENT, COL_COUNTED, COL_RECORDED, COL_LOST, COL_UNDELIVERED, COL_N };

static const struct column columns[COL_N] = {
	[COL_CPU] = {.key = "cpu", .head = "CPU", .where = COLUMN_ALL, .is_right = true},
	[COL_EVENT] = {.key = "event", .head = "EVENT", .where = COLUMN_ALL, .width = 30},
	[COL_COUNTED] = {.key = "counted",
			 .head = "COUNTED",
			 .where = COLUMN_ALL,
			 .width = 10,
			 .is_right = true},
	[COL_RECORDED] = {.key = "recorded",
			  .head = "RECORDED",
			  .where = COLUMN_ALL,
			  .width = 10,
			  .is_right = true},
	[COL_LOST] =
		{.key = "lost", .head = "LOST", .where = COLUMN_ALL, .width = 8, .is_right = true},
	[COL_UNDELIVERED] = {.key = "undelivered",
			     .head = "UNDELIVERED",
			     .where = COLUMN_ALL,
			     .is_right = true},
};

static int row_put(const char *name, const uint32_t *cpu, const struct accounting_sum *sum,
		   uint64_t recorded, struct table_sink *out, struct fault *fault)
{
	struct cell cells[COL_N] = {
		[COL_EVENT] = cell_str(name),
		[COL_CPU] = cpu ? cell_u64(*cpu) : cell_absent(),
		[COL_COUNTED] = sum->has_final ? cell_u64(sum->counted) : cell_absent(),
		[COL_RECORDED] = cell_u64(recorded),
		[COL_LOST] = cell_u64(sum->lost),
		[COL_UNDELIVERED] = sum->has_final ? cell_u64(sum->undelivered) : cell_absent(),
	};

	return table_row(out, cpu ? cells : cells + COL_EVENT, fault);
}

static int cpu_rows_put(const struct tape_meta *meta, uint32_t tracepoint, const char *name,
			struct table_sink *out, struct fault *fault)
{
	int r = 0;

	for (size_t i = 0; !r && i < meta->n_tallies; i++) {
		const struct tally_record *t = &meta->tallies[i];
		struct accounting_sum sum;

		if (t->tracepoint != tracepoint)
			continue;
		sum = accounting_sum(meta, tracepoint, t->cpu);
		r = row_put(name, &t->cpu, &sum, sum.recorded, out, fault);
	}
	return r;
}

int info_table(const struct info_facts *f, bool by_cpu, struct table_sink *out, struct fault *fault)
{
	size_t first = by_cpu ? COL_CPU : COL_EVENT;
	int r = table_begin(out, columns + first, COL_N - first, fault);

	for (size_t i = 0; !r && i < f->meta->n_tracepoints; i++) {
		const struct tape_tracepoint *tp = f->meta->tracepoints[i];
		struct accounting_sum sum = accounting_sum(f->meta, (uint32_t)i, ACCOUNTING_ALL);
		struct text raw CLEANUP(text_done) = {0}, name CLEANUP(text_done) = {0};

		if (!tp || accounting_is_synthetic(tp) ||
		    accounting_is_repeated(f->meta, (uint32_t)i))
			continue;
		text_printf(&raw, "%s:%s", tp->system, tp->name);
		text_safe(&name, text_cstr(&raw), raw.len);
		if (by_cpu)
			r = cpu_rows_put(f->meta, (uint32_t)i, text_cstr(&name), out, fault);
		else
			r = row_put(text_cstr(&name), NULL, &sum,
				    accounting_rows(f->meta, (uint32_t)i), out, fault);
	}
	return r;
}

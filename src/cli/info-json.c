// SPDX-License-Identifier: MIT
#include "base/walltime.h"
#include "playback/accounting.h"
#include "playback/clock-steps.h"
#include "cli/info.h"
#include "render/json-writer.h"
#include "tracepoint/socket-row.h"

static void member_put(struct json_writer *w, const char *key, const char *value)
{
	if (!value)
		return;
	json_key(w, key);
	json_cstr(w, value);
}

static void number_put(struct json_writer *w, const char *key, uint64_t v)
{
	json_key(w, key);
	json_u64(w, v);
}

static void signed_put(struct json_writer *w, const char *key, int64_t v)
{
	struct text t CLEANUP(text_done) = {0};

	text_i64(&t, v);
	json_key(w, key);
	json_verbatim(w, text_cstr(&t), t.len);
}

static void wall_put(struct json_writer *w, const char *key, int64_t real_ns)
{
	struct text t CLEANUP(text_done) = {0};

	walltime_rfc3339(&t, real_ns);
	member_put(w, key, text_cstr(&t));
}

static void time_put(struct json_writer *w, const char *key, const struct tape_meta *meta,
		     uint64_t ts_ns)
{
	int64_t real_ns;

	if (ts_ns && meta_wall_time(meta, ts_ns, &real_ns))
		wall_put(w, key, real_ns);
}

/* Both by the wall clock as it was at the start, so that their difference is the duration. */
static void span_put(struct json_writer *w, const struct info_facts *f)
{
	int64_t real_ns;

	if (f->start_ns && meta_wall_time(f->meta, f->start_ns, &real_ns)) {
		wall_put(w, "started", real_ns);
		wall_put(w, "ended", (int64_t)((uint64_t)real_ns + f->end_ns - f->start_ns));
	}
	number_put(w, "duration_ns", f->end_ns - f->start_ns);
}

/* A tape may say that the clock was set without end. */
#define STEPS_MAX 1000u

static void steps_put(struct json_writer *w, const struct tape_meta *meta)
{
	size_t n = clock_steps_count(meta);

	json_key(w, "clock_steps");
	json_open(w, '[');
	for (size_t i = 0; i < n && i < STEPS_MAX; i++) {
		struct clock_step s = clock_steps_get(meta, i);

		json_open(w, '{');
		number_put(w, "ts_ns", s.ts_ns);
		wall_put(w, "from", s.before_ns);
		wall_put(w, "to", s.after_ns);
		signed_put(w, "set_ns", clock_step_set_ns(&s));
		number_put(w, "slept_ns", s.slept_ns);
		json_close(w, '}');
	}
	json_close(w, ']');
}

/* Writes the number of CPUs, unless the tape's text for it is not a number. */
static void cpus_put(struct json_writer *w, const struct tape_meta *meta)
{
	const char *s = meta_host(meta, "cpus_online");
	uint64_t n = 0;

	if (!s || !*s)
		return;
	for (; *s >= '0' && *s <= '9' && n < UINT32_MAX; s++)
		n = n * 10 + (uint64_t)(*s - '0');
	if (!*s)
		number_put(w, "cpus", n);
}

static void events_put(struct json_writer *w, const struct tape_meta *meta)
{
	json_key(w, "events");
	json_open(w, '{');
	for (size_t i = 0; i < meta->n_tracepoints; i++) {
		const struct tape_tracepoint *tp = meta->tracepoints[i];
		struct accounting_sum sum = accounting_sum(meta, (uint32_t)i, ACCOUNTING_ALL);
		struct text name CLEANUP(text_done) = {0};

		if (!tp || accounting_is_synthetic(tp) || accounting_is_repeated(meta, (uint32_t)i))
			continue;
		text_printf(&name, "%s:%s", tp->system, tp->name);
		json_key(w, text_cstr(&name));
		json_open(w, '{');
		if (sum.has_final)
			number_put(w, "counted", sum.counted);
		number_put(w, "recorded", accounting_rows(meta, (uint32_t)i));
		number_put(w, "lost", sum.lost);
		if (sum.has_final)
			number_put(w, "undelivered", sum.undelivered);
		json_close(w, '}');
	}
	json_close(w, '}');
}

/* Writes the counts of rows that sock_diag gave: those of the socket tables at the start and the
 * end, the last tcp_info of sockets that were destroyed, and samples. */
static void sockets_put(struct json_writer *w, const struct tape_meta *meta)
{
	uint64_t samples = accounting_synthetic(meta, SOCKET_ROW_SAMPLE);

	json_key(w, "sockets");
	json_open(w, '{');
	number_put(w, "listed", accounting_synthetic(meta, SOCKET_ROW_TABLE));
	number_put(w, "destroyed", accounting_synthetic(meta, SOCKET_ROW_DESTROY));
	if (samples)
		number_put(w, "sampled", samples);
	json_close(w, '}');
}

static void pauses_put(struct json_writer *w, const struct info_facts *f)
{
	const struct losses *windows = &f->pauses->windows;

	if (!f->meta->n_pauses)
		return;
	number_put(w, "unasked_sockets", f->pauses->n_unasked);
	json_key(w, "unasked_windows");
	json_open(w, '[');
	for (size_t i = 0; i < windows->n; i++) {
		const struct loss_window *x = &windows->windows[i];

		json_open(w, '{');
		number_put(w, "from_ns", x->from_ns);
		number_put(w, "to_ns", x->to_ns);
		time_put(w, "from", f->meta, x->from_ns);
		time_put(w, "to", f->meta, x->to_ns);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void losses_put(struct json_writer *w, const struct tape_meta *meta)
{
	uint64_t records = 0;

	/* What the windows add up to: records about processes, too, which are no events. */
	for (size_t i = 0; i < meta->n_losses; i++)
		records += meta->losses[i].count;
	number_put(w, "lost_records", records);
	json_key(w, "lost_windows");
	json_open(w, '[');
	for (size_t i = 0; i < meta->n_losses; i++) {
		const struct loss_record *l = &meta->losses[i];

		json_open(w, '{');
		number_put(w, "cpu", l->cpu);
		/* How many were missed before a CPU was recorded is not known. */
		if (l->count)
			number_put(w, "count", l->count);
		else
			member_put(w, "reason", "cpu came online");
		if (l->from_ns)
			number_put(w, "from_ns", l->from_ns);
		number_put(w, "to_ns", l->to_ns);
		time_put(w, "from", meta, l->from_ns);
		time_put(w, "to", meta, l->to_ns);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void explained_put(struct json_writer *w, const struct audit_row *row)
{
	json_key(w, "explained");
	json_open(w, '{');
	for (unsigned int i = 0; i < AUDIT_REASONS; i++) {
		if (row->explained[i])
			signed_put(w, audit_reason_word(i), row->explained[i]);
	}
	json_close(w, '}');
}

static void audit_put(struct json_writer *w, const struct audit *a)
{
	if (!a)
		return;
	json_key(w, "audit");
	json_open(w, '[');
	for (size_t i = 0; i < a->n; i++) {
		const struct audit_row *row = &a->rows[i];

		json_open(w, '{');
		member_put(w, "counter", row->counter);
		number_put(w, "kernel", row->kernel);
		number_put(w, "tape", row->tape);
		if (row->is_comparable) {
			explained_put(w, row);
			signed_put(w, "unaccounted", row->unaccounted);
		} else {
			member_put(w, "not_comparable", row->why_not);
		}
		number_put(w, "netns", row->n_spaces);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void settings_put(struct json_writer *w, const struct tape_meta *meta)
{
	if (!meta->n_settings)
		return;
	json_key(w, "settings");
	json_open(w, '[');
	for (size_t i = 0; i < meta->n_settings; i++) {
		const struct setting_record *s = &meta->settings[i];

		json_open(w, '{');
		member_put(w, "name", s->name);
		member_put(w, "value", s->value);
		if (s->netns)
			number_put(w, "netns", s->netns);
		number_put(w, "ts_ns", s->ts_ns);
		json_close(w, '}');
	}
	json_close(w, ']');
}

void info_json(const struct info_facts *f, struct text *t)
{
	struct json_writer w = json_writer_to(t);

	json_open(&w, '{');
	member_put(&w, "host", meta_host(f->meta, "host"));
	member_put(&w, "kernel", meta_host(f->meta, "kernel"));
	member_put(&w, "arch", meta_host(f->meta, "arch"));
	cpus_put(&w, f->meta);
	if (meta_host(f->meta, "profile"))
		member_put(&w, "profile", meta_host(f->meta, "profile"));
	if (meta_host(f->meta, "filter"))
		member_put(&w, "filter", meta_host(f->meta, "filter"));
	if (f->has_hidden)
		number_put(&w, "events_hidden", f->n_hidden);
	member_put(&w, "clock", meta_host(f->meta, "clock"));
	span_put(&w, f);
	steps_put(&w, f->meta);
	number_put(&w, "size_bytes", f->size_bytes);
	json_key(&w, "whole");
	json_bool(&w, f->is_whole);
	events_put(&w, f->meta);
	sockets_put(&w, f->meta);
	pauses_put(&w, f);
	losses_put(&w, f->meta);
	if (f->meta->n_counter_readings)
		number_put(&w, "counter_readings", f->meta->n_counter_readings);
	audit_put(&w, f->audit);
	settings_put(&w, f->meta);
	json_close(&w, '}');
	text_char(t, '\n');
}

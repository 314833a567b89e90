// SPDX-License-Identifier: MIT
/*
 * facts: the head of the page: where and when the tape was recorded, how many events are on it and
 * how many are missing; and the metrics, for machines.
 */
#include "base/units.h"
#include "base/walltime.h"
#include "detect/audit.h"
#include "detect/congestion.h"
#include "detect/host-load.h"
#include "detect/metrics.h"
#include "pages/fact-list.h"
#include "pages/report-page.h"
#include "pages/verdict-words.h"

static void facts_of_host(struct facts *l, const struct tape_facts *f)
{
	facts_add_str(l, "host", "host", f->host);
	facts_add_str(l, "os", "system", f->os);
	facts_add_str(l, "kernel", "kernel", f->kernel);
	facts_add_str(l, "arch", NULL, f->arch);
	facts_add_str(l, "command_line", "recorded with", f->command_line);
	facts_add_str(l, "filter", "recorded filter", f->filter);
}

/* The end, by the wall clock as it was at the beginning: an end before the beginning, because the
 * clock was set back meanwhile, is of no use to anybody. */
static void facts_of_end(struct facts *l, const struct gathered *in)
{
	const struct tape_clock *clock = &in->context->clock;
	struct document_item *item = facts_add(l, "ended", "to");
	int64_t from, to, ended;

	item->cell = cell_time(in->to_ns);
	if (!tape_clock_wall(clock, in->from_ns, &from) || !tape_clock_wall(clock, in->to_ns, &to))
		return;
	ended = (int64_t)((uint64_t)from + in->to_ns - in->from_ns);
	if (ended == to)
		return;
	walltime_date(&l->text, ended, true);
	text_str(&l->text, ", by the clock as it was at the beginning: it was set meanwhile");
	item->words = document_builder_text(l->builder, &l->text);
	walltime_rfc3339(&l->text, ended);
	item->cell = cell_str(document_builder_text(l->builder, &l->text));
}

static void facts_of_time(struct facts *l, const struct gathered *in, const struct tape_facts *f)
{
	struct document_item *item;

	if (!in->from_ns && !in->to_ns)
		return;
	item = facts_add(l, "started", "from");
	item->cell = cell_time(in->from_ns);
	facts_of_end(l, in);
	units_duration(&l->text, in->to_ns - in->from_ns);
	if (!f->is_synchronised)
		text_str(&l->text, " (the host's wall clock was not synchronised)");
	facts_add_number(l, "duration_ns", "length", in->to_ns - in->from_ns);
}

/* What the kernel counted itself, against the tape. */
static void facts_of_audit(struct facts *l, const struct gathered *in, const struct tape_facts *f)
{
	struct audit audit;
	uint64_t n;
	size_t n_equal = 0;

	audit_make(&audit, in, f);
	if (!audit_unaccounted(&audit, &n))
		return;
	for (size_t i = 0; i < audit.n; i++)
		n_equal += audit.rows[i].is_comparable && !audit.rows[i].unaccounted;
	if (n) {
		units_count(&l->text, n);
		text_printf(&l->text,
			    " that the kernel counted are neither on the tape nor explained "
			    "(tcptape info %s)",
			    f->tape);
	} else {
		text_printf(&l->text,
			    "the tape has all that the kernel counted, or it is known why not "
			    "(%zu counters; tcptape info)",
			    n_equal);
	}
	facts_add_number(l, "unaccounted", "audit", n);
}

static void facts_of_events(struct facts *l, const struct gathered *in, const struct tape_facts *f)
{
	uint64_t lost = f->lost_all > f->lost ? f->lost_all : f->lost;

	units_count(&l->text, f->recorded);
	text_str(&l->text, " on the tape, ");
	units_count(&l->text, in->n_events);
	text_str(&l->text, " looked at");
	facts_add_number(l, "events", "events", f->recorded);
	facts_add_number(l, "events_used", NULL, in->n_events);
	if (lost)
		units_count(&l->text, lost);
	else
		text_str(&l->text, "none");
	if (lost != f->lost) {
		text_str(&l->text, ", ");
		units_count(&l->text, f->lost);
		text_str(&l->text, " of the kinds that a report looks at");
	}
	facts_add_number(l, "lost", "lost events", lost);
	if (f->undelivered) {
		units_count(&l->text, f->undelivered);
		text_str(&l->text, " were counted by the kernel and never delivered");
		facts_add_number(l, "undelivered", "missing events", f->undelivered);
	}
	facts_of_audit(l, in, f);
	facts_add_str(l, "damage", "damage", f->damage);
}

/* The bytes of the connections of which they are known, and how many others there are. Without rows
 * of sock_diag, and without calls, nothing is known and nothing is said. */
static void facts_of_bytes(struct facts *l, const struct gathered *in)
{
	const struct counters *s = &in->total;
	bool is_known = s->tcp_info.conns || counters_bytes(s);
	bool is_expected = in->context->recorded & TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL);

	if (is_known) {
		units_size(&l->text, counters_sent_bytes(s));
		text_str(&l->text, " sent, ");
		units_size(&l->text, counters_received_bytes(s));
		text_str(&l->text, " received");
	}
	if (s->unknown.conns && (is_known || is_expected)) {
		text_str(&l->text, is_known ? "; not known of " : "not known of ");
		plural_text(&l->text, s->unknown.conns, "connection");
	}
	if (is_known)
		facts_add_number(l, "bytes", "data", counters_bytes(s));
	if (s->unknown.conns && (is_known || is_expected))
		facts_add_number(l, "connections_without_bytes", is_known ? NULL : "data",
				 s->unknown.conns);
}

/* Subflows that were added to MPTCP connections, or were to be. */
static void facts_of_joins(struct facts *l, const struct join_counts *joins)
{
	if (joins->joined) {
		text_str(&l->text, ", ");
		plural_text(&l->text, joins->joined, "further subflow");
		text_str(&l->text, " of MPTCP");
	}
	if (joins->not_joined) {
		text_str(&l->text, ", ");
		plural_text(&l->text, joins->not_joined, "subflow");
		text_str(&l->text, " of MPTCP not established");
	}
}

static void facts_of_traffic(struct facts *l, const struct gathered *in)
{
	const struct counters *s = &in->total;
	struct rate rate = counters_retrans_rate(s);

	units_count(&l->text, s->conns.n);
	text_str(&l->text, " (");
	units_count(&l->text, s->attempts.n);
	text_str(&l->text, " called by this host, ");
	units_count(&l->text, s->conns.accepted);
	text_str(&l->text, " accepted");
	facts_of_joins(l, &s->joins);
	text_char(&l->text, ')');
	facts_add_number(l, "connection_count", "connections", s->conns.n);
	facts_of_bytes(l, in);
	units_count(&l->text, counters_data_resent(s));
	if (counters_data_resent(s) > counters_data_retrans(s) && counters_data_retrans(s)) {
		text_str(&l->text, " segments (");
		plural_text(&l->text, counters_data_retrans(s), "event");
		text_char(&l->text, ')');
	}
	if (s->events.retrans[TCP_CAUSE_TLP]) {
		text_str(&l->text, ", and ");
		plural_text(&l->text, s->events.retrans[TCP_CAUSE_TLP], "tail loss probe");
	}
	if (rate_is_telling(&rate)) {
		text_str(&l->text, "; ");
		percent_text(&l->text, rate.ppm);
		text_str(&l->text, " of the bytes sent were retransmissions");
	}
	facts_add_number(l, "retransmissions", "retransmissions", counters_data_resent(s));
}

/* Converts a metric to units of 0.0001; UINT64_MAX: it is too large. */
static uint64_t fixed_of(double value)
{
	return value < 1e15 ? (uint64_t)(value * 1e4 + 0.5) : UINT64_MAX;
}

static void facts_of_metrics(struct facts *l, const struct findings *f)
{
	for (size_t i = 0; i < n_report_metrics; i++) {
		struct document_item *item;
		double value;

		if (!report_metrics[i].get(f, &value))
			continue;
		text_printf(&l->text, "metric_%s", report_metrics[i].name);
		item = facts_add(l, document_builder_text(l->builder, &l->text), NULL);
		item->cell = cell_fixed(fixed_of(value));
		item->decimals = 4;
	}
}

/* Where the trouble lies, and what held the senders back. */
static void facts_of_verdict(struct facts *l, const struct verdict *v)
{
	facts_add_str(l, "place", NULL, verdict_name(v));
	if (!v->time.conns)
		return;
	verdict_time_text(&v->time, &l->text);
	facts_add_number(l, "busy_ns", "sending", v->time.busy_ns);
	if (v->time.knows_repairing)
		facts_add_number(l, "repairing_ns", NULL, v->time.repairing_ns);
	facts_add_number(l, "peer_window_ns", NULL, v->time.window_ns);
	facts_add_number(l, "send_buffer_ns", NULL, v->time.buffer_ns);
}

/* How busy the host was. */
static void facts_of_load(struct facts *l, const struct findings *f)
{
	struct host_load h;

	if (!host_load_of(f, &h))
		return;
	host_load_text(&h, &l->text);
	facts_add_words(l, "host_load", "CPUs");
	if (h.ticks)
		facts_add_number(l, "stolen_ppm", NULL, h.stolen_ppm);
	if (!h.has_pressure)
		return;
	facts_add_number(l, "pressure_cpu_ppm", NULL, h.cpu_some_ppm);
	facts_add_number(l, "pressure_memory_ppm", NULL, h.memory_some_ppm);
	facts_add_number(l, "pressure_io_ppm", NULL, h.io_some_ppm);
}

void report_page_facts(struct report_page *p)
{
	struct facts l;

	if (!facts_init(&l, &p->builder))
		return;
	facts_of_host(&l, p->findings.facts);
	facts_of_time(&l, p->findings.in, p->findings.facts);
	facts_of_events(&l, p->findings.in, p->findings.facts);
	facts_of_traffic(&l, p->findings.in);
	facts_of_verdict(&l, &p->verdict);
	congestion_text(&p->findings, &l.text);
	facts_add_words(&l, "congestion_control", "congestion");
	facts_of_load(&l, &p->findings);
	facts_of_metrics(&l, &p->findings);
	text_done(&l.text);
	p->document.facts = l.items;
	p->document.n_facts = l.n;
}

void report_page_chart(struct report_page *p)
{
	const struct timeline *t = &p->findings.in->timeline;
	struct document_series *series =
		document_builder_alloc(&p->builder, TIMELINE_N * sizeof(*series));
	struct document_chart *chart = document_builder_alloc(&p->builder, sizeof(*chart));

	if (!series || !chart || !t->n)
		return;
	for (unsigned int s = 0; s < TIMELINE_N; s++) {
		uint64_t *values = document_builder_alloc(&p->builder, t->n * sizeof(*values));

		if (!values)
			return;
		for (size_t i = 0; i < t->n; i++)
			values[i] = t->values[i][s];
		series[s] = (struct document_series){
			.key = timeline_series[s].key,
			.label = timeline_series[s].label,
			.is_gauge = timeline_series[s].is_gauge,
			.is_trouble = timeline_series[s].is_trouble,
			.values = values,
		};
	}
	*chart = (struct document_chart){
		.start_ns = timeline_start_ns(t),
		.bucket_ns = timeline_width_ns(t),
		.n_buckets = t->n,
		.series = series,
		.n_series = TIMELINE_N,
	};
	p->document.chart = chart;
}

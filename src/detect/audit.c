// SPDX-License-Identifier: MIT
#include "detect/audit.h"

#include <assert.h>
#include <string.h>

#include "base/units.h"
#include "counter/book.h"
#include "detect/audit-kinds.h"

static const char *const reason_words[AUDIT_REASONS] = {
	[AUDIT_EDGES] = "edges",
	[AUDIT_LOST] = "lost",
	[AUDIT_OFFLOAD] = "offload",
	[AUDIT_UNDELIVERED] = "undelivered",
	[AUDIT_FAILED] = "failed",
	[AUDIT_LOCAL] = "failed_here",
	[AUDIT_OTHERS] = "other_namespaces",
};

static const char *const reason_texts[AUDIT_REASONS] = {
	[AUDIT_EDGES] = "before or after the events",
	[AUDIT_LOST] = "lost",
	[AUDIT_UNDELIVERED] = "undelivered",
	[AUDIT_OFFLOAD] = "more segments than events",
	[AUDIT_FAILED] = "failed attempts",
	[AUDIT_LOCAL] = "that failed before a SYN",
	[AUDIT_OTHERS] = "of namespaces not read in time",
};

const char *audit_reason_word(enum audit_reason r)
{
	return reason_words[r];
}

/* What is missing of these kinds of events. */
static void missing_sum(const struct tape_facts *facts, tcp_kinds kinds_wanted, uint64_t *ret_lost,
			uint64_t *ret_undelivered)
{
	*ret_lost = *ret_undelivered = 0;
	for (unsigned int k = 0; facts->missing && k < TCP_KIND_N; k++) {
		if (!(TCP_KIND_BIT(k) & kinds_wanted))
			continue;
		*ret_lost += facts->missing[k].lost;
		*ret_undelivered += facts->missing[k].undelivered;
	}
}

/* The most that each reason may explain of a kernel's count that is above the tape's. */
static void room_of(const struct audit_kind *kind, const struct gathered *in,
		    const struct tape_facts *facts, uint64_t room[AUDIT_REASONS])
{
	uint64_t segs = in->total.tcp_info.retrans_segs;

	memset(room, 0, AUDIT_REASONS * sizeof(*room));
	missing_sum(facts, kind->kinds, &room[AUDIT_LOST], &room[AUDIT_UNDELIVERED]);
	if (kind->has_segments && segs > in->audit.retrans)
		room[AUDIT_OFFLOAD] = segs - in->audit.retrans;
	if (kind->kinds & TCP_KIND_BIT(TCP_KIND_RETRANSMIT))
		room[AUDIT_FAILED] = in->audit.failed;
}

/* Takes as much of `left` as the reasons may explain. */
static int64_t reasons_take(struct audit_row *row, const uint64_t room[AUDIT_REASONS],
			    uint64_t left)
{
	for (unsigned int i = 0; i < AUDIT_REASONS; i++) {
		uint64_t part = room[i] < left ? room[i] : left;

		row->explained[i] += (int64_t)part;
		left -= part;
	}
	return (int64_t)left;
}

static void row_refuse(struct audit_row *row, const char *why)
{
	row->is_comparable = false;
	row->why_not = why;
	row->unaccounted = 0;
	memset(row->explained, 0, sizeof(row->explained));
}

/* Compares a counter with events each of which it counts. */
static void row_compare(struct audit_row *row, const struct audit_kind *kind, bool is_equal,
			const struct counter_bounds *b, const struct gathered *in,
			const struct tape_facts *facts)
{
	uint64_t room[AUDIT_REASONS], tape = row->tape, edges = row->kernel - b->least;

	row->is_comparable = true;
	if (tape > row->kernel && !b->has_most) {
		row->explained[AUDIT_OTHERS] = -(int64_t)(tape - row->kernel);
		return;
	}
	/* A namespace in which no process lives has no counters that could be read. */
	if (tape > row->kernel && in->has_namespaces) {
		row_refuse(row, "the tape has sockets of several network namespaces, and not all "
				"of their counters may have been read");
		return;
	}
	if (tape > row->kernel) {
		row->unaccounted = -(int64_t)(tape - row->kernel);
		return;
	}
	if (!is_equal) {
		row_refuse(row, kind->why);
		return;
	}
	room_of(kind, in, facts, room);
	row->explained[AUDIT_EDGES] =
		(int64_t)(row->kernel - tape < edges ? row->kernel - tape : edges);
	row->unaccounted =
		reasons_take(row, room, row->kernel - tape - (uint64_t)row->explained[AUDIT_EDGES]);
	/* Without the kernel's own figures of sockets nobody knows how many segments an event
	 * is. */
	if (row->unaccounted && kind->has_segments &&
	    (!in->total.tcp_info.conns || facts->has_figure_pauses))
		row_refuse(row, "an event may be several segments, and not all sockets' figures "
				"are on the tape");
}

/* A connect that failed on this host changes the state, and sends nothing. */
static void row_leave_out_local(struct audit_row *row, const struct gathered *in)
{
	uint64_t local = in->total.attempts.results[CONNECT_LOCAL];

	if (local > row->tape)
		local = row->tape;
	row->explained[AUDIT_LOCAL] = -(int64_t)local;
	row->tape -= local;
}

static bool row_make(struct audit_row *row, const struct audit_kind *kind,
		     const struct gathered *in, const struct tape_facts *facts)
{
	bool has_reasons = in->audit.resets_with_reason == in->audit.resets && in->audit.resets;
	bool is_equal = kind->relation == AUDIT_EQUAL && (!kind->needs_reason || has_reasons);
	struct counter_bounds b;

	if (!counter_book_bounds(in->context->counters, kind->counter, &b))
		return false;
	*row = (struct audit_row){
		.counter = kind->counter,
		.kernel = b.has_most ? b.most : b.least,
		.tape = kind->tape(in),
		.n_spaces = b.n_spaces,
	};
	if (!row->kernel && !row->tape)
		return false;
	if ((in->context->recorded & kind->kinds) != kind->kinds) {
		row_refuse(row, "its events were not recorded");
	} else if (facts->filter) {
		row_refuse(row, "a filter was set when the tape was recorded");
	} else if (facts->damage) {
		row_refuse(row, "the tape is damaged or has no end");
	} else if (kind->relation == AUDIT_RELATED) {
		row_refuse(row, kind->why);
	} else {
		uint64_t tape = row->tape;

		if (kind->has_local)
			row_leave_out_local(row, in);
		row_compare(row, kind, is_equal, &b, in, facts);
		row->tape = tape;
	}
	return true;
}

void audit_make(struct audit *a, const struct gathered *in, const struct tape_facts *facts)
{
	const struct audit_kind *kind = NULL;

	a->n = 0;
	while (in->context->counters && (kind = audit_kind_next(kind))) {
		assert(a->n < AUDIT_ROWS_MAX);
		a->n += row_make(&a->rows[a->n], kind, in, facts);
	}
}

bool audit_unaccounted(const struct audit *a, uint64_t *ret)
{
	bool is_known = false;

	*ret = 0;
	for (size_t i = 0; i < a->n; i++) {
		const struct audit_row *row = &a->rows[i];

		is_known |= row->is_comparable;
		*ret += (uint64_t)(row->unaccounted < 0 ? -row->unaccounted : row->unaccounted);
	}
	return is_known;
}

static void part_text(struct text *t, int64_t n, const char *what)
{
	if (!n)
		return;
	text_str(t, n < 0 ? " - " : " + ");
	units_count(t, (uint64_t)(n < 0 ? -n : n));
	text_char(t, ' ');
	text_str(t, what);
}

void audit_row_text(const struct audit_row *row, struct text *t)
{
	const char *dot = strchr(row->counter, '.');

	text_str(t, dot ? dot + 1 : row->counter);
	text_char(t, ' ');
	units_count(t, row->kernel);
	text_str(t, row->is_comparable ? " = " : ", and ");
	units_count(t, row->tape);
	text_str(t, row->is_comparable ? "" : " events: not comparable: ");
	text_str(t, row->is_comparable ? " on the tape" : row->why_not);
	for (unsigned int i = 0; row->is_comparable && i < AUDIT_REASONS; i++)
		part_text(t, row->explained[i], reason_texts[i]);
	part_text(t, row->unaccounted, "unaccounted");
}

// SPDX-License-Identifier: MIT
/*
 * resets: one line for each RST sent or received: what it means, and the owner, age and bytes of
 * its connection. Owner and bytes are complete when the connection has ended, shortly after the
 * RST: lines wait in a queue for that, and keep their order.
 */
#include "view/resets.h"

#include <stddef.h>

#include "base/fifo.h"
#include "base/units.h"

/* The longest time that a line waits on a stream. Then it is shown as far as it is known. */
#define WAIT_LIVE_NS (200 * NSEC_PER_MSEC)
#define WAITING_MAX  65536u

struct resets_options {
	bool with_benign;
	bool is_wide;
	bool counts;
};

#define AT(member) offsetof(struct resets_options, member)

static const struct option_spec options[] = {
	{"all-kinds", 'a', NULL, "also those after both sides had closed (late)", option_flag,
	 AT(with_benign), NULL},
	{"wide", 'w', NULL,
	 "more columns: the owner's name, bytes, bytes written that were not\n"
	 "acknowledged, retransmits, the kernel's reason",
	 option_flag, AT(is_wide), NULL},
	{"count", 'c', NULL, "count per direction, kind, reason, service port and peer instead",
	 option_flag, AT(counts), NULL},
};

struct resets {
	struct resets_options options;
	const struct view_context *context;
	struct view_table table;
	struct fifo waiting; /* queue of struct reset */
	struct groups counts;
	struct text age;
	uint64_t n_benign; /* benign RSTs that were left out */
};

static tcp_kinds resets_wants(const void *opts)
{
	return TCP_KIND_BIT(TCP_KIND_SEND_RESET) | TCP_KIND_BIT(TCP_KIND_RECEIVE_RESET);
}

static int resets_init(void *state, const void *opts, const struct view_context *context,
		       struct table_sink *out, struct fault *fault)
{
	struct resets *v = state;

	v->options = *(const struct resets_options *)opts;
	v->context = context;
	v->waiting.size = sizeof(struct reset);
	reset_counts_init(&v->counts);
	if (v->options.counts)
		return 0;
	return reset_rows_begin(&v->table, v->options.is_wide, out, fault);
}

/* Emits a row if it passes the filter, which is asked only here, because the owner may become known
 * after the event. */
static int resets_put(struct resets *v, struct reset *r, struct table_sink *out,
		      struct fault *fault)
{
	const struct subject *s = &r->subject;
	const struct tcp_event e = {
		.local = s->local,
		.remote = s->remote,
		.family = s->family,
		.pid = s->pid,
		.comm = s->comm[0] ? s->comm : NULL,
	};

	if (r->is_undone || !view_in_window(v->context, s->ts_ns) ||
	    !event_filter_passes(v->context->filter, &e))
		return 0;
	if (r->kind == RESET_LATE && !v->options.with_benign) {
		v->n_benign++;
		return 0;
	}
	if (v->options.counts)
		return reset_counts_add(&v->counts, r) < 0 ? fault_no_memory(fault) : 0;
	r->age = &v->age;
	return view_table_row(&v->table, (const void *[]){r}, out, fault);
}

static bool reset_is_ready(const struct resets *v, const struct reset *r, uint64_t now_ns)
{
	if (!r->waits_for || v->waiting.n > WAITING_MAX)
		return true;
	return v->context->is_live && now_ns > r->subject.ts_ns &&
	       now_ns - r->subject.ts_ns > WAIT_LIVE_NS;
}

static int resets_put_ready(struct resets *v, uint64_t now_ns, struct table_sink *out,
			    struct fault *fault)
{
	int r = 0;

	while (!r && v->waiting.n && reset_is_ready(v, fifo_at(&v->waiting, 0), now_ns)) {
		r = resets_put(v, fifo_at(&v->waiting, 0), out, fault);
		fifo_pop(&v->waiting);
	}
	return r;
}

static int resets_feed(void *state, const struct tcp_event *e, struct table_sink *out,
		       struct fault *fault)
{
	struct resets *v = state;
	struct reset reset;

	reset_of_event(&reset, e);
	if (fifo_push(&v->waiting, &reset) < 0)
		return fault_no_memory(fault);
	return resets_put_ready(v, e->ts_ns, out, fault);
}

static int resets_conn(void *state, const struct tcp_conn *c, struct table_sink *out,
		       struct fault *fault)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);
	struct resets *v = state;

	if (!cold->n_resets_sent && !cold->n_resets_received)
		return 0;
	for (size_t i = 0; i < v->waiting.n; i++) {
		struct reset *r = fifo_at(&v->waiting, i);

		if (r->waits_for == c)
			reset_complete(r, c);
	}
	return resets_put_ready(v, 0, out, fault);
}

static int resets_tick(void *state, uint64_t now_ns, struct table_sink *out, struct fault *fault)
{
	return resets_put_ready(state, now_ns, out, fault);
}

static int resets_emit(void *state, struct table_sink *out, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};
	struct resets *v = state;
	int r = 0;

	while (!r && v->waiting.n) {
		r = resets_put(v, fifo_at(&v->waiting, 0), out, fault);
		fifo_pop(&v->waiting);
	}
	if (!r && v->options.counts)
		r = reset_counts_emit(&v->counts, &v->table, out, fault);
	if (r || !v->n_benign)
		return r;
	units_count(&t, v->n_benign);
	text_printf(&t, " reset%s after both sides had closed not shown (-a shows them)",
		    v->n_benign == 1 ? "" : "s");
	return table_note(out, text_cstr(&t), fault);
}

static void resets_done(void *state)
{
	struct resets *v = state;

	fifo_done(&v->waiting);
	groups_done(&v->counts);
	text_done(&v->age);
}

const struct view view_resets = {
	.name = "resets",
	.summary = "RST sent and received: who, why, how old the connection was",
	.detail =
		"R: R> sent, R< received. STATE is the state of the socket before. AGE_MS: \">\"\n"
		"marks a lower bound, \"*\" that events were lost while the connection lived.\n"
		"KIND, of RSTs sent: no-socket (a segment for a closed port, or for a connection\n"
		"that is gone), listener (the same, where a program listens), overflow (accept\n"
		"queue full, tcp_abort_on_overflow), handshake, unaccepted (the listener was\n"
		"closed first), abort (closed with data unread, or with SO_LINGER 0), destroyed\n"
		"(by an administrator: ss -K), keepalive, memory (too many orphans, or no\n"
		"memory), mptcp, late-data (data came after this host had closed), invalid (any\n"
		"other).\n"
		"Received: refused, handshake, midstream, after-fin (one side had closed, or data\n"
		"was not acknowledged yet), late (both had closed).\n"
		"From kernel 6.10 on, KIND follows from the kernel's reason (-w, JSON). On older\n"
		"kernels it follows from the state, the error and the context, and RSTs that\n"
		"belong to no socket are not traced.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.options_size = sizeof(struct resets_options),
	.state_size = sizeof(struct resets),
	.wants = resets_wants,
	.init = resets_init,
	.feeds_all = true,
	.feed = resets_feed,
	.conn = resets_conn,
	.tick = resets_tick,
	.emit = resets_emit,
	.done = resets_done,
};

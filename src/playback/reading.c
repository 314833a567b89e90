// SPDX-License-Identifier: MIT
/*
 * How a playback reads its tape: the head first, which says what times on the tape's clock mean,
 * and then the rows that the view and the tracker need.
 */
#include "counter/book.h"
#include "playback/playback-state.h"
#include "playback/spare-cpus.h"

/* More threads than these have nothing to do: one thread decompresses several times faster than a
 * view consumes. */
#define THREADS_MAX 2u

static size_t reading_threads(void)
{
	size_t n = spare_cpus();

	return n < THREADS_MAX ? n : THREADS_MAX;
}

static bool reading_wants(void *userdata, const struct tape_tracepoint *tp)
{
	struct playback *p = userdata;

	return TCP_KIND_BIT(decoder_kind(p->decoder, tp)) & p->kinds.read;
}

static const struct column_set *reading_columns(void *userdata, const struct tape_tracepoint *tp)
{
	struct playback *p = userdata;

	return decoder_columns(p->decoder, tp);
}

/* Sockets that were open when the recording began are known whatever the window is. */
static bool reading_always(void *userdata, const struct tape_tracepoint *tp)
{
	struct playback *p = userdata;

	return decoder_kind(p->decoder, tp) == TCP_KIND_SOCKET_DUMPED;
}

int playback_counters(void *userdata, const void *payload, size_t len)
{
	struct playback *p = userdata;
	bool is_early = p->o.window.since.typed && !p->window.is_known;

	if (!p->counters)
		return 0;
	counter_book_window(p->counters, is_early ? UINT64_MAX : p->context.since_ns,
			    p->context.until_ns);
	return counter_book_take(p->counters, payload, len);
}

/* A tape that has lost its CLOCK shows its start with its first row only: everything is read then,
 * and what is outside the window is not shown. */
int playback_begin_reading(struct playback *p, struct fault *fault)
{
	struct merge_options o = {
		.until_ns = UINT64_MAX,
		.wants = reading_wants,
		.columns = reading_columns,
		.always = reading_always,
		.task = playback_task,
		.cgroup = playback_first_cgroup,
		.member = playback_member,
		.counters = playback_counters,
		.progress = playback_progress,
		.held_up = playback_held_up,
		.n_threads = reading_threads(),
		.userdata = p,
	};
	int r = tape_reader_head(p->reader, fault);

	if (!r)
		r = playback_look_ahead(p, fault);
	if (!r && p->meta->n_clocks)
		r = playback_resolve_window(p, fault);
	if (!r && p->window.is_known)
		r = playback_limit_reading(p, &o, fault);
	return r ? r : tape_merge_new(p->reader, &o, &p->merge, fault);
}

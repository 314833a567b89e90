// SPDX-License-Identifier: MIT
#include "playback/playback.h"

#include <errno.h>
#include <stdlib.h>

#include "counter/book.h"
#include "playback/caveats.h"
#include "playback/clock-steps.h"
#include "playback/playback-state.h"

static bool clock_wall(void *userdata, uint64_t ts_ns, int64_t *ret_real_ns)
{
	struct playback *p = userdata;

	return meta_wall_time(p->meta, ts_ns, ret_real_ns);
}

static uint64_t clock_start(void *userdata)
{
	struct playback *p = userdata;

	return meta_start_ns(p->meta);
}

static enum decoder_print view_print(const struct playback_options *o)
{
	switch (o->view->print ? o->view->print(o->view_options) : VIEW_PRINT_NONE) {
	case VIEW_PRINT_NONE: break;
	case VIEW_PRINT_UNBOUND: return DECODER_PRINT_UNBOUND;
	case VIEW_PRINT_ALL: return DECODER_PRINT_ALL;
	}
	return DECODER_PRINT_NONE;
}

static struct playback_kinds view_kinds(const struct playback_options *o)
{
	tcp_kinds wants = o->view->wants(o->view_options);
	tcp_kinds fed = wants | o->view->uses;

	/* A view of the kernel's counters needs no event. */
	if (!fed && !o->view->conn)
		return (struct playback_kinds){0};

	if (o->view->conn)
		return (struct playback_kinds){fed, wants, fed | TRACKER_CONN_KINDS};
	return (struct playback_kinds){fed, wants | TRACKER_KINDS, fed | TRACKER_KINDS};
}

static int open_tracker(struct playback *p, struct fault *fault)
{
	const struct tracker_options o = {
		.ended = p->o.view->conn ? playback_conn : NULL,
		.userdata = p,
		.is_live = p->context.is_live,
	};

	return tracker_new(&o, &p->tracker, fault);
}

static int open_parts(struct playback *p, struct fault *fault)
{
	const struct playback_options *o = &p->o;
	int r;

	p->reader = o->reader;
	p->meta = tape_reader_meta(p->reader);
	p->kinds = view_kinds(o);
	p->filters.asked = o->filter;
	p->context = (struct view_context){.filter = &p->filters.asked,
					   .labels = o->labels,
					   .clock = playback_clock(p),
					   .cgroup = playback_cgroup,
					   .userdata = p,
					   .until_ns = UINT64_MAX,
					   .is_live = tape_reader_is_stream(p->reader)};
	r = decoder_new(p->meta, view_print(o), &p->decoder, fault);
	if (r < 0)
		return r;
	if (!o->view->feeds_extras)
		decoder_leave_out_extras(p->decoder);
	if (!o->view->feeds_tcp_info)
		decoder_limit_tcp_info(p->decoder, TRACKER_TCP_INFO);
	r = open_tracker(p, fault);
	if (!r && o->view->uses_counters && counter_book_new(p->meta, &p->counters) < 0)
		r = fault_no_memory(fault);
	if (r < 0)
		return r;
	p->context.counters = p->counters;
	p->state = calloc(1, o->view->state_size + 1);
	return p->state ? 0 : fault_no_memory(fault);
}

struct playback *playback_close(struct playback *p)
{
	if (!p)
		return NULL;
	if (p->phase != PLAYBACK_OPENED && p->o.view->done)
		p->o.view->done(p->state);
	free(p->state);
	tape_merge_free(p->merge);
	counter_book_free(p->counters);
	decoder_free(p->decoder);
	tracker_free(p->tracker);
	tape_reader_close(p->reader);
	arena_done(&p->filters.arena);
	arena_done(&p->window.arena);
	free(p);
	return NULL;
}

int playback_open(const struct playback_options *o, struct playback **ret, struct fault *fault)
{
	struct playback *p CLEANUP(playback_close_p) = calloc(1, sizeof(*p));
	int r;

	if (!p)
		return fault_no_memory(fault);
	p->o = *o;
	r = open_parts(p, fault);
	if (r < 0) {
		/* The reader is still the caller's. */
		p->reader = NULL;
		return r;
	}
	*ret = TAKE(p);
	return 0;
}

bool playback_is_stream(const struct playback *p)
{
	return p->context.is_live;
}

struct tape_clock playback_clock(struct playback *p)
{
	return (struct tape_clock){.wall = clock_wall, .start = clock_start, .userdata = p};
}

bool playback_is_stopped(const struct playback *p)
{
	return p->phase == PLAYBACK_FULL;
}

void *playback_state(struct playback *p)
{
	return p->state;
}

const struct tape_meta *playback_meta(const struct playback *p)
{
	return p->meta;
}

const struct tape_damage *playback_damage(const struct playback *p)
{
	return tape_reader_damage(p->reader);
}

int playback_notes(struct playback *p, struct table_sink *out, struct fault *fault)
{
	const struct caveats c = {
		.meta = p->meta,
		.decoder = p->decoder,
		.needed = p->kinds.needed,
		.wanted = p->kinds.read,
		.n_late = p->merge ? tape_merge_late(p->merge) : 0,
		.n_hidden = p->filters.n_hidden,
	};
	int r = 0;

	if (p->read_from_ns)
		r = table_note(
			out,
			"of what came long before --since nothing was read: --from-start knows "
			"more owners and ages",
			fault);
	if (!r)
		r = clock_steps_notes(p->meta, &p->o.window, out, fault);
	return r ? r : caveats_emit(&c, out, fault);
}

uint64_t playback_hidden(const struct playback *p)
{
	return p->filters.n_hidden;
}

enum playback_verdict playback_verdict(const struct playback *p, struct fault *fault)
{
	const struct tape_damage *damage = tape_reader_damage(p->reader);
	struct text t CLEANUP(text_done) = {0};

	if (p->phase == PLAYBACK_REFUSED)
		return PLAYBACK_MISUSED;
	if ((p->context.is_live && p->phase == PLAYBACK_FULL) || !tape_damage_any(damage))
		return PLAYBACK_WHOLE;
	damage_text(damage, &t);
	fault_set(fault, -EBADMSG, "%s: %s; shown is what is whole (see tcptape check)",
		  tape_name(p->o.path), text_cstr(&t));
	return PLAYBACK_DAMAGED;
}

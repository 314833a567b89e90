// SPDX-License-Identifier: MIT
#include "playback/playback.h"

#include <errno.h>
#include <stdlib.h>

#include "playback/spare-cpus.h"
#include "playback/caveats.h"
#include "playback/playback-state.h"

static bool wall(void *userdata, uint64_t ts_ns, int64_t *ret_real_ns)
{
	struct playback *p = userdata;

	return meta_wall_time(p->meta, ts_ns, ret_real_ns);
}

static uint64_t start(void *userdata)
{
	struct playback *p = userdata;

	return tape_start_ns(p->meta);
}

static bool wants(void *userdata, const struct tape_tracepoint *tp)
{
	struct playback *p = userdata;

	return TCP_KIND_BIT(decoder_kind(p->decoder, tp)) & p->wanted;
}

static const struct column_set *columns(void *userdata, const struct tape_tracepoint *tp)
{
	struct playback *p = userdata;

	return decoder_columns(p->decoder, tp);
}

static enum decoder_print print_of(const struct playback_options *o)
{
	switch (o->view->print ? o->view->print(o->view_options) : VIEW_PRINT_NONE) {
	case VIEW_PRINT_NONE: break;
	case VIEW_PRINT_UNBOUND: return DECODER_PRINT_UNBOUND;
	case VIEW_PRINT_ALL: return DECODER_PRINT_ALL;
	}
	return DECODER_PRINT_NONE;
}

/* More threads than these have nothing to do: one expands several times what a view takes in. */
#define THREADS_MAX 2u

static size_t n_threads(void)
{
	size_t n = spare_cpus();

	return n < THREADS_MAX ? n : THREADS_MAX;
}

/* Sockets that were open when the recording began. */
static bool always(void *userdata, const struct tape_tracepoint *tp)
{
	struct playback *p = userdata;

	return decoder_kind(p->decoder, tp) == TCP_KIND_SOCKET_DUMPED;
}

static int open_parts(struct playback *p, struct fault *fault)
{
	const struct playback_options *o = &p->o;
	int r = tape_reader_open_path(o->path, &p->reader, fault);

	if (r < 0)
		return r;
	p->is_stream = tape_reader_is_stream(p->reader);
	p->filter = o->filter;
	p->context = (struct view_context){.filter = &p->filter,
					   .start = start,
					   .wall = wall,
					   .cgroup = playback_cgroup,
					   .userdata = p,
					   .until_ns = UINT64_MAX,
					   .is_live = p->is_stream};
	p->meta = tape_reader_meta(p->reader);
	p->view_wants = o->view->wants(o->view_options) | o->view->uses;
	p->wanted = p->view_wants | (o->view->conn ? TRACKER_CONN_KINDS : TRACKER_KINDS);
	p->needed = o->view->wants(o->view_options) | (o->view->conn ? 0 : TRACKER_KINDS);
	r = decoder_new(p->meta, print_of(o), &p->decoder, fault);
	if (r < 0)
		return r;
	if (!o->view->feeds_extras)
		decoder_leave_out_extras(p->decoder);
	r = tracker_new(&(struct tracker_options){.ended = o->view->conn ? playback_ended : NULL,
						  .userdata = p,
						  .is_live = p->is_stream},
			&p->tracker, fault);
	if (r < 0)
		return r;
	p->merge_options = (struct merge_options){
		.wants = wants,
		.columns = columns,
		.task = playback_task,
		.progress = playback_progress,
		.always = always,
		.until_ns = UINT64_MAX,
		.n_threads = n_threads(),
		.userdata = p,
	};
	p->state = calloc(1, o->view->state_size + 1);
	return p->state ? 0 : fault_errno(fault, -ENOMEM, "view");
}

struct playback *playback_close(struct playback *p)
{
	if (!p)
		return NULL;
	if (p->is_view_begun && p->o.view->done)
		p->o.view->done(p->state);
	free(p->state);
	tape_merge_free(p->merge);
	decoder_free(p->decoder);
	tracker_free(p->tracker);
	tape_reader_close(p->reader);
	arena_done(&p->arena);
	map_done(&p->forked);
	free(p);
	return NULL;
}

int playback_open(const struct playback_options *o, struct playback **ret, struct fault *fault)
{
	struct playback *p CLEANUP(playback_close_p) = calloc(1, sizeof(*p));
	int r;

	if (!p)
		return fault_errno(fault, -ENOMEM, "pipeline");
	p->o = *o;
	r = open_parts(p, fault);
	if (r < 0)
		return r;
	*ret = TAKE(p);
	return 0;
}

bool playback_is_stream(const struct playback *p)
{
	return p->is_stream;
}

struct tape_clock playback_clock(struct playback *p)
{
	return (struct tape_clock){.wall = wall, .start = start, .userdata = p};
}

bool playback_is_stopped(const struct playback *p)
{
	return p->is_stopped;
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

uint64_t playback_late(const struct playback *p)
{
	return p->merge ? tape_merge_late(p->merge) : 0;
}

int playback_notes(struct playback *p, struct table_sink *out, struct fault *fault)
{
	int r = 0;

	if (p->merge_options.since_ns)
		r = table_note(
			out,
			"of what came long before --since nothing was read: --from-start knows "
			"more owners and ages",
			fault);
	if (!r)
		r = caveats_emit(p->meta, p->decoder, p->needed, p->wanted, playback_late(p), out,
				 fault);
	return r;
}

enum playback_verdict playback_verdict(const struct playback *p, struct fault *fault)
{
	const struct tape_damage *damage = tape_reader_damage(p->reader);
	struct text t CLEANUP(text_done) = {0};

	if (p->is_misused)
		return PLAYBACK_MISUSED;
	if ((p->is_stream && p->is_stopped) || !tape_damage_any(damage))
		return PLAYBACK_WHOLE;
	damage_text(damage, &t);
	fault_set(fault, -EBADMSG, "%s: %s; shown is what is whole (see tcptape check)",
		  tape_name(p->o.path), text_cstr(&t));
	return PLAYBACK_DAMAGED;
}

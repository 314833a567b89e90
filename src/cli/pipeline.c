// SPDX-License-Identifier: MIT
#include "cli/pipeline.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/units.h"
#include "cli/filter-options.h"
#include "cli/notes.h"
#include "decode/decoder.h"
#include "render/relay.h"
#include "tape/merge.h"
#include "tcp/tracker.h"

struct pipeline {
	const struct pipeline_options *o;
	const struct tape_meta *meta;
	struct tape_reader *reader;
	struct decoder *decoder;
	struct tracker *tracker;
	struct tape_merge *merge;
	struct merge_ops merge_ops; /* until_ns is filled once it is known */
	struct event_filter filter; /* what is asked for, and what the tape was recorded with */
	struct event_filter tape_filter;
	struct arena arena;
	struct map forked;	     /* process to the cgroup of its parent */
	struct view_context context; /* the view's */
	void *state;
	bool is_view_begun;
	tcp_kinds view_wants;
	tcp_kinds needed; /* without them it is not whole */
	tcp_kinds wanted; /* those, and what the tracker needs for them */
	struct table_limit limit;
	struct table_sink out;	     /* behind the limit */
	struct table_sink presented; /* what the renderer gave */
	struct relay *relay;	     /* in front of it; NULL: none */
	size_t n_losses;	     /* that the tracker knows */
	uint64_t last_ns;	     /* of the last row, shown or not */
	bool is_stream;
	bool has_unflushed;
	bool is_window_known;
	bool is_begun;	 /* the tracker knows what the tape has */
	bool is_stopped; /* by the limit, before the tape's end */
	bool is_misused; /* the view cannot do what its options say */
};

static void pipeline_done(struct pipeline *p)
{
	if (p->is_view_begun && p->o->view->done)
		p->o->view->done(p->state);
	free(p->state);
	tape_merge_free(p->merge);
	decoder_free(p->decoder);
	tracker_free(p->tracker);
	tape_reader_close(p->reader);
	arena_done(&p->arena);
	map_done(&p->forked);
}

static bool wall(void *userdata, uint64_t ts_ns, int64_t *ret_real_ns)
{
	struct pipeline *p = userdata;

	return meta_wall_time(p->meta, ts_ns, ret_real_ns);
}

static uint64_t start(void *userdata)
{
	struct pipeline *p = userdata;

	return moment_start(p->meta);
}

static bool wants(void *userdata, const struct tape_tracepoint *tp)
{
	struct pipeline *p = userdata;

	return TCP_KIND_BIT(decoder_kind(p->decoder, tp)) & p->wanted;
}

static const struct column_set *columns(void *userdata, const struct tape_tracepoint *tp)
{
	struct pipeline *p = userdata;

	return decoder_columns(p->decoder, tp);
}

/* A process that began later is where its parent was. */
static const char *cgroup(void *userdata, int32_t pid)
{
	struct pipeline *p = userdata;
	const uint64_t *place = map_get(&p->forked, (uint32_t)pid);

	return place ? (const char *)(uintptr_t)*place : meta_cgroup(p->meta, pid);
}

/* More processes than there can be at a time are not remembered. */
#define FORKED_MAX (1u << 22)

static int note_fork(struct pipeline *p, const struct task_record *t)
{
	const char *path = cgroup(p, t->parent);
	uint64_t *place;

	if (t->pid != t->tid || !path || map_count(&p->forked) >= FORKED_MAX)
		return 0;
	place = map_put(&p->forked, (uint32_t)t->pid, NULL);
	if (!place)
		return -ENOMEM;
	*place = (uintptr_t)path;
	return 0;
}

static int task(void *userdata, const struct task_record *t)
{
	struct pipeline *p = userdata;

	switch (t->what) {
	case TASK_SNAPSHOT:
	case TASK_COMM: return tracker_task(p->tracker, t->pid, t->tid, t->comm);
	case TASK_FORK:
		if (note_fork(p, t) < 0)
			return -ENOMEM;
		return tracker_fork(p->tracker, t->parent, t->pid, t->tid);
	case TASK_EXIT: tracker_task_exit(p->tracker, t->tid); break;
	}
	return 0;
}

/* A stream that has nothing more for the moment: what is there should be seen now. */
static int flush_before_waiting(struct pipeline *p, struct fault *fault)
{
	struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};

	if (!p->is_stream || !p->has_unflushed || poll(&fd, 1, 0) > 0)
		return 0;
	p->has_unflushed = false;
	return table_flush(&p->out, fault);
}

/* A whole connection, for the view. */
static int ended(void *userdata, const struct tcp_conn *c, struct fault *fault)
{
	struct pipeline *p = userdata;

	p->has_unflushed = true;
	return p->o->view->conn(p->state, c, &p->out, fault);
}

/* All rows before until_ns were shown. */
static int moment(void *userdata, uint64_t until_ns, struct fault *fault)
{
	struct pipeline *p = userdata;
	/* The last mark of a tape says that nothing more will come, not that time has passed. */
	bool is_moment = p->is_begun && until_ns != UINT64_MAX;
	int r = is_moment ? tracker_advance(p->tracker, until_ns, fault) : 0;

	if (!r && is_moment && p->is_stream && p->o->view->tick)
		r = p->o->view->tick(p->state, until_ns, &p->out, fault);
	return r ? r : flush_before_waiting(p, fault);
}

static enum decoder_print print_of(const struct pipeline_options *o)
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

/* CPUs that we may use beside our own. */
static size_t spare_cpus(void)
{
	cpu_set_t set;
	size_t n = sched_getaffinity(0, sizeof(set), &set) < 0 ? 1 : (size_t)CPU_COUNT(&set);

	return n - 1 < THREADS_MAX ? n - 1 : THREADS_MAX;
}

static void expect(struct pipeline *p)
{
	tcp_kinds kinds = 0;

	for (size_t i = 0; i < p->meta->n_tracepoints; i++) {
		if (p->meta->tracepoints[i])
			kinds |= TCP_KIND_BIT(decoder_kind(p->decoder, p->meta->tracepoints[i]));
	}
	p->context.recorded = kinds;
	tracker_expect(p->tracker, kinds);
}

/* The recorder could not judge everything. Words that make no sense are no filter. */
static int read_tape_filter(struct pipeline *p)
{
	const char *words = meta_host(p->meta, "filter");
	int r = words ? filter_parse(words, &p->arena, &p->tape_filter) : -EINVAL;

	if (r == -ENOMEM)
		return r;
	p->filter.also = r ? NULL : &p->tape_filter;
	return 0;
}

/* Rows before --since that are read all the same: owners, ports and congestion states are learned
 * from them. More would take longer than a reader should wait for the first line of a long tape. */
#define LEAD_ROWS 200000u

/* What --since and --until mean. Chunks behind are not expanded then, and those long before are
 * passed over. */
static int resolve_window(struct pipeline *p, struct fault *fault)
{
	const struct pipeline_options *o = p->o;
	bool is_utc = o->time == RENDER_TIME_UTC;
	int r = 0;

	p->is_window_known = true;
	if (o->until.typed)
		r = moment_resolve(&o->until, p->meta, is_utc, &p->merge_ops.until_ns, fault);
	p->context.until_ns = p->merge_ops.until_ns;
	if (!r && o->since.typed)
		r = moment_resolve(&o->since, p->meta, is_utc, &p->context.since_ns, fault);
	if (!r && o->since.typed && !o->from_start)
		r = tape_merge_lead(p->merge, p->context.since_ns, LEAD_ROWS,
				    &p->merge_ops.since_ns, fault);
	if (!r && o->until.typed)
		r = tape_reader_use_index(p->reader, fault);
	return r < 0 ? r : 0;
}

/* The tape's clock stands before the first chunk; where there is none, the first row tells. */
static int first_chunk(void *userdata, struct fault *fault)
{
	struct pipeline *p = userdata;

	return p->meta->n_clocks ? resolve_window(p, fault) : 0;
}

/* Sockets that were open when the recording began. */
static bool always(void *userdata, const struct tape_tracepoint *tp)
{
	struct pipeline *p = userdata;

	return decoder_kind(p->decoder, tp) == TCP_KIND_SOCKET_LISTED;
}

/* What the tape has is known once its FORMAT sections are, which stand before the first row. */
static int first_row(struct pipeline *p, struct fault *fault)
{
	int r = p->is_window_known ? 0 : resolve_window(p, fault);

	if (r < 0)
		return r;
	p->is_begun = true;
	expect(p);
	r = read_tape_filter(p);
	return r < 0 ? fault_errno(fault, r, "filter") : 0;
}

static int pipeline_open(struct pipeline *p, struct fault *fault)
{
	const struct pipeline_options *o = p->o;
	struct source *source CLEANUP(source_close_p) = NULL;
	int r = source_open(o->path, &source, fault);
	uint64_t size;

	if (r < 0)
		return r;
	p->is_stream = !source_size(source, &size);
	p->filter = o->filter;
	p->context = (struct view_context){.filter = &p->filter,
					   .start = start,
					   .wall = wall,
					   .cgroup = cgroup,
					   .userdata = p,
					   .until_ns = UINT64_MAX,
					   .is_live = p->is_stream};
	r = tape_reader_open(source, &p->reader, fault);
	if (r < 0)
		return r;
	TAKE(source);
	p->meta = tape_reader_meta(p->reader);
	p->view_wants = o->view->wants(o->view_options) | o->view->uses;
	p->wanted = p->view_wants | (o->view->conn ? TRACKER_CONN_KINDS : TRACKER_KINDS);
	p->needed = o->view->wants(o->view_options) | (o->view->conn ? 0 : TRACKER_KINDS);
	r = decoder_new(p->meta, print_of(o), &p->decoder, fault);
	if (r < 0)
		return r;
	if (!o->view->feeds_extras)
		decoder_leave_out_extras(p->decoder);
	r = tracker_new(&(struct tracker_options){.ended = o->view->conn ? ended : NULL,
						  .userdata = p,
						  .is_live = p->is_stream},
			&p->tracker, fault);
	if (r < 0)
		return r;
	p->merge_ops = (struct merge_ops){
		.wants = wants,
		.columns = columns,
		.task = task,
		.moment = moment,
		.begin = first_chunk,
		.always = always,
		.until_ns = UINT64_MAX,
		.n_threads = spare_cpus(),
		.userdata = p,
	};
	r = tape_merge_new(p->reader, &p->merge_ops, &p->merge, fault);
	if (r < 0)
		return r;
	p->state = calloc(1, o->view->state_size + 1);
	return p->state ? 0 : fault_errno(fault, -ENOMEM, "view");
}

/* Losses stand in their block before the rows behind them. */
static int tell_losses(struct pipeline *p)
{
	int r = 0;

	for (; !r && p->n_losses < p->meta->n_losses; p->n_losses++) {
		const struct loss_record *l = &p->meta->losses[p->n_losses];

		r = tracker_loss(p->tracker, l->from_ns, l->to_ns);
	}
	return r;
}

static int show(struct pipeline *p, const struct tcp_event *e, struct fault *fault)
{
	const struct view *view = p->o->view;

	if (!view->feed || !(TCP_KIND_BIT(e->kind) & p->view_wants))
		return 0;
	if (!view->feeds_all &&
	    (e->ts_ns < p->context.since_ns || !event_filter_passes(&p->filter, e)))
		return 0;
	p->has_unflushed = true;
	return view->feed(p->state, e, &p->out, fault);
}

static int feed(struct pipeline *p, const struct tape_row *row, struct fault *fault)
{
	const struct view *view = p->o->view;
	tcp_kinds early = view->conn || view->feeds_all ? p->wanted : TRACKER_KINDS;
	struct tcp_event event;
	int r;

	p->last_ns = row->ts_ns;
	if (row->ts_ns < p->context.since_ns &&
	    !(TCP_KIND_BIT(decoder_kind(p->decoder, row->tracepoint)) & early))
		return 0;
	if (p->n_losses < p->meta->n_losses) {
		r = tell_losses(p);
		if (r < 0)
			return fault_errno(fault, r, "losses");
	}
	r = tracker_advance(p->tracker, row->ts_ns, fault);
	if (!r)
		r = decoder_event(p->decoder, row, &event, fault);
	if (r)
		return r;
	r = tracker_feed(p->tracker, &event);
	if (r < 0)
		return fault_errno(fault, r, "sockets");
	return show(p, &event, fault);
}

static int run_rows(struct pipeline *p, struct fault *fault)
{
	struct tape_row row;
	int r;

	while ((r = tape_merge_next(p->merge, &row, fault)) > 0) {
		if (!p->is_begun) {
			r = first_row(p, fault);
			if (r < 0)
				return r;
		}
		if (row.ts_ns >= p->merge_ops.until_ns)
			break;
		r = feed(p, &row, fault);
		if (!r && table_limit_is_full(&p->limit)) {
			p->is_stopped = true;
			return 0;
		}
		if (!r)
			r = flush_before_waiting(p, fault);
		if (r < 0)
			return r;
	}
	return r < 0 ? r : 0;
}

/* What stands behind the last row that was of interest: losses, totals, the end. */
static int read_rest(struct pipeline *p, struct fault *fault)
{
	struct tape_section section;
	int r;

	while ((r = tape_reader_next(p->reader, NULL, NULL, &section, fault)) > 0)
		;
	return r;
}

static int note_limit(struct pipeline *p, struct fault *fault)
{
	uint64_t n = p->is_stopped ? p->o->limit : p->limit.dropped;
	struct text t CLEANUP(text_done) = {0};

	if (!n)
		return 0;
	text_str(&t, p->is_stopped ? "stopped after " : "");
	units_count(&t, n);
	text_printf(&t, " %srow%s%s (--limit)", p->is_stopped ? "" : "more ", n == 1 ? "" : "s",
		    p->is_stopped ? "" : " not shown");
	return table_note(&p->out, text_cstr(&t), fault);
}

/* Those that are open are so until the end of what is shown. */
static int finish_connections(struct pipeline *p, struct fault *fault)
{
	uint64_t end_ns = p->last_ns > p->meta->last_ns ? p->last_ns : p->meta->last_ns;

	if (p->is_stopped)
		return 0;
	if (!p->is_begun) {
		int r = first_row(p, fault);

		if (r < 0)
			return r;
	}
	if (tell_losses(p) < 0)
		return fault_errno(fault, -ENOMEM, "losses");
	return tracker_finish(p->tracker,
			      end_ns < p->context.until_ns ? end_ns : p->context.until_ns, fault);
}

static int run_view(struct pipeline *p, struct fault *fault)
{
	const struct view *view = p->o->view;
	int r = view->init(p->state, p->o->view_options, &p->context, &p->out, fault);

	p->is_view_begun = true;
	p->is_misused = r == -EINVAL;
	if (!r && p->is_stream)
		r = table_flush(&p->out, fault);
	if (!r)
		r = run_rows(p, fault);
	/* A stream goes on for as long as its recorder likes: a limit ends it. */
	if (!r && !(p->is_stream && p->is_stopped))
		r = read_rest(p, fault);
	if (!r)
		r = finish_connections(p, fault);
	if (!r && view->emit)
		r = view->emit(p->state, &p->out, fault);
	if (!r)
		r = note_limit(p, fault);
	if (!r && p->merge_ops.since_ns)
		r = table_note(
			&p->out,
			"of what came long before --since nothing was read: --from-start knows "
			"more owners and ages",
			fault);
	if (!r)
		r = notes_emit(p->meta, p->decoder, p->needed, p->wanted, tape_merge_late(p->merge),
			       &p->out, fault);
	return r;
}

/* The first interrupt is meant for the recorder at the other end of the pipe, whose last events
 * and totals are still to come; the second one is meant for us. */
static void swallow(int signo)
{
}

static void outlive_interrupt(void)
{
	struct sigaction action = {.sa_handler = swallow,
				   .sa_flags = SA_RESTART | (int)SA_RESETHAND};

	sigaction(SIGINT, &action, NULL);
}

static enum status verdict(const struct pipeline *p, struct fault *fault)
{
	const struct tape_damage *damage = tape_reader_damage(p->reader);
	struct text t CLEANUP(text_done) = {0};

	if ((p->is_stream && p->is_stopped) || !tape_damage_any(damage))
		return STATUS_DONE;
	damage_text(damage, &t);
	fault_set(fault, -EBADMSG, "%s: %s; shown is what is whole (see tcptape check)",
		  tape_name(p->o->path), text_cstr(&t));
	return STATUS_DAMAGED;
}

/* Rows are written out in a thread of its own where there is a CPU for it. A stream's rows are few,
 * and in a hurry. */
static int open_output(struct pipeline *p, struct fault *fault)
{
	const struct pipeline_options *o = p->o;
	struct render_clock clock = {.wall = wall, .start = start, .userdata = p};
	int r = 0;

	if (!p->is_stream && spare_cpus()) {
		r = relay_new(&clock, &p->relay, fault);
		if (r < 0)
			return r;
		clock = relay_clock(p->relay);
	}
	r = present_open(&o->output, o->time, &clock, &p->presented, fault);
	if (r < 0)
		return r;
	if (p->relay)
		r = relay_start(p->relay, &p->presented, &p->limit.inner, fault);
	else
		p->limit.inner = p->presented;
	p->out = table_limit_sink(&p->limit);
	return r;
}

static int close_output(struct pipeline *p, struct fault *fault)
{
	int relayed = p->relay ? relay_finish(p->relay, fault) : 0;
	int finished = p->presented.ops ? present_finish(&p->o->output, &p->presented, fault) : 0;

	return relayed ? relayed : finished;
}

enum status pipeline_run(const struct pipeline_options *o, struct fault *fault)
{
	struct pipeline p CLEANUP(pipeline_done) = {.o = o, .limit.max = o->limit};
	int r = pipeline_open(&p, fault), finished;

	if (r < 0)
		return STATUS_FAILED;
	if (p.is_stream)
		outlive_interrupt();
	r = open_output(&p, fault);
	if (!r)
		r = run_view(&p, fault);
	finished = close_output(&p, fault);
	if (p.is_misused)
		return STATUS_USAGE;
	if (!r)
		r = finished;
	return r < 0 ? present_status(r, fault) : verdict(&p, fault);
}

// SPDX-License-Identifier: MIT
/*
 * retrans: one line for each retransmission, in the columns that tcpretrans users know, or counts
 * per flow. An event of the kernel is not yet a retransmission of lost data: tail loss probes and
 * attempts that failed are shown only on demand, and the last lines say how many were left out.
 */
#include <errno.h>
#include <stddef.h>

#include "base/units.h"
#include "tcp/names.h"
#include "view/cells.h"
#include "view/event-names.h"
#include "view/list.h"
#include "view/retrans.h"

struct retrans_options {
	bool with_probes;
	bool with_failed;
	bool with_stacks;
	bool counts;
};

static const struct view_option options[] = {
	{"lossprobe", 'l', VIEW_OPTION_FLAG, NULL, "tail loss probes too",
	 offsetof(struct retrans_options, with_probes)},
	{"all-attempts", 'a', VIEW_OPTION_FLAG, NULL, "attempts that failed too, with their error",
	 offsetof(struct retrans_options, with_failed)},
	{"stacks", 's', VIEW_OPTION_FLAG, NULL, "the kernel's call chain of each",
	 offsetof(struct retrans_options, with_stacks)},
	{"count", 'c', VIEW_OPTION_FLAG, NULL, "count per flow instead of one line each",
	 offsetof(struct retrans_options, counts)},
};

enum {
	COL_TIME,
	COL_TS,
	COL_EVENT,
	COL_CPU,
	COL_PID,
	COL_FAMILY,
	COL_LOCAL,
	COL_TYPE,
	COL_REMOTE,
	COL_LADDR,
	COL_LPORT,
	COL_RADDR,
	COL_RPORT,
	COL_SK,
	COL_COOKIE,
	COL_STATE,
	COL_COMM,
	COL_OWNER,
	COL_CPU_PID,
	COL_CPU_COMM,
	COL_CAUSE,
	COL_TRIGGER,
	COL_CAUSE_BY,
	COL_ERR,
	COL_ERR_NAME,
	COL_STACK,
	COL_N,
};

static const struct column columns[COL_N] = {
	[COL_TIME] = {.key = "time", .head = "TIME", .where = COLUMN_ALL, .width = 8},
	[COL_TS] = {.key = "ts_ns", .where = COLUMN_DATA},
	[COL_EVENT] = {.key = "event", .where = COLUMN_DATA},
	[COL_CPU] = {.key = "cpu", .where = COLUMN_DATA},
	[COL_PID] = {.key = "pid", .head = "PID", .where = COLUMN_ALL, .width = 5},
	[COL_FAMILY] = {.key = "family", .head = "IP", .where = COLUMN_ALL, .width = 2},
	[COL_LOCAL] = {.key = "local", .head = "LADDR:LPORT", .where = COLUMN_TEXT, .width = 18},
	[COL_TYPE] = {.key = "type", .head = "T>", .where = COLUMN_TEXT, .width = 2},
	[COL_REMOTE] = {.key = "remote", .head = "RADDR:RPORT", .where = COLUMN_TEXT, .width = 18},
	[COL_LADDR] = {.key = "laddr", .where = COLUMN_DATA},
	[COL_LPORT] = {.key = "lport", .where = COLUMN_DATA},
	[COL_RADDR] = {.key = "raddr", .where = COLUMN_DATA},
	[COL_RPORT] = {.key = "rport", .where = COLUMN_DATA},
	[COL_SK] = {.key = "sk", .where = COLUMN_DATA},
	[COL_COOKIE] = {.key = "cookie", .where = COLUMN_DATA},
	[COL_STATE] = {.key = "state", .head = "STATE", .where = COLUMN_ALL, .width = 11},
	[COL_COMM] = {.key = "comm", .where = COLUMN_DATA},
	[COL_OWNER] = {.key = "owner", .where = COLUMN_DATA},
	[COL_CPU_PID] = {.key = "cpu_pid", .where = COLUMN_DATA},
	[COL_CPU_COMM] = {.key = "cpu_comm", .where = COLUMN_DATA},
	[COL_CAUSE] = {.key = "cause", .head = "CAUSE", .where = COLUMN_ALL, .width = 8},
	[COL_TRIGGER] = {.key = "trigger", .where = COLUMN_DATA},
	[COL_CAUSE_BY] = {.key = "cause_by", .where = COLUMN_DATA},
	[COL_ERR] = {.key = "err", .where = COLUMN_DATA},
	[COL_ERR_NAME] = {.key = "err_name"},
	[COL_STACK] = {.key = "stack"},
};

struct retrans {
	struct retrans_options options;
	struct column columns[COL_N];
	struct event_names names;
	struct retrans_counts counts;
	uint64_t n_probes; /* left out */
	uint64_t n_failed; /* left out */
};

static tcp_kinds retrans_wants(const void *opts)
{
	return TCP_KIND_BIT(TCP_KIND_RETRANSMIT) | TCP_KIND_BIT(TCP_KIND_RETRANSMIT_SYNACK);
}

static int retrans_init(void *state, const void *opts, const struct view_context *context,
			struct table_sink *out, struct fault *fault)
{
	struct retrans *v = state;

	v->options = *(const struct retrans_options *)opts;
	memcpy(v->columns, columns, sizeof(columns));
	if (v->options.with_failed) {
		v->columns[COL_ERR_NAME].where = COLUMN_TEXT;
		v->columns[COL_ERR_NAME].head = "ERR";
	}
	if (v->options.with_stacks)
		v->columns[COL_STACK].where = COLUMN_ALL;
	return v->options.counts ? 0 : table_begin(out, v->columns, COL_N, fault);
}

static const char *type_of(const struct tcp_event *e)
{
	if (e->kind == TCP_KIND_RETRANSMIT_SYNACK)
		return "S>";
	return e->cause == TCP_CAUSE_TLP ? "L>" : "R>";
}

/* The SYN-ACK event has no state: the connection is half open by definition. */
static struct cell state_cell(const struct tcp_event *e)
{
	if (tcp_event_has(e, TCP_FIELD_STATE))
		return cell_state(e->state);
	if (e->kind == TCP_KIND_RETRANSMIT_SYNACK)
		return cell_state(TCP_STATE_SYN_RECV);
	return cell_absent();
}

static struct cell err_name_cell(const struct tcp_event *e)
{
	const char *name;

	if (!tcp_event_has(e, TCP_FIELD_ERR) || !e->err)
		return cell_str("");
	/* Positive values are the queueing discipline's (NET_XMIT_*), not errors. */
	name = e->err < 0 ? tcp_errno_name(e->err) : NULL;
	return name ? cell_str(name) : cell_i64(e->err);
}

static int put_row(struct retrans *v, const struct tcp_event *e, struct table_sink *out,
		   struct fault *fault)
{
	bool has_err = tcp_event_has(e, TCP_FIELD_ERR);
	struct cell cells[COL_N] = {
		[COL_TIME] = cell_time(e->ts_ns),
		[COL_TS] = cell_u64(e->ts_ns),
		[COL_CPU] = cell_u64(e->cpu),
		[COL_PID] = cell_pid(e->pid),
		[COL_FAMILY] = cell_family(e),
		[COL_LOCAL] = cell_endpoint(&e->local),
		[COL_TYPE] = cell_str(type_of(e)),
		[COL_REMOTE] = cell_endpoint(&e->remote),
		[COL_LADDR] = cell_addr(&e->local.addr),
		[COL_LPORT] = cell_port(e->local.port),
		[COL_RADDR] = cell_addr(&e->remote.addr),
		[COL_RPORT] = cell_port(e->remote.port),
		[COL_SK] = tcp_event_has(e, TCP_FIELD_SK) ? cell_hex(e->sk) : cell_absent(),
		[COL_COOKIE] =
			tcp_event_has(e, TCP_FIELD_COOKIE) ? cell_u64(e->cookie) : cell_absent(),
		[COL_STATE] = state_cell(e),
		[COL_COMM] = cell_str(e->comm),
		[COL_OWNER] = cell_str(e->owner),
		[COL_CPU_PID] = cell_pid(e->cpu_pid),
		[COL_CPU_COMM] = cell_str(e->cpu_comm),
		[COL_CAUSE] = cell_str(tcp_cause_name(e->cause)),
		[COL_TRIGGER] = cell_str(tcp_trigger_name(e->trigger)),
		[COL_CAUSE_BY] = cell_str(tcp_basis_name(e->cause_by)),
		[COL_ERR] = has_err ? cell_i64(e->err) : cell_absent(),
		[COL_ERR_NAME] = err_name_cell(e),
		[COL_STACK] = e->n_frames ? cell_list(e->frames, e->n_frames) : cell_absent(),
	};

	if (event_names_cell(&v->names, e, &cells[COL_EVENT]) < 0)
		return fault_errno(fault, -ENOMEM, "names of events");
	return table_row(out, cells, fault);
}

static int retrans_feed(void *state, const struct tcp_event *e, struct table_sink *out,
			struct fault *fault)
{
	struct retrans *v = state;

	if (!v->options.with_failed && tcp_event_has(e, TCP_FIELD_ERR) && e->err) {
		v->n_failed++;
		return 0;
	}
	if (!v->options.with_probes && e->cause == TCP_CAUSE_TLP) {
		v->n_probes++;
		return 0;
	}
	if (!v->options.counts)
		return put_row(v, e, out, fault);
	if (retrans_counts_add(&v->counts, e) < 0)
		return fault_errno(fault, -ENOMEM, "flows");
	return 0;
}

static int left_out(struct table_sink *out, uint64_t n, const char *what, const char *option,
		    struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};

	if (!n)
		return 0;
	units_count(&t, n);
	text_printf(&t, " %s%s not shown (%s shows them)", what, n == 1 ? "" : "s", option);
	return table_note(out, text_cstr(&t), fault);
}

static int retrans_emit(void *state, struct table_sink *out, struct fault *fault)
{
	struct retrans *v = state;
	int r = v->options.counts ? retrans_counts_emit(&v->counts, out, fault) : 0;

	if (!r)
		r = left_out(out, v->n_probes, "tail loss probe", "-l", fault);
	if (!r)
		r = left_out(out, v->n_failed, "failed attempt", "-a", fault);
	return r;
}

static void retrans_done(void *state)
{
	struct retrans *v = state;

	event_names_done(&v->names);
	retrans_counts_done(&v->counts);
}

const struct view view_retrans = {
	.name = "retrans",
	.summary = "retransmits, SYN-ACKs too: one line each, -c per flow",
	.detail =
		"Column T>: R> a retransmit, L> a tail loss probe, S> a SYN-ACK sent again.\n"
		"PID is the owner of the socket, \"-\" where it is not known; never the task that\n"
		"happened to be on the CPU.\n"
		"CAUSE: rto, tlp, fast, loss (sent again after a timeout), recovery (fast or\n"
		"loss, which cannot be told apart), syn, synack, pmtu, tfo, deferred, unknown.\n"
		"Tail loss probes and attempts that failed are no retransmits of lost data; the\n"
		"last lines say how many were left out.",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.options_size = sizeof(struct retrans_options),
	.state_size = sizeof(struct retrans),
	.wants = retrans_wants,
	.init = retrans_init,
	.feed = retrans_feed,
	.emit = retrans_emit,
	.done = retrans_done,
};

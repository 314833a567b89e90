// SPDX-License-Identifier: MIT
/*
 * The rows of retrans: the columns that tcpretrans users know, the cause, and on demand the
 * timeout, as tcp_retransmit.stp showed it.
 */
#include <assert.h>
#include <errno.h>

#include "base/units.h"
#include "tcp/names.h"
#include "cells/cells.h"
#include "view/retrans.h"

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
	COL_RTO,
	COL_RTO_US,
	COL_OLD_RTO_US,
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
	[COL_RTO] = {.key = "rto"},
	[COL_RTO_US] = {.key = "rto_us", .where = COLUMN_DATA},
	[COL_OLD_RTO_US] = {.key = "old_rto_us", .where = COLUMN_DATA},
	[COL_ERR] = {.key = "err", .where = COLUMN_DATA},
	[COL_ERR_NAME] = {.key = "err_name"},
	[COL_STACK] = {.key = "stack"},
};

static_assert(COL_N <= RETRANS_COLUMNS_MAX, "columns");

void retrans_rows_done(struct retrans_rows *r)
{
	event_names_done(&r->names);
	text_done(&r->rto);
}

int retrans_rows_begin(struct retrans_rows *r, const struct retrans_shows *shows,
		       struct table_sink *out, struct fault *fault)
{
	memcpy(r->columns, columns, sizeof(columns));
	if (shows->failed) {
		r->columns[COL_ERR_NAME].where = COLUMN_TEXT;
		r->columns[COL_ERR_NAME].head = "ERR";
	}
	if (shows->stacks)
		r->columns[COL_STACK].where = COLUMN_ALL;
	if (shows->rto) {
		r->columns[COL_RTO].where = COLUMN_TEXT;
		r->columns[COL_RTO].head = "RTO";
		/* Room for it in a line of 80. */
		r->columns[COL_PID].where = r->columns[COL_FAMILY].where = COLUMN_DATA;
		r->columns[COL_PID].head = r->columns[COL_FAMILY].head = NULL;
		r->columns[COL_CAUSE].width = 7;
	}
	return table_begin(out, r->columns, COL_N, fault);
}

/* The kernel's timers run late, by an eighth of their time and some ticks: less is no change. */
static bool is_other_rto(uint32_t a, uint32_t b)
{
	uint32_t low = a < b ? a : b, high = a < b ? b : a;

	return high - low > low / 8 + 20 * 1000;
}

bool retrans_has_new_rto(const struct tcp_event *e)
{
	return e->rto_us && (!e->old_rto_us || is_other_rto(e->rto_us, e->old_rto_us));
}

/* Milliseconds: "1000", "1000->2000". */
static struct cell rto_cell(struct text *t, const struct tcp_event *e)
{
	if (!e->rto_us)
		return cell_absent();
	text_clear(t);
	if (e->old_rto_us && retrans_has_new_rto(e)) {
		text_u64(t, (e->old_rto_us + 500) / 1000);
		text_str(t, "->");
	}
	text_u64(t, (e->rto_us + 500) / 1000);
	return cell_str(text_cstr(t));
}

static struct cell cell_known_us(uint32_t us)
{
	return us ? cell_u64(us) : cell_absent();
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

int retrans_rows_put(struct retrans_rows *r, const struct tcp_event *e, struct table_sink *out,
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
		[COL_RTO_US] = cell_known_us(e->rto_us),
		[COL_OLD_RTO_US] = cell_known_us(e->old_rto_us),
		[COL_ERR] = has_err ? cell_i64(e->err) : cell_absent(),
		[COL_ERR_NAME] = err_name_cell(e),
		[COL_STACK] = e->n_frames ? cell_list(e->frames, e->n_frames) : cell_absent(),
	};

	if (r->columns[COL_RTO].where)
		cells[COL_RTO] = rto_cell(&r->rto, e);
	if (event_names_cell(&r->names, e, &cells[COL_EVENT]) < 0)
		return fault_errno(fault, -ENOMEM, "names of events");
	return table_row(out, cells, fault);
}

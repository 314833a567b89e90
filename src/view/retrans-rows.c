// SPDX-License-Identifier: MIT
/*
 * The rows of retrans: the columns that users of tcpretrans know, the cause, and on demand the
 * timeout, in the form of tcp_retransmit.stp.
 */
#include "cells/cells.h"
#include "tcp/names.h"
#include "view/event-columns.h"
#include "view/retrans.h"

struct retrans_row {
	const struct tcp_event *event;
	struct text *rto; /* memory for the cell of the timeout */
	struct cell name; /* name of the event's tracepoint */
};

void retrans_rows_done(struct retrans_rows *r)
{
	event_names_done(&r->names);
	text_done(&r->rto);
}

/* Whether two timeouts have different lengths. The kernel's timers run late by up to an eighth of
 * their time and some ticks: timeouts that differ by less count as equal. */
static bool is_other_rto(uint32_t a, uint32_t b)
{
	uint32_t low = a < b ? a : b, high = a < b ? b : a;

	return high - low > low / 8 + 20 * 1000;
}

bool retrans_has_new_rto(const struct tcp_event *e)
{
	return e->rto_us && (!e->old_rto_us || is_other_rto(e->rto_us, e->old_rto_us));
}

/* The timeout in milliseconds: "1000", or "1000->2000" if it has changed. */
static struct cell retrans_rto(const void *at)
{
	const struct retrans_row *row = at;
	const struct tcp_event *e = row->event;
	struct text *t = row->rto;

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

static struct cell retrans_type(const void *event)
{
	const struct tcp_event *e = event;

	if (e->kind == TCP_KIND_RETRANSMIT_SYNACK)
		return cell_word("S>");
	return cell_word(e->cause == TCP_CAUSE_TLP ? "L>" : "R>");
}

/* The TCP state. tcp_retransmit_synack has none: its connection is always in SYN_RECV. */
static struct cell retrans_state(const void *event)
{
	const struct tcp_event *e = event;

	if (tcp_event_has(e, TCP_FIELD_STATE))
		return cell_state(e->state);
	if (e->kind == TCP_KIND_RETRANSMIT_SYNACK)
		return cell_state(TCP_STATE_SYN_RECV);
	return cell_absent();
}

static struct cell retrans_err(const void *event)
{
	const struct tcp_event *e = event;

	return tcp_event_has(e, TCP_FIELD_ERR) ? cell_i64(e->err) : cell_absent();
}

static struct cell retrans_err_name(const void *event)
{
	const struct tcp_event *e = event;
	const char *name;

	if (!tcp_event_has(e, TCP_FIELD_ERR) || !e->err)
		return cell_str("");
	/* A positive value comes from the queueing discipline (NET_XMIT_*) and is not an errno. */
	name = e->err < 0 ? tcp_errno_name(e->err) : NULL;
	return name ? cell_str(name) : cell_i64(e->err);
}

enum { FAILED = 1, STACKS = 2, RTO = 4 };

#define ROW(member) .part = 1, .at = offsetof(struct retrans_row, member)

/* With the timeout, a line of 80 characters has no room for the process and the family. */
static const struct view_column columns[] = {
	{"time", "TIME", COLUMN_ALL, 8, column_time, EVENT(ts_ns)},
	{"ts_ns", NULL, COLUMN_DATA, 0, column_u64, EVENT(ts_ns)},
	{"event", NULL, COLUMN_DATA, 0, column_cell, ROW(name)},
	{"cpu", NULL, COLUMN_DATA, 0, column_u32, EVENT(cpu)},
	{"pid", "PID", COLUMN_ALL, 5, column_pid, EVENT(pid), .unless = RTO},
	{"family", "IP", COLUMN_ALL, 2, event_family, .unless = RTO},
	{"local", "LADDR:LPORT", COLUMN_TEXT, 18, column_endpoint, EVENT(local)},
	{"type", "T>", COLUMN_TEXT, 2, retrans_type, .at = 0},
	{"remote", "RADDR:RPORT", COLUMN_TEXT, 18, column_endpoint, EVENT(remote)},
	{"laddr", NULL, COLUMN_DATA, 0, column_addr, EVENT(local.addr)},
	{"lport", NULL, COLUMN_DATA, 0, column_port, EVENT(local.port)},
	{"raddr", NULL, COLUMN_DATA, 0, column_addr, EVENT(remote.addr)},
	{"rport", NULL, COLUMN_DATA, 0, column_port, EVENT(remote.port)},
	{"sk", NULL, COLUMN_DATA, 0, column_some_hex, EVENT(sk)},
	{"cookie", NULL, COLUMN_DATA, 0, column_some_u64, EVENT(cookie)},
	{"state", "STATE", COLUMN_ALL, 11, retrans_state, .at = 0},
	{"comm", NULL, COLUMN_DATA, 0, column_str, EVENT(comm)},
	{"owner", NULL, COLUMN_DATA, 0, column_word, EVENT(owner)},
	{"cpu_pid", NULL, COLUMN_DATA, 0, column_pid, EVENT(cpu_pid)},
	{"cpu_comm", NULL, COLUMN_DATA, 0, column_str, EVENT(cpu_comm)},
	{"cause", "CAUSE", COLUMN_ALL, 8, event_cause, .unless = RTO},
	{"cause", "CAUSE", COLUMN_TEXT, 7, event_cause, .only = RTO},
	{"trigger", NULL, COLUMN_DATA, 0, event_trigger, .at = 0},
	{"cause_by", NULL, COLUMN_DATA, 0, event_cause_by, .at = 0},
	{"rto", "RTO", COLUMN_TEXT, 0, retrans_rto, .part = 1, .only = RTO},
	{"rto_us", NULL, COLUMN_DATA, 0, column_some_u32, EVENT(rto_us)},
	{"old_rto_us", NULL, COLUMN_DATA, 0, column_some_u32, EVENT(old_rto_us)},
	{"err", NULL, COLUMN_DATA, 0, retrans_err, .at = 0},
	{"err_name", "ERR", COLUMN_TEXT, 0, retrans_err_name, .only = FAILED},
	{"stack", NULL, COLUMN_ALL, 0, event_stack, .only = STACKS},
};

int retrans_rows_begin(struct retrans_rows *r, const struct retrans_shows *shows,
		       struct table_sink *out, struct fault *fault)
{
	unsigned int modes = (shows->failed ? FAILED : 0) | (shows->stacks ? STACKS : 0) |
			     (shows->rto ? RTO : 0);

	return view_table_begin(&r->table, columns, ARRAY_SIZE(columns), modes, out, fault);
}

int retrans_rows_put(struct retrans_rows *r, const struct tcp_event *e, struct table_sink *out,
		     struct fault *fault)
{
	struct retrans_row row = {.event = e, .rto = &r->rto};

	if (event_names_cell(&r->names, e, &row.name) < 0)
		return fault_no_memory(fault);
	return view_table_row(&r->table, (const void *[]){e, &row}, out, fault);
}

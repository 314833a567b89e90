// SPDX-License-Identifier: MIT
/*
 * The rows of replay: for people, for programs, and as the kernel prints them. Every event of a
 * tape becomes a row here. The cells are set directly and not by getters (view/columns.h), which
 * would make the view 3 % slower.
 */
#include <stdio.h>

#include "base/units.h"
#include "cells/cells.h"
#include "view/replay.h"

/* The columns for people; all else is among the details. */
enum {
	TEXT_TIME,
	TEXT_CPU,
	TEXT_NAME,
	TEXT_LOCAL,
	TEXT_REMOTE,
	TEXT_DETAILS,
	TEXT_N,
};

static const struct column text_columns[TEXT_N] = {
	[TEXT_TIME] =
		{.key = "time", .head = "TIME", .where = COLUMN_TEXT, .width = 15, .decimals = 6},
	[TEXT_CPU] = {.key = "cpu", .head = "CPU", .where = COLUMN_TEXT, .is_right = true},
	[TEXT_NAME] = {.key = "event", .head = "EVENT", .where = COLUMN_TEXT, .width = 19},
	[TEXT_LOCAL] = {.key = "local", .head = "LADDR:LPORT", .where = COLUMN_TEXT, .width = 18},
	[TEXT_REMOTE] = {.key = "remote", .head = "RADDR:RPORT", .where = COLUMN_TEXT, .width = 18},
	[TEXT_DETAILS] = {.key = "details", .head = "DETAILS", .where = COLUMN_TEXT},
};

/* The columns for programs. */
enum {
	DATA_TIME,
	DATA_TS,
	DATA_EVENT,
	DATA_CPU,
	DATA_FAMILY,
	DATA_LADDR,
	DATA_LPORT,
	DATA_RADDR,
	DATA_RPORT,
	DATA_PID,
	DATA_COMM,
	DATA_OWNER,
	DATA_CPU_PID,
	DATA_CPU_COMM,
	DATA_CAUSE,
	DATA_TRIGGER,
	DATA_CAUSE_BY,
	DATA_FIELDS,
	DATA_PRINT,
	DATA_CPU_TID,
	DATA_STACK,
	DATA_N,
};

static const struct column data_columns[DATA_N] = {
	[DATA_TIME] = {.key = "time", .where = COLUMN_DATA},
	[DATA_TS] = {.key = "ts_ns", .where = COLUMN_DATA},
	[DATA_EVENT] = {.key = "event", .where = COLUMN_DATA},
	[DATA_CPU] = {.key = "cpu", .where = COLUMN_DATA},
	[DATA_FAMILY] = {.key = "family", .where = COLUMN_DATA},
	[DATA_LADDR] = {.key = "laddr", .where = COLUMN_DATA},
	[DATA_LPORT] = {.key = "lport", .where = COLUMN_DATA},
	[DATA_RADDR] = {.key = "raddr", .where = COLUMN_DATA},
	[DATA_RPORT] = {.key = "rport", .where = COLUMN_DATA},
	[DATA_PID] = {.key = "pid", .where = COLUMN_DATA},
	[DATA_COMM] = {.key = "comm", .where = COLUMN_DATA},
	[DATA_OWNER] = {.key = "owner", .where = COLUMN_DATA},
	[DATA_CPU_PID] = {.key = "cpu_pid", .where = COLUMN_DATA},
	[DATA_CPU_COMM] = {.key = "cpu_comm", .where = COLUMN_DATA},
	[DATA_CAUSE] = {.key = "cause", .where = COLUMN_DATA},
	[DATA_TRIGGER] = {.key = "trigger", .where = COLUMN_DATA},
	[DATA_CAUSE_BY] = {.key = "cause_by", .where = COLUMN_DATA},
	[DATA_FIELDS] = {.key = "fields", .where = COLUMN_DATA},
	[DATA_PRINT] = {.key = "print", .where = COLUMN_DATA},
	[DATA_CPU_TID] = {.key = "cpu_tid", .where = COLUMN_DATA},
	[DATA_STACK] = {.key = "stack", .where = COLUMN_JSON},
};

/* The columns of --raw: for people a single one with the whole line, for programs its parts. */
enum {
	RAW_LINE,
	RAW_TIME,
	RAW_TS,
	RAW_EVENT,
	RAW_CPU,
	RAW_CPU_TID,
	RAW_CPU_COMM,
	RAW_PRINT,
	RAW_N,
};

static const struct column raw_columns[RAW_N] = {
	[RAW_LINE] = {.key = "line", .head = "", .where = COLUMN_TEXT},
	[RAW_TIME] = {.key = "time", .where = COLUMN_DATA},
	[RAW_TS] = {.key = "ts_ns", .where = COLUMN_DATA},
	[RAW_EVENT] = {.key = "event", .where = COLUMN_DATA},
	[RAW_CPU] = {.key = "cpu", .where = COLUMN_DATA},
	[RAW_CPU_TID] = {.key = "cpu_tid", .where = COLUMN_DATA},
	[RAW_CPU_COMM] = {.key = "cpu_comm", .where = COLUMN_DATA},
	[RAW_PRINT] = {.key = "print", .where = COLUMN_DATA},
};

/* The CPU of the event; absent for a synthetic row, which happened on none. */
static struct cell cpu_cell(const struct tcp_event *e)
{
	return TCP_KIND_BIT(e->kind) & TCP_KINDS_SYNTHETIC ? cell_absent() : cell_u64(e->cpu);
}

/* The line of --raw, as perf script prints it: the task that was on the CPU, the CPU, and the time
 * in seconds of the tape's clock. */
static struct cell raw_line_cell(struct text *t, const struct tcp_event *e)
{
	char comm[24];

	if (e->cpu_comm)
		snprintf(comm, sizeof(comm), "%s", e->cpu_comm);
	else if (e->cpu_tid)
		snprintf(comm, sizeof(comm), ":%d", e->cpu_tid);
	else
		snprintf(comm, sizeof(comm), "swapper");
	text_clear(t);
	text_printf(t, "%16s %7d [%03u] %llu.%06llu: %s:%s: %s", comm, e->cpu_tid, e->cpu,
		    (unsigned long long)(e->ts_ns / NSEC_PER_SEC),
		    (unsigned long long)(e->ts_ns % NSEC_PER_SEC / NSEC_PER_USEC), e->system,
		    e->name, e->print ? e->print : "");
	return cell_str(text_cstr(t));
}

static int replay_raw_row(struct replay *v, const struct tcp_event *e, struct table_sink *out,
			  struct fault *fault)
{
	struct cell cells[RAW_N] = {
		[RAW_LINE] = raw_line_cell(&v->line, e), [RAW_TIME] = cell_time(e->ts_ns),
		[RAW_TS] = cell_u64(e->ts_ns),		 [RAW_CPU] = cpu_cell(e),
		[RAW_CPU_TID] = cell_i64(e->cpu_tid),	 [RAW_CPU_COMM] = cell_str(e->cpu_comm),
		[RAW_PRINT] = cell_str(e->print),
	};

	if (event_names_cell(&v->names, e, &cells[RAW_EVENT]) < 0)
		return fault_no_memory(fault);
	return table_row(out, cells, fault);
}

static struct cell end_cell(const struct endpoint *e)
{
	return e->addr.family || e->port ? cell_endpoint(e) : cell_absent();
}

static int replay_text_row(struct replay *v, const struct tcp_event *e, struct table_sink *out,
			   struct fault *fault)
{
	struct cell cells[TEXT_N] = {
		[TEXT_TIME] = cell_time(e->ts_ns),
		[TEXT_CPU] = cpu_cell(e),
		[TEXT_LOCAL] = end_cell(&e->local),
		[TEXT_REMOTE] = end_cell(&e->remote),
		[TEXT_DETAILS] = e->print && e->print[0]
					 ? cell_str(e->print)
					 : event_fields_cell(&v->fields, e, COLUMN_TEXT),
	};

	/* Tracepoints of two systems may have the same name, so that the system is shown, too. The
	 * names in the catalog are unique. */
	if (e->kind != TCP_KIND_OTHER)
		cells[TEXT_NAME] = cell_word(e->name);
	else if (event_names_cell(&v->names, e, &cells[TEXT_NAME]) < 0)
		return fault_no_memory(fault);
	return table_row(out, cells, fault);
}

/* The port of an end; 0 where the row says 0 and nothing else is known. */
static struct cell port_cell(const struct tcp_event *e, const struct endpoint *end,
			     enum tcp_field field)
{
	if (!end->port && e->zeros & TCP_FIELD_BIT(field))
		return cell_u64(0);
	return cell_port(end->port);
}

/* The remote address; that of the row where it has no port and nothing else is known. */
static struct cell remote_cell(const struct tcp_event *e)
{
	if (!e->remote.addr.family && e->portless_family)
		return (struct cell){
			.kind = CELL_ADDR, .family = e->portless_family, .addr = e->portless};
	return cell_addr(&e->remote.addr);
}

/* The process that was on the CPU; 0: it was idle. */
static struct cell cpu_pid_cell(const struct tcp_event *e)
{
	if (!e->cpu_tid && !(TCP_KIND_BIT(e->kind) & TCP_KINDS_SYNTHETIC))
		return cell_i64(0);
	return cell_pid(e->cpu_pid);
}

static struct cell cpu_tid_cell(const struct tcp_event *e)
{
	return TCP_KIND_BIT(e->kind) & TCP_KINDS_SYNTHETIC ? cell_absent() : cell_i64(e->cpu_tid);
}

static int replay_data_row(struct replay *v, const struct tcp_event *e, struct table_sink *out,
			   struct fault *fault)
{
	struct cell cells[DATA_N] = {
		[DATA_TIME] = cell_time(e->ts_ns),
		[DATA_TS] = cell_u64(e->ts_ns),
		[DATA_CPU] = cpu_cell(e),
		[DATA_FAMILY] = cell_family(e),
		[DATA_LADDR] = cell_addr(&e->local.addr),
		[DATA_LPORT] = port_cell(e, &e->local, TCP_FIELD_LPORT),
		[DATA_RADDR] = remote_cell(e),
		[DATA_RPORT] = port_cell(e, &e->remote, TCP_FIELD_RPORT),
		[DATA_PID] = cell_pid(e->pid),
		[DATA_COMM] = cell_str(e->comm),
		[DATA_OWNER] = cell_word(e->owner),
		[DATA_CPU_PID] = cpu_pid_cell(e),
		[DATA_CPU_TID] = cpu_tid_cell(e),
		[DATA_CPU_COMM] = cell_str(e->cpu_comm),
		[DATA_CAUSE] = cell_word(tcp_cause_name(e->cause)),
		[DATA_TRIGGER] = cell_word(tcp_trigger_name(e->trigger)),
		[DATA_CAUSE_BY] = cell_word(tcp_basis_name(e->cause_by)),
		[DATA_FIELDS] = event_fields_cell(&v->fields, e, COLUMN_DATA),
		[DATA_PRINT] = cell_str(e->print),
		[DATA_STACK] = e->n_frames ? cell_list(e->frames, e->n_frames) : cell_absent(),
	};

	if (event_names_cell(&v->names, e, &cells[DATA_EVENT]) < 0)
		return fault_no_memory(fault);
	return table_row(out, cells, fault);
}

int replay_begin(const struct replay *v, struct table_sink *out, struct fault *fault)
{
	if (v->options.raw)
		return table_begin(out, raw_columns, RAW_N, fault);
	if (out->shows & COLUMN_TEXT)
		return table_begin(out, text_columns, TEXT_N, fault);
	return table_begin(out, data_columns, DATA_N, fault);
}

int replay_row(struct replay *v, const struct tcp_event *e, struct table_sink *out,
	       struct fault *fault)
{
	if (v->options.raw)
		return replay_raw_row(v, e, out, fault);
	return out->shows & COLUMN_TEXT ? replay_text_row(v, e, out, fault)
					: replay_data_row(v, e, out, fault);
}

// SPDX-License-Identifier: MIT
/*
 * resets: the columns of the table with a line for each RST.
 */
#include "cells/conn-cells.h"
#include "view/resets.h"

static struct cell resets_event(const void *at)
{
	const struct reset *r = at;

	return cell_word(r->is_sent ? "tcp:tcp_send_reset" : "tcp:tcp_receive_reset");
}

static struct cell resets_sign(const void *at)
{
	const struct reset *r = at;

	return cell_word(r->is_sent ? "R>" : "R<");
}

static struct cell resets_direction(const void *at)
{
	const struct reset *r = at;

	return cell_word(r->is_sent ? "sent" : "received");
}

static struct cell resets_kind(const void *at)
{
	const struct reset *r = at;

	return cell_word(reset_kind_name(r->kind));
}

static struct cell resets_age(const void *at)
{
	const struct reset *r = at;

	return r->has_age ? conn_ms_cell(r->age, r->age_ns, r->is_age_exact, r->has_loss)
			  : cell_absent();
}

static struct cell resets_duration(const void *at)
{
	const struct reset *r = at;

	return cell_if(r->has_age && r->is_age_exact, r->age_ns);
}

static struct cell resets_observed(const void *at)
{
	const struct reset *r = at;

	return cell_if(r->has_age && !r->is_age_exact, r->age_ns);
}

static struct cell resets_incomplete(const void *at)
{
	const struct reset *r = at;

	return cell_word(r->has_loss ? "loss" : NULL);
}

enum { WIDE = 1 };

#define ROW(member) .at = offsetof(struct reset, member)

static const struct view_column columns[] = {
	{"time", "TIME", COLUMN_ALL, 8, column_time, SUBJECT(ts_ns)},
	{"ts_ns", NULL, COLUMN_DATA, 0, column_u64, SUBJECT(ts_ns)},
	{"event", NULL, COLUMN_DATA, 0, resets_event, .at = 0},
	{"pid", "PID", COLUMN_ALL, 5, column_pid, SUBJECT(pid)},
	{"comm", "COMM", COLUMN_DATA, 10, column_chars, SUBJECT(comm), .also = WIDE},
	{"family", NULL, COLUMN_DATA, 0, column_subject_family, .at = 0},
	{"local", "LADDR:LPORT", COLUMN_TEXT, 15, column_endpoint, SUBJECT(local)},
	{"sign", "R", COLUMN_TEXT, 2, resets_sign, .at = 0},
	{"remote", "RADDR:RPORT", COLUMN_TEXT, 15, column_endpoint, SUBJECT(remote)},
	{"laddr", NULL, COLUMN_DATA, 0, column_addr, SUBJECT(local.addr)},
	{"lport", NULL, COLUMN_DATA, 0, column_port, SUBJECT(local.port)},
	{"raddr", NULL, COLUMN_DATA, 0, column_addr, SUBJECT(remote.addr)},
	{"rport", NULL, COLUMN_DATA, 0, column_port, SUBJECT(remote.port)},
	{"direction", NULL, COLUMN_DATA, 0, resets_direction, .at = 0},
	{"age", "AGE_MS", COLUMN_TEXT, 8, resets_age, .is_right = true, .decimals = 2},
	{"state", "STATE", COLUMN_ALL, 11, column_state, ROW(state)},
	{"tx_kb", "TX_KB", COLUMN_TEXT, 0, column_cell, ROW(bytes.tx_kb), .is_right = true,
	 .only = WIDE},
	{"rx_kb", "RX_KB", COLUMN_TEXT, 0, column_cell, ROW(bytes.rx_kb), .is_right = true,
	 .only = WIDE},
	{"unacked_bytes", "UNACKED", COLUMN_TEXT, 0, column_cell, ROW(unacked), .is_right = true,
	 .only = WIDE},
	{"retrans", "RETR", COLUMN_DATA, 0, column_cell, ROW(retrans), .is_right = true,
	 .also = WIDE},
	{"kind", "KIND", COLUMN_ALL, 9, resets_kind, .at = 0},
	{"reason", "REASON", COLUMN_DATA, 0, column_str, ROW(reason), .also = WIDE},
	{"owner", NULL, COLUMN_DATA, 0, column_word, SUBJECT(owner)},
	{"sk", NULL, COLUMN_DATA, 0, column_some_hex, SUBJECT(sk)},
	{"cookie", NULL, COLUMN_DATA, 0, column_some_u64, SUBJECT(cookie)},
	{"netns", NULL, COLUMN_DATA, 0, column_some_u32, SUBJECT(netns)},
	{"duration_ns", NULL, COLUMN_DATA, 0, resets_duration, .at = 0},
	{"observed_ns", NULL, COLUMN_DATA, 0, resets_observed, .at = 0},
	{"tx_bytes", NULL, COLUMN_DATA, 0, column_cell, ROW(bytes.tx)},
	{"rx_bytes", NULL, COLUMN_DATA, 0, column_cell, ROW(bytes.rx)},
	{"bytes_by", NULL, COLUMN_DATA, 0, column_cell, ROW(bytes.by)},
	{"incomplete", NULL, COLUMN_DATA, 0, resets_incomplete, .at = 0},
	{"unacked_bytes", NULL, COLUMN_DATA, 0, column_cell, ROW(unacked)},
};

int reset_rows_begin(struct view_table *t, bool is_wide, struct table_sink *out,
		     struct fault *fault)
{
	return view_table_begin(t, columns, ARRAY_SIZE(columns), is_wide ? WIDE : 0, out, fault);
}

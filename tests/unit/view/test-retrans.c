// SPDX-License-Identifier: MIT
/*
 * The view against a sink that writes rows as "key=value ..." of what a program would see.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "tcp/names.h"
#include "view/view.h"

struct recorder {
	const struct column *columns;
	size_t n_columns;
	uint8_t where;
	struct text text;
};

static int record_begin(struct table_sink *s, const struct column *columns, size_t n,
			struct fault *fault)
{
	struct recorder *r = s->self;

	r->columns = columns;
	r->n_columns = n;
	return 0;
}

static void put(struct text *t, const struct cell *c)
{
	struct ip_addr a = {.family = c->family};

	switch (c->kind) {
	case CELL_STR: text_mem(t, c->str, c->n); break;
	case CELL_I64: text_i64(t, c->i64); break;
	case CELL_ADDR:
	case CELL_ENDPOINT:
		memcpy(a.bytes, c->addr, c->family == 6 ? 16 : 4);
		ip_addr_text(t, &a);
		if (c->kind == CELL_ENDPOINT)
			text_printf(t, ":%u", c->port);
		break;
	case CELL_LIST: text_printf(t, "%u entries", c->n); break;
	default: text_u64(t, c->u64);
	}
}

static int record_row(struct table_sink *s, const struct cell *cells, struct fault *fault)
{
	struct recorder *r = s->self;
	bool is_first = true;

	for (size_t i = 0; i < r->n_columns; i++) {
		if (cells[i].kind == CELL_ABSENT || !(r->columns[i].where & r->where))
			continue;
		text_printf(&r->text, "%s%s=", is_first ? "" : " ", r->columns[i].key);
		put(&r->text, &cells[i]);
		is_first = false;
	}
	text_char(&r->text, '\n');
	return 0;
}

static int record_note(struct table_sink *s, const char *line, struct fault *fault)
{
	struct recorder *r = s->self;

	text_printf(&r->text, "# %s\n", line);
	return 0;
}

static int record_flush(struct table_sink *s, struct fault *fault)
{
	return 0;
}

static const struct table_ops record_ops = {
	.begin = record_begin,
	.row = record_row,
	.note = record_note,
	.flush = record_flush,
};

extern const struct view view_retrans;

static const char *const frames[] = {"tcp_retransmit_skb+0x5b", NULL};

/* A retransmit, a tail loss probe, one that failed, a SYN-ACK. */
static void events(struct tcp_event ret[4])
{
	static const uint8_t local[] = {10, 0, 0, 1}, remote[] = {192, 0, 2, 9};
	struct tcp_event e = {
		.ts_ns = 5000000000,
		.kind = TCP_KIND_RETRANSMIT,
		.cpu = 2,
		.system = "tcp",
		.name = "tcp_retransmit_skb",
		.present = TCP_FIELD_BIT(TCP_FIELD_STATE) | TCP_FIELD_BIT(TCP_FIELD_ERR),
		.local = {ip_addr_v4(local), 443},
		.remote = {ip_addr_v4(remote), 50000},
		.state = TCP_STATE_ESTABLISHED,
		.cause = TCP_CAUSE_RTO,
		.trigger = TCP_TRIGGER_TIMER,
		.cause_by = TCP_BASIS_STACK,
		.pid = 77,
		.comm = "nginx",
		.owner = "connect",
		.rto_us = 2048000,
		.old_rto_us = 1020000,
		.frames = frames,
		.n_frames = 2,
	};

	ret[0] = ret[1] = ret[2] = ret[3] = e;
	ret[1].cause = TCP_CAUSE_TLP;
	ret[1].rto_us = ret[1].old_rto_us = ret[3].rto_us = ret[3].old_rto_us = 0;
	ret[2].err = -16;
	ret[3].kind = TCP_KIND_RETRANSMIT_SYNACK;
	ret[3].name = "tcp_retransmit_synack";
	ret[3].tracepoint = 40;
	ret[3].present = 0;
	ret[3].cause = TCP_CAUSE_SYNACK;
	ret[3].remote.port = 50001;
	ret[3].pid = 0;
	ret[3].comm = ret[3].owner = NULL;
	ret[3].n_frames = 0;
}

/* Sets the options named, by letters and then perhaps a blank and the group; returns what the view
 * says of events. */
static char *show(const char *options, uint8_t where, const struct tcp_event *e, int n)
{
	const char *group = strchr(options, ' ');
	struct recorder recorder = {.where = where};
	struct table_sink sink = {&record_ops, &recorder, where};
	struct event_filter filter = {0};
	struct view_context context = {
		.filter = &filter, .until_ns = UINT64_MAX, .recorded = TCP_KINDS_ALL};
	struct fault fault = FAULT_INIT;
	void *values = calloc(1, view_retrans.options_size);
	void *state = calloc(1, view_retrans.state_size);

	for (size_t i = 0; i < view_retrans.n_options; i++) {
		const struct option_spec *o = &view_retrans.options[i];

		if (o->parse == option_str)
			*(const char **)((char *)values + o->offset) = group ? group + 1 : NULL;
		else if (memchr(options, o->letter, strcspn(options, " ")))
			*(bool *)((char *)values + o->offset) = true;
	}
	assert_int_equal(view_retrans.init(state, values, &context, &sink, &fault), 0);
	for (int i = 0; i < n; i++)
		assert_int_equal(view_retrans.feed(state, &e[i], &sink, &fault), 0);
	assert_int_equal(view_retrans.emit(state, &sink, &fault), 0);
	view_retrans.done(state);
	free(state);
	free(values);
	assert_non_null(text_cstr(&recorder.text));
	return recorder.text.data;
}

static void expect(const char *options, uint8_t where, int times, const char *want)
{
	struct tcp_event e[12];
	char *got;

	for (int i = 0; i < times; i++)
		events(e + (size_t)4 * i);
	got = show(options, where, e, 4 * times);

	assert_string_equal(got, want);
	free(got);
}

#define TUPLE(port) "laddr=10.0.0.1 lport=443 raddr=192.0.2.9 rport=" port

#define RTO                                                                                        \
	"time=5000000000 ts_ns=5000000000 event=tcp:tcp_retransmit_skb cpu=2 pid=77 "              \
	"family=4 " TUPLE("50000") " state=ESTABLISHED comm=nginx owner=connect "

#define SYNACK                                                                                     \
	"time=5000000000 ts_ns=5000000000 event=tcp:tcp_retransmit_synack cpu=2 family=4 " TUPLE(  \
		"50001") " state=SYN_RECV cause=synack trigger=timer cause_by=stack\n"

static void test_probes_and_failures_are_left_out_and_counted(void **state)
{
	expect("", COLUMN_JSON, 2,
	       RTO "cause=rto trigger=timer cause_by=stack rto_us=2048000 "
		   "old_rto_us=1020000 err=0\n" SYNACK RTO
		   "cause=rto trigger=timer cause_by=stack rto_us=2048000 "
		   "old_rto_us=1020000 err=0\n" SYNACK
		   "# 2 tail loss probes not shown (-l shows them)\n"
		   "# 2 failed attempts not shown (-a shows them)\n");
}

static void test_everything_with_stacks(void **state)
{
	expect("las", COLUMN_JSON, 1,
	       RTO "cause=rto trigger=timer cause_by=stack rto_us=2048000 "
		   "old_rto_us=1020000 err=0 stack=2 entries\n" RTO
		   "cause=tlp trigger=timer cause_by=stack err=0 stack=2 entries\n" RTO
		   "cause=rto trigger=timer cause_by=stack rto_us=2048000 "
		   "old_rto_us=1020000 err=-16 stack=2 entries\n" SYNACK);
}

#define PEOPLE(type, port) "local=10.0.0.1:443 type=" type " remote=192.0.2.9:" port

static void test_columns_for_people(void **state)
{
	expect("la", COLUMN_TEXT, 1,
	       "time=5000000000 pid=77 family=4 " PEOPLE(
		       "R>",
		       "50000") " state=ESTABLISHED cause=rto err_name=\n"
				"time=5000000000 pid=77 family=4 " PEOPLE(
					"L>",
					"50000") " state=ESTABLISHED cause=tlp err_name=\n"
						 "time=5000000000 pid=77 family=4 " PEOPLE(
							 "R>",
							 "50000") " state=ESTABLISHED cause=rto "
								  "err_name=EBUSY\n"
								  "time=5000000000 "
								  "family=4 " PEOPLE(
									  "S>",
									  "50001") " state=SYN_"
										   "RECV "
										   "cause=synack "
										   "err_name=\n");
}

#define NO_CAUSE(rto, synack)                                                                      \
	" rto=" rto " fast=0 loss=0 recovery=0 syn=0 synack=" synack                               \
	" pmtu=0 tfo=0 deferred=0 unknown=0\n"

static void test_counts_per_flow(void **state)
{
	expect("cl", COLUMN_JSON, 3,
	       "family=4 " TUPLE("50000") " retrans=3 tlp=3" NO_CAUSE("3", "0") "family=4 " TUPLE(
		       "50001") " retrans=3 tlp=0" NO_CAUSE("0", "3") "# 3 failed attempts not "
								      "shown (-a shows them)\n");
	expect("c", COLUMN_JSON, 1,
	       "family=4 " TUPLE("50000") " retrans=1" NO_CAUSE("1", "0") "family=4 " TUPLE(
		       "50001") " retrans=1" NO_CAUSE("0", "1") "# 1 tail loss probe not shown (-l "
								"shows them)\n"
								"# 1 failed attempt not shown (-a "
								"shows them)\n");
	expect("cla", COLUMN_TEXT, 3,
	       "local=10.0.0.1:443 remote=192.0.2.9:50000 retrans=3 tlp=3 failed=3 causes=rto=3\n"
	       "local=10.0.0.1:443 remote=192.0.2.9:50001 retrans=3 tlp=0 failed=0 "
	       "causes=synack=3\n");
}

static void test_counts_per_group(void **state)
{
	static const struct {
		const char *options, *want;
	} cases[] = {
		{"la peer", "raddr=192.0.2.9 retrans=2 tlp=1 failed=1 causes=rto=1 synack=1\n"},
		{"la prefix",
		 "prefix=192.0.2.0/24 retrans=2 tlp=1 failed=1 causes=rto=1 synack=1\n"},
		{"la port", "port=443 retrans=2 tlp=1 failed=1 causes=rto=1 synack=1\n"},
		{"la lport", "lport=443 retrans=2 tlp=1 failed=1 causes=rto=1 synack=1\n"},
		{"la rport", "rport=50000 retrans=1 tlp=1 failed=1 causes=rto=1\n"
			     "rport=50001 retrans=1 tlp=0 failed=0 causes=synack=1\n"},
		{"la process", "pid=77 comm=nginx retrans=1 tlp=1 failed=1 causes=rto=1\n"
			       "retrans=1 tlp=0 failed=0 causes=synack=1\n"},
		{"la cause", "cause=rto retrans=1 tlp=0 failed=1\n"
			     "cause=synack retrans=1 tlp=0 failed=0\n"
			     "cause=tlp retrans=0 tlp=1 failed=0\n"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		expect(cases[i].options, COLUMN_TEXT, 1, cases[i].want);
}

/* A row of sock_diag about the connection of the events, with so many segments retransmitted. */
static struct tcp_event row(enum tcp_kind kind, uint8_t dump, const struct tcp_info_values *values)
{
	struct tcp_event e[4];

	events(e);
	e[0].kind = kind;
	e[0].dump = dump;
	e[0].cookie = 7;
	e[0].tcp_info = values;
	e[0].err = 0;
	return e[0];
}

/* With segmentation offload one event is of many segments. What was retransmitted before the tape
 * does not count; of a socket that the first table lacks this is known if the table was whole. */
static void test_segments_by_the_kernel(void **state)
{
	const struct tcp_info_values before = {TCP_INFO_BIT(TCP_INFO_TOTAL_RETRANS),
					       {[TCP_INFO_TOTAL_RETRANS] = 46}};
	const struct tcp_info_values final = {TCP_INFO_BIT(TCP_INFO_TOTAL_RETRANS),
					      {[TCP_INFO_TOTAL_RETRANS] = 546}};
	struct tcp_event e[7];
	char *got;

	events(e);
	e[4] = row(TCP_KIND_SOCKET_DUMPED, SOCKET_DUMP_START, &before);
	e[5] = row(TCP_KIND_SOCKET_DUMPED, SOCKET_DUMP_START_DONE, NULL);
	e[6] = row(TCP_KIND_SOCKET_FINAL, 0, &final);
	got = show("cla", COLUMN_TEXT, e, 7);
	assert_string_equal(
		got, "local=10.0.0.1:443 remote=192.0.2.9:50000 retrans=1 retrans_segs=500 tlp=1 "
		     "failed=1 causes=rto=1\n"
		     "local=10.0.0.1:443 remote=192.0.2.9:50001 retrans=1 tlp=0 failed=0 "
		     "causes=synack=1\n"
		     "# by the kernel's figures 500 segments were retransmitted, in 3 events, tail "
		     "loss probes too\n");
	free(got);
	e[4] = e[6];
	got = show("la peer", COLUMN_TEXT, e, 5);
	assert_null(strstr(got, "retrans_segs"));
	free(got);
	e[4] = e[5];
	e[5] = e[6];
	got = show("la peer", COLUMN_TEXT, e, 6);
	assert_non_null(strstr(got, "retrans_segs=546"));
	free(got);
	/* A process is known of events, but not of such rows. */
	got = show("la process", COLUMN_TEXT, e, 6);
	assert_null(strstr(got, "retrans_segs"));
	assert_non_null(strstr(got, "# by the kernel's figures 546 segments"));
	free(got);
}

static void test_prefixes_of_ipv6(void **state)
{
	static const uint8_t remote[] = {0x20, 1, 0xd, 0xb8, 0, 1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10};
	struct tcp_event e[4];
	char *got;

	events(e);
	e[0].remote.addr = ip_addr_v6(remote);
	e[1] = e[0];
	e[1].remote.addr.bytes[15] = 77;
	e[2] = e[0];
	e[2].remote.addr = (struct ip_addr){0};
	got = show(" prefix", COLUMN_TEXT, e, 3);
	assert_string_equal(got, "prefix=2001:db8:1:2::/64 retrans=2 causes=rto=2\n"
				 "retrans=1 causes=rto=1\n");
	free(got);
}

/* Text: 1020 to 2048 ms is a change; 2048 to 2200 is a late timer. */
static void test_timeouts(void **state)
{
	struct tcp_event e[4];
	char *got;

	events(e);
	e[1] = e[2] = e[0];
	e[1].old_rto_us = 2200000;
	e[2].old_rto_us = 0;
	got = show("r", COLUMN_TEXT, e, 4);
#define ROW(type, port, cause) "time=5000000000 " PEOPLE(type, port) " state=" cause
	assert_string_equal(
		got,
		ROW("R>", "50000", "ESTABLISHED cause=rto") " rto=1020->2048\n" ROW("R>", "50000", "ESTABLISHED cause=rto") " rto=2048\n" ROW(
			"R>", "50000",
			"ESTABLISHED cause=rto") " rto=2048\n" ROW("S>", "50001",
								   "SYN_RECV cause=synack") "\n");
	free(got);
	got = show("R", COLUMN_TEXT, e, 4);
	assert_string_equal(got,
			    ROW("R>", "50000", "ESTABLISHED cause=rto") " rto=1020->2048\n" ROW(
				    "R>", "50000", "ESTABLISHED cause=rto") " rto=2048\n");
	free(got);
}

static void test_unknown_group(void **state)
{
	char *values = calloc(1, view_retrans.options_size);
	void *view = calloc(1, view_retrans.state_size);
	struct fault fault = FAULT_INIT;

	for (size_t i = 0; i < view_retrans.n_options; i++) {
		if (view_retrans.options[i].parse == option_str)
			*(const char **)(values + view_retrans.options[i].offset) = "pear";
	}
	assert_int_equal(view_retrans.init(view, values, NULL, NULL, &fault), -EINVAL);
	assert_string_equal(fault.text, "unknown group pear: did you mean peer?");
	view_retrans.done(view);
	free(view);
	free(values);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_probes_and_failures_are_left_out_and_counted),
		cmocka_unit_test(test_everything_with_stacks),
		cmocka_unit_test(test_columns_for_people),
		cmocka_unit_test(test_counts_per_flow),
		cmocka_unit_test(test_counts_per_group),
		cmocka_unit_test(test_segments_by_the_kernel),
		cmocka_unit_test(test_prefixes_of_ipv6),
		cmocka_unit_test(test_timeouts),
		cmocka_unit_test(test_unknown_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

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

#include <string.h>

#include "tcp/names.h"
#include "view/list.h"

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

static const struct table_ops record_ops = {record_begin, record_row, record_note, record_flush};

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
		.frames = frames,
		.n_frames = 2,
	};

	ret[0] = ret[1] = ret[2] = ret[3] = e;
	ret[1].cause = TCP_CAUSE_TLP;
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

/* Sets the flags of the options named and returns what the view says. */
static char *run(const char *options, uint8_t where, int times)
{
	struct recorder recorder = {.where = where};
	struct table_sink sink = {&record_ops, &recorder, where};
	struct event_filter filter = {0};
	struct view_context context = {.filter = &filter, .until_ns = UINT64_MAX};
	struct fault fault = FAULT_INIT;
	void *values = calloc(1, view_retrans.options_size);
	void *state = calloc(1, view_retrans.state_size);
	struct tcp_event e[4];

	for (size_t i = 0; i < view_retrans.n_options; i++) {
		const struct view_option *o = &view_retrans.options[i];

		if (strchr(options, o->letter))
			*(bool *)((char *)values + o->offset) = true;
	}
	events(e);
	assert_int_equal(view_retrans.init(state, values, &context, &sink, &fault), 0);
	for (int i = 0; i < 4 * times; i++)
		assert_int_equal(view_retrans.feed(state, &e[i % 4], &sink, &fault), 0);
	assert_int_equal(view_retrans.emit(state, &sink, &fault), 0);
	view_retrans.done(state);
	free(state);
	free(values);
	assert_non_null(text_cstr(&recorder.text));
	return recorder.text.data;
}

static void expect(const char *options, uint8_t where, int times, const char *want)
{
	char *got = run(options, where, times);

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
	       RTO "cause=rto trigger=timer cause_by=stack err=0\n" SYNACK RTO
		   "cause=rto trigger=timer cause_by=stack err=0\n" SYNACK
		   "# 2 tail loss probes not shown (-l shows them)\n"
		   "# 2 failed attempts not shown (-a shows them)\n");
}

static void test_everything_with_stacks(void **state)
{
	expect("las", COLUMN_JSON, 1,
	       RTO "cause=rto trigger=timer cause_by=stack err=0 stack=2 entries\n" RTO
		   "cause=tlp trigger=timer cause_by=stack err=0 stack=2 entries\n" RTO
		   "cause=rto trigger=timer cause_by=stack err=-16 stack=2 entries\n" SYNACK);
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

static void test_counts_per_flow(void **state)
{
	expect("cl", COLUMN_JSON, 3,
	       "family=4 " TUPLE(
		       "50000") " retrans=6 rto=3 tlp=3 fast=0 loss=0 recovery=0 syn=0 "
				"synack=0 pmtu=0 tfo=0 deferred=0 unknown=0\n"
				"family=4 " TUPLE(
					"50001") " retrans=3 rto=0 tlp=0 fast=0 loss=0 recovery=0 "
						 "syn=0 "
						 "synack=3 pmtu=0 tfo=0 deferred=0 unknown=0\n"
						 "# 3 failed attempts not shown (-a shows them)\n");
	expect("cl", COLUMN_TEXT, 3,
	       "local=10.0.0.1:443 remote=192.0.2.9:50000 retrans=6 causes=rto=3 tlp=3\n"
	       "local=10.0.0.1:443 remote=192.0.2.9:50001 retrans=3 causes=synack=3\n"
	       "# 3 failed attempts not shown (-a shows them)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_probes_and_failures_are_left_out_and_counted),
		cmocka_unit_test(test_everything_with_stacks),
		cmocka_unit_test(test_columns_for_people),
		cmocka_unit_test(test_counts_per_flow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "script.h"
#include "tcp/names.h"

static struct tcp_event change_event(void)
{
	struct tcp_event e = script_event(TCP_KIND_SET_STATE, 0x2a, 4000, 80);

	e.name = "inet_sock_set_state";
	e.system = "sock";
	e.oldstate = TCP_STATE_SYN_SENT;
	e.newstate = TCP_STATE_ESTABLISHED;
	e.protocol = TCP_PROTOCOL_TCP;
	script_set(&e, TCP_FIELD_OLDSTATE);
	script_set(&e, TCP_FIELD_NEWSTATE);
	script_set(&e, TCP_FIELD_PROTOCOL);
	return e;
}

/* For people: one word for both states, and not what goes without saying. */
static void test_replay_details_for_people(void **state)
{
	struct script *s = script_new("replay", "", COLUMN_TEXT);
	struct tcp_event e = change_event();

	e.skb = 7;
	script_set(&e, TCP_FIELD_SKB);
	script_feed(s, 0, &e);
	e.protocol = TCP_PROTOCOL_MPTCP;
	script_feed(s, 0, &e);
	script_expect(s, "time=1000000us cpu=0 event=inet_sock_set_state local=10.0.0.1:4000 "
			 "remote=10.0.0.2:80 details=sk:0x2a,state:SYN_SENT->ESTABLISHED\n"
			 "time=1000000us cpu=0 event=inet_sock_set_state local=10.0.0.1:4000 "
			 "remote=10.0.0.2:80 "
			 "details=sk:0x2a,state:SYN_SENT->ESTABLISHED,protocol:mptcp\n");
	script_free(s);
}

/* An event that the catalog does not know has its system in front: two systems may share a name. */
static void test_replay_names(void **state)
{
	struct script *s = script_new("replay", "", COLUMN_TEXT);
	struct tcp_event e = script_event(TCP_KIND_OTHER, 0, 0, 0);

	e.system = "sched";
	e.name = "sched_switch";
	e.print = "prev=1 next=2";
	e.local = (struct endpoint){0};
	e.present = 0;
	script_feed(s, 0, &e);
	script_expect(s, "time=1000000us cpu=0 event=sched:sched_switch details=prev=1 next=2\n");
	script_free(s);
}

/* For programs: numbers to compare, the kernel's names, and none that the row has already. */
static void test_replay_fields_for_programs(void **state)
{
	static const struct tcp_extra extras[] = {
		{"time", TCP_EXTRA_UNSIGNED, 5, NULL},
		{"window", TCP_EXTRA_SIGNED, (uint64_t)-1, NULL},
		{"name", TCP_EXTRA_TEXT, 0, "TCPv6"},
	};
	static const char *const frames[] = {"tcp_ack+0x1", NULL};
	struct script *s = script_new("replay", "", COLUMN_JSON);
	struct tcp_event e = script_event(TCP_KIND_ERROR_REPORT, 0, 4000, 80);

	e.name = "inet_sk_error_report";
	e.err = 110;
	script_set(&e, TCP_FIELD_ERR);
	e.extras = extras;
	e.n_extras = ARRAY_SIZE(extras);
	e.frames = frames;
	e.n_frames = 2;
	script_feed(s, 0, &e);
	script_expect(
		s,
		"time=1000000us ts_ns=1000000000 event=tcp:inet_sk_error_report cpu=0 "
		"family=4 laddr=10.0.0.1 lport=4000 raddr=10.0.0.2 rport=80 "
		"cpu_pid=0 "
		"fields=err:110,args.time:5,window:-1,name:TCPv6 cpu_tid=0 stack=tcp_ack+0x1,?\n");
	script_free(s);
}

/* For programs also what says nothing: zeros, an address without a port, another family. */
static void test_replay_zeros_for_programs(void **state)
{
	static const uint8_t address[] = {192, 0, 2, 9};
	struct script *s = script_new("replay", "", COLUMN_JSON);
	struct tcp_event e = script_event(TCP_KIND_ERROR_REPORT, 0, 4000, 0);

	e.name = "inet_sk_error_report";
	e.remote = (struct endpoint){0};
	e.present = 0;
	e.zeros = TCP_FIELD_BIT(TCP_FIELD_STATE) | TCP_FIELD_BIT(TCP_FIELD_RPORT);
	e.portless_family = 4;
	e.portless = address;
	e.row_family = 16;
	script_feed(s, 0, &e);
	script_expect(s, "time=1000000us ts_ns=1000000000 event=tcp:inet_sk_error_report cpu=0 "
			 "family=4 laddr=10.0.0.1 lport=4000 raddr=192.0.2.9 rport=0 "
			 "cpu_pid=0 fields=state:0,args.family:16 cpu_tid=0\n");
	script_free(s);
}

/* As perf script prints it: the task that was on the CPU; swapper is the idle task. */
static void test_replay_raw_lines(void **state)
{
	struct script *s = script_new("replay", "raw", COLUMN_TEXT);
	struct tcp_event e = script_event(TCP_KIND_PROBE, 0, 4000, 80);

	e.name = "tcp_probe";
	e.print = "family=AF_INET";
	e.cpu = 3;
	script_feed(s, 1500, &e);
	script_in(&e, CLIENT);
	script_feed(s, 0, &e);
	script_in(&e, 4711);
	e.cpu_comm = NULL;
	script_feed(s, 0, &e);
	script_expect(s, "line=         swapper       0 [003] 1.000001: tcp:tcp_probe: "
			 "family=AF_INET\n"
			 "line=            curl     100 [003] 1.000001: tcp:tcp_probe: "
			 "family=AF_INET\n"
			 "line=           :4711    4711 [003] 1.000001: tcp:tcp_probe: "
			 "family=AF_INET\n");
	script_free(s);
}

/* Rows that the recorder makes of sock_diag happened on no CPU, and are shown on demand. */
static void test_replay_of_synthetic_rows(void **state)
{
	struct tcp_info_values info = {.present = TCP_INFO_BIT(TCP_INFO_RTT_US)};

	info.values[TCP_INFO_RTT_US] = 300;
	for (int with = 0; with < 2; with++) {
		struct script *s = script_new("replay", with ? "sockets" : "", COLUMN_JSON);
		struct tcp_event e = script_event(TCP_KIND_SOCKET_FINAL, 0, 4000, 80);

		e.system = "sock_diag";
		e.name = "tcp_destroy";
		e.tcp_info = &info;
		script_feed(s, 0, &e);
		script_expect(s, with ? "time=1000000us ts_ns=1000000000 "
					"event=sock_diag:tcp_destroy family=4 laddr=10.0.0.1 "
					"lport=4000 raddr=10.0.0.2 rport=80 fields=rtt_us:300\n"
				      : "");
		script_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replay_details_for_people),
		cmocka_unit_test(test_replay_names),
		cmocka_unit_test(test_replay_fields_for_programs),
		cmocka_unit_test(test_replay_zeros_for_programs),
		cmocka_unit_test(test_replay_raw_lines),
		cmocka_unit_test(test_replay_of_synthetic_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
/*
 * counter-text: the files of kernels from 3.10 to 6.18, and texts that make no sense.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "kernel/counter-text.h"

static int note(void *userdata, const char *name, size_t len, int64_t value)
{
	struct text *t = userdata;

	assert_in_range(len, 1, COUNTER_TEXT_NAME_MAX);
	text_mem(t, name, len);
	text_char(t, '=');
	text_i64(t, value);
	text_char(t, ' ');
	return 0;
}

static void check(counter_parse_fn parse, const char *prefix, const char *text,
		  const char *expected)
{
	struct text t CLEANUP(text_done) = {0};
	/* Memory of its own, so that the sanitizers see a read beyond the end. */
	size_t n = strlen(text);
	char *copy CLEANUP(free_p) = malloc(n ? n : 1);

	memcpy(copy, text, n);
	assert_int_equal(parse(prefix, copy, n, note, &t), 0);
	assert_string_equal(text_cstr(&t), expected);
	/* Cut anywhere, it is still read to its end. */
	for (size_t cut = 0; cut < n; cut++) {
		char *part CLEANUP(free_p) = malloc(cut ? cut : 1);

		memcpy(part, text, cut);
		text_clear(&t);
		assert_int_equal(parse(prefix, part, cut, note, &t), 0);
	}
}

static void test_pairs(void **state)
{
	check(counter_text_pairs, "",
	      "Ip: Forwarding DefaultTTL InReceives\nIp: 1 64 18446744073709551615\n"
	      "Tcp: RtoAlgorithm RtoMin MaxConn RetransSegs\nTcp: 1 200 -1 3941\n",
	      "Ip.Forwarding=1 Ip.DefaultTTL=64 Ip.InReceives=-1 Tcp.RtoAlgorithm=1 "
	      "Tcp.RtoMin=200 Tcp.MaxConn=-1 Tcp.RetransSegs=3941 ");
	/* More names than values, a value that is none, lines without a colon. */
	check(counter_text_pairs, "", "Tcp: A B C\nTcp: 1 x\n", "Tcp.A=1 ");
	check(counter_text_pairs, "", "A B\n1 2\nTcp: C\nTcp: 3\n", "Tcp.C=3 ");
	check(counter_text_pairs, "", "Tcp: A\n", "");
	check(counter_text_pairs, "", "", "");
}

static void test_list(void **state)
{
	check(counter_text_list, "",
	      "Ip6InReceives                   \t36\nIcmp6OutType143 \t8\nBad\nWorse x\n",
	      "Ip6InReceives=36 Icmp6OutType143=8 ");
}

static void test_sockstat(void **state)
{
	check(counter_text_sockstat, "sockstat.",
	      "sockets: used 16\nTCP: inuse 1 orphan 0 tw 7 alloc 1 mem 289\nTCP6: inuse 0\n"
	      "odd\nUDP: inuse\n",
	      "sockstat.sockets.used=16 sockstat.TCP.inuse=1 sockstat.TCP.orphan=0 "
	      "sockstat.TCP.tw=7 sockstat.TCP.alloc=1 sockstat.TCP.mem=289 "
	      "sockstat.TCP6.inuse=0 ");
}

static void test_dev(void **state)
{
	check(counter_text_dev, "dev.",
	      "Inter-|   Receive        |  Transmit\n"
	      " face |bytes    drop|bytes    drop\n"
	      "    lo: 124147119    0 124147119 2\n"
	      "eth0.10:305923050    5   249011    0\n",
	      "dev.lo.rx_bytes=124147119 dev.lo.rx_drop=0 dev.lo.tx_bytes=124147119 "
	      "dev.lo.tx_drop=2 dev.eth0.10.rx_bytes=305923050 dev.eth0.10.rx_drop=5 "
	      "dev.eth0.10.tx_bytes=249011 dev.eth0.10.tx_drop=0 ");
	/* Without its header the columns have no names. */
	check(counter_text_dev, "dev.", "    lo: 1 2\n", "");
}

static void test_softnet(void **state)
{
	/* Linux 6.18: the CPU is in column 12; CPU 1 is offline. */
	check(counter_text_softnet, "softnet.",
	      "002f006e 00000000 00000003 00000000 00000000 00000000 00000000 00000000 00000000 "
	      "00000004 00000005 00000006 00000000 00000007 00000008\n"
	      "00000001 00000002 00000000 00000000 00000000 00000000 00000000 00000000 00000000 "
	      "00000000 00000000 00000000 00000002 00000000 00000000\n",
	      "softnet.cpu0.processed=3080302 softnet.cpu0.dropped=0 softnet.cpu0.time_squeeze=3 "
	      "softnet.cpu0.received_rps=4 softnet.cpu0.flow_limit=5 softnet.cpu0.backlog_len=6 "
	      "softnet.cpu0.c13=7 softnet.cpu0.c14=8 "
	      "softnet.cpu2.processed=1 softnet.cpu2.dropped=2 softnet.cpu2.time_squeeze=0 "
	      "softnet.cpu2.received_rps=0 softnet.cpu2.flow_limit=0 softnet.cpu2.backlog_len=0 "
	      "softnet.cpu2.c13=0 softnet.cpu2.c14=0 ");
	/* Linux 3.10: a line for each CPU that is online. */
	check(counter_text_softnet, "softnet.",
	      "00000001 00000000 00000003 00000000 00000000 00000000 00000000 00000000 00000000 "
	      "00000000\n"
	      "00000002 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 "
	      "00000000\n",
	      "softnet.cpu0.processed=1 softnet.cpu0.dropped=0 softnet.cpu0.time_squeeze=3 "
	      "softnet.cpu0.received_rps=0 softnet.cpu1.processed=2 softnet.cpu1.dropped=0 "
	      "softnet.cpu1.time_squeeze=0 softnet.cpu1.received_rps=0 ");
}

static void test_conntrack(void **state)
{
	check(counter_text_conntrack, "conntrack.",
	      "entries  clashres found insert_failed drop early_drop\n"
	      "00000010  00000000 00000001 0000000a 00000000 000000ff\n"
	      "00000010  00000000 00000002 00000001 00000000 00000001\n",
	      "conntrack.entries=16 conntrack.clashres=0 conntrack.found=3 "
	      "conntrack.insert_failed=11 conntrack.drop=0 conntrack.early_drop=256 ");
	check(counter_text_conntrack, "conntrack.", "entries found\n", "");
}

static void test_stat(void **state)
{
	check(counter_text_stat, "stat.",
	      "cpu  10 20 30 40 50 60 70 80 90 100 110\n"
	      "cpu1 1 2 3 4 5 6 7 8 9 10\n"
	      "intr 500 1 2 3\nctxt 77\nbtime 1700000000\nprocs_running 3\n"
	      "softirq 9 1 2 3 4 5 6 7 8 9 10 11\npage 5 6\n",
	      "stat.cpu.user=10 stat.cpu.nice=20 stat.cpu.system=30 stat.cpu.idle=40 "
	      "stat.cpu.iowait=50 stat.cpu.irq=60 stat.cpu.softirq=70 stat.cpu.steal=80 "
	      "stat.cpu.guest=90 stat.cpu.guest_nice=100 stat.cpu.c10=110 "
	      "stat.cpu1.user=1 stat.cpu1.nice=2 stat.cpu1.system=3 stat.cpu1.idle=4 "
	      "stat.cpu1.iowait=5 stat.cpu1.irq=6 stat.cpu1.softirq=7 stat.cpu1.steal=8 "
	      "stat.cpu1.guest=9 stat.cpu1.guest_nice=10 "
	      "stat.intr.total=500 stat.ctxt=77 stat.btime=1700000000 stat.procs_running=3 "
	      "stat.softirq.total=9 stat.softirq.HI=1 stat.softirq.TIMER=2 stat.softirq.NET_TX=3 "
	      "stat.softirq.NET_RX=4 stat.softirq.BLOCK=5 stat.softirq.IRQ_POLL=6 "
	      "stat.softirq.TASKLET=7 stat.softirq.SCHED=8 stat.softirq.HRTIMER=9 "
	      "stat.softirq.RCU=10 stat.softirq.c11=11 stat.page=5 ");
}

static void test_loadavg(void **state)
{
	check(counter_text_loadavg, "loadavg.", "9.71 108.02 0.05 14/167 22455\n",
	      "loadavg.load1_x100=971 loadavg.load5_x100=10802 loadavg.load15_x100=5 "
	      "loadavg.running=14 loadavg.tasks=167 ");
	check(counter_text_loadavg, "loadavg.", "9.7 1.0\n", "");
}

static void test_pressure(void **state)
{
	check(counter_text_pressure, "pressure.cpu.",
	      "some avg10=1.53 avg60=0.30 avg300=0.07 total=123456\n"
	      "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
	      "pressure.cpu.some.total=123456 pressure.cpu.full.total=0 ");
}

static int refuse(void *userdata, const char *name, size_t len, int64_t value)
{
	return ++*(int *)userdata == 2 ? -7 : 0;
}

/* An error of the taker ends the parsing; a name that is too long is left out. */
static void test_taker(void **state)
{
	char text[400] = "Tcp: ", name[COUNTER_TEXT_NAME_MAX + 1];
	int calls = 0;

	assert_int_equal(counter_text_pairs("", "T: A B C\nT: 1 2 3\n", 18, refuse, &calls), -7);
	assert_int_equal(calls, 2);
	memset(name, 'n', sizeof(name));
	memcpy(text + 5, name, sizeof(name));
	strcat(text, " B\nTcp: 1 2\n");
	check(counter_text_pairs, "", text, "Tcp.B=2 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs),	 cmocka_unit_test(test_list),
		cmocka_unit_test(test_sockstat), cmocka_unit_test(test_dev),
		cmocka_unit_test(test_softnet),	 cmocka_unit_test(test_conntrack),
		cmocka_unit_test(test_stat),	 cmocka_unit_test(test_loadavg),
		cmocka_unit_test(test_pressure), cmocka_unit_test(test_taker),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

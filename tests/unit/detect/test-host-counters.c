// SPDX-License-Identifier: MIT
/* What the kernel's own counters say that it dropped, on both sides of each threshold. */
#include "support/scene.h"

#include <stdio.h>
#include <string.h>

#define NOTICE	DOCUMENT_NOTICE
#define WARNING DOCUMENT_WARNING

/* A counter of namespace 7 grows from 90 by so much. */
static struct scene *grown(void **state, const char *counter, unsigned int by, uint32_t conn_in)
{
	struct scene *s = scene_anew(state);
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	char script[512];

	snprintf(script, sizeof(script),
		 "counter-names 0 %s Other\n"
		 "setting 1000000000000 7 net.netfilter.nf_conntrack_max 1000\n"
		 "setting 1000000000000 9 net.ipv4.tcp_mem 100 500 2000\n"
		 "setting 1000000000000 9 net.ipv4.tcp_max_orphans 4000\n"
		 "counters 9 0 1001000000000 all 1=1\n"
		 "counters 7 0 1001000000000 all 0=90\n"
		 "counters 7 1 1002000000000 changes 0=%u\n",
		 counter, by);
	scene_counters(s, script);
	c->netns = conn_in;
	scene_end(s, c);
	return s;
}

static void check(void **state, const char *counter, unsigned int min, int level)
{
	scene_expect(grown(state, counter, min - 1, 7), "host-counters", NOTHING);
	scene_expect(grown(state, counter, min, 7), "host-counters", level);
	/* Another namespace is not that of the connections that are shown. */
	scene_expect(grown(state, counter, min, 8), "host-counters", NOTHING);
}

/* Memory is the whole host's, whichever namespace counts it. */
static void check_shared(void **state, const char *counter, unsigned int min)
{
	scene_expect(grown(state, counter, min - 1, 8), "host-counters", NOTHING);
	scene_expect(grown(state, counter, min, 8), "host-counters", WARNING);
}

static void test_each(void **state)
{
	check_shared(state, "TcpExt.TCPMemoryPressures", 1);
	check_shared(state, "TcpExt.TCPAbortOnMemory", 1);
	check_shared(state, "TcpExt.PFMemallocDrop", 1);
	check(state, "TcpExt.TCPWqueueTooBig", 1, WARNING);
	check(state, "TcpExt.TCPOFODrop", 10, WARNING);
	check(state, "TcpExt.RcvPruned", 10, WARNING);
	check(state, "TcpExt.OfoPruned", 10, WARNING);
	check(state, "TcpExt.TCPRcvQDrop", 10, WARNING);
	check(state, "TcpExt.TCPBacklogDrop", 10, WARNING);
	check(state, "conntrack.drop", 1, WARNING);
	check(state, "conntrack.early_drop", 1, WARNING);
	check(state, "conntrack.insert_failed", 10, NOTICE);
	/* 900 of 1000 entries. */
	check(state, "conntrack.entries", 810, WARNING);
	/* 1800 of 2000 pages, and 3600 of 4000 connections: limits of the whole host. */
	check(state, "sockstat.TCP.mem", 1710, WARNING);
	check(state, "sockstat.TCP.orphan", 3510, WARNING);
}

static void test_words(void **state)
{
	struct scene *s = grown(state, "conntrack.drop", 12, 7);
	const struct document_finding *x;

	scene_expect(s, "host-counters", WARNING);
	x = scene_first(s, "host-counters");
	assert_string_equal(x->title,
			    "Connection tracking had no room and dropped packets: 12 packets");
	assert_string_equal(x->sure, "certain");
	assert_string_equal(x->place, "host");
	s = grown(state, "conntrack.entries", 860, 7);
	scene_expect(s, "host-counters", WARNING);
	assert_string_equal(scene_first(s, "host-counters")->title,
			    "Connection tracking is nearly full: 950 of 1,000 entries");
}

static void test_with_a_filter(void **state)
{
	struct scene *s = grown(state, "conntrack.drop", 12, 7);

	assert_int_equal(filter_prefixes_add(&s->filter.addrs, "10.0.1.2", &s->arena), 0);
	scene_expect(s, "host-counters", WARNING);
	assert_string_equal(scene_first(s, "host-counters")->sure, "possible");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_each),
		TEST(test_words),
		TEST(test_with_a_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

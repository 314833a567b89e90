// SPDX-License-Identifier: MIT
/* Port scans, at both ends, and what only looks like one. */
#include "support/scene.h"

#include <string.h>

#include "base/units.h"
#include "tcp/names.h"

#define NOTICE DOCUMENT_NOTICE

/* A peer sends segments to n local ports from `first` on, `tries` to each, from one port or from
 * a new one each time. */
static void call_ports(struct scene *s, uint16_t first, size_t n, unsigned int tries,
		       uint16_t source_port)
{
	struct tcp_event e = scene_event(s, TCP_KIND_SEND_RESET, scene_serve(s, 1, 2, first));

	e.conn = NULL;
	for (size_t i = 0; i < n; i++) {
		for (unsigned int k = 0; k < tries; k++) {
			e.local.port = (uint16_t)(first + i);
			e.remote.port = source_port ? source_port : (uint16_t)(50000 + i + k);
			scene_feed(s, &e);
			e.ts_ns += NSEC_PER_MSEC;
		}
	}
}

static void scanned(void **state, uint16_t first, size_t n, unsigned int tries,
		    uint16_t source_port, int level)
{
	struct scene *s = scene_anew(state);

	call_ports(s, first, n, tries, source_port);
	scene_expect(s, "scan", level);
}

static void test_scan_of_this_host(void **state)
{
	struct scene *s;

	scanned(state, 1000, 19, 1, 0, NOTHING);
	scanned(state, 1000, 20, 1, 0, NOTICE);
	scanned(state, 1000, 20, 3, 0, NOTICE);
	/* Who tries often wants just these ports. */
	scanned(state, 1000, 200, 4, 0, NOTHING);
	/* Scanners have one port of their own, too. */
	scanned(state, 1000, 20, 1, 61000, NOTICE);
	/* A server answers connections that this host has forgotten. */
	scanned(state, 40000, 20, 1, 443, NOTHING);
	scanned(state, 40000, 20, 1, 0, NOTICE);
	s = scene_anew(state);
	call_ports(s, 1000, 300, 1, 0);
	scene_find(s);
	assert_string_equal(scene_first(s, "scan")->title,
			    "10.0.1.2 tried 300 ports of 192.0.2.1: a scan");
}

static void try_places(struct scene *s, size_t n, unsigned int tries, uint64_t every_ns,
		       bool is_sweep)
{
	uint64_t at_ns = s->now_ns;

	for (size_t i = 0; i < n; i++) {
		for (unsigned int k = 0; k < tries; k++) {
			struct tcp_conn *c = scene_call(s, 1, is_sweep ? (uint8_t)i : 2,
							is_sweep ? 22 : (uint16_t)(1000 + i));

			c->was_established = false;
			c->established_ns = 0;
			c->ending = TCP_ENDING_REMOTE_RESET;
			c->owner =
				(struct owner){.pid = 77, .basis = OWNER_CONNECT, .comm = "nmap"};
			c->seen_ns = at_ns;
			at_ns += every_ns;
			scene_end(s, c);
		}
	}
}

static void scanning(void **state, size_t n, unsigned int tries, uint64_t every_ns, int level)
{
	struct scene *s = scene_anew(state);

	try_places(s, n, tries, every_ns, false);
	scene_expect(s, "scan", level);
}

static void test_scan_by_this_host(void **state)
{
	struct scene *s;

	scanning(state, 19, 1, NSEC_PER_MSEC, NOTHING);
	scanning(state, 20, 1, NSEC_PER_MSEC, NOTICE);
	scanning(state, 200, 4, NSEC_PER_MSEC, NOTHING);
	/* Ten a minute, and fewer. */
	scanning(state, 30, 1, 5 * NSEC_PER_SEC, NOTICE);
	scanning(state, 30, 1, 7 * NSEC_PER_SEC, NOTHING);
	s = scene_anew(state);
	try_places(s, 40, 1, NSEC_PER_MSEC, true);
	scene_find(s);
	assert_string_equal(scene_first(s, "scan")->title,
			    "nmap[77] of this host tried port 22 on 40 hosts: a scan");
}

/* Where the peer is a process of this host, that process is told, and not its address. */
static void test_scan_of_this_host_by_itself(void **state)
{
	struct scene *s = *state;
	const uint8_t here[] = {192, 0, 2, 1};
	struct tcp_event e;

	try_places(s, 40, 1, NSEC_PER_MSEC, false);
	e = scene_event(s, TCP_KIND_SEND_RESET, scene_serve(s, 1, 2, 80));
	e.conn = NULL;
	e.remote.addr = ip_addr_v4(here);
	for (uint16_t i = 0; i < 40; i++) {
		e.local.port = (uint16_t)(1000 + i);
		e.remote.port = (uint16_t)(50000 + i);
		scene_feed(s, &e);
	}
	scene_find(s);
	assert_int_equal(scene_count(s, "scan"), 1);
	assert_string_equal(scene_first(s, "scan")->title,
			    "nmap[77] of this host tried 40 ports of 10.0.1.2: a scan");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_scan_of_this_host),
		TEST(test_scan_by_this_host),
		TEST(test_scan_of_this_host_by_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

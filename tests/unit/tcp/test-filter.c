// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "tcp/filter.h"
#include "tcp/label-file.h"

static struct tcp_event event(void)
{
	static const uint8_t local[] = {10, 0, 0, 1}, remote[] = {192, 0, 2, 9};

	return (struct tcp_event){
		.kind = TCP_KIND_RETRANSMIT,
		.local = {ip_addr_v4(local), 443},
		.remote = {ip_addr_v4(remote), 50000},
		.pid = 77,
		.comm = "nginx",
	};
}

static void test_nothing_asked_passes_everything(void **state)
{
	struct event_filter f = {0};
	struct tcp_event e = event(), blank = {0};

	assert_true(event_filter_passes(&f, &e));
	assert_true(event_filter_passes(&f, &blank));
}

static void test_ports(void **state)
{
	struct arena arena CLEANUP(arena_done) = {0};
	struct event_filter either = {0}, local = {0}, remote = {0};
	struct tcp_event e = event(), blank = {0};

	assert_int_equal(filter_ports_add(&either.port, "80", &arena), 0);
	assert_false(event_filter_passes(&either, &e));
	assert_int_equal(filter_ports_add(&either.port, "1,50000", &arena), 0);
	assert_true(event_filter_passes(&either, &e));
	assert_false(event_filter_passes(&either, &blank));
	assert_int_equal(filter_ports_add(&local.lport, "443", &arena), 0);
	assert_true(event_filter_passes(&local, &e));
	assert_int_equal(filter_ports_add(&remote.rport, "443", &arena), 0);
	assert_false(event_filter_passes(&remote, &e));
}

static void test_addresses_and_families(void **state)
{
	struct arena arena CLEANUP(arena_done) = {0};
	struct event_filter f = {0}, mapped = {0};
	struct tcp_event e = event(), blank = {0};

	assert_int_equal(filter_prefixes_add(&f.addrs, "192.0.2.0/24", &arena), 0);
	assert_true(event_filter_passes(&f, &e));
	assert_false(event_filter_passes(&f, &blank));
	assert_int_equal(filter_prefixes_add(&mapped.addrs, "::ffff:10.0.0.0/104", &arena), 0);
	assert_true(event_filter_passes(&mapped, &e));
	f = (struct event_filter){.family = 6};
	assert_false(event_filter_passes(&f, &e));
	f.family = 4;
	assert_true(event_filter_passes(&f, &e));
	assert_false(event_filter_passes(&f, &blank));
}

static void test_owner(void **state)
{
	struct arena arena CLEANUP(arena_done) = {0};
	struct event_filter f = {0};
	struct tcp_event e = event();

	assert_int_equal(filter_pids_add(&f.pids, "1,77", &arena), 0);
	assert_int_equal(filter_names_add(&f.comms, "nginx", &arena), 0);
	assert_true(event_filter_passes(&f, &e));
	e.pid = 0;
	assert_false(event_filter_passes(&f, &e));
	e.pid = 77;
	e.comm = NULL;
	assert_false(event_filter_passes(&f, &e));
}

/* A name may hold a comma, which is escaped in a list. */
static void test_names_with_commas(void **state)
{
	struct arena arena CLEANUP(arena_done) = {0};
	struct event_filter f = {0};

	assert_int_equal(filter_names_add(&f.comms, "a\\,b,c\\\\,d\\e", &arena), 0);
	assert_int_equal(f.comms.n, 3);
	assert_string_equal(f.comms.names[0], "a,b");
	assert_string_equal(f.comms.names[1], "c\\");
	assert_string_equal(f.comms.names[2], "d\\e");
	assert_int_equal(filter_names_add(&f.comms, "a\\,,", &arena), -EINVAL);
}

static void test_nonsense_is_refused(void **state)
{
	static const char *const ports[] = {"", "0", "65536", "-1", "80,", "http", "1 2", "0x50"};
	struct arena arena CLEANUP(arena_done) = {0};
	struct event_filter f = {0};

	for (size_t i = 0; i < ARRAY_SIZE(ports); i++)
		assert_int_equal(filter_ports_add(&f.port, ports[i], &arena), -EINVAL);
	assert_int_equal(f.port.n, 0);
	assert_int_equal(filter_prefixes_add(&f.addrs, "10.0.0.0/33", &arena), -EINVAL);
	assert_int_equal(filter_pids_add(&f.pids, "nginx", &arena), -EINVAL);
	assert_int_equal(filter_names_add(&f.comms, "a,,b", &arena), -EINVAL);
}

static void test_labels(void **state)
{
	static const char names[] = "192.0.2.0/24 lab\n192.0.2.9 db,1\n10.0.0.1 me\n";
	struct arena arena CLEANUP(arena_done) = {0};
	struct event_filter peer = {0}, local = {0}, network = {0};
	struct tcp_event e = event(), blank = {0};
	struct labels labels;

	assert_int_equal(labels_parse(names, sizeof(names) - 1, "f", &arena, &labels, NULL), 0);
	peer.label_names = local.label_names = network.label_names = &labels;
	assert_int_equal(filter_names_add(&peer.labels, "x,db\\,1", &arena), 0);
	assert_int_equal(filter_names_add(&local.labels, "me", &arena), 0);
	assert_int_equal(filter_names_add(&network.labels, "lab", &arena), 0);
	assert_true(event_filter_passes(&peer, &e));
	assert_true(event_filter_passes(&local, &e));
	/* The longest prefix gives the only name. */
	assert_false(event_filter_passes(&network, &e));
	assert_false(event_filter_passes(&local, &blank));
	assert_false(event_filter_is_empty(&local));
	local.label_names = NULL;
	assert_false(event_filter_passes(&local, &e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_asked_passes_everything),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_addresses_and_families),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_owner),
		cmocka_unit_test(test_names_with_commas),
		cmocka_unit_test(test_nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

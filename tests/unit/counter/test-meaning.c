// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "counter/meaning.h"

static void check(const char *name, enum counter_group group, bool is_gauge, const char *part)
{
	const struct counter_meaning *m = counter_meaning_of(name);

	assert_int_equal(m->group, group);
	assert_int_equal(m->is_gauge, is_gauge);
	if (part)
		assert_non_null(strstr(m->what, part));
	else
		assert_null(m->what);
}

static void test_meanings(void **state)
{
	check("Tcp.RetransSegs", COUNTER_LOSS, false, "again");
	check("TcpExt.ListenOverflows", COUNTER_HANDSHAKES, false, "accept queue");
	check("softnet.cpu17.time_squeeze", COUNTER_CPU, false, "early");
	check("dev.eth0.10.rx_drop", COUNTER_DEVICE, false, "dropped");
	check("dev.eth0.rx_multicast", COUNTER_DEVICE, false, "link");
	check("conntrack.entries", COUNTER_CONNTRACK, true, "tracked");
	check("conntrack.insert_failed", COUNTER_CONNTRACK, false, "dropped");
	check("sockstat.TCP.tw", COUNTER_PORTS, true, "TIME_WAIT");
	check("TcpExt.TCPFromTheFuture", COUNTER_OTHER, false, NULL);
}

/* Each entry can be reached, says what it means and who says so, and fits on a line. */
static void test_table(void **state)
{
	for (size_t i = 0; i < n_counter_meanings; i++) {
		const struct counter_meaning *m = &counter_meanings[i];

		assert_true(m->what && m->source && m->group < COUNTER_GROUPS);
		assert_in_range(strlen(m->what), 1, 58);
		if (!strpbrk(m->name, "*?"))
			assert_ptr_equal(counter_meaning_of(m->name), m);
	}
	for (enum counter_group g = 0; g < COUNTER_GROUPS; g++)
		assert_true(*counter_group_title(g) && *counter_group_word(g));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_meanings),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

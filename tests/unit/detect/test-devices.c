// SPDX-License-Identifier: MIT
/* Packets that network devices dropped, on both sides of each threshold. */
#include "support/scene.h"

#include <stdio.h>
#include <string.h>

#define WARNING	 DOCUMENT_WARNING
#define CRITICAL DOCUMENT_CRITICAL

/* What a device of namespace 7 counts in a second, and the segments that were sent again. */
struct device_case {
	const char *count;
	unsigned int n;
	unsigned int packets;
	unsigned int lost;
	unsigned int seconds; /* in which it counts them; 0: in one */
};

static struct scene *device(void **state, const struct device_case *p, int level)
{
	struct scene *s = scene_anew(state);
	const struct tcp_info_growth lossy = {
		.sent_bytes = 10000000, .retrans_bytes = p->lost * 1448, .retrans_segs = p->lost};
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	char script[768];

	snprintf(script, sizeof(script),
		 "counter-names 0 dev.eth0.%s dev.eth0.tx_packets dev.eth0.rx_packets\n"
		 "counters 7 0 1001000000000 all 0=90 1=90 2=90\n"
		 "counters 7 1 %u000000000 changes 0=%u 1=%u 2=%u\n",
		 p->count, 1001 + (p->seconds ? p->seconds : 1), p->n, p->packets, p->packets);
	scene_counters(s, script);
	c->netns = 7;
	if (p->lost)
		scene_final(s, c, &lossy);
	scene_end(s, c);
	scene_expect(s, "devices", level);
	return s;
}

#define CASE(...) (&(struct device_case){__VA_ARGS__})

static void test_sent(void **state)
{
	struct scene *s = device(state, CASE(.count = "tx_drop", .n = 9, .packets = 100), NOTHING);

	s = device(state, CASE(.count = "tx_drop", .n = 10, .packets = 100), WARNING);
	assert_string_equal(scene_first(s, "devices")->title,
			    "Device eth0 of this host dropped or failed to send 10 packets");
	assert_string_equal(scene_first(s, "devices")->place, "host");
	device(state, CASE(.count = "tx_drop", .n = 10, .packets = 9990), WARNING);
	device(state, CASE(.count = "tx_drop", .n = 10, .packets = 9991), NOTHING);
	device(state, CASE(.count = "tx_carrier", .n = 10, .packets = 100), WARNING);
	device(state, CASE(.count = "tx_colls", .n = 10, .packets = 100), NOTHING);
}

/* Few a second are those of protocols that nobody listens to. */
static void test_received(void **state)
{
	device(state, CASE(.count = "rx_drop", .n = 10, .packets = 100), WARNING);
	device(state, CASE(.count = "rx_drop", .n = 18, .packets = 100, .seconds = 2), NOTHING);
	device(state, CASE(.count = "rx_drop", .n = 20, .packets = 100, .seconds = 2), WARNING);
	device(state, CASE(.count = "rx_errs", .n = 10, .packets = 100), WARNING);
}

/* A device that drops as many as were lost is why. */
static void test_loss(void **state)
{
	struct scene *s = device(
		state, CASE(.count = "tx_drop", .n = 49, .packets = 1000, .lost = 100), WARNING);

	assert_string_equal(scene_first(s, "loss")->place, "network");
	s = device(state, CASE(.count = "tx_drop", .n = 50, .packets = 1000, .lost = 100),
		   CRITICAL);
	assert_string_equal(scene_first(s, "loss")->place, "host");
	assert_non_null(strstr(scene_first(s, "loss")->meaning, "Device eth0"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sent),
		TEST(test_received),
		TEST(test_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

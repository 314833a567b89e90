// SPDX-License-Identifier: MIT
/* CPUs that do not keep up, by the counters of the host, on both sides of each threshold. */
#include "support/scene.h"

#include <stdio.h>
#include <string.h>

#include "detect/host-load.h"

#define NOTICE	DOCUMENT_NOTICE
#define WARNING DOCUMENT_WARNING

/* What the host counts in ten seconds, of 10,000,000 microseconds. */
struct host_case {
	unsigned int dropped0, dropped1; /* of two CPUs */
	unsigned int squeezed, net_rx;
	unsigned int steal, idle; /* ticks */
	unsigned int cpu_some_us, memory_full_us;
};

static struct scene *host(void **state, const struct host_case *p, int level)
{
	struct scene *s = scene_anew(state);
	char script[1024];

	snprintf(script, sizeof(script),
		 "counter-names 0 softnet.cpu0.dropped softnet.cpu1.dropped "
		 "softnet.cpu0.time_squeeze stat.softirq.NET_RX stat.cpu.steal stat.cpu.idle "
		 "stat.cpu0.steal pressure.cpu.some.total pressure.memory.full.total\n"
		 "counters 0 0 1000000000000 all 0=9 1=9 2=9 3=9 4=9 5=9 6=9 7=9 8=9\n"
		 "counters 0 1 1010000000000 changes 0=%u 1=%u 2=%u 3=%u 4=%u 5=%u 6=%u 7=%u "
		 "8=%u\n",
		 p->dropped0, p->dropped1, p->squeezed, p->net_rx, p->steal, p->idle, p->steal,
		 p->cpu_some_us, p->memory_full_us);
	scene_counters(s, script);
	scene_end(s, scene_call(s, 1, 2, 443));
	scene_expect(s, "cpu", level);
	return s;
}

#define CASE(...) (&(struct host_case){__VA_ARGS__})

static void test_dropped(void **state)
{
	struct scene *s = host(state, CASE(.dropped0 = 4, .dropped1 = 5), NOTHING);

	s = host(state, CASE(.dropped0 = 4, .dropped1 = 6), WARNING);
	assert_string_equal(scene_first(s, "cpu")->title,
			    "The kernel dropped 10 packets that had arrived: the queue of a CPU "
			    "was full");
	assert_string_equal(scene_first(s, "cpu")->place, "host");
}

static void test_squeezed(void **state)
{
	host(state, CASE(.squeezed = 99, .net_rx = 200), NOTHING);
	host(state, CASE(.squeezed = 100, .net_rx = 200), NOTICE);
	host(state, CASE(.squeezed = 100, .net_rx = 1000), NOTICE);
	host(state, CASE(.squeezed = 100, .net_rx = 1001), NOTHING);
}

static void test_stolen(void **state)
{
	host(state, CASE(.steal = 99, .idle = 1), NOTHING);
	host(state, CASE(.steal = 100, .idle = 901), NOTHING);
	host(state, CASE(.steal = 100, .idle = 900), NOTICE);
	host(state, CASE(.steal = 300, .idle = 701), NOTICE);
	host(state, CASE(.steal = 300, .idle = 700), WARNING);
}

/* Tasks that wait for a CPU are usual; all that wait for memory are not. */
static void test_pressure(void **state)
{
	struct scene *s = host(state, CASE(.cpu_some_us = 9900000), NOTHING);
	struct text t CLEANUP(text_done) = {0};
	struct host_load h;

	assert_true(host_load_of(&s->findings, &h));
	assert_int_equal(h.cpu_some_ppm, 990000);
	host_load_text(&h, &t);
	assert_non_null(strstr(text_cstr(&t), "tasks waited for a CPU in 99.0%"));
	host(state, CASE(.memory_full_us = 999999), NOTHING);
	host(state, CASE(.memory_full_us = 1000000), WARNING);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_dropped),
		TEST(test_squeezed),
		TEST(test_stolen),
		TEST(test_pressure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

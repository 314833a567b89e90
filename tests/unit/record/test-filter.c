// SPDX-License-Identifier: MIT
/* filter: the expressions that the kernel gets, for format files of several kernels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "record/filter.h"

static struct trace_format format_with(const char *const *names, size_t n)
{
	struct trace_format f = {.n_fields = n};

	for (size_t i = 0; i < n; i++) {
		strcpy(f.fields[i].name, names[i]);
		f.fields[i].size = 2;
	}
	return f;
}

static const char *const all[] = {"sport", "dport", "family"};
static const char *const old[] = {"sport", "dport"}; /* before 5.12 */
static const char *const none[] = {"reason"};	     /* tcp_send_reset from 6.10 on */

static void expect(const struct event_filter *f, const char *const *names, size_t n,
		   bool from_packet, const char *expression)
{
	struct trace_format format = format_with(names, n);
	struct text t = {0};

	record_filter_expression(f, &format, from_packet, &t);
	assert_string_equal(t.len ? text_cstr(&t) : "", expression);
	text_done(&t);
}

static void test_filter_lets_the_unknown_pass(void **state)
{
	static uint16_t ports[] = {80, 443};
	const struct event_filter any = {0}, port = {.port = {ports, 2}};
	const struct event_filter ends = {.lport = {ports, 1}, .rport = {ports + 1, 1}};
	const struct event_filter v6 = {.family = 6}, v4 = {.family = 4};

	expect(&any, all, 3, false, "");
	expect(&port, all, 3, false,
	       "(sport==0||sport==80||sport==443||dport==0||dport==80||dport==443)");
	expect(&port, none, 1, false, "");
	expect(&ends, all, 3, false, "(sport==0||sport==80)&&(dport==0||dport==443)");
	/* The source of the packet is the peer. */
	expect(&ends, all, 3, true, "(dport==0||dport==80)&&(sport==0||sport==443)");
	expect(&v6, all, 3, false, "family==10");
	expect(&v6, old, 2, false, "");
	/* A mapped address may hide behind AF_INET6. */
	expect(&v4, all, 3, false, "");
}

static void test_filter_stays_below_a_page(void **state)
{
	static uint16_t ports[2000];
	const struct event_filter f = {.port = {ports, 2000}, .family = 6};

	for (size_t i = 0; i < 2000; i++)
		ports[i] = (uint16_t)(60000 + i);
	/* An expression that is too long is left out, and the viewer filters. */
	expect(&f, all, 3, false, "family==10");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filter_lets_the_unknown_pass),
		cmocka_unit_test(test_filter_stays_below_a_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

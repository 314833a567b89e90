// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "track/conns.h"

#define SOCKETS 2000u
#define STEPS	60000u

/* Few tuples, so that many share one. */
static struct endpoint place(uint32_t i)
{
	const uint8_t bytes[4] = {10, 0, 0, (uint8_t)(i % 7)};

	return (struct endpoint){.addr = ip_addr_v4(bytes), .port = (uint16_t)(1000 + i % 300)};
}

static uint64_t sk_of(uint32_t i)
{
	return 0xffff888000000000ULL + i * 2304ULL;
}

static struct tcp_conn *make(struct conns *s, uint32_t i)
{
	struct tcp_conn *c = conns_make(s);

	assert_non_null(c);
	c->local = c->remote = place(i);
	assert_int_equal(conns_set_id(s, c, sk_of(i)), 0);
	assert_int_equal(conns_set_cookie(s, c, i + 1), 0);
	assert_int_equal(conns_set_tuple(s, c), 0);
	return c;
}

static bool is_in_tuples(const struct conns *s, const struct tcp_conn *c)
{
	const struct tcp_conn *at = conns_by_tuple(s, &c->local, &c->remote);

	while (at && at != c)
		at = conns_same_tuple(s, at);
	return at == c;
}

static void check(const struct conns *s, struct tcp_conn *const *there)
{
	for (uint32_t i = 0; i < SOCKETS; i++) {
		assert_ptr_equal(conns_by_id(s, sk_of(i)), there[i]);
		assert_ptr_equal(conns_by_cookie(s, i + 1), there[i]);
		if (!there[i])
			continue;
		assert_true(is_in_tuples(s, there[i]));
		assert_ptr_equal(conn_store_at(&s->store, conn_store_number(there[i])), there[i]);
	}
}

static void test_conns_against_a_plain_array(void **state)
{
	struct tcp_conn *there[SOCKETS] = {0};
	struct conns s;
	uint32_t n = 0;

	conns_init(&s);
	srand(1);
	for (uint32_t step = 0; step < STEPS; step++) {
		uint32_t i = (uint32_t)rand() % SOCKETS;

		if (there[i]) {
			conns_free(&s, there[i]);
			there[i] = NULL;
			n--;
		} else {
			there[i] = make(&s, i);
			n++;
		}
		assert_int_equal(s.n_alive, n);
		if (step % 10000 == 0)
			check(&s, there);
	}
	check(&s, there);
	conns_done(&s);
}

/* The older one keeps its id for show, and takes nothing away when it goes. */
static void test_conns_later_takes_the_place(void **state)
{
	struct tcp_conn *older, *later;
	struct conns s;

	conns_init(&s);
	older = make(&s, 5);
	later = make(&s, 5);
	assert_ptr_equal(conns_by_id(&s, sk_of(5)), later);
	conns_free(&s, older);
	assert_ptr_equal(conns_by_id(&s, sk_of(5)), later);
	assert_ptr_equal(conns_by_cookie(&s, 6), later);
	assert_ptr_equal(conns_by_tuple(&s, &later->local, &later->remote), later);
	assert_null(conns_same_tuple(&s, later));
	conns_drop_id(&s, later);
	conns_drop_cookie(&s, later);
	conns_drop_tuple(&s, later);
	assert_null(conns_by_id(&s, sk_of(5)));
	assert_null(conns_by_cookie(&s, 6));
	assert_null(conns_by_tuple(&s, &later->local, &later->remote));
	conns_done(&s);
}

static void test_conns_parts_begin_empty(void **state)
{
	struct tcp_conn *c;
	struct conns s;

	conns_init(&s);
	c = make(&s, 1);
	assert_int_equal(tcp_conn_cold(c)->n_syns, 0);
	assert_false(tcp_conn_info(c)->has_bytes);
	conns_cold(&s, c)->n_syns = 3;
	conns_tcp_info(&s, c)->has_bytes = true;
	assert_int_equal(tcp_conn_cold(c)->n_syns, 3);
	assert_true(tcp_conn_info(c)->has_bytes);
	conns_free(&s, c);
	c = make(&s, 2);
	assert_null(c->cold);
	assert_int_equal(conns_cold(&s, c)->n_syns, 0);
	assert_false(conns_tcp_info(&s, c)->has_bytes);
	conns_done(&s);
}

static void test_conns_opener_stays(void **state)
{
	const struct owner curl = {.pid = 1, .basis = OWNER_CONNECT, .comm = "curl"};
	const struct owner same = {.pid = 1, .basis = OWNER_IO, .comm = curl.comm};
	const struct owner other = {.pid = 2, .basis = OWNER_CLOSE, .comm = "worker"};
	struct tcp_conn *c;
	struct conns s;

	conns_init(&s);
	c = make(&s, 1);
	assert_int_equal(tcp_conn_opener(c).basis, OWNER_NONE);
	assert_int_equal(conns_set_owner(&s, c, &curl), 0);
	conns_set_opener(&s, c);
	assert_int_equal(conns_set_owner(&s, c, &same), 0);
	assert_null(c->cold);
	assert_int_equal(tcp_conn_opener(c).basis, OWNER_CONNECT);
	assert_int_equal(conns_set_owner(&s, c, &other), 0);
	assert_int_equal(c->owner.pid, 2);
	assert_int_equal(tcp_conn_opener(c).pid, 1);
	assert_int_equal(tcp_conn_opener(c).basis, OWNER_CONNECT);
	assert_string_equal(tcp_conn_opener(c).comm, "curl");
	conns_free(&s, c);
	conns_done(&s);
}

/* What a million of them need is this, and 8 bytes of an index. */
static void test_conns_size(void **state)
{
	assert_true(sizeof(struct tcp_conn) <= 168);
	assert_true(sizeof(struct tcp_conn_cold) <= 80);
	assert_true(sizeof(struct tcp_conn_info) <= 48);
	assert_true(sizeof(struct owner) <= 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conns_against_a_plain_array),
		cmocka_unit_test(test_conns_later_takes_the_place),
		cmocka_unit_test(test_conns_parts_begin_empty),
		cmocka_unit_test(test_conns_opener_stays),
		cmocka_unit_test(test_conns_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

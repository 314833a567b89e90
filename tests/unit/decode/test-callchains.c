// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "decode/callchains.h"

static struct tape_meta meta;
static struct callchains chains;
static struct arena arena;

static int setup(void **state)
{
	meta = (struct tape_meta){0};
	chains = (struct callchains){.meta = &meta};
	return 0;
}

static int teardown(void **state)
{
	callchains_done(&chains);
	map_done(&meta.chains);
	map_done(&meta.symbols);
	arena_done(&arena);
	return 0;
}

static void put(struct map *map, uint64_t key, void *value)
{
	uint64_t *place = map_put(map, key, NULL);

	assert_non_null(place);
	*place = (uintptr_t)value;
}

static void add_symbol(uint64_t id, const char *name, uint32_t offset)
{
	struct tape_symbol *s = arena_alloc(&arena, sizeof(*s));

	assert_non_null(s);
	s->name = name;
	s->offset = offset;
	put(&meta.symbols, id, s);
}

static void add_chain(uint32_t id, uint64_t first, uint64_t second)
{
	struct tape_chain *c = arena_alloc(&arena, sizeof(*c) + 2 * sizeof(uint64_t));
	uint64_t *frames = arena_alloc(&arena, 2 * sizeof(*frames));

	assert_true(c && frames);
	frames[0] = first;
	frames[1] = second;
	c->n_frames = 2;
	c->frames = frames;
	put(&meta.chains, id, c);
}

static const struct chain *find(uint32_t id, bool is_synack)
{
	const struct chain *c;

	assert_int_equal(callchains_find(&chains, id, is_synack, &c), 0);
	return c;
}

static void test_callchains_of_symbols(void **state)
{
	const struct chain *c;

	add_symbol(1, "tcp_retransmit_skb", 0x5b);
	add_symbol(2, "nf_hook_slow [nf_tables]", 0x10);
	add_chain(7, 1, 2);
	assert_null(find(8, false));
	c = find(7, false);
	assert_int_equal(c->n_frames, 2);
	assert_int_equal(c->n_named, 2);
	assert_string_equal(c->frames[0], "tcp_retransmit_skb+0x5b");
	/* The module comes after the offset. */
	assert_string_equal(c->frames[1], "nf_hook_slow+0x10 [nf_tables]");
	/* It is resolved once. */
	assert_ptr_equal(find(7, false), c);
}

/* A tape may bring a symbol after a chain that needs it: the chain is looked at again. */
static void test_callchains_learn_late_symbols(void **state)
{
	const struct chain *c;

	add_chain(7, 1, 2);
	c = find(7, false);
	assert_int_equal(c->n_named, 0);
	assert_null(c->frames[0]);
	assert_int_equal(c->cause.cause, TCP_CAUSE_NONE);
	add_symbol(2, "tcp_retransmit_timer", 0x12);
	c = find(7, false);
	assert_int_equal(c->n_named, 1);
	assert_null(c->frames[0]);
	assert_string_equal(c->frames[1], "tcp_retransmit_timer+0x12");
	assert_int_equal(c->cause.cause, TCP_CAUSE_RTO);
	add_symbol(1, "", 0);
	assert_int_equal(find(7, false)->n_named, 1);
}

/* One chain may stand below both kinds of retransmission, and mean something else in each. */
static void test_callchains_of_synacks(void **state)
{
	add_symbol(1, "tcp_retransmit_timer", 0);
	add_symbol(2, "tcp_write_timer", 0);
	add_chain(7, 1, 2);
	assert_int_equal(find(7, false)->cause.cause, TCP_CAUSE_RTO);
	assert_int_equal(find(7, true)->cause.cause, TCP_CAUSE_SYNACK);
	assert_int_equal(find(7, false)->cause.cause, TCP_CAUSE_RTO);
}

#define CHAINS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHAINS_TEST(test_callchains_of_symbols),
		CHAINS_TEST(test_callchains_learn_late_symbols),
		CHAINS_TEST(test_callchains_of_synacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

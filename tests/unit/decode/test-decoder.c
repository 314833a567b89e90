// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "decode/symbols.h"
#include "fixture.h"

enum { CHAIN = 7, OTHER = 8 };

struct chained {
	struct fixture f;
	struct decoder *d;
	struct tape_symbol symbols[3];
	uint64_t frames[3];
	struct tape_chain chain;
};

static void begin(struct chained *c, const char *name)
{
	static const char *const names[] = {"__tcp_retransmit_skb", "tcp_ack.part.0",
					    "call_timer_fn"};

	memset(c, 0, sizeof(*c));
	fixture_load(&c->f, "x86_64-6.18", "tcp", name);
	for (int i = 0; i < 3; i++) {
		c->symbols[i] = (struct tape_symbol){.offset = 0x10 + i, .name = names[i]};
		c->frames[i] = 0x100 * (i + 1);
	}
	c->chain = (struct tape_chain){.n_frames = 3, .frames = c->frames};
	*map_put(&c->f.meta.chains, CHAIN, NULL) = (uintptr_t)&c->chain;
	assert_int_equal(decoder_new(&c->f.meta, DECODER_PRINT_NONE, &c->d, NULL), 0);
}

static void add_symbol(struct chained *c, int i)
{
	*map_put(&c->f.meta.symbols, c->frames[i], NULL) = (uintptr_t)&c->symbols[i];
}

static void end(struct chained *c)
{
	decoder_free(c->d);
	map_done(&c->f.meta.chains);
	map_done(&c->f.meta.symbols);
	fixture_done(&c->f);
}

static struct tcp_event decode(struct chained *c, uint32_t chain)
{
	struct tape_row row = fixture_row(&c->f);
	struct tcp_event e;

	row.chain = chain;
	assert_int_equal(decoder_event(c->d, &row, &e, NULL), 0);
	return e;
}

static void test_decoder_chain(void **state)
{
	struct chained c;
	struct tcp_event e;

	begin(&c, "tcp_retransmit_skb");
	for (int i = 0; i < 3; i++)
		add_symbol(&c, i);
	e = decode(&c, CHAIN);
	assert_int_equal(e.n_frames, 3);
	assert_string_equal(e.frames[1], "tcp_ack.part.0+0x11");
	assert_int_equal(e.chain.cause, TCP_CAUSE_RECOVERY);
	assert_int_equal(e.chain.trigger, TCP_TRIGGER_ACK);
	e = decode(&c, OTHER);
	assert_int_equal(e.n_frames, 0);
	assert_int_equal(e.chain.cause, TCP_CAUSE_NONE);
	e = decode(&c, 0);
	assert_int_equal(e.n_frames, 0);
	end(&c);
}

static void test_decoder_symbols_that_come_late(void **state)
{
	struct chained c;
	struct tcp_event e;

	begin(&c, "tcp_retransmit_skb");
	e = decode(&c, CHAIN);
	assert_int_equal(e.n_frames, 3);
	assert_null(e.frames[0]);
	/* No symbol at all says nothing, not "unknown". */
	assert_int_equal(e.chain.cause, TCP_CAUSE_NONE);
	add_symbol(&c, 0);
	e = decode(&c, CHAIN);
	assert_string_equal(e.frames[0], "__tcp_retransmit_skb+0x10");
	assert_int_equal(e.chain.cause, TCP_CAUSE_UNKNOWN);
	add_symbol(&c, 1);
	e = decode(&c, CHAIN);
	assert_int_equal(e.chain.cause, TCP_CAUSE_RECOVERY);
	assert_null(e.frames[2]);
	/* Two of three told nothing when they were decoded. */
	assert_int_equal(decoder_chains(c.d).n, 3);
	assert_int_equal(decoder_chains(c.d).n_mute, 2);
	end(&c);
}

static void test_decoder_chain_of_another_event(void **state)
{
	struct chained c;
	struct tcp_event e;

	begin(&c, "tcp_destroy_sock");
	add_symbol(&c, 1);
	e = decode(&c, CHAIN);
	assert_int_equal(e.n_frames, 3);
	assert_int_equal(e.chain.cause, TCP_CAUSE_NONE);
	end(&c);
}

static void test_decoder_symbol_words(void **state)
{
	static const char text[] =
		"x __print_symbolic(REC->reason, { 2, \"TWO\" }, { 0x10000, \"BIG\" }, "
		"{ -1, \"MINUS\" }, { NAMED, \"NO\" }, { 1UL, \"ONE\" }), y";
	struct arena arena = {0};
	struct symbol_words w;

	assert_int_equal(symbol_words_parse(text, strlen(text), "reason", &arena, &w), 0);
	assert_int_equal(w.n, 4);
	assert_string_equal(symbol_words_find(&w, 2), "TWO");
	assert_string_equal(symbol_words_find(&w, 0x10000), "BIG");
	assert_string_equal(symbol_words_find(&w, -1), "MINUS");
	assert_string_equal(symbol_words_find(&w, 1), "ONE");
	assert_null(symbol_words_find(&w, 3));
	assert_int_equal(symbol_words_parse(text, strlen(text), "state", &arena, &w), 0);
	assert_int_equal(w.n, 0);
	assert_null(symbol_words_find(&w, 2));
	/* Cut anywhere: no step beyond the end. */
	for (size_t len = 0; len < strlen(text); len++) {
		char *copy = malloc(len ? len : 1);

		assert_non_null(copy);
		memcpy(copy, text, len);
		assert_int_equal(symbol_words_parse(copy, len, "reason", &arena, &w), 0);
		free(copy);
	}
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decoder_chain),
		cmocka_unit_test(test_decoder_symbols_that_come_late),
		cmocka_unit_test(test_decoder_chain_of_another_event),
		cmocka_unit_test(test_decoder_symbol_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

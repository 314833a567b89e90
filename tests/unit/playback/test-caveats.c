// SPDX-License-Identifier: MIT
/* Tests of caveats: what is said of a tape, to whom it matters, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "playback/caveats.h"
#include "seen.h"

#define RETRANSMIT TCP_KIND_BIT(TCP_KIND_RETRANSMIT)
#define SET_STATE  TCP_KIND_BIT(TCP_KIND_SET_STATE)
#define FINAL	   TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL)

#define FIXTURES "tests/fixtures/formats/x86_64-6.18/"
#define STATE_FORMAT                                                                               \
	"format-file 0 sock inet_sock_set_state " FIXTURES "sock.inet_sock_set_state.format\n"
#define RETRANSMIT_FORMAT                                                                          \
	"format-file 1 tcp tcp_retransmit_skb " FIXTURES "tcp.tcp_retransmit_skb.format\n"

static void expect(const char *script, tcp_kinds needed, tcp_kinds wanted, uint64_t n_late,
		   const char *want)
{
	struct tape_reader *r CLEANUP(tape_reader_close_p) = seen_reader(script);
	struct decoder *decoder CLEANUP(decoder_free_p) = NULL;
	struct caveats c = {
		.meta = tape_reader_meta(r), .needed = needed, .wanted = wanted, .n_late = n_late};
	struct notes notes;

	notes_init(&notes);
	assert_int_equal(decoder_new(c.meta, DECODER_PRINT_NONE, &decoder, NULL), 0);
	c.decoder = decoder;
	assert_int_equal(caveats_emit(&c, &notes.sink, NULL), 0);
	assert_string_equal(text_cstr(&notes.text), want);
	notes_done(&notes);
}

static void test_a_whole_tape_has_no_caveats(void **state)
{
	expect(STATE_FORMAT RETRANSMIT_FORMAT "tally 0 0 5 5 0 final\nfinish\n",
	       SET_STATE | RETRANSMIT, SET_STATE | RETRANSMIT | FINAL, 0, "");
}

static void test_absent_tracepoints_matter_to_who_needs_them(void **state)
{
	const char *script = STATE_FORMAT "absent tcp tcp_retransmit_skb no such tracepoint\n";

	expect(script, RETRANSMIT, RETRANSMIT, 0,
	       "this tape lacks tcp:tcp_retransmit_skb: no such tracepoint\n");
	expect(script, SET_STATE, SET_STATE | RETRANSMIT, 0, "");
}

static void test_unrecorded_kinds(void **state)
{
	expect(STATE_FORMAT, SET_STATE | RETRANSMIT, SET_STATE | RETRANSMIT, 0,
	       "this tape lacks tcp:tcp_retransmit_skb: not recorded\n");
	expect(RETRANSMIT_FORMAT, SET_STATE, SET_STATE, 0,
	       "this tape lacks sock:inet_sock_set_state: not recorded\n");
	/* A view of all events shows what there is. */
	expect(STATE_FORMAT, TCP_KINDS_ALL, TCP_KINDS_ALL, 0, "");
}

static void test_shapes_that_are_not_known(void **state)
{
	const char *script = "format 0 sock inet_sock_set_state v:4\n"
			     "row 0 0 100 v=1\n"
			     "mark 200\n"
			     "finish\n";

	expect(script, SET_STATE, SET_STATE, 0,
	       "sock:inet_sock_set_state has a shape that this tcptape does not know: its fields "
	       "are taken by name\n");
	expect(script, 0, RETRANSMIT, 0, "");
}

/* The FORMAT of a tracepoint was damaged. */
static void test_rows_that_nobody_can_read(void **state)
{
	expect("format 0 tcp one v:4\nrow 0 0 1000 v=1\nmark 2000\nfinish\nedit 1 16 05\n", 0, 0, 0,
	       "1 row cannot be read: the format of its tracepoint is missing\n");
}

static void test_late_rows(void **state)
{
	expect(STATE_FORMAT, SET_STATE, SET_STATE, 1,
	       "1 event came late and stands out of order\n");
	expect(STATE_FORMAT, SET_STATE, SET_STATE, 1234,
	       "1,234 events came late and stand out of order\n");
}

static void test_losses_come_last(void **state)
{
	expect(STATE_FORMAT "absent tcp tcp_retransmit_skb why\n"
			    "tally 0 1 10 5 2 final\n"
			    "finish\n",
	       SET_STATE | RETRANSMIT, SET_STATE | RETRANSMIT, 1,
	       "this tape lacks tcp:tcp_retransmit_skb: why\n"
	       "1 event came late and stands out of order\n"
	       "the kernel counted 3 more events than it delivered (CPU 1)\n"
	       "lost 2 events on CPU 1: counts are lower bounds\n");
}

/* A CPU that came online late: how many events are missing is not known. */
static void test_gaps(void **state)
{
	expect(STATE_FORMAT "loss 1 0 1000000000 1250000000\n"
			    "loss 3 0 1000000000 1250000000\n"
			    "finish\n",
	       SET_STATE, SET_STATE, 0,
	       "CPUs 1,3 came online during the recording, and what happened there in 500.000 ms "
	       "before the recorder noticed is missing: counts are lower bounds\n");
}

/* They limit what is known of connections. */
static void test_namespaces_that_were_missed(void **state)
{
	const char *script = "host net_namespaces_missed 2\n" STATE_FORMAT;

	expect(script, SET_STATE, SET_STATE | FINAL, 0,
	       "2 network namespaces could not be watched: exact bytes and some owners of the "
	       "connections there are missing\n");
	expect(script, SET_STATE, SET_STATE, 0, "");
	expect("host net_namespaces_missed 0\n" STATE_FORMAT, SET_STATE, SET_STATE | FINAL, 0, "");
}

/* So do pauses in which the last figures were not asked for. */
static void test_figures_that_were_not_asked_for(void **state)
{
	expect("clock 1000000000 0\n" STATE_FORMAT "pause 2000000000 0 1 0\n"
	       "pause 5000000000 0 1 1200\n"
	       "pause 6000000000 0 0 1500\n"
	       "pause 8000000000 4026531 1 1500\n"
	       "clock 9000000000 8000000000\n"
	       "finish\n",
	       SET_STATE, SET_STATE | FINAL, 0,
	       "so many sockets were closed that the recorder did without the last figures of "
	       "1,500 sockets in 5.000 s: bytes of connections that ended then are unknown\n");
	expect(STATE_FORMAT "pause 2000000000 0 1 0\nfinish\n", SET_STATE, SET_STATE, 0, "");
}

/* Chains are cut short by some kernels; it matters to who is shown causes. */
static void test_chains_that_tell_nothing(void **state)
{
	struct tape_reader *r CLEANUP(tape_reader_close_p) =
		seen_reader("format-file 1 tcp tcp_retransmit_skb " FIXTURES
			    "tcp.tcp_retransmit_skb.format chain\n"
			    "symbol 1 60 __traceiter_tcp_retransmit_skb\n"
			    "symbol 2 60 tcp_ack\n"
			    "chain 1 1 9\n"
			    "chain 2 1 2\n"
			    "finish\n");
	struct decoder *decoder CLEANUP(decoder_free_p) = NULL;
	struct caveats c = {.meta = tape_reader_meta(r), .wanted = RETRANSMIT};
	static const uint8_t data[100];
	struct tape_row row = {
		.tracepoint = c.meta->tracepoints[1], .data = data, .len = sizeof(data)};
	struct notes notes;
	struct tcp_event e;

	notes_init(&notes);
	assert_int_equal(decoder_new(c.meta, DECODER_PRINT_NONE, &decoder, NULL), 0);
	c.decoder = decoder;
	row.chain = 2;
	assert_int_equal(decoder_event(decoder, &row, &e, NULL), 0);
	assert_int_equal(caveats_emit(&c, &notes.sink, NULL), 0);
	assert_string_equal(text_cstr(&notes.text), "");
	row.chain = 1;
	assert_int_equal(decoder_event(decoder, &row, &e, NULL), 0);
	c.wanted = SET_STATE;
	assert_int_equal(caveats_emit(&c, &notes.sink, NULL), 0);
	assert_string_equal(text_cstr(&notes.text), "");
	c.wanted = RETRANSMIT;
	assert_int_equal(caveats_emit(&c, &notes.sink, NULL), 0);
	assert_non_null(strstr(text_cstr(&notes.text),
			       "1 of 2 retransmissions came with a call chain that"));
	notes_done(&notes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_whole_tape_has_no_caveats),
		cmocka_unit_test(test_absent_tracepoints_matter_to_who_needs_them),
		cmocka_unit_test(test_unrecorded_kinds),
		cmocka_unit_test(test_shapes_that_are_not_known),
		cmocka_unit_test(test_rows_that_nobody_can_read),
		cmocka_unit_test(test_late_rows),
		cmocka_unit_test(test_losses_come_last),
		cmocka_unit_test(test_namespaces_that_were_missed),
		cmocka_unit_test(test_figures_that_were_not_asked_for),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_chains_that_tell_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

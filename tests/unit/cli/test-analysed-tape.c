// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "cli/analysed-tape.h"
#include "detect/detectors.h"
#include "cli/status.h"
#include "support/tape-script.h"

#define RETRANS                                                                                    \
	"host host h1\nclock 1000000000 1800000000000000000\n"                                     \
	"format 0 tcp tcp_retransmit_skb skbaddr:8 skaddr:8 state:4 sport:2 dport:2 family:2 "     \
	"saddr:4 daddr:4 saddr_v6:16 daddr_v6:16\n"                                                \
	"format 1 tcp tcp_probe saddr:28 daddr:28 sport:2 dport:2\n"                               \
	"row 0 0 1000100000 skaddr=17 state=1 sport=40001 dport=443 family=2 saddr=x0a000001 "     \
	"daddr=x0a001402\n"                                                                        \
	"mark 1000200000\n"

static const struct analysed_tape_how how = {.gather = &detectors_gather_options};

struct read {
	struct analysed_tape e;
	struct fault fault;
	char path[32];
	int code;
};

/* Reads the tape of a script from a file. */
static void read_script(struct read *r, const char *script, size_t cut_off)
{
	struct buffer tape CLEANUP(buffer_done) = tape_script(script);
	const struct tape_options o = {0};
	struct tape_file file;
	int fd;

	memset(r, 0, sizeof(*r));
	strcpy(r->path, "/tmp/analysed-XXXXXX");
	fd = mkstemp(r->path);
	assert_true(fd >= 0);
	assert_int_equal(io_write_all(fd, tape.data, tape.len - cut_off), 0);
	close(fd);
	assert_int_equal(tape_file_open(r->path, &file, NULL), 0);
	r->code = analysed_tape_read(&r->e, &file, &o, &how, &r->fault);
	tape_file_close(&file);
	unlink(r->path);
}

static void test_facts_of_a_whole_tape(void **state)
{
	struct read r;

	read_script(&r, RETRANS "tally 0 0 10 1 3 final\nfinish\n", 0);
	assert_int_equal(r.code, 0);
	assert_string_equal(r.e.facts.tape, r.path);
	assert_string_equal(r.e.facts.host, "h1");
	assert_null(r.e.facts.kernel);
	assert_int_equal(r.e.facts.recorded, 1);
	assert_int_equal(r.e.facts.lost, 3);
	assert_int_equal(r.e.facts.undelivered, 6);
	assert_null(r.e.facts.damage);
	assert_int_equal(status_of_playback(r.e.playback, 0, &r.fault), STATUS_DONE);
	analysed_tape_done(&r.e);
}

/* A report does not look at every event: what it would not have counted is not missing in it. */
static void test_only_kinds_of_a_report_are_missing(void **state)
{
	struct read r;

	read_script(&r, RETRANS "tally 1 0 10 0 10 final\ntally 0 0 1 1 0 final\nfinish\n", 0);
	assert_int_equal(r.code, 0);
	assert_int_equal(r.e.facts.lost, 0);
	assert_int_equal(r.e.facts.undelivered, 0);
	assert_int_equal(r.e.facts.lost_all, 10);
	analysed_tape_done(&r.e);
}

/* A recorder that was killed leaves the loss records of its rings, which are newer than its last
 * tally. */
static void test_losses_of_a_killed_recorder(void **state)
{
	struct read r;

	read_script(&r,
		    RETRANS "loss 0 20 1000110000 1000120000\nloss 1 5 1000110000 1000120000\n"
			    "tally 0 0 10 1 3\n",
		    0);
	assert_int_equal(r.code, 0);
	assert_int_equal(r.e.facts.lost, 25);
	assert_non_null(r.e.facts.damage);
	assert_int_equal(status_of_playback(r.e.playback, 0, &r.fault), STATUS_DAMAGED);
	assert_non_null(strstr(r.fault.text, r.path));
	analysed_tape_done(&r.e);
}

static void test_a_tape_that_ends_in_a_section(void **state)
{
	struct read r;

	read_script(&r, RETRANS "tally 0 0 1 1 0 final\nfinish\n", 10);
	assert_int_equal(r.code, 0);
	assert_non_null(r.e.facts.damage);
	assert_int_equal(status_of_playback(r.e.playback, 0, &r.fault), STATUS_DAMAGED);
	analysed_tape_done(&r.e);
}

static void test_no_tape_at_all(void **state)
{
	struct analysed_tape e;
	const struct tape_options o = {0};
	struct fault fault = FAULT_INIT;
	struct tape_file tape;

	assert_int_equal(tape_file_open("/nonexistent/tape", &tape, &fault), -ENOENT);
	assert_non_null(strstr(fault.text, "/nonexistent/tape"));
	tape_file_close(&tape);
	fault = FAULT_INIT;
	assert_int_equal(tape_file_open("/dev/null", &tape, &fault), 0);
	assert_int_equal(analysed_tape_read(&e, &tape, &o, &how, &fault), -ENODATA);
	assert_non_null(strstr(fault.text, "/dev/null"));
	analysed_tape_done(&e);
	tape_file_close(&tape);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_facts_of_a_whole_tape),
		cmocka_unit_test(test_only_kinds_of_a_report_are_missing),
		cmocka_unit_test(test_losses_of_a_killed_recorder),
		cmocka_unit_test(test_a_tape_that_ends_in_a_section),
		cmocka_unit_test(test_no_tape_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

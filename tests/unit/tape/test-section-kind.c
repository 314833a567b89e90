// SPDX-License-Identifier: MIT
/*
 * Every kind of section: it has a descriptor and a chapter in FORMAT.md, and its payload is refused
 * wherever it is cut, when bytes follow its last record, and when it has the wrong number of
 * records.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "support/tape-script.h"
#include "tape/reader.h"
#include "tape/section-kind.h"

#define KINDS_MAX 64

static const char every_kind[] = "host key value\n"
				 "clock 1 2 3 4\n"
				 "sleep 1 2\n"
				 "format 0 tcp x chain v:4\n"
				 "absent tcp y not here\n"
				 "cgroup 7 /system.slice\n"
				 "task 1 fork 2 3 4\n"
				 "member 1 2 3 /docker/abc\n"
				 "symbol 1 2 tcp_ack\n"
				 "chain 1 3 4\n"
				 "counter-names 0 a b\n"
				 "counters 7 0 100 all 0=300 1=-300\n"
				 "setting 100 7 a b\n"
				 "row 0 1 100 chain=1 v=1\n"
				 "loss 1 2 3 4\n"
				 "pause 1 2 1 3\n"
				 "mark 200\n"
				 "tally 0 1 30 20 10 final\n"
				 "finish\n";

/* A record of the kind stands alone in the payload, which is len bytes long. */
static void check_cuts(const struct section_kind *kind, const uint8_t *payload, size_t len)
{
	struct section_header h = {.kind = kind->number};
	struct buffer twice CLEANUP(buffer_done) = {0};

	assert_int_equal(section_check(&h, payload, len, NULL), 0);
	for (size_t cut = 1; cut < len; cut++) {
		/* Memory of its own, so that the sanitizers see a read beyond the cut. */
		uint8_t *copy CLEANUP(free_p) = malloc(cut);

		memcpy(copy, payload, cut);
		assert_int_equal(section_check(&h, copy, cut, NULL), -EBADMSG);
	}
	assert_int_equal(section_check(&h, "", 0, NULL), kind->is_single ? -EBADMSG : 0);
	assert_int_equal(buffer_append(&twice, payload, len), 0);
	assert_int_equal(buffer_append_u8(&twice, 1), 0);
	assert_int_equal(section_check(&h, twice.data, twice.len, NULL), -EBADMSG);
	twice.len--;
	assert_int_equal(buffer_append(&twice, payload, len), 0);
	assert_int_equal(section_check(&h, twice.data, twice.len, NULL),
			 kind->is_single ? -EBADMSG : 0);
}

/* Checks the first record of the section's payload. */
static void check_payload(const struct section_kind *kind, const struct tape_section *s)
{
	struct cursor c = cursor_of(s->payload, s->header.raw_len);
	union tape_record record;

	if (!kind->decode)
		return;
	assert_int_equal(kind->decode(&c, &record), 1);
	check_cuts(kind, s->payload, s->header.raw_len - c.left);
}

static bool wants_all(void *userdata, const struct section_header *h)
{
	return true;
}

static void test_every_kind_is_checked(void **state)
{
	struct buffer tape CLEANUP(buffer_done) = tape_script(every_kind);
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	bool is_seen[KINDS_MAX] = {false};
	struct source *source;
	struct tape_section s;

	assert_int_equal(source_open_memory(tape.data, tape.len, &source), 0);
	assert_int_equal(tape_reader_open(source, &reader, NULL), 0);
	while (tape_reader_next(reader, wants_all, NULL, &s, NULL) > 0) {
		const struct section_kind *kind = section_kind_of(s.header.kind);

		assert_non_null(kind);
		is_seen[kind->number] = true;
		check_payload(kind, &s);
	}
	for (size_t i = 0; i < n_kinds_metadata; i++)
		if (!is_seen[kinds_metadata[i].number])
			fail_msg("the tape has no section %s", kinds_metadata[i].name);
	for (size_t i = 0; i < n_kinds_count; i++)
		if (!is_seen[kinds_count[i].number])
			fail_msg("the tape has no section %s", kinds_count[i].name);
	for (size_t i = 0; i < n_kinds_counters; i++)
		if (!is_seen[kinds_counters[i].number])
			fail_msg("the tape has no section %s", kinds_counters[i].name);
}

static void test_kinds_of_tracepoints(void **state)
{
	static const uint8_t format[] = "\0\0\0\0\0s\0n\0t";
	struct section_header h = {.kind = TAPE_KIND_FORMAT, .subject = TAPE_TRACEPOINTS_MAX - 1};

	assert_int_equal(section_check(&h, format, sizeof(format), NULL), 0);
	h.subject++;
	assert_int_equal(section_check(&h, format, sizeof(format), NULL), -EBADMSG);
	h.kind = TAPE_KIND_CHUNK;
	assert_int_equal(section_check(&h, "", 0, NULL), -EBADMSG);
	h.kind = KINDS_MAX;
	assert_null(section_kind_of(h.kind));
	assert_null(section_kind_name(h.kind));
	assert_int_equal(section_check(&h, "any", 3, NULL), 0);
}

static void test_specification_names_everything(void **state)
{
	static const char *const fields[] = {
		"magic",   "kind",	  "version",	"codec",   "sequence",
		"subject", "count",	  "stored_len", "raw_len", "time_from",
		"time_to", "payload_sum", "header_sum",
	};
	struct buffer text CLEANUP(buffer_done) = {0};
	char wanted[64];

	assert_int_equal(io_read_file(SPECIFICATION, 1u << 20, &text), 0);
	for (uint16_t kind = 1; section_kind_name(kind); kind++) {
		snprintf(wanted, sizeof(wanted), "\n### %u %s", kind, section_kind_name(kind));
		if (!strstr((char *)text.data, wanted))
			fail_msg("no chapter \"%s\"", wanted + 1);
	}
	assert_non_null(section_kind_name(TAPE_KIND_PAUSES));
	assert_non_null(section_kind_name(TAPE_KIND_SETTINGS));
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		snprintf(wanted, sizeof(wanted), "| `%s` |", fields[i]);
		if (!strstr((char *)text.data, wanted))
			fail_msg("no header field %s", wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind_is_checked),
		cmocka_unit_test(test_kinds_of_tracepoints),
		cmocka_unit_test(test_specification_names_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

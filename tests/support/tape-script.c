// SPDX-License-Identifier: MIT
#include "support/tape-script.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "support/tape-script-counters.h"
#include "support/tape-script-edit.h"
#include "support/tape-script-rows.h"

static void script_done(struct script *s)
{
	tape_writer_free(s->writer);
	buffer_done(&s->tallies);
	for (size_t i = 0; i < SCRIPT_TRACEPOINTS; i++) {
		buffer_done(&s->tracepoints[i].rows);
		buffer_done(&s->tracepoints[i].times);
		buffer_done(&s->tracepoints[i].chains);
		buffer_done(&s->tracepoints[i].runs);
	}
}

static int do_host(struct script *s)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct host_record r = {.key = script_word(s, 1), .value = script_rest(s, 2)};
	int err = host_record_encode(&b, &r);

	return err < 0 ? err : script_section(s, TAPE_KIND_HOST, 0, &b, 1, 0);
}

static int do_clock(struct script *s)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct clock_record r = {
		.mono_ns = script_number(s, 1),
		.real_ns = (int64_t)script_number(s, 2),
		.window_ns = script_number(s, 3),
		.error_ns = script_number(s, 4),
	};
	int err = clock_record_encode(&b, &r);

	return err < 0 ? err : script_section(s, TAPE_KIND_CLOCK, 0, &b, 1, r.mono_ns);
}

static int do_sleep(struct script *s)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct sleep_record r = {.mono_ns = script_number(s, 1), .slept_ns = script_number(s, 2)};
	int err = sleep_record_encode(&b, &r);

	return err < 0 ? err : script_section(s, TAPE_KIND_SLEEPS, 0, &b, 1, r.mono_ns);
}

static int do_pause(struct script *s)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct pause_record r = {
		.ts_ns = script_number(s, 1),
		.netns = (uint32_t)script_number(s, 2),
		.is_paused = script_number(s, 3) != 0,
		.n_unasked = script_number(s, 4),
	};
	int err = pause_record_encode(&b, &r);

	return err < 0 ? err : script_section(s, TAPE_KIND_PAUSES, 0, &b, 1, r.ts_ns);
}

static int do_absent(struct script *s)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct absent_record r = {
		.system = script_word(s, 1), .name = script_word(s, 2), .why = script_rest(s, 3)};
	int err = absent_record_encode(&b, &r);

	return err < 0 ? err : script_section(s, TAPE_KIND_ABSENT, 0, &b, 1, 0);
}

static int do_task(struct script *s)
{
	static const char *const whats[] = {"snapshot", "comm", "fork", "exit"};
	struct buffer b CLEANUP(buffer_done) = {0};
	struct task_record r = {
		.ts_ns = script_number(s, 1),
		.what = UINT8_MAX,
		.pid = (int32_t)script_number(s, 3),
		.tid = (int32_t)script_number(s, 4),
		.parent = (int32_t)script_number(s, 5),
		.comm = script_rest(s, 6),
	};
	int err;

	for (uint8_t i = 0; i < ARRAY_SIZE(whats); i++) {
		if (!strcmp(script_word(s, 2), whats[i]))
			r.what = i;
	}
	if (r.what == UINT8_MAX)
		return -EINVAL;
	err = task_record_encode(&b, &r);
	return err < 0 ? err : script_section(s, TAPE_KIND_TASKS, 0, &b, 1, r.ts_ns);
}

static int do_symbol(struct script *s)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct symbol_record r = {.id = script_number(s, 1),
				  .offset = (uint32_t)script_number(s, 2),
				  .name = script_rest(s, 3)};
	int err = symbol_record_encode(&b, &r);

	return err < 0 ? err : script_section(s, TAPE_KIND_SYMBOLS, 0, &b, 1, 0);
}

static int do_chain(struct script *s)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct chain_record r = {.chain = (uint32_t)script_number(s, 1)};
	int err;

	for (size_t i = 2; i < s->n_words && r.n_frames < TAPE_CHAIN_FRAMES_MAX; i++)
		r.frames[r.n_frames++] = script_number(s, i);
	err = chain_record_encode(&b, &r);
	return err < 0 ? err : script_section(s, TAPE_KIND_CHAINS, 0, &b, 1, 0);
}

static int do_cgroup(struct script *s)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct cgroup_record r = {.pid = (int32_t)script_number(s, 1), .path = script_rest(s, 2)};
	int err = cgroup_record_encode(&b, &r);

	return err < 0 ? err : script_section(s, TAPE_KIND_CGROUPS, 0, &b, 1, 0);
}

static int do_member(struct script *s)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct member_record r = {
		.ts_ns = script_number(s, 1),
		.tid = (int32_t)script_number(s, 2),
		.cgroup = script_number(s, 3),
		.path = script_rest(s, 4),
	};
	int err = member_record_encode(&b, &r);

	return err < 0 ? err : script_section(s, TAPE_KIND_MEMBERS, 0, &b, 1, r.ts_ns);
}

static int do_mark(struct script *s)
{
	int err = script_flush_rows(s);

	return err < 0 ? err
		       : tape_writer_mark(s->writer, script_number(s, 1), script_number(s, 1),
					  s->fault);
}

static int do_loss(struct script *s)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct loss_record r = {
		.cpu = (uint32_t)script_number(s, 1),
		.count = script_number(s, 2),
		.from_ns = script_number(s, 3),
		.to_ns = script_number(s, 4),
	};
	int err = loss_record_encode(&b, &r);

	return err < 0 ? err : script_section(s, TAPE_KIND_LOSS, 0, &b, 1, r.to_ns);
}

static int do_tally(struct script *s)
{
	struct tally_record r = {
		.tracepoint = (uint32_t)script_number(s, 1),
		.cpu = (uint32_t)script_number(s, 2),
		.counted = script_number(s, 3),
		.recorded = script_number(s, 4),
		.lost = script_number(s, 5),
		.flags = !strcmp(script_word(s, 6), "final") ? TALLY_FINAL : 0,
	};

	s->n_tallies++;
	return tally_record_encode(&s->tallies, &r);
}

static int flush_tallies(struct script *s)
{
	int err = 0;

	if (s->n_tallies)
		err = script_section(s, TAPE_KIND_TALLY, 0, &s->tallies, s->n_tallies, 0);
	buffer_clear(&s->tallies);
	s->n_tallies = 0;
	return err;
}

static int do_unknown(struct script *s)
{
	uint8_t raw[256];
	size_t n = strlen(script_word(s, 2)) / 2;
	struct buffer b = {.data = raw, .len = n < sizeof(raw) ? n : sizeof(raw)};
	int err = script_hex(raw, (unsigned int)b.len, script_word(s, 2));

	return err < 0 ? err : script_section(s, (uint16_t)script_number(s, 1), 0, &b, 0, 0);
}

static int do_section(struct script *s)
{
	struct section_spec spec = {
		.kind = (uint16_t)script_number(s, 1),
		.subject = (uint32_t)script_number(s, 2),
		.count = (uint32_t)script_number(s, 3),
		.time_from = script_number(s, 4),
		.time_to = script_number(s, 5),
	};
	uint8_t raw[256];
	size_t n = strlen(script_word(s, 6)) / 2;
	struct buffer b = {.data = raw, .len = n < sizeof(raw) ? n : sizeof(raw)};
	int err = script_hex(raw, (unsigned int)b.len, script_word(s, 6));

	return err < 0 ? err : script_spec(s, &spec, &b);
}

/* Replaces the writer by one that compresses nothing. */
static int do_stored(struct script *s)
{
	if (tape_writer_bytes(s->writer))
		return -EINVAL;
	s->writer = tape_writer_free(s->writer);
	return tape_writer_new(s->sink, 0, &s->writer, s->fault);
}

static int do_framed(struct script *s)
{
	s->is_framed = true;
	return do_stored(s);
}

static int do_byte_order(struct script *s)
{
	s->is_big_endian = !strcmp(script_word(s, 1), "big");
	return 0;
}

static int do_finish(struct script *s)
{
	return tape_writer_finish(s->writer, s->fault);
}

static const struct {
	const char *name;
	int (*run)(struct script *s);
} verbs[] = {
	{"host", do_host},
	{"clock", do_clock},
	{"sleep", do_sleep},
	{"pause", do_pause},
	{"format", script_format},
	{"format-file", script_format_file},
	{"absent", do_absent},
	{"task", do_task},
	{"cgroup", do_cgroup},
	{"member", do_member},
	{"symbol", do_symbol},
	{"chain", do_chain},
	{"row", script_row},
	{"mark", do_mark},
	{"loss", do_loss},
	{"tally", do_tally},
	{"counter-names", script_counter_names},
	{"counters", script_counters},
	{"setting", script_setting},
	{"unknown", do_unknown},
	{"section", do_section},
	{"chunk", script_flush_rows},
	{"finish", do_finish},
	{"stored", do_stored},
	{"framed", do_framed},
	{"byte-order", do_byte_order},
	{"row-len", script_row_len},
	{"codes", script_codes},
	{"time-len", script_time_len},
	{"edit", script_edit},
	{"payload", script_payload},
	{"corrupt", script_corrupt},
	{"remove", script_remove},
	{"insert", script_insert},
	{"cut", script_cut},
	{"append", script_append},
};

/* Cuts `line` into words. s->rest points into `whole`, a copy that stays unchanged. */
static void cut_words(struct script *s, char *line, char *whole)
{
	s->n_words = 0;
	for (size_t at = 0; s->n_words < SCRIPT_WORDS;) {
		at += strspn(line + at, " \t");
		if (!line[at])
			return;
		s->words[s->n_words] = line + at;
		s->rest[s->n_words++] = whole + at;
		at += strcspn(line + at, " \t");
		if (line[at])
			line[at++] = 0;
	}
}

static int run_line(struct script *s, char *line, char *whole)
{
	int err;

	line[strcspn(line, "#")] = 0;
	whole[strlen(line)] = 0;
	cut_words(s, line, whole);
	if (!s->n_words)
		return 0;
	if (strcmp(s->words[0], "tally")) {
		err = flush_tallies(s);
		if (err < 0)
			return err;
	}
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (!strcmp(s->words[0], verbs[i].name))
			return verbs[i].run(s);
	}
	return -EINVAL;
}

int tape_script_build(const char *script, struct buffer *ret, struct fault *fault)
{
	struct script *s CLEANUP(free_p) = calloc(1, sizeof(*s));
	struct sink sink = sink_memory(ret);
	unsigned int line_number = 0;
	int err;

	if (!s)
		return -ENOMEM;
	s->fault = fault;
	s->sink = &sink;
	s->tape = ret;
	err = tape_writer_new(&sink, 1, &s->writer, fault);
	while (!err && *script) {
		size_t len = strcspn(script, "\n");
		char *line CLEANUP(free_p) = strndup(script, len);
		char *whole CLEANUP(free_p) = strndup(script, len);

		line_number++;
		err = line && whole ? run_line(s, line, whole) : -ENOMEM;
		if (err < 0)
			fault_set(fault, err, "line %u of the script: %.*s", line_number, (int)len,
				  script);
		script += len + (script[len] == '\n');
	}
	if (!err)
		err = flush_tallies(s);
	script_done(s);
	return err;
}

struct buffer tape_script(const char *script)
{
	struct fault fault = FAULT_INIT;
	struct buffer tape = {0};

	if (tape_script_build(script, &tape, &fault) < 0) {
		fprintf(stderr, "%s\n", fault.text);
		abort();
	}
	return tape;
}

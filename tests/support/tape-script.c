// SPDX-License-Identifier: MIT
#include "support/tape-script.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/text.h"
#include "tape/writer.h"

#define SCRIPT_TRACEPOINTS 64
#define SCRIPT_FIELDS	   64
#define SCRIPT_WORDS	   80

struct script_field {
	char name[48];
	unsigned int offset;
	unsigned int size;
};

/* A tracepoint and its rows since the last mark. */
struct script_tracepoint {
	bool has_chain;
	unsigned int row_len;
	size_t n_fields;
	struct script_field fields[SCRIPT_FIELDS];
	struct buffer rows;
	struct buffer times;  /* uint64_t */
	struct buffer chains; /* uint32_t */
	struct buffer runs;   /* struct chunk_run */
};

struct script {
	struct tape_writer *writer;
	struct script_tracepoint tracepoints[SCRIPT_TRACEPOINTS];
	struct buffer tallies;
	uint32_t n_tallies;
	char *words[SCRIPT_WORDS];
	size_t n_words;
	char *rest[SCRIPT_WORDS]; /* the line from word i on, spaces and all */
	struct fault *fault;
};

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

static const char *word(const struct script *s, size_t i)
{
	return i < s->n_words ? s->words[i] : "";
}

static const char *rest(const struct script *s, size_t i)
{
	return i < s->n_words ? s->rest[i] : "";
}

static uint64_t number(const struct script *s, size_t i)
{
	const char *w = word(s, i);

	return *w == '-' ? (uint64_t)strtoll(w, NULL, 0) : strtoull(w, NULL, 0);
}

static int section(struct script *s, uint16_t kind, uint32_t subject, const struct buffer *b,
		   uint32_t count, uint64_t time)
{
	struct section_spec spec = {
		.kind = kind,
		.subject = subject,
		.count = count,
		.time_from = time,
		.time_to = time,
	};

	return tape_writer_section(s->writer, &spec, b->data, b->len, s->fault);
}

static struct script_tracepoint *tracepoint(struct script *s, size_t i)
{
	uint64_t index = number(s, i);

	return index < SCRIPT_TRACEPOINTS ? &s->tracepoints[index] : NULL;
}

static int do_host(struct script *s)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct host_record r = {.key = word(s, 1), .value = rest(s, 2)};
	int err = host_record_encode(&b, &r);

	return err < 0 ? err : section(s, TAPE_KIND_HOST, 0, &b, 1, 0);
}

static int do_clock(struct script *s)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct clock_record r = {
		.mono_ns = number(s, 1),
		.real_ns = (int64_t)number(s, 2),
		.window_ns = number(s, 3),
		.error_ns = number(s, 4),
	};
	int err = clock_record_encode(&b, &r);

	return err < 0 ? err : section(s, TAPE_KIND_CLOCK, 0, &b, 1, r.mono_ns);
}

/* Reads the fields back from the format's text, whoever wrote it. */
static void learn_fields(struct script_tracepoint *tp, const char *text)
{
	for (const char *at = strstr(text, "\tfield:"); at; at = strstr(at + 1, "\tfield:")) {
		const char *semicolon = strchr(at, ';');
		struct script_field *f = &tp->fields[tp->n_fields];
		const char *end, *start;

		if (!semicolon || tp->n_fields == SCRIPT_FIELDS)
			return;
		end = memchr(at, '[', (size_t)(semicolon - at));
		end = end ? end : semicolon;
		for (start = end; start > at && start[-1] != ' ' && start[-1] != '*'; start--)
			;
		if (sscanf(semicolon, ";\toffset:%u;\tsize:%u;", &f->offset, &f->size) != 2)
			return;
		snprintf(f->name, sizeof(f->name), "%.*s", (int)(end - start), start);
		if (tp->row_len < f->offset + f->size)
			tp->row_len = f->offset + f->size;
		tp->n_fields++;
	}
}

static int write_format(struct script *s, const char *text, bool has_chain)
{
	struct script_tracepoint *tp = tracepoint(s, 1);
	struct buffer b CLEANUP(buffer_done) = {0};
	struct format_record r = {
		.kernel_id = 1000 + (uint32_t)number(s, 1),
		.has_chain = has_chain,
		.system = word(s, 2),
		.name = word(s, 3),
		.text = text,
	};
	int err = format_record_encode(&b, &r);

	if (!tp || err < 0)
		return -EINVAL;
	tp->has_chain = has_chain;
	learn_fields(tp, text);
	return section(s, TAPE_KIND_FORMAT, (uint32_t)number(s, 1), &b, 1, 0);
}

static void format_field(struct text *t, const char *decl, unsigned int *offset, unsigned int size)
{
	text_printf(t, "\tfield:%s;\toffset:%u;\tsize:%u;\tsigned:0;\n", decl, *offset, size);
	*offset += size;
}

static int do_format(struct script *s)
{
	struct text t CLEANUP(text_done) = {0};
	bool has_chain = !strcmp(word(s, 4), "chain");
	unsigned int offset = 0;

	text_printf(&t, "name: %s\nID: %u\nformat:\n", word(s, 3), 1000 + (unsigned)number(s, 1));
	format_field(&t, "unsigned short common_type", &offset, 2);
	format_field(&t, "unsigned char common_flags", &offset, 1);
	format_field(&t, "unsigned char common_preempt_count", &offset, 1);
	format_field(&t, "int common_pid", &offset, 4);
	text_char(&t, '\n');
	for (size_t i = has_chain ? 5 : 4; i < s->n_words; i++) {
		char decl[128], *colon = strchr(s->words[i], ':');
		unsigned int size = colon ? (unsigned int)atoi(colon + 1) : 0;

		if (!size)
			return -EINVAL;
		*colon = 0;
		if (size == 1 || size == 2 || size == 4 || size == 8)
			snprintf(decl, sizeof(decl), "__u%u %s", size * 8, s->words[i]);
		else
			snprintf(decl, sizeof(decl), "__u8 %s[%u]", s->words[i], size);
		if (size == 2 || size == 4 || size == 8)
			offset = (offset + size - 1) / size * size;
		format_field(&t, decl, &offset, size);
	}
	text_printf(&t, "\nprint fmt: \"\"\n");
	return write_format(s, text_cstr(&t), has_chain);
}

static int do_format_file(struct script *s)
{
	struct buffer text CLEANUP(buffer_done) = {0};
	int err = io_read_file(word(s, 4), 1u << 20, &text);

	return err < 0 ? err : write_format(s, (char *)text.data, !strcmp(word(s, 5), "chain"));
}

static int do_absent(struct script *s)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct absent_record r = {.system = word(s, 1), .name = word(s, 2), .why = rest(s, 3)};
	int err = absent_record_encode(&b, &r);

	return err < 0 ? err : section(s, TAPE_KIND_ABSENT, 0, &b, 1, 0);
}

static int do_task(struct script *s)
{
	static const char *const whats[] = {"snapshot", "comm", "fork", "exit"};
	struct buffer b CLEANUP(buffer_done) = {0};
	struct task_record r = {
		.ts_ns = number(s, 1),
		.what = UINT8_MAX,
		.pid = (int32_t)number(s, 3),
		.tid = (int32_t)number(s, 4),
		.parent = (int32_t)number(s, 5),
		.comm = rest(s, 6),
	};
	int err;

	for (uint8_t i = 0; i < ARRAY_SIZE(whats); i++) {
		if (!strcmp(word(s, 2), whats[i]))
			r.what = i;
	}
	if (r.what == UINT8_MAX)
		return -EINVAL;
	err = task_record_encode(&b, &r);
	return err < 0 ? err : section(s, TAPE_KIND_TASKS, 0, &b, 1, r.ts_ns);
}

static int do_symbol(struct script *s)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct symbol_record r = {
		.id = number(s, 1), .offset = (uint32_t)number(s, 2), .name = rest(s, 3)};
	int err = symbol_record_encode(&b, &r);

	return err < 0 ? err : section(s, TAPE_KIND_SYMBOLS, 0, &b, 1, 0);
}

static int do_chain(struct script *s)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct chain_record r = {.chain = (uint32_t)number(s, 1)};
	int err;

	for (size_t i = 2; i < s->n_words && r.n_frames < TAPE_CHAIN_FRAMES_MAX; i++)
		r.frames[r.n_frames++] = number(s, i);
	err = chain_record_encode(&b, &r);
	return err < 0 ? err : section(s, TAPE_KIND_CHAINS, 0, &b, 1, 0);
}

static int hex_put(uint8_t *at, unsigned int size, const char *hex)
{
	for (unsigned int i = 0; i < size && *hex; i++, hex += 2) {
		unsigned int byte;

		if (sscanf(hex, "%2x", &byte) != 1 || !hex[1])
			return -EINVAL;
		at[i] = (uint8_t)byte;
	}
	return 0;
}

static int field_put(const struct script_tracepoint *tp, uint8_t *row, char *assignment)
{
	char *equals = strchr(assignment, '=');
	uint64_t value;

	if (!equals)
		return -EINVAL;
	*equals = 0;
	for (size_t i = 0; i < tp->n_fields; i++) {
		const struct script_field *f = &tp->fields[i];

		if (strcmp(f->name, assignment))
			continue;
		if (equals[1] == 'x')
			return hex_put(row + f->offset, f->size, equals + 2);
		value = equals[1] == '-' ? (uint64_t)strtoll(equals + 1, NULL, 0)
					 : strtoull(equals + 1, NULL, 0);
		for (unsigned int k = 0; k < f->size && k < 8; k++)
			row[f->offset + k] = (uint8_t)(value >> (8 * k));
		return 0;
	}
	return -EINVAL;
}

static int add_to_run(struct script_tracepoint *tp, uint32_t cpu)
{
	size_t n = tp->runs.len / sizeof(struct chunk_run);
	struct chunk_run *last = n ? (struct chunk_run *)tp->runs.data + n - 1 : NULL;
	struct chunk_run fresh = {.cpu = cpu, .n_rows = 1};

	if (!last || last->cpu != cpu)
		return buffer_append(&tp->runs, &fresh, sizeof(fresh));
	last->n_rows++;
	return 0;
}

static int do_row(struct script *s)
{
	struct script_tracepoint *tp = tracepoint(s, 1);
	uint64_t ts = number(s, 3);
	uint32_t chain = 0;
	uint8_t *row;
	int err;

	if (!tp || !tp->row_len || s->n_words < 4)
		return -EINVAL;
	err = buffer_reserve(&tp->rows, tp->row_len);
	if (err < 0)
		return err;
	row = tp->rows.data + tp->rows.len;
	memset(row, 0, tp->row_len);
	le16_put(row, (uint16_t)(1000 + (tp - s->tracepoints)));
	for (size_t i = 4; !err && i < s->n_words; i++) {
		if (!strncmp(s->words[i], "chain=", 6))
			chain = (uint32_t)strtoul(s->words[i] + 6, NULL, 0);
		else
			err = field_put(tp, row, s->words[i]);
	}
	if (!err)
		err = buffer_append(&tp->times, &ts, sizeof(ts));
	if (!err)
		err = buffer_append(&tp->chains, &chain, sizeof(chain));
	if (!err)
		err = add_to_run(tp, (uint32_t)number(s, 2));
	if (!err)
		tp->rows.len += tp->row_len;
	return err;
}

static int flush_rows(struct script *s)
{
	for (uint32_t i = 0; i < SCRIPT_TRACEPOINTS; i++) {
		struct script_tracepoint *tp = &s->tracepoints[i];
		struct chunk_rows rows = {
			.tracepoint = i,
			.row_len = (uint16_t)tp->row_len,
			.n_rows = (uint32_t)(tp->times.len / 8),
			.rows = tp->rows.data,
			.times = (const uint64_t *)tp->times.data,
			.chains = tp->has_chain ? (const uint32_t *)tp->chains.data : NULL,
			.runs = (const struct chunk_run *)tp->runs.data,
			.n_runs = (uint32_t)(tp->runs.len / sizeof(struct chunk_run)),
		};
		int err = tape_writer_chunk(s->writer, &rows, s->fault);

		if (err < 0)
			return err;
		buffer_clear(&tp->rows);
		buffer_clear(&tp->times);
		buffer_clear(&tp->chains);
		buffer_clear(&tp->runs);
	}
	return 0;
}

static int do_mark(struct script *s)
{
	int err = flush_rows(s);

	return err < 0 ? err : tape_writer_mark(s->writer, number(s, 1), number(s, 1), s->fault);
}

static int do_loss(struct script *s)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct loss_record r = {
		.cpu = (uint32_t)number(s, 1),
		.count = number(s, 2),
		.from_ns = number(s, 3),
		.to_ns = number(s, 4),
	};
	int err = loss_record_encode(&b, &r);

	return err < 0 ? err : section(s, TAPE_KIND_LOSS, 0, &b, 1, r.to_ns);
}

static int do_tally(struct script *s)
{
	struct tally_record r = {
		.tracepoint = (uint32_t)number(s, 1),
		.cpu = (uint32_t)number(s, 2),
		.counted = number(s, 3),
		.recorded = number(s, 4),
		.lost = number(s, 5),
		.flags = !strcmp(word(s, 6), "final") ? TALLY_FINAL : 0,
	};

	s->n_tallies++;
	return tally_record_encode(&s->tallies, &r);
}

static int flush_tallies(struct script *s)
{
	int err = 0;

	if (s->n_tallies)
		err = section(s, TAPE_KIND_TALLY, 0, &s->tallies, s->n_tallies, 0);
	buffer_clear(&s->tallies);
	s->n_tallies = 0;
	return err;
}

static int do_unknown(struct script *s)
{
	uint8_t raw[256];
	size_t n = strlen(word(s, 2)) / 2;
	struct buffer b = {.data = raw, .len = n < sizeof(raw) ? n : sizeof(raw)};
	int err = hex_put(raw, (unsigned int)b.len, word(s, 2));

	return err < 0 ? err : section(s, (uint16_t)number(s, 1), 0, &b, 0, 0);
}

static int do_finish(struct script *s)
{
	return tape_writer_finish(s->writer, s->fault);
}

static const struct {
	const char *name;
	int (*run)(struct script *s);
} verbs[] = {
	{"host", do_host},	 {"clock", do_clock},
	{"format", do_format},	 {"format-file", do_format_file},
	{"absent", do_absent},	 {"task", do_task},
	{"symbol", do_symbol},	 {"chain", do_chain},
	{"row", do_row},	 {"mark", do_mark},
	{"loss", do_loss},	 {"tally", do_tally},
	{"unknown", do_unknown}, {"finish", do_finish},
};

/* words are cut in `line`; rests point into `whole`, a copy that is left alone. */
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

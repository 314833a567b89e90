// SPDX-License-Identifier: MIT
#include "support/tape-script-rows.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/text.h"
#include "support/zstd-frame.h"

/* Writes a section compressed by zstd-frame, if that makes it smaller. */
static int script_framed(struct script *s, const struct section_spec *spec, const struct buffer *b)
{
	struct buffer frame CLEANUP(buffer_done) = {0};
	int err = zstd_frame_make(b->data, b->len, &frame);
	bool is_smaller = frame.len < b->len;
	const struct buffer *stored = is_smaller ? &frame : b;
	struct section_header h = {
		.kind = spec->kind,
		.codec = is_smaller ? TAPE_CODEC_ZSTD : TAPE_CODEC_NONE,
		.subject = spec->subject,
		.count = spec->count,
		.stored_len = (uint32_t)stored->len,
		.raw_len = (uint32_t)b->len,
		.time_from = spec->time_from,
		.time_to = spec->time_to,
		.payload_sum = section_sum(stored->data, stored->len),
	};

	return err ? err : tape_writer_stored(s->writer, &h, stored->data, s->fault);
}

int script_spec(struct script *s, const struct section_spec *spec, const struct buffer *b)
{
	return s->is_framed ? script_framed(s, spec, b)
			    : tape_writer_section(s->writer, spec, b->data, b->len, s->fault);
}

int script_section(struct script *s, uint16_t kind, uint32_t subject, const struct buffer *b,
		   uint32_t count, uint64_t time)
{
	struct section_spec spec = {
		.kind = kind,
		.subject = subject,
		.count = count,
		.time_from = time,
		.time_to = time,
	};

	return script_spec(s, &spec, b);
}

int script_hex(uint8_t *at, unsigned int size, const char *hex)
{
	for (unsigned int i = 0; i < size && *hex; i++, hex += 2) {
		unsigned int byte;

		if (sscanf(hex, "%2x", &byte) != 1 || !hex[1])
			return -EINVAL;
		at[i] = (uint8_t)byte;
	}
	return 0;
}

struct script_tracepoint *script_tracepoint_of(struct script *s, size_t i)
{
	uint64_t index = script_number(s, i);

	return index < SCRIPT_TRACEPOINTS ? &s->tracepoints[index] : NULL;
}

/* Reads the fields from the text of the format file, whether it was made here or read from a
 * file. */
static void learn_fields(struct script_tracepoint *tp, const char *text)
{
	for (const char *at = strstr(text, "\tfield:"); at; at = strstr(at + 1, "\tfield:")) {
		const char *semicolon = strchr(at, ';');
		struct script_field *f = &tp->fields[tp->n_fields];
		const char *end, *start;

		if (!semicolon || tp->n_fields == SCRIPT_FIELDS)
			return;
		/* In "__data_loc char[] name" the bracket is before the name, in "char name[16]"
		 * after it. */
		end = semicolon[-1] == ']' ? memchr(at, '[', (size_t)(semicolon - at)) : NULL;
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
	struct script_tracepoint *tp = script_tracepoint_of(s, 1);
	struct buffer b CLEANUP(buffer_done) = {0};
	struct format_record r = {
		.kernel_id = 1000 + (uint32_t)script_number(s, 1),
		.has_chain = has_chain,
		.system = script_word(s, 2),
		.name = script_word(s, 3),
		.text = text,
	};
	int err = format_record_encode(&b, &r);

	if (!tp || err < 0)
		return -EINVAL;
	tp->has_chain = has_chain;
	learn_fields(tp, text);
	return script_section(s, TAPE_KIND_FORMAT, (uint32_t)script_number(s, 1), &b, 1, 0);
}

int script_row_len(struct script *s)
{
	struct script_tracepoint *tp = script_tracepoint_of(s, 1);

	if (!tp)
		return -EINVAL;
	tp->row_len = (unsigned int)script_number(s, 2);
	return 0;
}

static void format_field(struct text *t, const char *decl, unsigned int *offset, unsigned int size)
{
	text_printf(t, "\tfield:%s;\toffset:%u;\tsize:%u;\tsigned:0;\n", decl, *offset, size);
	*offset += size;
}

int script_format(struct script *s)
{
	struct text t CLEANUP(text_done) = {0};
	bool has_chain = !strcmp(script_word(s, 4), "chain");
	unsigned int offset = 0;

	text_printf(&t, "name: %s\nID: %u\nformat:\n", script_word(s, 3),
		    1000 + (unsigned)script_number(s, 1));
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

int script_format_file(struct script *s)
{
	struct buffer text CLEANUP(buffer_done) = {0};
	int err = io_read_file(script_word(s, 4), 1u << 20, &text);

	return err < 0 ? err
		       : write_format(s, (char *)text.data, !strcmp(script_word(s, 5), "chain"));
}

static void number_put(uint8_t *at, unsigned int size, uint64_t value, bool is_big_endian)
{
	for (unsigned int k = 0; k < size && k < 8; k++)
		at[is_big_endian ? size - 1 - k : k] = (uint8_t)(value >> (8 * k));
}

static int field_put(const struct script *s, const struct script_tracepoint *tp, uint8_t *row,
		     char *assignment)
{
	char *equals = strchr(assignment, '=');
	uint64_t value;

	if (!equals)
		return -EINVAL;
	*equals = 0;
	if (*assignment == '@') {
		unsigned long at = strtoul(assignment + 1, NULL, 0);

		return at < tp->row_len
			       ? script_hex(row + at, tp->row_len - (unsigned int)at, equals + 1)
			       : -EINVAL;
	}
	for (size_t i = 0; i < tp->n_fields; i++) {
		const struct script_field *f = &tp->fields[i];

		if (strcmp(f->name, assignment))
			continue;
		if (equals[1] == 'x')
			return script_hex(row + f->offset, f->size, equals + 2);
		value = equals[1] == '-' ? (uint64_t)strtoll(equals + 1, NULL, 0)
					 : strtoull(equals + 1, NULL, 0);
		number_put(row + f->offset, f->size, value, s->is_big_endian);
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

int script_row(struct script *s)
{
	struct script_tracepoint *tp = script_tracepoint_of(s, 1);
	uint64_t ts = script_number(s, 3);
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
	number_put(row, 2, 1000 + (uint64_t)(tp - s->tracepoints), s->is_big_endian);
	for (size_t i = 4; !err && i < s->n_words; i++) {
		if (!strncmp(s->words[i], "chain=", 6))
			chain = (uint32_t)strtoul(s->words[i] + 6, NULL, 0);
		else
			err = field_put(s, tp, row, s->words[i]);
	}
	if (!err)
		err = buffer_append(&tp->times, &ts, sizeof(ts));
	if (!err)
		err = buffer_append(&tp->chains, &chain, sizeof(chain));
	if (!err)
		err = add_to_run(tp, (uint32_t)script_number(s, 2));
	if (!err)
		tp->rows.len += tp->row_len;
	return err;
}

int script_flush_rows(struct script *s)
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
		int err = tp->is_coded ? script_coded_chunk(s, i)
				       : tape_writer_chunk(s->writer, &rows, s->fault);

		if (err < 0)
			return err;
		buffer_clear(&tp->rows);
		buffer_clear(&tp->times);
		buffer_clear(&tp->chains);
		buffer_clear(&tp->runs);
	}
	return 0;
}

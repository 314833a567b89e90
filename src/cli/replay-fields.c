// SPDX-License-Identifier: MIT
#include "cli/replay-fields.h"

#include <errno.h>
#include <unistd.h>

#include "cli/status.h"
#include "merge/merge.h"
#include "playback/caveats.h"
#include "render/json-writer.h"
#include "render/out-buffer.h"
#include "tracepoint/row-field.h"

/* A format file, parsed once. Rows of a file that cannot be used are shown as bytes. */
struct row_format {
	bool is_usable;
	struct trace_format format;
};

struct fields_dump {
	struct tape_reader *reader;
	struct tape_merge *merge;
	struct row_format *formats[TAPE_TRACEPOINTS_MAX];
	struct out_buffer out;
	struct time_window window;
	size_t n_stretches; /* of the wall clock when the window was resolved */
	uint64_t n_rows;
};

static struct fields_dump *fields_dump_free(struct fields_dump *d)
{
	if (!d)
		return NULL;
	tape_merge_free(d->merge);
	tape_reader_close(d->reader);
	for (size_t i = 0; i < ARRAY_SIZE(d->formats); i++)
		free(d->formats[i]);
	out_buffer_done(&d->out);
	free(d);
	return NULL;
}
DEFINE_CLEANUP(struct fields_dump, fields_dump_free);

/* The parsed format file of a tracepoint. NULL: out of memory. */
static const struct row_format *format_of(struct fields_dump *d, const struct tape_tracepoint *tp)
{
	struct row_format *f = d->formats[tp->index];

	if (f)
		return f;
	f = calloc(1, sizeof(*f));
	if (f)
		f->is_usable =
			trace_format_parse(tp->format, tp->format_len, &f->format, NULL) == 0;
	d->formats[tp->index] = f;
	return f;
}

static void hex_put(struct json_writer *w, const uint8_t *bytes, size_t n)
{
	struct text t CLEANUP(text_done) = {0};

	for (size_t i = 0; i < n; i++) {
		text_char(&t, "0123456789abcdef"[bytes[i] >> 4]);
		text_char(&t, "0123456789abcdef"[bytes[i] & 15]);
	}
	w->text->failed |= t.failed;
	json_str(w, t.len ? t.data : "", t.len);
}

static void number_put(struct json_writer *w, uint64_t v, bool is_signed)
{
	struct text t CLEANUP(text_done) = {0};

	if (is_signed)
		text_i64(&t, (int64_t)v);
	else
		text_u64(&t, v);
	w->text->failed |= t.failed;
	json_verbatim(w, t.data, t.len);
}

/* True if the string before the first NUL is all that an array of char says: the rest is NULs, as
 * many as the format file (an array) or the kernel (one, after dynamic data) promises. */
static bool is_plain_text(const struct trace_field *f, const struct row_value *v)
{
	size_t n = row_value_text_len(v);

	for (size_t i = 0; i < n; i++) {
		if (v->bytes[i] < 0x20 || v->bytes[i] > 0x7e)
			return false;
	}
	if (f->is_dynamic)
		return n + 1 == v->len;
	for (size_t i = n; i < v->len; i++) {
		if (v->bytes[i])
			return false;
	}
	return true;
}

static void bytes_put(struct json_writer *w, const struct row_value *v)
{
	json_open(w, '{');
	json_key(w, "hex");
	hex_put(w, v->bytes, v->len);
	json_close(w, '}');
}

static void value_put(struct json_writer *w, const struct trace_field *f, const struct row_value *v,
		      bool is_big_endian)
{
	switch (v->kind) {
	case ROW_VALUE_NONE: json_verbatim(w, "null", 4); break;
	case ROW_VALUE_UNSIGNED:
	case ROW_VALUE_SIGNED: number_put(w, v->number, v->kind == ROW_VALUE_SIGNED); break;
	case ROW_VALUE_TEXT:
		if (is_plain_text(f, v))
			json_str(w, (const char *)v->bytes, row_value_text_len(v));
		else
			bytes_put(w, v);
		break;
	case ROW_VALUE_LIST:
		json_open(w, '[');
		for (size_t i = 0; i < row_value_count(v); i++)
			number_put(w, row_value_element(v, i, is_big_endian), v->is_signed);
		json_close(w, ']');
		break;
	case ROW_VALUE_BYTES: bytes_put(w, v); break;
	}
}

static int row_put(struct fields_dump *d, const struct tape_row *row, struct fault *fault)
{
	const struct row_format *f = format_of(d, row->tracepoint);
	bool is_big_endian = tape_reader_meta(d->reader)->is_big_endian;
	struct json_writer w = json_writer_to(&d->out.text);

	if (!f)
		return fault_errno(fault, -ENOMEM, "format of a tracepoint");
	json_open(&w, '{');
	json_key(&w, "ts_ns");
	json_u64(&w, row->ts_ns);
	json_key(&w, "cpu");
	json_u64(&w, row->cpu);
	json_key(&w, "chain");
	json_u64(&w, row->chain);
	json_key(&w, "tracepoint");
	json_u64(&w, row->tracepoint->index);
	json_key(&w, "system");
	json_cstr(&w, row->tracepoint->system);
	json_key(&w, "name");
	json_cstr(&w, row->tracepoint->name);
	if (f->is_usable) {
		json_key(&w, "fields");
		json_open(&w, '{');
		for (size_t i = 0; i < f->format.n_fields; i++) {
			const struct trace_field *field = &f->format.fields[i];
			struct row_value v =
				row_field_value(field, is_big_endian, row->data, row->len);

			json_key(&w, field->name);
			value_put(&w, field, &v, is_big_endian);
		}
		json_close(&w, '}');
	} else {
		json_key(&w, "row");
		hex_put(&w, row->data, row->len);
	}
	json_close(&w, '}');
	text_char(&d->out.text, '\n');
	return out_buffer_row_done(&d->out, fault);
}

/* The rows of a stream are written out before the next bytes of it are read. */
static int flush_stream(void *userdata, uint64_t until_ns, struct fault *fault)
{
	struct fields_dump *d = userdata;

	return out_buffer_flush(&d->out, fault);
}

static int dump_open(struct fields_dump *d, const struct tape_file *tape, struct fault *fault)
{
	struct merge_options options = {.until_ns = UINT64_MAX, .userdata = d};
	int r = tape_file_read(tape, &d->reader, fault);

	if (r < 0)
		return r;
	if (tape_reader_is_stream(d->reader)) {
		options.progress = flush_stream;
		stream_ignore_first_interrupt();
	}
	r = tape_merge_new(d->reader, &options, &d->merge, fault);
	return r < 0 ? r : out_buffer_init(&d->out, STDOUT_FILENO, STDERR_FILENO, fault);
}

/* Resolves --since and --until to times of the tape's clock, at the first row, and again after each
 * step of the wall clock. */
static int window_follow(struct fields_dump *d, const struct tape_options *o, bool is_first,
			 struct fault *fault)
{
	const struct time_window_spec spec = tape_options_window(o);
	const struct tape_meta *meta = tape_reader_meta(d->reader);

	if (!is_first && d->n_stretches == meta->wall.n)
		return 0;
	d->n_stretches = meta->wall.n;
	return time_window_resolve(&spec, meta, &meta->wall, &d->window, fault);
}

static int dump_rows(struct fields_dump *d, const struct view_options *o, struct fault *fault)
{
	bool is_first = true;
	const struct tape_row *row;
	int r, flushed;

	while ((r = tape_merge_next(d->merge, &row, fault)) > 0) {
		r = window_follow(d, &o->reading, is_first, fault);
		is_first = false;
		if (r < 0)
			return r;
		if (row->ts_ns < d->window.since_ns || row->ts_ns >= d->window.until_ns ||
		    (o->limit && d->n_rows == o->limit))
			continue;
		d->n_rows++;
		r = row_put(d, row, fault);
		if (r < 0)
			return r;
	}
	/* The rows before a failure are good, and are written out. */
	flushed = out_buffer_flush(&d->out, fault);
	return r < 0 ? r : flushed;
}

static int options_check(const struct view_options *o, struct fault *fault)
{
	if (!event_filter_is_empty(&o->reading.filter))
		return fault_set(fault, -EINVAL,
				 "--fields shows every row: it cannot select connections");
	if (!present_is_json(&o->output) && !present_is_text(&o->output))
		return fault_set(fault, -EINVAL, "--fields writes JSON only");
	return 0;
}

/* The status of a dump that reached the end of the tape; the fault says what is damaged. */
static enum status dump_status(const struct fields_dump *d, const char *path, struct fault *fault)
{
	const struct tape_damage *damage = tape_reader_damage(d->reader);
	struct text why CLEANUP(text_done) = {0};

	if (!tape_damage_any(damage))
		return STATUS_DONE;
	damage_text(damage, &why);
	fault_set(fault, -EBADMSG, "%s: %s; shown is what is whole (see tcptape check)",
		  tape_name(path), text_cstr(&why));
	return STATUS_DAMAGED;
}

enum status replay_fields(const struct tape_file *tape, const struct view_options *o,
			  struct fault *fault)
{
	struct fields_dump *d CLEANUP(fields_dump_free_p) = NULL;
	int r = options_check(o, fault);

	if (r < 0)
		return STATUS_USAGE;
	d = calloc(1, sizeof(*d));
	r = d ? dump_open(d, tape, fault) : fault_errno(fault, -ENOMEM, "fields of rows");
	if (!r)
		r = dump_rows(d, o, fault);
	return r < 0 ? status_of_result(r, fault) : dump_status(d, tape->path, fault);
}

// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/io.h"
#include "seen.h"
#include "support/tape-script.h"

void seen_tape(const char *script, char *path)
{
	struct buffer b CLEANUP(buffer_done) = tape_script(script);
	int fd CLEANUP(close_p) = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(io_write_all(fd, b.data, b.len), 0);
}

struct tape_reader *seen_reader(const char *script)
{
	char path[] = "/tmp/tcptape-test-XXXXXX";
	struct tape_reader *r = NULL;
	struct tape_section s;

	seen_tape(script, path);
	assert_int_equal(tape_reader_open_path(path, &r, NULL), 0);
	while (tape_reader_next(r, NULL, NULL, &s, NULL) > 0)
		;
	unlink(path);
	return r;
}

static tcp_kinds seen_wants(const void *options)
{
	const struct seen_options *o = options;

	return o->kinds;
}

static int seen_init(void *state, const void *options, const struct view_context *context,
		     struct table_sink *out, struct fault *fault)
{
	struct seen *v = state;

	v->options = *(const struct seen_options *)options;
	v->context = context;
	return v->options.is_refused ? fault_set(fault, -EINVAL, "refused") : 0;
}

static int seen_feed(void *state, const struct tcp_event *e, struct table_sink *out,
		     struct fault *fault)
{
	struct seen *v = state;

	v->n_events++;
	if (v->text.len < 4000)
		text_printf(&v->text, "%lld %d %s\n", (long long)e->ts_ns - 1000000000000, e->pid,
			    e->owner ? e->owner : "-");
	return 0;
}

static int seen_emit(void *state, struct table_sink *out, struct fault *fault)
{
	struct seen *v = state;

	v->is_emitted = true;
	return 0;
}

static void seen_done(void *state)
{
	struct seen *v = state;

	text_done(&v->text);
}

const struct view seen_view = {
	.name = "seen",
	.options_size = sizeof(struct seen_options),
	.state_size = sizeof(struct seen),
	.wants = seen_wants,
	.init = seen_init,
	.feed = seen_feed,
	.emit = seen_emit,
	.done = seen_done,
};

static int notes_begin(struct table_sink *s, const struct column *columns, size_t n,
		       struct fault *fault)
{
	return 0;
}

static int notes_row(struct table_sink *s, const struct cell *cells, struct fault *fault)
{
	return 0;
}

static int notes_note(struct table_sink *s, const char *line, struct fault *fault)
{
	struct notes *n = s->self;

	text_printf(&n->text, "%s\n", line);
	return 0;
}

static int notes_flush(struct table_sink *s, struct fault *fault)
{
	return 0;
}

static const struct table_ops notes_ops = {
	.begin = notes_begin,
	.row = notes_row,
	.note = notes_note,
	.flush = notes_flush,
};

void notes_init(struct notes *n)
{
	*n = (struct notes){.sink = {.ops = &notes_ops, .self = n}};
}

void notes_done(struct notes *n)
{
	text_done(&n->text);
}

struct playback *seen_open(const struct playback_options *o)
{
	struct playback_options with_reader = *o;
	struct fault fault = FAULT_INIT;
	struct playback *p = NULL;

	if (tape_reader_open_path(o->path, &with_reader.reader, &fault) < 0 ||
	    playback_open(&with_reader, &p, &fault) < 0)
		fail_msg("%s", fault.text);
	return p;
}

struct playback *seen_play(const struct playback_options *o, struct notes *notes)
{
	struct fault fault = FAULT_INIT;
	struct playback *p = seen_open(o);

	if (playback_run(p, &notes->sink, NULL, &fault) < 0)
		fail_msg("%s", fault.text);
	assert_int_equal(playback_notes(p, &notes->sink, &fault), 0);
	return p;
}

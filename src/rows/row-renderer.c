// SPDX-License-Identifier: MIT
#include "rows/row-renderer.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

int row_renderer_open(const struct row_renderer *r, const struct render_options *o,
		      struct table_sink *ret, struct fault *fault)
{
	struct row_writer *w CLEANUP(free_p) = NULL;
	int code;

	assert(r->state_size >= sizeof(*w));
	w = calloc(1, r->state_size);
	if (!w)
		return fault_errno(fault, -ENOMEM, "renderer");
	w->timestamp = r->timestamp(o);
	code = out_buffer_init(&w->out, o->fd, o->note_fd, fault);
	if (code < 0)
		return code;
	if (r->init)
		r->init(w, o);
	*ret = (struct table_sink){.ops = r->ops, .self = TAKE(w), .shows = r->shows};
	return 0;
}

int row_renderer_finish(const struct row_renderer *r, struct table_sink *s, struct fault *fault)
{
	struct row_writer *w = s->self;
	int code = out_buffer_flush(&w->out, fault);

	out_buffer_done(&w->out);
	if (r->done)
		r->done(w);
	free(w);
	s->self = NULL;
	return code;
}

int row_writer_begin(struct table_sink *s, const struct column *columns, size_t n_columns,
		     struct fault *fault)
{
	struct row_writer *w = s->self;

	w->columns = columns;
	w->n_columns = n_columns;
	return 0;
}

int row_writer_note(struct table_sink *s, const char *line, struct fault *fault)
{
	struct row_writer *w = s->self;

	return out_buffer_note(&w->out, line, fault);
}

int row_writer_flush(struct table_sink *s, struct fault *fault)
{
	struct row_writer *w = s->self;

	return out_buffer_flush(&w->out, fault);
}

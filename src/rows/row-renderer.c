// SPDX-License-Identifier: MIT
#include "rows/row-renderer.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

int row_renderer_open(const struct row_renderer *renderer, const struct render_options *o,
		      struct table_sink *ret, struct fault *fault)
{
	struct row_writer *w CLEANUP(free_p) = NULL;
	int r;

	assert(renderer->state_size >= sizeof(*w));
	w = calloc(1, renderer->state_size);
	if (!w)
		return fault_errno(fault, -ENOMEM, "renderer");
	w->timestamp = renderer->timestamp(o);
	r = out_buffer_init(&w->out, o->fd, o->note_fd, fault);
	if (r < 0)
		return r;
	if (renderer->init)
		renderer->init(w, o);
	*ret = (struct table_sink){.ops = renderer->ops, .self = TAKE(w), .shows = renderer->shows};
	return 0;
}

int row_renderer_finish(const struct row_renderer *renderer, struct table_sink *s,
			struct fault *fault)
{
	struct row_writer *w = s->self;
	int r = out_buffer_flush(&w->out, fault);

	out_buffer_done(&w->out);
	if (renderer->done)
		renderer->done(w);
	free(w);
	s->self = NULL;
	return r;
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

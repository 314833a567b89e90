// SPDX-License-Identifier: MIT
#include "render/out-buffer.h"

#include <errno.h>

#include "base/io.h"

int out_buffer_init(struct out_buffer *o, int fd, int note_fd, struct fault *fault)
{
	*o = (struct out_buffer){.fd = fd, .note_fd = note_fd};
	if (!text_room(&o->text, OUT_BUFFER_SPILL_BYTES + (16u << 10)))
		return fault_errno(fault, -ENOMEM, "output buffer");
	return 0;
}

void out_buffer_done(struct out_buffer *o)
{
	text_done(&o->text);
}

int out_buffer_flush(struct out_buffer *o, struct fault *fault)
{
	int r;

	if (o->text.failed)
		return fault_errno(fault, -ENOMEM, "output buffer");
	r = io_write_all(o->fd, o->text.data, o->text.len);
	text_clear(&o->text);
	if (r < 0)
		return fault_errno(fault, r, "cannot write to standard output");
	return 0;
}

int out_buffer_note(struct out_buffer *o, const char *line, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};
	int r;

	text_safe(&t, line, strlen(line));
	text_char(&t, '\n');
	if (t.failed)
		return fault_errno(fault, -ENOMEM, "output buffer");
	r = io_write_all(o->note_fd, t.data, t.len);
	return r < 0 ? fault_errno(fault, r, "cannot write to standard error") : 0;
}

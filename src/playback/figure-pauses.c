// SPDX-License-Identifier: MIT
#include "playback/figure-pauses.h"

#include "base/units.h"
#include "track/pauses.h"

static int windows_find(const struct tape_meta *meta, uint64_t end_ns, struct pauses *p)
{
	uint64_t last_ns = end_ns;
	int r = 0;

	for (size_t i = 0; !r && i < meta->n_pauses; i++) {
		const struct pause_record *x = &meta->pauses[i];

		if (x->ts_ns > last_ns)
			last_ns = x->ts_ns;
		r = pauses_take(p, x->ts_ns, x->netns, x->is_paused);
	}
	return r ? r : pauses_take(p, last_ns, PAUSE_EVERYWHERE, false);
}

int figure_pauses_find(const struct tape_meta *meta, uint64_t end_ns, struct figure_pauses *ret)
{
	struct pauses p CLEANUP(pauses_done) = {0};
	int r = windows_find(meta, end_ns, &p);

	*ret = (struct figure_pauses){0};
	if (r < 0 || !meta->n_pauses)
		return r;
	ret->windows = p.some;
	p.some = (struct losses){0};
	for (size_t i = 0; i < ret->windows.n; i++)
		ret->ns += ret->windows.windows[i].to_ns - ret->windows.windows[i].from_ns;
	for (size_t i = 0; i < meta->n_pauses; i++) {
		if (meta->pauses[i].n_unasked > ret->n_unasked)
			ret->n_unasked = meta->pauses[i].n_unasked;
	}
	return 0;
}

void figure_pauses_done(struct figure_pauses *p)
{
	losses_done(&p->windows);
}

void figure_pauses_text(const struct figure_pauses *p, struct text *t)
{
	if (p->n_unasked) {
		units_count(t, p->n_unasked);
		text_char(t, ' ');
	}
	text_str(t, p->n_unasked == 1 ? "socket in " : "sockets in ");
	units_duration(t, p->ns);
}

int figure_pauses_note(const struct tape_meta *meta, struct table_sink *out, struct fault *fault)
{
	struct figure_pauses pauses CLEANUP(figure_pauses_done) = {0};
	struct text t CLEANUP(text_done) = {0};

	if (!meta->n_pauses)
		return 0;
	if (figure_pauses_find(meta, meta_end_ns(meta), &pauses) < 0)
		return fault_no_memory(fault);
	text_str(&t, "so many sockets were closed that the recorder did without the last figures "
		     "of ");
	figure_pauses_text(&pauses, &t);
	text_str(&t, ": bytes of connections that ended then are unknown");
	return table_note(out, text_cstr(&t), fault);
}

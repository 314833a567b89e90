// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "pages/report-page.h"

#define OWN_MAX (GROUP_BY_N + 1)

static int add(struct page *p, const char **notes, struct text *t)
{
	char *s = t->failed ? NULL : arena_str(&p->arena, text_cstr(t));

	text_clear(t);
	notes[p->document.n_notes++] = s;
	return s ? 0 : -ENOMEM;
}

int page_notes(struct page *p)
{
	static const char *const words[GROUP_BY_N] = {
		[GROUP_BY_PEER] = "peers",	  [GROUP_BY_PREFIX] = "networks",
		[GROUP_BY_PORT] = "ports",	  [GROUP_BY_DESTINATION] = "destinations",
		[GROUP_BY_PROCESS] = "processes",
	};
	const struct tape_facts *facts = p->findings.facts;
	const struct gathered *in = p->findings.in;
	const char **notes = arena_alloc(&p->arena, (facts->n_notes + OWN_MAX) * sizeof(*notes));
	struct text t CLEANUP(text_done) = {0};
	int r = notes ? 0 : -ENOMEM;

	if (in->conn_histories.n_refused && !r) {
		text_str(&t, "there was no room for what happened, one by one, to ");
		units_count(&t, in->conn_histories.n_refused);
		text_str(&t, " more connections or moments: they are in the sums only");
		r = add(p, notes, &t);
	}
	for (unsigned int d = 0; !r && d < GROUP_BY_N; d++) {
		if (!in->n_ungrouped[d])
			continue;
		text_printf(&t, "there are more %s than the first ", words[d]);
		units_count(&t, in->groups[d].n);
		text_str(&t, ": the others are in the sums over all only");
		r = add(p, notes, &t);
	}
	for (size_t i = 0; !r && i < facts->n_notes; i++)
		notes[p->document.n_notes++] = facts->notes[i];
	p->document.notes = notes;
	return r;
}

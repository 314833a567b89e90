// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "report/page.h"

#define OWN_MAX (REPORT_DIMENSIONS + 1)

static int add(struct page *p, const char **notes, struct text *t)
{
	char *s = t->failed ? NULL : arena_str(&p->arena, text_cstr(t));

	text_clear(t);
	notes[p->document.n_notes++] = s;
	return s ? 0 : -ENOMEM;
}

int page_notes(struct page *p)
{
	static const char *const words[REPORT_DIMENSIONS] = {
		[REPORT_BY_PEER] = "peers",	   [REPORT_BY_PREFIX] = "networks",
		[REPORT_BY_PORT] = "ports",	   [REPORT_BY_DESTINATION] = "destinations",
		[REPORT_BY_PROCESS] = "processes",
	};
	const struct report_facts *facts = p->findings.facts;
	const struct incident *in = p->findings.in;
	const char **notes = arena_alloc(&p->arena, (facts->n_notes + OWN_MAX) * sizeof(*notes));
	struct text t CLEANUP(text_done) = {0};
	int r = notes ? 0 : -ENOMEM;

	if (in->troubles.n_refused && !r) {
		text_str(&t, "there was no room for what happened, one by one, to ");
		units_count(&t, in->troubles.n_refused);
		text_str(&t, " more connections or moments: they are in the sums only");
		r = add(p, notes, &t);
	}
	for (unsigned int d = 0; !r && d < REPORT_DIMENSIONS; d++) {
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

// SPDX-License-Identifier: MIT
#include "detect/mirrors.h"

#include <string.h>

/* So many percent of what a finding tells must have their other end on this tape. */
#define TWINS_PERCENT 90u
/* The findings at the other end must tell of so many percent of it together. */
#define TOLD_PERCENT 80u

static const char other_end_key[] = "other_end";

static bool is_twinned(const struct finding *x)
{
	if (x->end.side == FINDING_LISTENER)
		return x->end.n;
	return x->end.side && x->end.n && x->end.n_twins * 100 >= x->end.n * TWINS_PERCENT;
}

static bool are_opposite(enum finding_side a, enum finding_side b)
{
	static const enum finding_side pairs[][2] = {
		{FINDING_SENT, FINDING_RECEIVED},
		{FINDING_SENT, FINDING_REFUSED},
		{FINDING_LISTENER, FINDING_CALLER},
		{FINDING_READER, FINDING_WRITER},
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		if ((pairs[i][0] == a && pairs[i][1] == b) ||
		    (pairs[i][0] == b && pairs[i][1] == a))
			return true;
	}
	return false;
}

/* True if x and y are about the two ends of the same service. */
static bool are_ends_of_one(const struct finding *x, const struct finding *y)
{
	if (!is_twinned(x) || !is_twinned(y) || !are_opposite(x->end.side, y->end.side))
		return false;
	/* A finding about many ports has none. */
	if (!x->end.port || !y->end.port)
		return true;
	return x->end.port == y->end.port && x->end.is_served != y->end.is_served;
}

/* True if x says more than y, which is about the other end of it. */
static bool says_more(const struct finding *x, const struct finding *y)
{
	if (x->end.side == FINDING_REFUSED || y->end.side == FINDING_REFUSED)
		return x->end.side == FINDING_REFUSED;
	if (x->end.knows_why != y->end.knows_why)
		return x->end.knows_why;
	if (x->shown.level != y->shown.level)
		return x->shown.level > y->shown.level;
	return x->end.side == FINDING_SENT || x->end.side == FINDING_LISTENER ||
	       x->end.side == FINDING_READER;
}

/* The connections of finding y, as findings about their other end see them: returns the best of
 * these findings if together they cover nearly all that y tells. NULL: there is none. */
static struct finding *better_of(const struct findings *f, const struct finding *y)
{
	struct finding *best = NULL;
	uint64_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		struct finding *x = f->items[i];

		if (x->is_dropped || !are_ends_of_one(x, y) || !says_more(x, y))
			continue;
		n += x->end.n;
		if (!best || x->end.n > best->end.n)
			best = x;
	}
	return n * 100 >= y->end.n * TOLD_PERCENT ? best : NULL;
}

struct finding_end mirrors_caller(const struct findings *f, const struct group_key *destination,
				  uint64_t n)
{
	const struct endpoint at = {destination->addr, destination->port};

	return (struct finding_end){
		.side = FINDING_CALLER,
		.port = destination->port,
		.n = n,
		.n_twins = ends_serves(&f->in->ends, &at) ? n : 0,
	};
}

/* Adds the title of a dropped finding to the evidence of the one that is kept. */
static void other_end_add(struct findings *f, struct finding *x, const char *title)
{
	struct text t CLEANUP(text_done) = {0};
	size_t i = 0;

	while (i < x->shown.n_evidence && strcmp(x->evidence[i].key, other_end_key) != 0)
		i++;
	if (i < x->shown.n_evidence) {
		text_printf(&t, "%s; %s", x->evidence[i].cell.str, title);
		x->evidence[i].cell = cell_str(document_builder_text(f->builder, &t));
	} else if (i < FINDING_EVIDENCE_MAX) {
		finding_words(f, x, other_end_key, "seen at the other end, on this host, too",
			      title);
	}
}

/* What is kept is as bad as what is dropped: it stands for both ends. */
static void level_keep(struct finding *x, const struct finding *y)
{
	if (y->shown.level > x->shown.level)
		x->shown.level = y->shown.level;
	x->hurts_nobody &= y->hurts_nobody;
}

void mirrors_drop(struct findings *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->n; i++) {
		struct finding *y = f->items[i];
		struct finding *x = better_of(f, y);

		y->is_dropped = x;
		if (!x)
			continue;
		other_end_add(f, x, y->shown.title);
		level_keep(x, y);
	}
	for (size_t i = 0; i < f->n; i++) {
		if (!f->items[i]->is_dropped)
			f->items[kept++] = f->items[i];
	}
	f->n = kept;
}

// SPDX-License-Identifier: MIT
#include "detect/detectors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "detect/mirrors.h"

/* One line for each detector. The last one reads the findings of the others. */
#define DETECTORS(X)                                                                               \
	X(stalled)                                                                                 \
	X(synchronised)                                                                            \
	X(loss)                                                                                    \
	X(timeouts)                                                                                \
	X(tail_loss)                                                                               \
	X(unreachable)                                                                             \
	X(backlog)                                                                                 \
	X(syn_flood)                                                                               \
	X(unaccepted)                                                                              \
	X(close_wait)                                                                              \
	X(connects)                                                                                \
	X(slow_connects)                                                                           \
	X(subflows)                                                                                \
	X(translation)                                                                             \
	X(idle_cut)                                                                                \
	X(resets)                                                                                  \
	X(scan)                                                                                    \
	X(window)                                                                                  \
	X(nagle)                                                                                   \
	X(congestion)                                                                              \
	X(local)                                                                                   \
	X(checksum)                                                                                \
	X(devices)                                                                                 \
	X(cpu)                                                                                     \
	X(host_counters)                                                                           \
	X(repairing)                                                                               \
	X(quiet)

#define DECLARATION(name) extern const struct detector detector_##name;
DETECTORS(DECLARATION)

#define POINTER(name) &detector_##name,
const struct detector *const detectors[] = {DETECTORS(POINTER)};
const size_t n_detectors = ARRAY_SIZE(detectors);

const struct detector *detector_by_id(const char *id)
{
	for (size_t i = 0; i < n_detectors; i++) {
		if (!strcmp(detectors[i]->id, id))
			return detectors[i];
	}
	return NULL;
}

static const struct gather_part *detector_part(size_t i)
{
	return i < n_detectors ? &detectors[i]->gathers : NULL;
}

const struct gather_options detectors_gather_options = {.part_at = detector_part};

/* A notice that hurts nobody comes last, below the finding that nothing is wrong. */
static int by_weight(const void *a, const void *b)
{
	const struct finding *x = *(struct finding *const *)a, *y = *(struct finding *const *)b;
	int r = x->hurts_nobody - y->hurts_nobody;

	if (!r)
		r = (int)y->shown.level - (int)x->shown.level;
	if (!r)
		r = (x->weight < y->weight) - (x->weight > y->weight);
	if (!r)
		r = strcmp(x->shown.id, y->shown.id);
	return r ? r : strcmp(x->shown.title, y->shown.title);
}

int detectors_run(struct findings *f)
{
	for (size_t i = 0; i < n_detectors; i++)
		detectors[i]->find(detectors[i], f);
	mirrors_drop(f);
	if (f->builder->failed)
		return -ENOMEM;
	for (size_t i = 0; i < f->n; i++) {
		struct finding *x = f->items[i];

		x->shown.evidence = x->evidence;
		if (x->shown.level > DOCUMENT_GOOD && !x->is_of_blindness)
			x->shown.place = place_name(x->place);
	}
	if (f->n)
		qsort(f->items, f->n, sizeof(*f->items), by_weight);
	return 0;
}

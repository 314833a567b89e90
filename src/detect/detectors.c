// SPDX-License-Identifier: MIT
#include "detect/detectors.h"

#include <string.h>

/* One line for each detector. The last one reads the findings of the others. */
#define DETECTORS(X)                                                                               \
	X(stalled)                                                                                 \
	X(synchronised)                                                                            \
	X(loss)                                                                                    \
	X(timeouts)                                                                                \
	X(tail_loss)                                                                               \
	X(unreachable)                                                                             \
	X(backlog)                                                                                 \
	X(unaccepted)                                                                              \
	X(close_wait)                                                                              \
	X(connects)                                                                                \
	X(slow_connects)                                                                           \
	X(translation)                                                                             \
	X(resets)                                                                                  \
	X(scan)                                                                                    \
	X(window)                                                                                  \
	X(local)                                                                                   \
	X(checksum)                                                                                \
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

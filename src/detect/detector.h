/* SPDX-License-Identifier: MIT */
/*
 * detector: the rule that finds one kind of trouble. Each detector is one file that ends in its
 * const descriptor, and one line in detectors.c. A detector may gather data of its own: then its
 * descriptor gives the size of its state and the callbacks that fill it while the tape is played.
 */
#pragma once

#include "detect/findings.h"

struct detector {
	const char *id;
	/* Where the cause of its findings lies, unless a finding says otherwise. */
	enum trouble_place place;
	/* Writes the thresholds, and where they come from, in a sentence. */
	void (*rule)(struct text *t);
	/* Judges what was gathered, and adds a finding for each trouble. */
	void (*find)(const struct detector *d, struct findings *f);
	struct gather_part gathers; /* all zero: the detector gathers nothing of its own */
};

/* Returns the state that the detector has gathered for itself. */
static inline const void *detector_state(const struct detector *d, const struct findings *f)
{
	return gather_parts_state(&f->in->parts, &d->gathers);
}

/* SPDX-License-Identifier: MIT */
/*
 * detector: one kind of trouble, in one file that ends in its const descriptor, and one line in
 * detectors.c. A detector may gather data that nobody else needs: then its descriptor says how
 * large its state is, and which callbacks fill it while the tape is played.
 */
#pragma once

#include "detect/findings.h"

struct detector {
	const char *id;
	/* Writes the thresholds, and where they come from, in a sentence. */
	void (*rule)(struct text *t);
	/* Looks at what was gathered, and makes a finding of whatever is wrong. */
	void (*find)(const struct detector *d, struct findings *f);
	struct gather_part gathers; /* all zero: nothing of its own */
};

/* What the detector has gathered. */
static inline const void *detector_state(const struct detector *d, const struct findings *f)
{
	return gather_parts_state(&f->in->parts, &d->gathers);
}

/* SPDX-License-Identifier: MIT */
/*
 * metadata: the sections that a tape begins with: HOST, CLOCK, ABSENT, a FORMAT per tracepoint,
 * TASKS and CGROUPS.
 */
#pragma once

#include "base/fault.h"
#include "record/events.h"
#include "record/selection.h"
#include "record/record-options.h"
#include "record/sockets.h"
#include "record/tracepoints.h"
#include "tape/writer.h"

/* The sources of the sections; all pointers are borrowed. */
struct metadata {
	const struct record_options *options;
	const struct selection *selection;
	const struct tracepoints *tracepoints;
	const struct events *events;
	const struct sockets *sockets;
};

int metadata_write(struct tape_writer *w, const struct metadata *m, struct fault *fault) MUST_CHECK;
/* Appends a CLOCK record: a reading of both clocks. 0 or -ENOMEM. */
int metadata_clock(struct batch_records *r) MUST_CHECK;

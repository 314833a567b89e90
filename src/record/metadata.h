/* SPDX-License-Identifier: MIT */
/*
 * metadata: what a tape begins with: HOST, CLOCK, ABSENT, FORMAT per tracepoint, the table of
 * tasks.
 */
#pragma once

#include "base/fault.h"
#include "record/events.h"
#include "record/selection.h"
#include "record/session.h"
#include "record/sockets.h"
#include "record/tracepoints.h"
#include "tape/writer.h"

struct metadata {
	const struct record_options *options;
	const struct selection *selection;
	const struct tracepoints *tracepoints;
	const struct events *events;
	const struct sockets *sockets;
};

int metadata_write(struct tape_writer *w, const struct metadata *m, struct fault *fault) MUST_CHECK;
/* Appends a reading of the clocks. */
int metadata_clock(struct batch_records *r) MUST_CHECK;

/* SPDX-License-Identifier: MIT */
/*
 * labelled: cells of addresses with the user's names for them.
 */
#pragma once

#include "table/document-builder.h"
#include "tcp/labels.h"

/* A cell for people: as in the rows of a view (cells/labelled-sink.h), the name of a single address
 * in its place, and that of a network or port before it. */
struct cell page_endpoint(struct document_builder *b, const struct labels *names,
			  const struct endpoint *e);

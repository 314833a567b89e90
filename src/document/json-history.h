/* SPDX-License-Identifier: MIT */
/*
 * json-history: writes the history of a row as a member of its JSON object.
 */
#pragma once

#include "render/json-writer.h"
#include "table/document.h"

/* Writes the member `history`; none where nothing is known. */
void json_history(struct json_writer *w, const struct document_history *h);

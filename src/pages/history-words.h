/* SPDX-License-Identifier: MIT */
/*
 * history-words: an event of a connection's history in words.
 */
#pragma once

#include "base/text.h"
#include "gather/conn-history.h"
#include "table/document.h"

/* Sets what d is called and whether it is trouble, and appends its detail to the text, if it has
 * any. */
void history_words(const struct history_event *m, struct document_history_event *d, struct text *t);

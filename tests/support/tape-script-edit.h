/* SPDX-License-Identifier: MIT */
/*
 * tape-script-edit: the script's verbs that damage the tape written so far. SECTION is the number
 * of a section, from 0; sections are found by the lengths in their headers. Private to tape-script.
 */
#pragma once

#include "support/tape-script-rows.h"

int script_edit(struct script *s) MUST_CHECK;
int script_corrupt(struct script *s) MUST_CHECK;
int script_payload(struct script *s) MUST_CHECK;
int script_remove(struct script *s) MUST_CHECK;
int script_insert(struct script *s) MUST_CHECK;
int script_cut(struct script *s) MUST_CHECK;
int script_append(struct script *s) MUST_CHECK;

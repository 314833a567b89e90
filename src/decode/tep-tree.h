/* SPDX-License-Identifier: MIT */
/*
 * tep-tree: checks the tree that libtraceevent has made of a print format.
 */
#pragma once

#include <stdbool.h>

struct tep_event;

/* True if printing rows by it reads only fields of the row, or what these point to, divides by
 * nothing but constants, and has an end. */
bool tep_event_is_harmless(struct tep_event *event);

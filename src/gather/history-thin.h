/* SPDX-License-Identifier: MIT */
/*
 * history-thin: makes a history shorter without a hole in it: events of the same kind and detail
 * that lie in the same stretch of time become one event with a count. Frequent events go first, and
 * changes of state, RSTs and errors last.
 */
#pragma once

#include <stddef.h>

#include "gather/history-event.h"

enum history_rank history_rank_of(const struct history_event *m);
/*
 * Thins the n events at items to at most `target`, in place. Returns how many are left; more than
 * target only if the events are of more different kinds than that. widths are those of the history
 * (struct conn_history), and become as wide as need be.
 */
size_t history_thin(struct history_event *items, size_t n, size_t target,
		    uint8_t widths[HISTORY_RANKS]);

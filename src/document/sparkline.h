/* SPDX-License-Identifier: MIT */
/*
 * sparkline: draws a series of a chart as one line of block characters.
 */
#pragma once

#include "base/text.h"
#include "table/document.h"

/* How many buckets of the chart must share a column so that there are at most `columns` columns
 * (not 0). The columns are aligned to round times where the buckets are, up to 60 buckets in a
 * column. */
size_t sparkline_step(const struct document_chart *chart, size_t columns);
/* How many columns the chart has with `step` buckets in each; step is not 0. */
size_t sparkline_columns(const struct document_chart *chart, size_t step);
/* Appends a character for each column: one of eight blocks, the highest for the peak, or a blank
 * where the series is 0. */
void sparkline_put(struct text *t, const struct document_chart *chart,
		   const struct document_series *series, size_t step);
/* The sum of all buckets of the series, or for a gauge the greatest value. */
uint64_t sparkline_total(const struct document_chart *chart, const struct document_series *series);
/* The value of the highest column. */
uint64_t sparkline_peak(const struct document_chart *chart, const struct document_series *series,
			size_t step);

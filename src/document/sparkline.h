/* SPDX-License-Identifier: MIT */
/*
 * sparkline: a series of a chart as one line of text.
 */
#pragma once

#include "base/text.h"
#include "table/document.h"

/* How many buckets of the chart share a column, so that there are at most `columns`: a number that
 * keeps the columns aligned to round times where the buckets are. */
size_t sparkline_step(const struct document_chart *chart, size_t columns);
/* Columns that there are then. */
size_t sparkline_columns(const struct document_chart *chart, size_t step);
/* Eight heights of block; a blank is nothing at all. */
void sparkline_put(struct text *t, const struct document_chart *chart,
		   const struct document_series *series, size_t step);
/* Of all buckets: the sum, of a gauge the greatest. */
uint64_t sparkline_total(const struct document_chart *chart, const struct document_series *series);
/* The greatest of a column. */
uint64_t sparkline_peak(const struct document_chart *chart, const struct document_series *series,
			size_t step);

// SPDX-License-Identifier: MIT
#include "document/sparkline.h"

#include <assert.h>

static const unsigned int steps[] = {1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60};

size_t sparkline_step(const struct document_chart *chart, size_t columns)
{
	assert(columns);
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		if (sparkline_columns(chart, steps[i]) <= columns)
			return steps[i];
	}
	return (chart->n_buckets + columns - 1) / columns;
}

size_t sparkline_columns(const struct document_chart *chart, size_t step)
{
	assert(step);
	return (chart->n_buckets + step - 1) / step;
}

static uint64_t column_value(const struct document_chart *chart,
			     const struct document_series *series, size_t column, size_t step)
{
	uint64_t v = 0;

	for (size_t i = column * step; i < (column + 1) * step && i < chart->n_buckets; i++) {
		if (!series->is_gauge)
			v += series->values[i];
		else if (series->values[i] > v)
			v = series->values[i];
	}
	return v;
}

uint64_t sparkline_peak(const struct document_chart *chart, const struct document_series *series,
			size_t step)
{
	uint64_t peak = 0;

	for (size_t i = 0; i < sparkline_columns(chart, step); i++) {
		uint64_t v = column_value(chart, series, i, step);

		peak = v > peak ? v : peak;
	}
	return peak;
}

uint64_t sparkline_total(const struct document_chart *chart, const struct document_series *series)
{
	return column_value(chart, series, 0, chart->n_buckets);
}

void sparkline_put(struct text *t, const struct document_chart *chart,
		   const struct document_series *series, size_t step)
{
	static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	uint64_t peak = sparkline_peak(chart, series, step);

	for (size_t i = 0; i < sparkline_columns(chart, step); i++) {
		uint64_t v = column_value(chart, series, i, step);
		/* The lowest block stands for any value above 0, so that nothing is invisible. */
		size_t height = v ? 1 + (size_t)((double)v * 7.0 / (double)peak) : 0;

		text_str(t, blocks[height < 8 ? height : 8]);
	}
}

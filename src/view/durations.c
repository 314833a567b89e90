// SPDX-License-Identifier: MIT
#include "view/durations.h"

#include "cells/conn-cells.h"

static struct cell ns_cell(const struct histogram *h, uint64_t ns)
{
	return cell_if(h->count, ns);
}

/* A duration in hundredths of a millisecond. */
static struct cell ms_cell(const struct histogram *h, uint64_t ns)
{
	return h->count ? cell_fixed((ns + 5000) / 10000) : cell_absent();
}

struct cell durations_total_ns(const void *histogram)
{
	const struct histogram *h = histogram;

	return ns_cell(h, h->sum);
}

struct cell durations_mean_ns(const void *histogram)
{
	const struct histogram *h = histogram;

	return ns_cell(h, histogram_mean(h));
}

struct cell durations_p50_ns(const void *histogram)
{
	const struct histogram *h = histogram;

	return ns_cell(h, histogram_permille(h, 500));
}

struct cell durations_p90_ns(const void *histogram)
{
	const struct histogram *h = histogram;

	return ns_cell(h, histogram_permille(h, 900));
}

struct cell durations_p99_ns(const void *histogram)
{
	const struct histogram *h = histogram;

	return ns_cell(h, histogram_permille(h, 990));
}

struct cell durations_max_ns(const void *histogram)
{
	const struct histogram *h = histogram;

	return ns_cell(h, h->greatest);
}

struct cell durations_total_ms(const void *histogram)
{
	const struct histogram *h = histogram;

	return ms_cell(h, h->sum);
}

struct cell durations_mean_ms(const void *histogram)
{
	const struct histogram *h = histogram;

	return ms_cell(h, histogram_mean(h));
}

struct cell durations_p50_ms(const void *histogram)
{
	const struct histogram *h = histogram;

	return ms_cell(h, histogram_permille(h, 500));
}

struct cell durations_p99_ms(const void *histogram)
{
	const struct histogram *h = histogram;

	return ms_cell(h, histogram_permille(h, 990));
}

struct cell durations_max_ms(const void *histogram)
{
	const struct histogram *h = histogram;

	return ms_cell(h, h->greatest);
}

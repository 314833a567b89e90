/* SPDX-License-Identifier: MIT */
/*
 * durations: getters for columns that show a histogram of nanoseconds: its sum, mean, percentiles
 * and greatest value, in nanoseconds for programs and in milliseconds of two decimals for people.
 * All are absent where the histogram is empty.
 */
#pragma once

#include "base/histogram.h"
#include "view/columns.h"

struct cell durations_total_ns(const void *histogram);
struct cell durations_mean_ns(const void *histogram);
struct cell durations_p50_ns(const void *histogram);
struct cell durations_p90_ns(const void *histogram);
struct cell durations_p99_ns(const void *histogram);
struct cell durations_max_ns(const void *histogram);
struct cell durations_total_ms(const void *histogram);
struct cell durations_mean_ms(const void *histogram);
struct cell durations_p50_ms(const void *histogram);
struct cell durations_p99_ms(const void *histogram);
struct cell durations_max_ms(const void *histogram);

// SPDX-License-Identifier: MIT
#include "base/walltime.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/units.h"

/* Splits a time into whole seconds, rounded down, and nanoseconds. */
static void seconds_split(int64_t real_ns, int64_t *ret_sec, uint64_t *ret_nsec)
{
	int64_t sec = real_ns / (int64_t)NSEC_PER_SEC;
	int64_t nsec = real_ns % (int64_t)NSEC_PER_SEC;

	if (nsec < 0) {
		nsec += (int64_t)NSEC_PER_SEC;
		sec--;
	}
	*ret_sec = sec;
	*ret_nsec = (uint64_t)nsec;
}

static struct tm broken_down(int64_t sec, bool utc)
{
	time_t when = (time_t)sec;
	struct tm tm = {0};

	if (utc)
		gmtime_r(&when, &tm);
	else
		localtime_r(&when, &tm);
	return tm;
}

static void put_date(struct text *t, const struct tm *tm)
{
	text_u64_padded(t, (uint64_t)(tm->tm_year + 1900), 4);
	text_char(t, '-');
	text_u64_padded(t, (uint64_t)(tm->tm_mon + 1), 2);
	text_char(t, '-');
	text_u64_padded(t, (uint64_t)tm->tm_mday, 2);
}

static void put_clock(struct text *t, const struct tm *tm)
{
	text_u64_padded(t, (uint64_t)tm->tm_hour, 2);
	text_char(t, ':');
	text_u64_padded(t, (uint64_t)tm->tm_min, 2);
	text_char(t, ':');
	text_u64_padded(t, (uint64_t)tm->tm_sec, 2);
}

void walltime_rfc3339(struct text *t, int64_t real_ns)
{
	uint64_t nsec;
	int64_t sec;
	struct tm tm;

	seconds_split(real_ns, &sec, &nsec);
	tm = broken_down(sec, true);
	put_date(t, &tm);
	text_char(t, 'T');
	put_clock(t, &tm);
	text_char(t, '.');
	text_u64_padded(t, nsec, 9);
	text_char(t, 'Z');
}

void walltime_clock(struct text *t, int64_t real_ns, bool utc, unsigned int decimals)
{
	uint64_t nsec;
	int64_t sec;
	struct tm tm;

	seconds_split(real_ns, &sec, &nsec);
	tm = broken_down(sec, utc);
	put_clock(t, &tm);
	if (!decimals)
		return;
	for (unsigned int i = decimals; i < 9; i++)
		nsec /= 10;
	text_char(t, '.');
	text_u64_padded(t, nsec, decimals);
}

void walltime_date(struct text *t, int64_t real_ns, bool utc)
{
	uint64_t nsec;
	int64_t sec;
	struct tm tm;

	seconds_split(real_ns, &sec, &nsec);
	tm = broken_down(sec, utc);
	put_date(t, &tm);
	text_char(t, ' ');
	put_clock(t, &tm);
	text_char(t, ' ');
	text_str(t, utc ? "UTC" : tm.tm_zone ? tm.tm_zone : "local");
}

/* Takes a number of exactly n digits, at most max. */
static bool take_digits(const char **s, int n, int max, int *ret)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		if (!isdigit((unsigned char)**s))
			return false;
		v = v * 10 + (*(*s)++ - '0');
	}
	*ret = v;
	return v <= max;
}

static bool take_char(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

/* Takes hh:mm[:ss[.fraction]]. */
static bool take_clock(const char **s, struct tm *tm, uint64_t *ret_nsec)
{
	uint64_t unit = NSEC_PER_SEC / 10;

	*ret_nsec = 0;
	tm->tm_sec = 0;
	if (!take_digits(s, 2, 23, &tm->tm_hour) || !take_char(s, ':') ||
	    !take_digits(s, 2, 59, &tm->tm_min))
		return false;
	if (!take_char(s, ':'))
		return true;
	if (!take_digits(s, 2, 60, &tm->tm_sec))
		return false;
	if (!take_char(s, '.'))
		return true;
	if (!isdigit((unsigned char)**s))
		return false;
	for (; isdigit((unsigned char)**s); (*s)++, unit /= 10)
		*ret_nsec += (uint64_t)(**s - '0') * unit;
	return true;
}

/* Takes Z, +hh:mm, -hh:mm or nothing. */
static bool take_zone(const char **s, bool *ret_given, int *ret_seconds)
{
	int sign, hours, minutes;

	*ret_given = true;
	*ret_seconds = 0;
	if (take_char(s, 'Z'))
		return true;
	if (**s != '+' && **s != '-') {
		*ret_given = false;
		return true;
	}
	sign = *(*s)++ == '-' ? -1 : 1;
	if (!take_digits(s, 2, 14, &hours))
		return false;
	take_char(s, ':');
	if (!take_digits(s, 2, 59, &minutes))
		return false;
	*ret_seconds = sign * (hours * 3600 + minutes * 60);
	return true;
}

int walltime_parse(const char *s, int64_t base_ns, bool utc, int64_t *ret_ns)
{
	bool has_date = strlen(s) > 4 && s[4] == '-';
	bool has_zone = false;
	uint64_t nsec, base_nsec;
	int64_t base_sec, ns;
	int zone = 0;
	struct tm tm;
	time_t when;

	seconds_split(base_ns, &base_sec, &base_nsec);
	tm = broken_down(base_sec, utc);
	if (has_date) {
		int year, month;

		if (!take_digits(&s, 4, 9999, &year) || !take_char(&s, '-') ||
		    !take_digits(&s, 2, 12, &month) || !take_char(&s, '-') ||
		    !take_digits(&s, 2, 31, &tm.tm_mday) ||
		    !(take_char(&s, 'T') || take_char(&s, ' ')))
			return -EINVAL;
		tm.tm_year = year - 1900;
		tm.tm_mon = month - 1;
	}
	if (!take_clock(&s, &tm, &nsec))
		return -EINVAL;
	if (has_date && !take_zone(&s, &has_zone, &zone))
		return -EINVAL;
	if (*s)
		return -EINVAL;
	tm.tm_isdst = -1;
	when = utc || has_zone ? timegm(&tm) : mktime(&tm);
	if (__builtin_mul_overflow((int64_t)when - zone, (int64_t)NSEC_PER_SEC, &ns) ||
	    __builtin_add_overflow(ns, (int64_t)nsec, &ns))
		return -EINVAL;
	*ret_ns = ns;
	return 0;
}

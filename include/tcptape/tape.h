/* SPDX-License-Identifier: MIT */
/*
 * tcptape/tape.h: reads a tape, row by row, in time order. Stands alone: nothing of the other
 * headers is needed. Link with liblibrary, libmerge, libtape, libformat, libbase, zstd, xxhash
 * and the mathematical library (-lm).
 *
 *	struct tcptape *t;
 *	struct tcptape_row row;
 *	char why[240];
 *
 *	if (tcptape_open("incident.tape", &t, why, sizeof(why)) < 0)
 *		errx(1, "%s", why);
 *	while (tcptape_next(t, &row) > 0)
 *		printf("%llu %s:%s\n", (unsigned long long)row.ts_ns, row.system, row.name);
 *	tcptape_close(t);
 *
 * What the bytes of a row mean is said by the tracepoint's format file, which the tape carries, and
 * by tcptape_host(): "os_endian" and "long_size" of the recording host.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tcptape;

struct tcptape_row {
	uint64_t ts_ns;	 /* CLOCK_MONOTONIC of the recording host */
	int64_t real_ns; /* since 1970 UTC; only if has_real */
	bool has_real;	 /* false: the tape has no wall time */
	uint32_t cpu;
	const char *system; /* "tcp" */
	const char *name;   /* "tcp_retransmit_skb" */
	const char *format; /* the format file, verbatim, format_len bytes */
	size_t format_len;
	const uint8_t *data; /* the record as the kernel wrote it, byte order of its host */
	size_t len;
};

/*
 * path "-" is standard input. 0, or a negative errno and one line in why (why_len bytes, with its
 * NUL): -EBADMSG not a tape, -ENOTSUP of a newer version, -ENODATA empty, or what opening gave.
 */
int tcptape_open(const char *path, struct tcptape **ret, char *why, size_t why_len);
/* NULL is allowed. */
void tcptape_close(struct tcptape *t);

/* 1 a row, good until the next call; 0 the end; a negative errno for i/o and memory only: damage is
 * stepped over, see tcptape_damage(). */
int tcptape_next(struct tcptape *t, struct tcptape_row *ret);

/* A key of the HOST section (FORMAT.md), as far as it was read; NULL. The tape's. */
const char *tcptape_host(const struct tcptape *t, const char *key);

/* NULL while nothing is wrong; else the first damage in a few words, or that the tape has no end,
 * which is known behind the last row. The tape's, good until the next call. */
const char *tcptape_damage(const struct tcptape *t);
